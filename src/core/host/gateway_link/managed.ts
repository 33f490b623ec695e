/** The agent's side that faces a gateway: enrollment, tunnel, heartbeats, outbox. Everything is dialled from here. */
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { HeartbeatRequest, ReceiptVerdict } from "../../../../generated/hosted.ts";
import { errorFields, type Logger } from "../../log.ts";
import { PREVIOUS_PROTOCOL_VERSION, PROTOCOL_VERSION } from "../../protocol/calls/node_protocol.ts";
import type { Agent } from "../agent.ts";
import { createCommandHandlers } from "./command_handlers.ts";
import { createCommandLoop } from "./command_loop.ts";
import { queueOf } from "../machine/diagnostics.ts";
import { createEnrollment, type EnrollmentRecord } from "./gateway_enrollment.ts";
import { createGatewayClient, gatewayDispatcher, GatewayCallError } from "./gateway_client.ts";
import type { GatewayClient, ProxySettings } from "./gateway_client.ts";
import { createHeartbeats, type HeartbeatAnswer } from "./heartbeat.ts";
import type { createInventory } from "../machine/inventory.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { createPrivateJobHandler } from "./sealed_jobs.ts";
import { createTransportKeys } from "./transport_key_rotation.ts";
import { createTunnelClient, type TunnelClient } from "./tunnel_client.ts";

export type ManagedDeps = {
  /** By which the gateway is reached, where the settings name one. */
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
  /** What the gateway said of this node last, and when (Unix ms of this machine); null before the first time. */
  readonly heard: { answer: HeartbeatAnswer; at_ms: number } | null;
  /** The code of its last refusal of an enrollment or heartbeat; null when it took the last one. */
  readonly refusal: string | null;
  /** A call that the identity signs. Throws GatewayCallError. */
  call: GatewayClient["call"];
  /** Asks anew what the gateway says of this node; false when it did not answer in time. */
  ask(): Promise<boolean>;
  /** Begins in the background; a gateway that is away is tried again. */
  start(): void;
  /** Tells the gateway of a change now. */
  notify(): void;
  /** Takes no more dispatches and tells the gateway so; what runs may end. */
  drain(timeout_ms: number): Promise<void>;
  stop(): Promise<void>;
};

/** Each may bring a sealed request of 1 MiB. */
const COMMANDS_AT_ONCE = 4;
const NUMBERS_TAKEN = 100;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
/** An owner waits for the answer. */
const ASK_TIMEOUT_MS = 5_000;

/** Made once for the gateway that the settings name. */
export function createManaged({
  proxy,
  agent,
  gateway_url,
  agent_version,
  inventory,
  serve,
  is_chat_request,
  log,
}: ManagedDeps): Managed {
  const { identity, clock, identities, node_id } = agent;
  const dispatcher = gatewayDispatcher(proxy);
  const epochCounter = `epoch:${gateway_url}`;
  let record: EnrollmentRecord | null = null;
  let heard: Managed["heard"] = null;
  let refusal: string | null = null;
  let asking: Promise<boolean> | null = null;
  let draining = false;
  let stopped = false;
  const client = createGatewayClient({
    gateway_url,
    dispatcher,
    clock,
    identity_private_key: identity.private_key,
    state: {
      node_id: () => node_id,
      epoch: () => identities.counter(epochCounter),
      nextSeq: numbersOf(identities, `call_seq:${gateway_url}`),
    },
  });
  const enrollment = createEnrollment({
    identity,
    gateway_url,
    client,
    now_ms: clock.now_ms,
    protocol_version: PROTOCOL_VERSION,
    agent_version,
    store: {
      load: () => JSON.parse(identities.enrollment(gateway_url) ?? "null") as EnrollmentRecord | null,
      save: (saved) => {
        transportKeys.adopt(saved.transport_key, saved.transport_private_key);
        // Kept where it can be destroyed on time, and nowhere else.
        identities.saveEnrollment(gateway_url, JSON.stringify({ ...saved, transport_private_key: "" }));
        identities.raiseCounter(epochCounter, saved.epoch);
      },
    },
  });
  const outbox = createOutbox({
    store: agent.receipts,
    now_ms: clock.now_ms,
    log,
    submit: (receipt) => client.call<ReceiptVerdict>("POST", "/v1/node/receipts", receipt),
  });
  const tunnel = createTunnelClient({
    gateway_url,
    dispatcher,
    client,
    clock,
    log,
    protocol_version: PROTOCOL_VERSION,
    protocol_version_min: PREVIOUS_PROTOCOL_VERSION,
    agent_version,
    serve,
    router_secret: () => record!.router_secret,
    setEpoch: (epoch) => identities.raiseCounter(epochCounter, epoch),
    onState(state) {
      if (state.state !== "open") return;
      heartbeats.notify();
      outbox.wake();
    },
  });
  const heartbeats = createHeartbeats<HeartbeatRequest>({
    client,
    log,
    collect: async () => heartbeatOf(agent, { agent_version, draining, inventory: await inventory() }),
    onAnswer(answer) {
      heard = { answer, at_ms: Date.now() };
      refusal = null;
    },
    onFailure: (error) => (refusal = error.code),
  });
  agent.onReadiness(() => heartbeats.notify());
  const transportKeys = createTransportKeys({
    store: agent.transportKeys(gateway_url),
    identity_private_key: identity.private_key,
    client,
    now_ms: clock.now_ms,
    log,
  });
  const commands = createCommandLoop({
    client,
    log,
    concurrency: Math.min(COMMANDS_AT_ONCE, agent.slots.state.capacity),
    onReceipt(receipt_hash, { status, reason }) {
      if (status !== "retry")
        agent.receipts.acknowledge([{ receipt_hash, status, reason: reason ?? null }], clock.now_ms());
    },
    handlers: {
      private_job: createPrivateJobHandler({ agent, keys: transportKeys, is_chat_request }),
      ...createCommandHandlers({
        agent,
        agent_version,
        inventory,
        tunnel() {
          const state = tunnel.state();
          return state.state === "open"
            ? { connected: true, tunnel_epoch: state.epoch }
            : { connected: false, tunnel_epoch: null };
        },
      }),
    },
  });

  const enrollAndServe = async () => {
    for (let attempt = 0; !stopped; attempt++) {
      try {
        record = await enrollment.ensureEnrolled();
        refusal = null;
        log.info("enrolled", { node_id });
        tunnel.start();
        heartbeats.start();
        outbox.start();
        transportKeys.start();
        commands.start();
        return;
      } catch (error) {
        const code = error instanceof GatewayCallError ? error.code : "internal_error";
        refusal = code;
        const delay_ms = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt) * (0.5 + Math.random() / 2);
        log.warn("not_enrolled", {
          ...(error instanceof GatewayCallError ? {} : errorFields(error)),
          reason: code,
          delay_ms: Math.round(delay_ms),
        });
        await new Promise((resolve) => setTimeout(resolve, delay_ms).unref());
      }
    }
  };
  return {
    gateway_url,
    outbox,
    authenticate: tunnel.authenticate,
    get enrolled() {
      return record !== null;
    },
    get tunnel() {
      return tunnel.state().state === "open" ? ("open" as const) : ("closed" as const);
    },
    get heard() {
      return heard;
    },
    get refusal() {
      return refusal;
    },
    call: client.call,
    async ask() {
      if (record === null) return false;
      return (asking ??= heartbeats.now(ASK_TIMEOUT_MS).finally(() => (asking = null)));
    },
    start: () => void enrollAndServe(),
    notify: () => heartbeats.notify(),
    async drain(timeout_ms) {
      draining = true;
      heartbeats.notify();
      await tunnel.stop(timeout_ms);
    },
    async stop() {
      stopped = true;
      await commands.stop();
      await transportKeys.stop();
      await tunnel.stop();
      await heartbeats.stop();
      await outbox.stop();
      await dispatcher.close();
    },
  };
}

/**
 * Rising numbers, never the same twice: taken from the disk a hundred at a time, since each write there holds up every
 * stream.
 */
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
