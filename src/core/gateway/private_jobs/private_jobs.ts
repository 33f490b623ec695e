import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../../../store/postgres/database.ts";
import { closePrivateJob } from "../../../store/postgres/private_jobs/close.ts";
import { findPrivateJob } from "../../../store/postgres/private_jobs/find.ts";
import { findSimilarJobs } from "../../../store/postgres/private_jobs/like.ts";
import { queuePrivateJob } from "../../../store/postgres/private_jobs/queue.ts";
import type { PrivateJobRow } from "../../../store/postgres/private_jobs/row.ts";
import { countWaitingJobs } from "../../../store/postgres/private_jobs/waiting.ts";
import { markResultRead } from "../../../store/postgres/private_jobs/results_read.ts";
import { ApiError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import type { SignedReceipt } from "../../protocol/receipt/receipt.ts";
import { parseWei } from "../../protocol/bytes/wei.ts";
import type { HoldQuote, LedgerWriter, Settled, Verdicts } from "../billing/operations.ts";
import { refusalError } from "../billing/refusals.ts";
import type { ControlView } from "../control.ts";
import type { NodeView } from "../nodes/types.ts";
import { type Offer, blocked, offerOf } from "./offer.ts";
import { type PrivateJobRequest, type SealedRequest, assertKeyInForce, readSealedRequest } from "./job_request.ts";
import { claimOf, holdQuote, orderOf } from "./job_quote.ts";
import { toJob, toQueued } from "./views.ts";
import { verifyUnder } from "../receipts/trailers.ts";

export type PrivateJobPorts = {
  db: Database;
  writer: LedgerWriter;
  control: ControlView;
  node: (node_id: string) => NodeView | undefined;
  /** The identity key under which an epoch of a node was opened. */
  epoch_key: (node_id: string, epoch: number) => Promise<string | undefined>;
  suspend: (node_id: string, reason: string) => Promise<void>;
  /** Tells a node's waiting poll of a new command. */
  wake: (node_id: string) => void;
  gateway: { gateway_id: string; epoch: number };
  fee_bps: number;
  /** From the admission until a job has to be done. */
  deadline_ms: number;
  receipt_grace_ms: number;
  draining: () => boolean;
  log: Logger;
  /** Told once of each job that ended: how, and how long it took from its admission. */
  on_end?: (outcome: "completed" | "failed" | "expired", seconds: number) => void;
};

const OUTCOMES = { settled: "completed", released: "failed", expired: "expired" } as const;

/** Jobs that may wait for one node. */
const WAITING_MAX = 64;
const TWIN_WAIT_MS = 2_000;
const TWIN_LOOK_MS = 25;

/**
 * Admission, reading and settlement of private jobs (docs/design/evidence.md, Private jobs; docs/design/money.md). What
 * it handles is sealed, and stays so.
 */
export function createPrivateJobs(ports: PrivateJobPorts) {
  const { db, writer } = ports;

  /**
   * Checks the envelope and its context, puts the node through its gates, holds the price and queues the job. The same
   * request again is answered with the first answer. Nothing is held before every check has passed, and what stops
   * between hold and queue is given back.
   */
  async function create(customer_id: string, request: PrivateJobRequest, signal?: AbortSignal) {
    if (ports.draining())
      throw new ApiError("draining", "This gateway is shutting down; send the request again.", {
        retry_after_ms: 1_000,
      });
    const node = ports.node(request.node_id);
    if (!node) throw new ApiError("not_found", "There is no node with this id.", { param: "node_id" });
    const sealed = await readSealedRequest(db, request);
    const earlier = await sameJob(customer_id, request, sealed);
    if (earlier) return toQueued(earlier);
    assertKeyInForce(sealed, Date.now());
    const max_price_wei = request.max_price_wei === undefined ? null : parseWei(request.max_price_wei);
    const offer = offerOf(node, ports.control.current(), {
      customer_id,
      model_id: request.model_id,
      ciphertext_bytes: sealed.ciphertext_bytes,
      max_price_wei,
    });
    if ((await countWaitingJobs(db, node.node_id)) >= WAITING_MAX) throw blocked(["queue_blocked"]);
    const quote = holdQuote(ports, customer_id, request, sealed, node, offer);
    const idempotency = claimOf(customer_id, request, sealed);
    const held = await writer.apply({ kind: "hold", operation_id: randomUUID(), quote, idempotency }, signal);
    if (held.ok) await queue(request, sealed, offer, quote);
    const job = (await sameJob(customer_id, request, sealed)) ?? (held.ok ? undefined : await twin(held.code));
    if (job) return toQueued(job);
    if (!held.ok) throw refused(held);
    throw new ApiError(
      "admission_unavailable",
      "The reservation was given back before the job could be queued. Nothing was charged; send it again.",
      { retry_after_ms: 1_000 },
    );

    /** The same request has its hold, and is being queued: its answer is this one's. */
    async function twin(code: string): Promise<PrivateJobRow | undefined> {
      for (let waited_ms = 0; code === "idempotency_in_flight" && waited_ms < TWIN_WAIT_MS; waited_ms += TWIN_LOOK_MS) {
        await sleep(TWIN_LOOK_MS);
        const job = await sameJob(customer_id, request, sealed);
        if (job) return job;
      }
      return undefined;
    }
  }

  /**
   * The job that this request is a repeat of; throws `conflict` when its job_id or its envelope stands for another
   * request.
   */
  async function sameJob(
    customer_id: string,
    request: PrivateJobRequest,
    sealed: SealedRequest,
  ): Promise<PrivateJobRow | undefined> {
    const found = await findSimilarJobs(db, {
      customer_id,
      client_job_id: request.job_id ?? null,
      node_id: request.node_id,
      envelope_id: sealed.envelope_id,
    });
    const same = found.find((job) => job.customer_id === customer_id && job.fingerprint.equals(sealed.fingerprint));
    if (same || found.length === 0) return same;
    const by_id = found.some(
      (job) => job.customer_id === customer_id && job.client_job_id !== null && job.client_job_id === request.job_id,
    );
    throw by_id
      ? new ApiError("conflict", "This job_id stands for another request of yours; use a new one.", { param: "job_id" })
      : new ApiError(
          "conflict",
          "The node was sent this envelope before, and takes each once; seal the request again.",
          { param: "encrypted_request" },
        );
  }

  /**
   * Queues the command of a hold, or gives the hold back when the same job was there first. A statement of unknown
   * outcome leaves both to the sweep.
   */
  async function queue(
    request: PrivateJobRequest,
    sealed: SealedRequest,
    offer: Offer,
    quote: HoldQuote,
  ): Promise<void> {
    const { hold_id, client_job_id, customer_id, node_id } = quote;
    const { envelope_id, fingerprint } = sealed;
    let queued: boolean;
    try {
      queued = await queuePrivateJob(db, {
        hold_id,
        command_id: mintId("cmd"),
        customer_id,
        client_job_id,
        node_id,
        envelope_id,
        fingerprint,
        quoted_wei: offer.quoted_wei,
        payload: orderOf(quote, request, sealed),
      });
    } catch (cause) {
      throw new ApiError(
        "admission_unavailable",
        "The database did not answer. Send the same request again: it is not taken twice.",
        { retry_after_ms: 2_000, cause },
      );
    }
    if (queued) ports.wake(node_id);
    else await release(hold_id, "not_queued");
  }

  /**
   * State, money and sealed result of a customer's job. Throws `not_found`. Reading a result starts the hour after
   * which it is deleted.
   */
  async function read(customer_id: string, reference: string) {
    const row = await findPrivateJob(db, customer_id, reference);
    if (!row) throw new ApiError("not_found", "You have no private job with this id.", { param: "job_id" });
    const job = toJob(row);
    if (job.encrypted_response !== null) await markResultRead(db, row.hold_id);
    return job;
  }

  /**
   * Settles a job whose sealed result is kept, by the receipt that came with it; completion tokens count up to the
   * sealed bytes. A receipt that does not pay its hold releases it, and the result is deleted unread.
   */
  async function settle(job: PrivateJobRow): Promise<Verdicts["settle"]> {
    const signed = job.receipt as unknown as SignedReceipt;
    const key = await ports.epoch_key(job.node_id, signed.receipt.node_epoch);
    const verified = await verifyUnder(signed, key === undefined ? [] : [key]);
    if (!verified.ok)
      throw new ApiError(verified.code, `The receipt was not accepted: ${verified.reason}.`, { param: "receipt" });
    const observation = { content_bytes: job.sealed_bytes!, events: 1, reason: "complete" as const };
    const verdict = await writer.apply({
      kind: "settle",
      operation_id: randomUUID(),
      receipt: verified.receipt,
      observation,
    });
    if (verdict.ok) return verdict satisfies Settled;
    if (!verdict.recorded && verdict.reason === "sequence_reused") {
      ports.log.warn("receipt_sequence_reused", { node_id: job.node_id });
      await ports.suspend(job.node_id, "Two receipts carry the same sequence number.");
    }
    await release(job.hold_id, verdict.reason);
    await close(job.hold_id);
    return verdict;
  }

  /** Gives the hold back; false when something else closed it first. `reason` is a word that the customer may read. */
  async function release(hold_id: string, reason: string): Promise<boolean> {
    return (await writer.apply({ kind: "release", operation_id: randomUUID(), hold_id, reason })).ok;
  }

  /** Ends a job whose hold is closed; harmless when it was ended before. */
  async function close(hold_id: string): Promise<void> {
    const ended = await closePrivateJob(db, hold_id);
    if (ended) ports.on_end?.(OUTCOMES[ended.hold_state], ended.seconds);
  }

  return { create, read, settle, release, close };
}

export type PrivateJobs = ReturnType<typeof createPrivateJobs>;

function refused(verdict: Verdicts["hold"] & { ok: false }): ApiError {
  if (verdict.code !== "conflict" && verdict.code !== "idempotency_key_reused") return refusalError(verdict);
  return new ApiError("conflict", "This job_id stands for another job or chat of yours; use a new one.", {
    param: "job_id",
  });
}
