/** The agent's side that faces a gateway: enrollment, tunnel, heartbeats, outbox. The agent dials every connection. */
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Dispatcher } from "undici";
import type { HeartbeatAnswer, HeartbeatRequest } from "../../../../generated/hosted.ts";
import { errorFields, type Logger } from "../../log.ts";
import { PREVIOUS_PROTOCOL_VERSION, PROTOCOL_VERSION } from "../../protocol/calls/node_protocol.ts";
import type { Agent } from "../agent.ts";
import { createCommandHandlers } from "./command_handlers.ts";
import { type CommandLoop, createCommandLoop } from "./command_loop.ts";
import { queueOf } from "../machine/diagnostics.ts";
import { createEnrollment, type EnrollmentRecord } from "./gateway_enrollment.ts";
import { createGatewayClient, gatewayDispatcher, GatewayCallError } from "./gateway_client.ts";
import type { GatewayClient, ProxySettings } from "./gateway_client.ts";
import { createHeartbeats, type Heartbeats } from "./heartbeat.ts";
import type { createInventory } from "../machine/inventory.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { createPrivateJobHandler } from "./sealed_jobs.ts";
import { createTransportKeys, type TransportKeys } from "./transport_key_rotation.ts";
import { createTunnelClient, type TunnelClient } from "./tunnel_client.ts";

export type ManagedDeps = {
  /** The proxy before the gateway, where the settings name one. */
  proxy: ProxySettings;
  agent: Agent;
  gateway_url: string;
  agent_version: string;
  inventory: ReturnType<typeof createInventory>;
  /** Serves one call of the tunnel; its signature is checked by `authenticate`. */
  serve: (request: Http2ServerRequest, response: Http2ServerResponse) => void;
  /** Whether a value is a chat request as the document has it. */
  is_chat_request: (body: unknown) => boolean;
  log: Logger;
};

export type Managed = {
  gateway_url: string;
  outbox: Outbox;
  authenticate: TunnelClient["authenticate"];
  readonly enrolled: boolean;
  readonly tunnel: "open" | "closed";
  /** The gateway's last answer to a heartbeat, and when (Unix ms of this machine); null before the first. */
  readonly heard: { answer: HeartbeatAnswer; at_ms: number } | null;
  /** The code of the gateway's last refusal of an enrollment or heartbeat; null when the gateway took the last one. */
  readonly refusal: string | null;
  /** A call that the identity signs. Rejects with GatewayCallError. */
  call: GatewayClient["call"];
  /** Asks the gateway anew about this node; false when the gateway did not answer in time. */
  ask(): Promise<boolean>;
  /** Begins in the background, and tries a gateway that is away again. */
  start(): void;
  /** Tells the gateway of a change now. */
  notify(): void;
  /** Takes no more dispatches and tells the gateway so. Jobs that run may end. */
  drain(timeout_ms: number): Promise<void>;
  stop(): Promise<void>;
};

/** Each command may bring a sealed request of 1 MiB. */
const COMMANDS_AT_ONCE = 4;
const NUMBERS_TAKEN = 100;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
/** Short, because an owner waits for the answer. */
const ASK_TIMEOUT_MS = 5_000;

/** The state of the link: enrollment, last answers, and whether a drain was asked for. */
type State = {
  /** Null until the node is enrolled. */
  record: EnrollmentRecord | null;
  heard: Managed["heard"];
  refusal: Managed["refusal"];
  /** The heartbeat that `ask` waits for. */
  asking: Promise<boolean> | null;
  draining: boolean;
  stopped: boolean;
};

type Link = ManagedDeps & { dispatcher: Dispatcher; client: GatewayClient; state: State };

/** The parts that begin once the node is enrolled, in the order in which they begin. */
type Parts = {
  tunnel: TunnelClient;
  heartbeats: Heartbeats;
  outbox: Outbox;
  transportKeys: TransportKeys;
  commands: CommandLoop;
};

/** Made once for the gateway that the settings name. */
export function createManaged(deps: ManagedDeps): Managed {
  const { agent, gateway_url, log } = deps;
  const { clock } = agent;
  const dispatcher = gatewayDispatcher(deps.proxy);
  const client = linkClient(deps, dispatcher);
  const state: State = { record: null, heard: null, refusal: null, asking: null, draining: false, stopped: false };
  const link: Link = { ...deps, dispatcher, client, state };
  const heartbeats = linkHeartbeats(link);
  agent.onReadiness(() => heartbeats.notify());
  const outbox = createOutbox({
    store: agent.receipts,
    now_ms: clock.now_ms,
    log,
    submit: (body) => client.call("submitNodeReceipt", { body }),
  });
  const tunnel = linkTunnel(link, () => {
    heartbeats.notify();
    outbox.wake();
  });
  const transportKeys = createTransportKeys({
    store: agent.transportKeys(gateway_url),
    identity_private_key: agent.identity.private_key,
    client,
    now_ms: clock.now_ms,
    log,
  });
  const commands = linkCommands(link, tunnel, transportKeys);
  return managedOf(link, { tunnel, heartbeats, outbox, transportKeys, commands });
}

function managedOf(link: Link, parts: Parts): Managed {
  const { state, client, dispatcher, gateway_url } = link;
  const { tunnel, heartbeats, outbox, transportKeys, commands } = parts;
  return {
    gateway_url,
    outbox,
    authenticate: tunnel.authenticate,
    get enrolled() {
      return state.record !== null;
    },
    get tunnel() {
      return tunnel.state().state === "open" ? ("open" as const) : ("closed" as const);
    },
    get heard() {
      return state.heard;
    },
    get refusal() {
      return state.refusal;
    },
    call: client.call,
    async ask() {
      if (state.record === null) return false;
      return (state.asking ??= heartbeats.now(ASK_TIMEOUT_MS).finally(() => (state.asking = null)));
    },
    start: () => void enrollAndServe(link, parts),
    notify: () => heartbeats.notify(),
    async drain(timeout_ms) {
      state.draining = true;
      heartbeats.notify();
      await tunnel.stop(timeout_ms);
    },
    async stop() {
      state.stopped = true;
      await commands.stop();
      await transportKeys.stop();
      await tunnel.stop();
      await heartbeats.stop();
      await outbox.stop();
      await dispatcher.close();
    },
  };
}

/** Enrolls, with growing pauses between attempts, and then starts the parts. */
async function enrollAndServe(link: Link, parts: Parts): Promise<void> {
  const { state, log, agent } = link;
  const enrollment = linkEnrollment(link, parts.transportKeys);
  for (let attempt = 0; !state.stopped; attempt++) {
    try {
      state.record = await enrollment.ensureEnrolled();
      state.refusal = null;
      log.info("enrolled", { node_id: agent.node_id });
      for (const part of Object.values(parts)) part.start();
      return;
    } catch (error) {
      const code = error instanceof GatewayCallError ? error.code : "internal_error";
      state.refusal = code;
      const delay_ms = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt) * (0.5 + Math.random() / 2);
      log.warn("not_enrolled", {
        ...(error instanceof GatewayCallError ? {} : errorFields(error)),
        reason: code,
        delay_ms: Math.round(delay_ms),
      });
      await new Promise((resolve) => setTimeout(resolve, delay_ms).unref());
    }
  }
}

const epochCounter = (gateway_url: string) => `epoch:${gateway_url}`;

function linkClient({ agent, gateway_url }: ManagedDeps, dispatcher: Dispatcher): GatewayClient {
  const { identity, identities, clock, node_id } = agent;
  return createGatewayClient({
    gateway_url,
    dispatcher,
    clock,
    identity_private_key: identity.private_key,
    state: {
      node_id: () => node_id,
      epoch: () => identities.counter(epochCounter(gateway_url)),
      nextSeq: numbersOf(identities, `call_seq:${gateway_url}`),
    },
  });
}

function linkEnrollment({ agent, gateway_url, agent_version, client }: Link, transportKeys: TransportKeys) {
  const { identity, identities, clock } = agent;
  return createEnrollment({
    identity,
    gateway_url,
    client,
    now_ms: clock.now_ms,
    protocol_version: PROTOCOL_VERSION,
    agent_version,
    store: {
      load: () => JSON.parse(identities.enrollment(gateway_url) ?? "null") as EnrollmentRecord | null,
      save(saved) {
        transportKeys.adopt(saved.transport_key, saved.transport_private_key);
        // The private key stays only where it can be destroyed on time.
        identities.saveEnrollment(gateway_url, JSON.stringify({ ...saved, transport_private_key: "" }));
        identities.raiseCounter(epochCounter(gateway_url), saved.epoch);
      },
    },
  });
}

function linkHeartbeats({ agent, agent_version, inventory, client, state, log }: Link): Heartbeats {
  return createHeartbeats({
    client,
    log,
    collect: async () => heartbeatOf(agent, { agent_version, draining: state.draining, inventory: await inventory() }),
    onAnswer(answer) {
      state.heard = { answer, at_ms: Date.now() };
      state.refusal = null;
    },
    onFailure: (error) => (state.refusal = error.code),
  });
}

function linkTunnel(link: Link, onOpen: () => void): TunnelClient {
  const { agent, gateway_url, dispatcher, client, log, agent_version, serve, state } = link;
  return createTunnelClient({
    gateway_url,
    dispatcher,
    client,
    clock: agent.clock,
    log,
    protocol_version: PROTOCOL_VERSION,
    protocol_version_min: PREVIOUS_PROTOCOL_VERSION,
    agent_version,
    serve,
    router_secret: () => state.record!.router_secret,
    setEpoch: (epoch) => agent.identities.raiseCounter(epochCounter(gateway_url), epoch),
    onState: (next) => {
      if (next.state === "open") onOpen();
    },
  });
}

function linkCommands(link: Link, tunnel: TunnelClient, keys: TransportKeys): CommandLoop {
  const { agent, agent_version, inventory, is_chat_request, client, log } = link;
  const tunnelState = () => {
    const state = tunnel.state();
    return state.state === "open"
      ? { connected: true, tunnel_epoch: state.epoch }
      : { connected: false, tunnel_epoch: null };
  };
  return createCommandLoop({
    client,
    log,
    concurrency: Math.min(COMMANDS_AT_ONCE, agent.slots.state.capacity),
    onReceipt(receipt_hash, { status, reason }) {
      if (status === "retry") return;
      agent.receipts.acknowledge([{ receipt_hash, status, reason: reason ?? null }], agent.clock.now_ms());
    },
    handlers: {
      private_job: createPrivateJobHandler({ agent, keys, is_chat_request }),
      ...createCommandHandlers({ agent, agent_version, inventory, tunnel: tunnelState }),
    },
  });
}

/** Rising numbers, never the same twice. Taken from the disk a hundred at a time, since each write holds up every stream. */
function numbersOf(identities: Agent["identities"], counter: string): () => number {
  let next = 1;
  let last = 0;
  return () => {
    if (next > last) {
      last = identities.take(counter, NUMBERS_TAKEN);
      next = last - NUMBERS_TAKEN + 1;
    }
    return next++;
  };
}

function heartbeatOf(
  agent: Agent,
  facts: Pick<HeartbeatRequest, "agent_version" | "draining" | "inventory">,
): HeartbeatRequest {
  return {
    ...facts,
    protocol_version: PROTOCOL_VERSION,
    paused: agent.paused,
    profiles: agent.profiles.forHeartbeat(),
    queue: queueOf(agent),
    counters: { ...agent.counters, receipts_waiting: agent.receipts.waiting().count },
  };
}
