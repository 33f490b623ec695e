import { randomUUID } from "node:crypto";
import { countWaitingJobs } from "../../../store/postgres/private_jobs/queue.ts";
import { ApiError } from "../../errors.ts";
import { parseWei } from "../../protocol/bytes/wei.ts";
import type { Verdicts } from "../billing/operations.ts";
import { refusal } from "../billing/refusals.ts";
import type { NodeView } from "../nodes/types.ts";
import type { PrivateJobPorts } from "./job_context.ts";
import { claimOf, holdQuote } from "./job_quote.ts";
import { queueJob } from "./job_queue.ts";
import { findConcurrentJob, findEarlierJob } from "./job_repeat.ts";
import { type CheckedRequest, type PrivateJobRequest, assertKeyInForce, readSealedRequest } from "./job_request.ts";
import { type Offer, blocked, offerOf } from "./offer.ts";
import { toQueued } from "./views.ts";

/** Jobs that may wait for one node. */
const WAITING_MAX = 64;

/**
 * Checks the envelope and its context, puts the node through its gates, holds the price and queues the job. The same
 * request again gets the first answer. Nothing is held before every check has passed, and a hold whose job is not queued
 * is given back.
 */
export async function createPrivateJob(
  ports: PrivateJobPorts,
  customer_id: string,
  request: PrivateJobRequest,
  signal?: AbortSignal,
) {
  const { db, writer } = ports;
  if (ports.draining())
    throw new ApiError("draining", "This gateway is shutting down; send the request again.", { retry_after_ms: 1_000 });
  const node = ports.node(request.node_id);
  if (!node) throw new ApiError("not_found", "There is no node with this id.", { param: "node_id" });
  const checked = { customer_id, request, sealed: await readSealedRequest(db, request) };
  const earlier = await findEarlierJob(db, checked);
  if (earlier) return toQueued(earlier);
  assertKeyInForce(checked.sealed, Date.now());
  const offer = await offerFor(ports, node, checked);
  const quote = holdQuote(ports, customer_id, request, checked.sealed, node, offer);
  const idempotency = claimOf(customer_id, request, checked.sealed);
  const held = await writer.apply({ kind: "hold", operation_id: randomUUID(), quote, idempotency }, signal);
  if (held.ok) await queueJob(ports, checked, offer, quote);
  const job = (await findEarlierJob(db, checked)) ?? (held.ok ? undefined : await findConcurrentJob(db, checked, held));
  if (job) return toQueued(job);
  if (!held.ok) throw refused(held);
  throw new ApiError(
    "admission_unavailable",
    "The reservation was given back before the job could be queued. Nothing was charged; send it again.",
    { retry_after_ms: 1_000 },
  );
}

/** The node's offer for the job. Throws the refusal of a node that may not take the job. */
async function offerFor(ports: PrivateJobPorts, node: NodeView, checked: CheckedRequest): Promise<Offer> {
  const { customer_id, request, sealed } = checked;
  const offer = offerOf(node, ports.control.current(), {
    customer_id,
    model_id: request.model_id,
    ciphertext_bytes: sealed.ciphertext_bytes,
    max_price_wei: request.max_price_wei === undefined ? null : parseWei(request.max_price_wei),
  });
  if ((await countWaitingJobs(ports.db, node.node_id)) >= WAITING_MAX) throw blocked(["queue_blocked"]);
  return offer;
}

function refused(verdict: Verdicts["hold"] & { ok: false }): ApiError {
  if (verdict.code !== "conflict" && verdict.code !== "idempotency_key_reused") return refusal(verdict);
  return new ApiError("conflict", "This job_id stands for another job or chat of yours; use a new one.", {
    param: "job_id",
  });
}
