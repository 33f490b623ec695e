import { sha256 } from "../../protocol/bytes/encoding.ts";
import { mintHoldId, mintJobId } from "../../protocol/bytes/ids.ts";
import type { HoldQuote, IdempotencyClaim } from "../billing/operations.ts";
import type { NodeView } from "../nodes/types.ts";
import type { Offer } from "./offer.ts";
import type { PrivateJobRequest, SealedRequest } from "./job_request.ts";

/** The gateway's settings for private jobs. */
export type Terms = {
  gateway: { gateway_id: string; epoch: number };
  fee_bps: number;
  /** The time from the admission in which a job must be done. */
  deadline_ms: number;
  receipt_grace_ms: number;
};

/** A node destroys a private transport key this long after the key's end (docs/design/evidence.md, Private jobs). */
const KEY_KEPT_MS = 3_600_000;
const LEAST_DEADLINE_MS = 1_000;

/** The quote of a job's hold. Its deadline comes before the node destroys the key that the job is sealed to. */
export function holdQuote(
  terms: Terms,
  customer_id: string,
  request: PrivateJobRequest,
  sealed: SealedRequest,
  node: NodeView,
  offer: Offer,
): HoldQuote {
  const { profile, route_tier, prompt_price_wei, completion_price_wei, prompt_bound, completion_bound } = offer;
  const key_left_ms = Math.floor(sealed.key.not_after_ms + KEY_KEPT_MS - Date.now());
  return {
    hold_id: mintHoldId(),
    job_id: mintJobId(),
    client_job_id: request.job_id ?? null,
    customer_id,
    credential_id: null,
    node_id: node.node_id,
    node_epoch: node.epoch,
    model_id: request.model_id,
    model_profile_id: profile.model_profile_id,
    route_tier,
    mode: "private",
    prompt_price_wei,
    completion_price_wei,
    fee_bps: terms.fee_bps,
    prompt_bound,
    completion_bound,
    reserved_tokens: prompt_bound + completion_bound,
    amount_wei: offer.reserved_wei,
    max_price_wei: null,
    hidden_reasoning: profile.hidden_reasoning,
    deadline_ms: Math.max(LEAST_DEADLINE_MS, Math.min(terms.deadline_ms, key_left_ms)),
    receipt_grace_ms: terms.receipt_grace_ms,
    gateway_id: terms.gateway.gateway_id,
    gateway_epoch: terms.gateway.epoch,
  };
}

/** The claim under which the same request is held once: by the customer's own job id or, without one, by the envelope. */
export function claimOf(customer_id: string, { job_id }: PrivateJobRequest, sealed: SealedRequest): IdempotencyClaim {
  const name = job_id === undefined ? `envelope\0${sealed.envelope_id.toString("hex")}` : `job\0${job_id}`;
  return { key_hash: sha256(`b3iq-private-job-v1\0${customer_id}\0${name}`), fingerprint: sealed.fingerprint };
}

/** The payload of the job's command. The database adds the deadline, and each lease adds fence and epoch. */
export function orderOf(quote: HoldQuote, request: PrivateJobRequest, sealed: SealedRequest): Record<string, unknown> {
  const { job_id, client_job_id, model_id, model_profile_id, fee_bps, prompt_bound, completion_bound } = quote;
  return {
    job_id,
    client_job_id,
    client_max_price_wei: request.max_price_wei ?? null,
    model_id,
    model_profile_id,
    encrypted_request: sealed.envelope,
    reserved_wei: quote.amount_wei.toString(),
    prompt_price_wei: quote.prompt_price_wei.toString(),
    completion_price_wei: quote.completion_price_wei.toString(),
    fee_bps,
    prompt_bound,
    completion_bound,
  };
}
