import { ApiError } from "../../errors.ts";
import type { Delivered, Observation } from "./model.ts";
import type { HoldQuote, LedgerOperation, Serving, VerifiedReceipt } from "./operations.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{64}$/;
const JOB = /^job_[0-9a-z]{26}$/;
const CUSTOMER = /^cus_[0-9a-z]{26}$/;
const KEY = /^key_[0-9a-z]{26}$/;
const REFUND = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_WEI = 2n ** 256n - 1n;
/** More than any model has; sums of tokens times price stay far below 2^256. */
const MAX_TOKENS = 2 ** 40;
const MAX_LIFE_MS = 7 * 24 * 3600 * 1000;

/**
 * Checks every value that reaches the database, so that no customer's data can abort a batch (docs/design/money.md, The
 * writer). Throws ApiError `invalid_request` that names the field.
 */
export function validate(operation: LedgerOperation): void {
  pattern(operation.operation_id, UUID, "operation_id");
  switch (operation.kind) {
    case "hold":
      if (operation.idempotency !== null) {
        bytes(operation.idempotency.key_hash, 32, "idempotency.key_hash");
        bytes(operation.idempotency.fingerprint, 32, "idempotency.fingerprint");
      }
      return validateQuote(operation.quote);
    case "redispatch":
      pattern(operation.hold_id, UUID, "hold_id");
      text(operation.node_id, 64, "node_id");
      integer(operation.node_epoch, 0, Number.MAX_SAFE_INTEGER, "node_epoch");
      integer(operation.fence, 1, Number.MAX_SAFE_INTEGER, "fence");
      wei(operation.prompt_price_wei, 0n, "prompt_price_wei");
      wei(operation.completion_price_wei, 0n, "completion_price_wei");
      return operation.serving === null ? undefined : validateServing(operation.serving);
    case "note":
      pattern(operation.hold_id, UUID, "hold_id");
      return validateDelivered(operation.delivered, "delivered");
    case "observe":
      pattern(operation.hold_id, UUID, "hold_id");
      return validateObservation(operation.observation);
    case "settle":
      if (operation.observation !== null) validateObservation(operation.observation);
      if (operation.deliver_within_ms !== undefined)
        integer(operation.deliver_within_ms, 0, MAX_LIFE_MS, "deliver_within_ms");
      return validateReceipt(operation.receipt);
    case "release":
      pattern(operation.hold_id, UUID, "hold_id");
      return text(operation.reason, 128, "reason");
    case "undo":
    case "expire":
      return pattern(operation.hold_id, UUID, "hold_id");
    case "credit":
      pattern(operation.customer_id, CUSTOMER, "customer_id");
      wei(operation.amount_wei, 1n, "amount_wei");
      return text(operation.reference, 256, "reference");
    case "refund":
      pattern(operation.refund_id, REFUND, "refund_id");
      pattern(operation.customer_id, CUSTOMER, "customer_id");
      pattern(operation.hold_id, UUID, "hold_id");
      wei(operation.amount_wei, 1n, "amount_wei");
      return text(operation.reason, 256, "reason");
    default:
      throw invalid("kind", "is not a ledger operation");
  }
}

function validateQuote(quote: HoldQuote): void {
  pattern(quote.hold_id, UUID, "hold_id");
  pattern(quote.job_id, JOB, "job_id");
  if (quote.client_job_id !== null) text(quote.client_job_id, 128, "client_job_id");
  pattern(quote.customer_id, CUSTOMER, "customer_id");
  if (quote.credential_id !== null) pattern(quote.credential_id, KEY, "credential_id");
  text(quote.node_id, 64, "node_id");
  integer(quote.node_epoch, 0, Number.MAX_SAFE_INTEGER, "node_epoch");
  text(quote.model_id, 256, "model_id");
  if (!["plain", "stream", "private"].includes(quote.mode)) throw invalid("mode", "must be plain, stream or private");
  wei(quote.prompt_price_wei, 0n, "prompt_price_wei");
  wei(quote.completion_price_wei, 0n, "completion_price_wei");
  integer(quote.fee_bps, 0, 10_000, "fee_bps");
  validateServing(quote);
  integer(quote.reserved_tokens, 0, 2 * MAX_TOKENS, "reserved_tokens");
  wei(quote.amount_wei, 1n, "amount_wei");
  if (quote.max_price_wei !== null) wei(quote.max_price_wei, 0n, "max_price_wei");
  integer(quote.deadline_ms, 1, MAX_LIFE_MS, "deadline_ms");
  integer(quote.receipt_grace_ms, 0, MAX_LIFE_MS, "receipt_grace_ms");
  text(quote.gateway_id, 64, "gateway_id");
  integer(quote.gateway_epoch, 0, Number.MAX_SAFE_INTEGER, "gateway_epoch");
}

function validateServing(serving: Serving): void {
  text(serving.model_profile_id, 256, "model_profile_id");
  text(serving.route_tier, 64, "route_tier");
  integer(serving.prompt_bound, 0, MAX_TOKENS, "prompt_bound");
  integer(serving.completion_bound, 0, MAX_TOKENS, "completion_bound");
  if (typeof serving.hidden_reasoning !== "boolean") throw invalid("hidden_reasoning", "must be true or false");
}

function validateReceipt(receipt: VerifiedReceipt): void {
  pattern(receipt.receipt_hash, HASH, "receipt.receipt_hash");
  text(receipt.payload, 4096, "receipt.payload");
  if (Buffer.byteLength(receipt.payload) > 4096) throw invalid("receipt.payload", "must have at most 4096 bytes");
  bytes(receipt.signature, 64, "receipt.signature");
  text(receipt.node_id, 64, "receipt.node_id");
  integer(receipt.node_epoch, 0, Number.MAX_SAFE_INTEGER, "receipt.node_epoch");
  integer(receipt.node_seq, 1, Number.MAX_SAFE_INTEGER, "receipt.node_seq");
  text(receipt.job_id, 64, "receipt.job_id");
  integer(receipt.fence, 0, Number.MAX_SAFE_INTEGER, "receipt.fence");
  integer(receipt.prompt_tokens, 0, Number.MAX_SAFE_INTEGER, "receipt.prompt_tokens");
  integer(receipt.completion_tokens, 0, Number.MAX_SAFE_INTEGER, "receipt.completion_tokens");
}

function validateObservation(observation: Observation): void {
  validateDelivered(observation, "observation");
  if (!["complete", "client_left", "node_failed", "cut", "timeout"].includes(observation.reason))
    throw invalid("observation.reason", "is not a reason");
}

function validateDelivered(delivered: Delivered, param: string): void {
  integer(delivered.content_bytes, 0, MAX_TOKENS, `${param}.content_bytes`);
  integer(delivered.events, 0, MAX_TOKENS, `${param}.events`);
}

function invalid(param: string, problem: string): ApiError {
  return new ApiError("invalid_request", `${param} ${problem}.`, { param });
}

function pattern(value: unknown, expected: RegExp, param: string): void {
  if (typeof value !== "string" || !expected.test(value)) throw invalid(param, "is malformed");
}

/** 1 to `longest` characters, no NUL and no lone surrogate: neither can be stored. */
function text(value: unknown, longest: number, param: string): void {
  // Counts characters, as the document and Postgres do; `length` counts UTF-16 code units.
  if (typeof value !== "string" || value.length < 1 || (value.length > longest && [...value].length > longest))
    throw invalid(param, `must have 1 to ${longest} characters`);
  if (value.includes("\0") || !value.isWellFormed()) throw invalid(param, "must not contain NUL or broken characters");
}

function bytes(value: unknown, length: number, param: string): void {
  if (!Buffer.isBuffer(value) || value.length !== length) throw invalid(param, `must have ${length} bytes`);
}

function integer(value: unknown, least: number, most: number, param: string): void {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least || value > most)
    throw invalid(param, `must be an integer from ${least} to ${most}`);
}

function wei(value: unknown, least: bigint, param: string): void {
  if (typeof value !== "bigint" || value < least || value > MAX_WEI)
    throw invalid(param, `must be wei from ${least} to 2^256 - 1`);
}
