import { randomUUID } from "node:crypto";
import { ApiError } from "../../errors.ts";
import type { NodeTunnel } from "../nodes/types.ts";
import { attempt, type AttemptFailure, cancelJob } from "./attempt.ts";
import { type Chat, type ChatPorts, demandOf, type Dispatched } from "./chat.ts";
import { boundsFor } from "./quote.ts";
import { dispatchFailed } from "./refusals.ts";
import { isFirstTokenLate } from "./relay.ts";

/** Step 6 of a chat (design: chat.md). */
export function dispatcher(ports: ChatPorts) {
  const { writer, routing, timeouts, metrics } = ports;

  /**
   * Tries the candidates in order under the one hold until `use` accepts an answer. Before each later attempt one
   * batched update moves the hold to the new node and raises the fence, so that a receipt of the earlier node is
   * `superseded`.
   */
  async function dispatch<T>(
    chat: Chat,
    use: (dispatched: Dispatched) => Promise<T>,
  ): Promise<{ dispatched: Dispatched; value: T }> {
    const demand = demandOf(ports.pepper, chat);
    const failures: AttemptFailure["kind"][] = [];
    let fence = 1;
    let epoch = chat.node_epoch;
    for (const [index, candidate] of chat.candidates.entries()) {
      if (chat.signal.aborted || performance.now() >= chat.deadline) break;
      const tunnel = ports.tunnel(candidate.node_id);
      if (!tunnel || routing.stillEligible(candidate, demand).length > 0) {
        failures.push("failed");
        continue;
      }
      if (index > 0 || tunnel.epoch !== epoch) {
        fence += 1;
        const moved = await writer.apply({
          kind: "redispatch",
          operation_id: randomUUID(),
          hold_id: chat.hold.hold_id,
          node_id: candidate.node_id,
          node_epoch: tunnel.epoch,
          prompt_price_wei: candidate.prompt_price_wei,
          completion_price_wei: candidate.completion_price_wei,
          fence,
        });
        if (!moved.ok)
          throw new ApiError(
            "router_dispatch_failed",
            "The reservation of this request was closed before it could be dispatched. Nothing was charged.",
          );
      }
      epoch = tunnel.epoch;
      routing.begin(candidate.node_id);
      const order = {
        job_id: chat.hold.job_id,
        fence,
        candidate,
        bounds: chat.candidates.length === 1 ? chat.quote : boundsFor(chat.request, candidate),
        fee_bps: ports.fee_bps,
        deadline_ms: Math.max(1, Math.round(chat.deadline - performance.now())),
      };
      const result = await attempt(tunnel, chat.request, order, timeouts, chat.signal);
      if ("answer" in result) {
        const dispatched = { candidate, tunnel, fence, answer: result.answer };
        try {
          const value = await use(dispatched);
          metrics.dispatches.inc({ outcome: "ok" });
          return { dispatched, value };
        } catch (error) {
          if (error instanceof ApiError) throw error;
          const kind = isFirstTokenLate(error) ? "timeout" : "failed";
          failures.push(kind);
          metrics.dispatches.inc({ outcome: kind });
          result.answer.cancel();
          giveUp(chat, tunnel, fence);
          continue;
        }
      }
      if (result.failure.kind === "refused") {
        routing.end(candidate.node_id, "ok");
        throw result.failure.error;
      }
      failures.push(result.failure.kind);
      metrics.dispatches.inc({ outcome: result.failure.kind });
      const unknown =
        result.failure.kind === "timeout" || (result.failure.kind === "failed" && result.failure.status_unknown);
      if (unknown) giveUp(chat, tunnel, fence);
      else routing.end(candidate.node_id, result.failure.kind === "busy" ? "unknown" : "failed");
    }
    throw dispatchFailed(failures);
  }

  /**
   * An earlier node gets a cancel, and counts as loaded until it confirmed or its tunnel went. A client that left is
   * not its failure.
   */
  function giveUp(chat: Chat, tunnel: NodeTunnel, fence: number): void {
    const outcome = chat.signal.aborted ? "unknown" : "failed";
    void cancelJob(tunnel, chat.hold.job_id, fence).finally(() => routing.end(tunnel.node_id, outcome));
  }

  return dispatch;
}
