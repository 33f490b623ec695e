/** The agent's counts for its owner and for tests. They hold nothing of prompts, outputs, paths or addresses. */
import type { LocalDiagnostics } from "../../../../generated/local.ts";
import type { Agent } from "../agent.ts";

/** The state of the queue, the same for heartbeat, profiles and diagnostics. */
export function queueOf({ slots, profiles }: Agent): LocalDiagnostics["queue"] {
  const { active, queued, capacity } = slots.state;
  return { active, queued, capacity, health: !profiles.ready ? "unhealthy" : queued > 0 ? "busy" : "ok" };
}

/** Reads the runtime's own counters; null while it is being restarted, or has none. */
export async function readDiagnostics(agent: Agent): Promise<LocalDiagnostics> {
  return {
    runtime_kind: agent.runtime.kind,
    runtime: await agent.runtime.counters().catch(() => null),
    queue: queueOf(agent),
    counters: { ...agent.counters, receipts_waiting: agent.receipts.waiting().count },
  };
}
