import type { Observation } from "../billing/model.ts";
import { cancelJob } from "../nodes/agent_api.ts";
import type { DispatchOutcome } from "../routing/health.ts";
import type { AttemptFailure } from "./attempt.ts";
import type { Chat, ChatPorts, Sending } from "./context.ts";

/** The end of a dispatch: no answer, or an answer whose delivery ended by `reason`. */
export type DispatchEnd = AttemptFailure | { kind: "answered"; reason: Observation["reason"] };

/**
 * Ends a dispatch for the ranking of its node: the one place that calls `routing.end`. A node that may still run the
 * chat gets a cancel, and counts as loaded until the cancel is confirmed or the tunnel is lost.
 */
export function endDispatch(
  { routing }: ChatPorts,
  { hold, signal }: Chat,
  { tunnel, fence }: Sending,
  end: DispatchEnd,
): void {
  const { node_id } = tunnel;
  const running = end.kind === "timeout" || (end.kind === "lost" && end.sent);
  // A client that left is no failure of the node.
  const outcome = running && signal.aborted ? "unknown" : outcomeOf(end);
  if (!running) routing.end(node_id, outcome);
  else void cancelJob(tunnel, hold.job_id, fence).finally(() => routing.end(node_id, outcome));
}

function outcomeOf(end: DispatchEnd): DispatchOutcome {
  switch (end.kind) {
    case "answered":
      return end.reason === "node_failed" || end.reason === "timeout" ? "failed" : "ok";
    case "refused":
      return "ok";
    case "busy":
      return "unknown";
    case "lost":
      return "lost";
    case "failed":
    case "timeout":
      return "failed";
  }
}
