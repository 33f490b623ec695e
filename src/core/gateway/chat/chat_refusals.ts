import { ApiError } from "../../errors.ts";
import type { Observation } from "../billing/model.ts";
import type { AdmissionLimits } from "../billing/operations.ts";
import type { AttemptFailure } from "./attempt.ts";
import type { Chat } from "./context.ts";

/** The error of a chat for which no candidate gave an answer, by the reasons of all attempts. */
export function dispatchFailed(failures: AttemptFailure["kind"][]): ApiError {
  const all = (kind: AttemptFailure["kind"]) => failures.length > 0 && failures.every((failure) => failure === kind);
  if (all("timeout"))
    return new ApiError("router_timeout", "No node answered in time. Nothing was charged.", { retry_after_ms: 1_000 });
  if (all("busy"))
    return new ApiError("no_healthy_candidates", "Every node that serves this model is busy. Nothing was charged.", {
      detail: { blockers: { queue_blocked: failures.length } },
      retry_after_ms: 2_000,
    });
  return new ApiError("router_dispatch_failed", "No node gave a usable answer. Nothing was charged.", {
    detail: { attempts: failures.length },
    retry_after_ms: 1_000,
  });
}

/** The error of a plain answer whose client left: no client reads the error, and nothing is charged. */
export function clientLeft(): ApiError {
  return new ApiError("router_dispatch_failed", "The client left before the answer was complete. Nothing was charged.");
}

/**
 * The error of an answer whose settlement was not written in time, or that the ledger does not take (`cause`). A plain
 * answer is then free; a stream is charged later for its delivered part.
 */
export function notSettled({ request, hold }: Pick<Chat, "request" | "hold">, cause: unknown): ApiError {
  if (cause instanceof ApiError && cause.code !== "admission_unavailable") return cause;
  const consequence = request.stream
    ? "What was delivered is charged later, at most the node's signed usage."
    : cause instanceof ApiError // the writer is stopping and may not learn the outcome
      ? "It was not delivered; the job, or a repeat with the same Idempotency-Key, says whether it was charged."
      : "It was not delivered, and it is free: a charge that was on its way is given back in full. Only if this gateway is killed before that does the job show a charge, which can be refunded.";
  return new ApiError("settlement_unavailable", `The ledger did not settle this answer in time. ${consequence}`, {
    detail: { job_id: hold.job_id },
    retry_after_ms: 5_000,
    cause,
  });
}

/** The error that a client sees for a stream that broke after its first byte. */
export function brokenStream(reason: Observation["reason"], charged: boolean): ApiError {
  const charge = charged
    ? "The part that was delivered is charged at the node's signed usage."
    : "It is charged only if the node's signed receipt for the delivered part still arrives.";
  if (reason === "timeout")
    return new ApiError("router_timeout", `The node stopped sending before the answer was complete. ${charge}`);
  return new ApiError("router_dispatch_failed", `The node failed before the answer was complete. ${charge}`);
}

/** Sets `x-ratelimit-*` as the OpenAI clients read them; the reset is in Go's duration form. */
export function showLimits(set_header: (name: string, value: string) => void, limits: AdmissionLimits): void {
  for (const [name, state] of Object.entries(limits)) {
    if (!state) continue;
    set_header(`x-ratelimit-limit-${name}`, String(state.limit));
    set_header(`x-ratelimit-remaining-${name}`, String(state.remaining));
    set_header(
      `x-ratelimit-reset-${name}`,
      state.reset_ms < 1000 ? `${state.reset_ms}ms` : `${Math.ceil(state.reset_ms / 1000)}s`,
    );
  }
}
