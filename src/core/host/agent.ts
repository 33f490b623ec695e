/** Assembles the part of the host agent that works without a gateway. */
import type { Logger } from "../log.ts";
import { generateIdentity, type Identity } from "../protocol/bytes/ed25519.ts";
import { nodeIdOf } from "../protocol/bytes/ids.ts";
import { createAccessStore } from "../../store/sqlite/access_store.ts";
import { createIdentityStore, type IdentityStore } from "../../store/sqlite/identity_store.ts";
import { createReceiptStore, type ReceiptStore } from "../../store/sqlite/receipt_store.ts";
import { createSettingStore, type SettingStore } from "../../store/sqlite/setting_store.ts";
import { createTransportKeyStore, type TransportKeyStore } from "../../store/sqlite/transport_key_store.ts";
import type { HostState } from "../../store/sqlite/host_state.ts";
import { createAccess, type Access } from "./access/access.ts";
import { createDispatch } from "./chat/run_chat.ts";
import type { ChatCounters, Dispatch } from "./chat/chat.ts";
import { createJobs, type Jobs } from "./chat/jobs.ts";
import { createProfiles, type Profiles } from "./machine/profiles.ts";
import {
  createRuntimeWatch,
  refreshRuntime,
  runtimeState,
  startWatch,
  stopWatch,
  type RuntimeState,
} from "./machine/runtime_watch.ts";
import { createReceiptWriter } from "./receipts/receipt_writer.ts";
import type { Runtime } from "./runtimes/runtime.ts";
import { createServerClock, type ServerClock } from "./gateway_link/server_clock.ts";
import { createSlots, type Slots } from "./chat/slots.ts";

export type AgentDeps = {
  state: HostState;
  runtime: Runtime;
  /** Requests that the runtime works on at once. */
  capacity: number;
  setup_token: () => string;
  log: Logger;
};

export type Agent = {
  node_id: string;
  identity: Identity;
  clock: ServerClock;
  runtime: Runtime;
  profiles: Profiles;
  slots: Slots;
  jobs: Jobs;
  counters: ChatCounters;
  access: Access;
  receipts: ReceiptStore;
  settings: SettingStore;
  identities: IdentityStore;
  /** Keys for private jobs of one gateway. */
  transportKeys(gateway_url: string): TransportKeyStore;
  dispatch: Dispatch;
  readonly paused: boolean;
  /** For the owner: the reason why the runtime cannot be used, and when it is asked next. */
  runtimeState(): RuntimeState;
  /** Calls the listener when the runtime begins to answer, or ceases to. */
  onReadiness(listener: () => void): void;
  /** Starts the checks of the runtime; resolves after the first one, which also tries the models. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

/** The gateway moves on after 5 s without acceptance (docs/design/chat.md, Time-outs). */
const WAIT_MS = { routed: 4_000, local: 30_000 };
const QUEUED_PER_SLOT = 8;

/** Builds the agent over an opened state folder; makes the node's identity on first use. */
export function createAgent({ state, runtime, capacity, setup_token, log }: AgentDeps): Agent {
  const identities = createIdentityStore(state);
  const settings = createSettingStore(state);
  const receipts = createReceiptStore(state);
  const identity = identities.ensureKey("identity", generateIdentity);
  const node_id = nodeIdOf(identity.public_key);
  const clock = createServerClock();
  const profiles = createProfiles({ runtime, settings });
  const keptForOwner = () => Math.min(capacity - 1, Number(settings.get("slots_kept_for_owner") ?? 0));
  const slots = createSlots({
    capacity,
    kept_for_owner: keptForOwner,
    queue_max: capacity * QUEUED_PER_SLOT,
    wait_ms: WAIT_MS,
  });
  const jobs = createJobs();
  const counters: ChatCounters = {
    jobs_ok: 0,
    jobs_failed: 0,
    jobs_cancelled: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
  };
  const writer = createReceiptWriter({
    store: receipts,
    node_id,
    private_key: identity.private_key,
    now_ms: clock.now_ms,
  });
  const watch = createRuntimeWatch({ runtime, profiles, log });
  const dispatch = createDispatch({
    runtime,
    profiles,
    slots,
    receipts: writer,
    jobs,
    counters,
    // The runtime may have died: it is asked at once, so that the next chat goes elsewhere.
    onRuntimeFailure: () => void refreshRuntime(watch),
  });
  return {
    node_id,
    identity,
    clock,
    runtime,
    profiles,
    slots,
    jobs,
    counters,
    receipts,
    settings,
    identities,
    transportKeys: (gateway_url) => createTransportKeyStore(state, gateway_url),
    access: createAccess({ store: createAccessStore(state), setup_token, now_ms: Date.now }),
    dispatch,
    onReadiness: (listener) => void watch.listeners.add(listener),
    get paused() {
      return settings.get("paused") === "1";
    },
    runtimeState: () => runtimeState(watch),
    start: () => startWatch(watch),
    async stop() {
      stopWatch(watch);
      await runtime.close();
    },
  };
}
