import { isHex } from "../bytes/encoding.ts";
import { isId } from "../bytes/ids.ts";
import { FormatError } from "../bytes/outcome.ts";
import { isWei } from "../bytes/wei.ts";

/** The payload that a node signs for one answer (docs/design/evidence.md, Receipts). */
export type ReceiptPayload = {
  type: "b3iq.receipt.v1";
  node_id: string;
  node_epoch: number;
  node_seq: number;
  job_id: string;
  fence: number;
  dispatch_mode: "pooled_sync" | "private_job";
  model_id: string;
  model_profile_id: string;
  runtime_kind: string;
  outcome: "ok" | "truncated" | "cancelled" | "error";
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  /** Wei for one token, an integer as a decimal string. */
  prompt_price_wei: string;
  completion_price_wei: string;
  fee_bps: number;
  request_commitment: string;
  response_commitment: string;
  /** RFC 3339 UTC, to the minute: `2026-11-21T10:17:00Z`. */
  finished_at: string;
  tee_attestation_hash?: string;
};

/**
 * The payload that a node signs for a chat of its own owner. Type, domain and counter differ from those of receipts
 * that are paid, so neither type can pass for the other, and neither leaves gaps in the other's numbers
 * (docs/design/evidence.md, Receipts).
 */
export type LocalReceiptPayload = {
  type: "b3iq.local-receipt.v1";
  node_id: string;
  /** Starts at 1 and rises over the life of the agent's state folder. */
  local_seq: number;
  request_id: string;
  model_id: string;
  model_profile_id: string;
  runtime_kind: string;
  outcome: "ok" | "truncated" | "cancelled" | "error";
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  request_commitment: string;
  response_commitment: string;
  /** RFC 3339 UTC, to the minute. */
  finished_at: string;
};

type Rule = { expected: string; holds: (value: unknown) => boolean };

const integer = (least: number, greatest = Number.MAX_SAFE_INTEGER): Rule => ({
  expected: `an integer from ${least} to ${greatest}`,
  holds: (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= greatest,
});

const oneOf = (...words: string[]): Rule => ({
  expected: words.join(" or "),
  holds: (value) => typeof value === "string" && words.includes(value),
});

const matches = (pattern: RegExp, expected: string): Rule => ({
  expected,
  holds: (value) => typeof value === "string" && pattern.test(value),
});

const hash: Rule = { expected: "64 lower-case hex characters", holds: (value) => isHex(value, 32) };
const price: Rule = { expected: "a decimal string of wei below 2^256", holds: isWei };
const name = matches(/^[^\p{Cc}\p{Cs}]{1,256}$/u, "1 to 256 characters without control characters");

/** A time to the minute: with a finer time, an outsider could match receipts with the traffic that he observed. */
const minute: Rule = {
  expected: "an RFC 3339 UTC time with seconds 00",
  holds: (value) =>
    typeof value === "string" &&
    /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:00Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)) &&
    new Date(value).toISOString().slice(0, 16) === value.slice(0, 16),
};

const nodeId: Rule = { expected: "a node id", holds: (value) => isId("node", value) };

type Rules<Payload> = Record<keyof Payload, Rule>;

/** The fields that both types of receipt have. */
const ANSWER = {
  node_id: nodeId,
  model_id: name,
  model_profile_id: name,
  runtime_kind: matches(/^[a-z][a-z0-9_]{0,31}$/, "a runtime kind in lower case"),
  outcome: oneOf("ok", "truncated", "cancelled", "error"),
  prompt_tokens: integer(0),
  completion_tokens: integer(0),
  total_tokens: integer(0),
  request_commitment: hash,
  response_commitment: hash,
  finished_at: minute,
};

const RECEIPT: Rules<Required<ReceiptPayload>> = {
  ...ANSWER,
  type: oneOf("b3iq.receipt.v1"),
  node_epoch: integer(1),
  node_seq: integer(1),
  job_id: { expected: "a job id", holds: (value) => isId("job", value) },
  fence: integer(0),
  dispatch_mode: oneOf("pooled_sync", "private_job"),
  prompt_price_wei: price,
  completion_price_wei: price,
  fee_bps: integer(0, 10_000),
  tee_attestation_hash: hash,
};

const LOCAL_RECEIPT: Rules<LocalReceiptPayload> = {
  ...ANSWER,
  type: oneOf("b3iq.local-receipt.v1"),
  local_seq: integer(1),
  request_id: { expected: "a request id", holds: (value) => isId("req", value) },
};

/** The closed schema of a receipt: every field named here, no other. Throws FormatError `receipt` naming the field. */
export function assertReceiptPayload(value: unknown): ReceiptPayload {
  return assertFields(value, RECEIPT, "tee_attestation_hash") as ReceiptPayload;
}

/** The closed schema of a local receipt. Throws FormatError `receipt` naming the field. */
export function assertLocalReceiptPayload(value: unknown): LocalReceiptPayload {
  return assertFields(value, LOCAL_RECEIPT) as LocalReceiptPayload;
}

function assertFields(value: unknown, rules: Record<string, Rule>, optional?: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new FormatError("receipt", "receipt: expected an object");
  }
  const record = value as Record<string, unknown>;
  for (const field of Object.keys(record)) {
    if (!Object.hasOwn(rules, field)) {
      throw new FormatError("receipt", "receipt: a field that receipts of this type do not have");
    }
  }
  for (const [field, rule] of Object.entries(rules)) {
    const member = Object.hasOwn(record, field) ? record[field] : undefined;
    if (member === undefined && field === optional) continue;
    if (!rule.holds(member)) throw new FormatError("receipt", `receipt.${field}: expected ${rule.expected}`);
  }
  if (record["total_tokens"] !== (record["prompt_tokens"] as number) + (record["completion_tokens"] as number)) {
    throw new FormatError("receipt", "receipt.total_tokens: expected prompt_tokens + completion_tokens");
  }
  return record;
}
