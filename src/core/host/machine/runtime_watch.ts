/** Asks the runtime regularly whether it answers, and tells the log and the agent when that changes. */
import type { SetupStatus } from "../../../../generated/local.ts";
import type { Logger } from "../../log.ts";
import type { Runtime } from "../runtimes/runtime.ts";
import type { Profiles } from "./profiles.ts";

export type RuntimeWatch = {
  runtime: Runtime;
  profiles: Profiles;
  log: Logger;
  /** Called when the runtime begins to answer, or ceases to. */
  listeners: Set<() => void>;
  /** The reason that was logged last: null when the runtime was ready, undefined before the first check. */
  reason: string | null | undefined;
  next_check_at_ms: number;
  timer: NodeJS.Timeout | undefined;
};

const CHECK_MS = 10_000;

export function createRuntimeWatch(parts: Pick<RuntimeWatch, "runtime" | "profiles" | "log">): RuntimeWatch {
  return { ...parts, listeners: new Set(), reason: undefined, next_check_at_ms: Date.now(), timer: undefined };
}

/** Begins the checks; resolves after the first one. */
export async function startWatch(watch: RuntimeWatch): Promise<void> {
  watch.timer = setInterval(() => void check(watch), CHECK_MS);
  await check(watch);
}

export function stopWatch(watch: RuntimeWatch): void {
  clearInterval(watch.timer);
}

function check(watch: RuntimeWatch): Promise<void> {
  watch.next_check_at_ms = Date.now() + CHECK_MS;
  return refreshRuntime(watch);
}

/** Asks the runtime now; logs a change, and calls the listeners when readiness changed. */
export async function refreshRuntime(watch: RuntimeWatch): Promise<void> {
  const { runtime, profiles, log } = watch;
  await profiles.refresh();
  const { reason } = profiles;
  const before = watch.reason;
  if (reason === before) return;
  const facts = { runtime_kind: runtime.kind, runtime_url: runtime.url };
  const delay_ms = Math.max(0, watch.next_check_at_ms - Date.now());
  if (reason === null) log.info("runtime_ready", facts);
  else log.warn("runtime_not_ready", { ...facts, reason, delay_ms });
  watch.reason = reason;
  const turned = before === undefined || (reason === null) !== (before === null);
  if (turned) for (const listener of watch.listeners) listener();
}

/** For the owner: the reason why the runtime cannot be used, and when it is asked next. */
export type RuntimeState = Pick<SetupStatus, "runtime_url" | "runtime_reason" | "runtime_next_check_at">;

export function runtimeState({ runtime, profiles, next_check_at_ms }: RuntimeWatch): RuntimeState {
  return {
    runtime_url: runtime.url,
    runtime_reason: profiles.reason,
    runtime_next_check_at: new Date(next_check_at_ms).toISOString(),
  };
}
