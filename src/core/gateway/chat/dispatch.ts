import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../../errors.ts";
import type { NodeTunnel } from "../nodes/types.ts";
import type { Candidate, RouteDemand } from "../routing/candidates.ts";
import { cancelJob } from "../nodes/agent_api.ts";
import { attempt, type AttemptFailure } from "./attempt.ts";
import { type Chat, type ChatPorts, demandOf, type Dispatched } from "./context.ts";
import { type Bounds, boundsUnder, covers, servingTerms } from "./quote.ts";
import { dispatchFailed } from "./chat_refusals.ts";
import { isFirstTokenLate } from "./stream.ts";

/**
 * So many nodes may be asked: a request that brings down what serves it must not go through the whole network, nor one
 * that finds it busy.
 */
const MOST_ASKED = 6;
const LOOK_AGAIN_MS = 100;

/** Step 6 of a chat (docs/design/chat.md). */
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
    const tried = new Map<string, number>();
    let asked = 0;
    let fence = 1;
    for await (const candidate of inTurn(chat, demand, tried, failures)) {
      if (chat.signal.aborted || performance.now() >= chat.deadline || asked >= MOST_ASKED) break;
      const tunnel = ports.tunnel(candidate.node_id);
      if (!tunnel || routing.stillEligible(candidate, demand).length > 0) {
        failures.push(tunnel ? "failed" : "lost");
        continue;
      }
      const { node_id } = candidate;
      const bounds = boundsOn(chat, candidate);
      if (fence > 1 || candidate !== chat.candidates[0] || tunnel.epoch !== chat.node_epoch) {
        fence += 1;
        const moved = await writer.apply({
          kind: "redispatch",
          operation_id: randomUUID(),
          hold_id: chat.hold.hold_id,
          node_id,
          node_epoch: tunnel.epoch,
          prompt_price_wei: candidate.prompt_price_wei,
          completion_price_wei: candidate.completion_price_wei,
          fence,
          serving: servingTerms(candidate, bounds),
        });
        if (!moved.ok)
          throw new ApiError(
            "router_dispatch_failed",
            "The reservation of this request was closed before it could be dispatched. Nothing was charged.",
          );
      }
      tried.set(node_id, tunnel.epoch);
      asked += 1;
      routing.begin(node_id);
      const order = {
        job_id: chat.hold.job_id,
        fence,
        candidate,
        bounds,
        fee_bps: ports.fee_bps,
        deadline_ms: Math.max(1, Math.round(chat.deadline - performance.now())),
      };
      const result = await attempt(tunnel, chat.request, order, timeouts, chat.signal);
      if ("answer" in result) {
        const dispatched = { candidate, bounds, tunnel, fence, answer: result.answer };
        try {
          const value = await use(dispatched);
          metrics.dispatches.inc({ outcome: "ok" });
          return { dispatched, value };
        } catch (error) {
          if (error instanceof ApiError) throw error;
          const kind = isFirstTokenLate(error) ? "timeout" : "lost";
          failures.push(kind);
          metrics.dispatches.inc({ outcome: kind });
          result.answer.cancel();
          giveUp(chat, tunnel, fence, kind);
          continue;
        }
      }
      const { failure } = result;
      if (failure.kind === "refused") {
        routing.end(node_id, "ok");
        throw failure.error;
      }
      failures.push(failure.kind);
      metrics.dispatches.inc({ outcome: failure.kind });
      if (failure.kind === "timeout") giveUp(chat, tunnel, fence, "timeout");
      else if (failure.kind === "lost" && failure.sent) giveUp(chat, tunnel, fence, "lost");
      else {
        // What was refused, or never sent, is not running there.
        if (failure.kind === "lost") asked -= 1;
        routing.end(node_id, failure.kind === "busy" ? "unknown" : failure.kind);
      }
    }
    throw dispatchFailed(failures);
  }

  /**
   * The candidates of the quote; when all of them failed, whoever else passes the gates now and is covered by the hold.
   * While a tunnel was lost, and as long as a candidate has to accept, also a node that comes back on another one: a
   * gateway that dies takes a third of all tunnels along, and they are back within a second.
   */
  async function* inTurn(
    chat: Chat,
    demand: RouteDemand,
    tried: ReadonlyMap<string, number>,
    failures: readonly AttemptFailure["kind"][],
  ): AsyncGenerator<Candidate> {
    yield* chat.candidates;
    const until = performance.now() + timeouts.candidate_accepts_ms;
    while (performance.now() < until && !chat.signal.aborted) {
      const next = routing.another(demand, (candidate) => {
        const tunnel = ports.tunnel(candidate.node_id);
        const isNew = tunnel !== undefined && tunnel.epoch !== tried.get(candidate.node_id);
        return isNew && covers(chat.quote, boundsOn(chat, candidate), candidate);
      });
      if (next) yield next;
      else if (failures.includes("lost")) await sleep(LOOK_AGAIN_MS);
      else return;
    }
  }

  /**
   * An earlier node gets a cancel, and counts as loaded until it confirmed or its tunnel went. A client that left is
   * not its failure.
   */
  function giveUp(chat: Chat, tunnel: NodeTunnel, fence: number, kind: "timeout" | "lost"): void {
    const outcome = chat.signal.aborted ? "unknown" : kind === "lost" ? "lost" : "failed";
    void cancelJob(tunnel, chat.hold.job_id, fence).finally(() => routing.end(tunnel.node_id, outcome));
  }

  return dispatch;
}

function boundsOn({ candidates, quote, request }: Chat, candidate: Candidate): Bounds {
  return boundsUnder(quote, request, candidates, candidate);
}
