import type { AuditEntry } from "../audit/audit.ts";
import type { Policy } from "./policy.ts";

/**
 * The ledger's rows as the program has them: wei as bigint, hashes as lower-case hex, times as unix milliseconds of the
 * database's clock. Each type is declared here once; store/postgres imports them.
 */

/** The life of a chat or job; `held` is the only open state. */
export type HoldState = "held" | "settled" | "released" | "expired";

export type HoldMode = "plain" | "stream" | "private";

/** The part of a stream that its gateway has sent so far. */
export type Delivered = { content_bytes: number; events: number };

/** The content of an answer that its gateway delivered, and how the answer ended. */
export type Observation = Delivered & {
  /** `gateway_gone`: the gateway died, and its last note counts. */
  reason: "complete" | "client_left" | "node_failed" | "cut" | "timeout" | "gateway_gone";
};

/** The terms of a hold: the part of its quote that its row keeps. */
export type HoldTerms = {
  hold_id: string;
  job_id: string;
  /** The customer's own reference, unique per customer. */
  client_job_id: string | null;
  /** `key_...`, or null when the customer's own token was used. */
  credential_id: string | null;
  node_id: string;
  node_epoch: number;
  model_id: string;
  model_profile_id: string;
  route_tier: string;
  mode: HoldMode;
  prompt_price_wei: bigint;
  completion_price_wei: bigint;
  fee_bps: number;
  /** The most prompt tokens, and completion tokens, that the serving node may count. */
  prompt_bound: number;
  completion_bound: number;
  /** Tokens reserved from the limits: the most that any candidate may count. */
  reserved_tokens: number;
  /** Wei reserved: the most that any candidate may cost. */
  amount_wei: bigint;
  /** The profile declares reasoning that is counted but not shown, so observed bytes do not bound it. */
  hidden_reasoning: boolean;
  gateway_id: string;
  gateway_epoch: number;
};

export type Hold = HoldTerms & {
  account_id: number;
  fence: number;
  policy_version: number;
  key_policy_version: number | null;
  created_at_ms: number;
  deadline_at_ms: number;
  expires_at_ms: number;
  observed: Observation | null;
  /** The newest note of the gateway, while a stream runs. */
  noted: Delivered | null;
  state: HoldState;
  charged_wei: bigint | null;
  fee_wei: bigint | null;
  payout_wei: bigint | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  unobserved: boolean | null;
  receipt_hash: string | null;
  close_reason: string | null;
  closed_by: string | null;
};

/** A customer's account, without its policy. */
export type AccountRow = {
  account_id: number;
  customer_id: string;
  credited_wei: bigint;
  debited_wei: bigint;
  reserved_wei: bigint;
  open_holds: number;
  /** Number of the newest entry. */
  entries: number;
};

/** A window that a policy counts in, for each customer or key under it. */
export type PolicyWindow = { kind: WindowKind; window_seconds: number; bucket_seconds: number };

/** A policy version and the windows that it counts in, which are worked out once a version. */
export type PolicyInForce = { policy: Policy; policy_version: number; windows: PolicyWindow[] };

/** A customer's account under its lock, with the policy in force. */
export type Account = AccountRow & PolicyInForce & { status: "active" | "frozen" | "closed" };

/** A gateway key with the policy in force. */
export type Key = PolicyInForce & {
  credential_id: string;
  customer_id: string | null;
  expires_at_ms: number | null;
  revoked: boolean;
  open_holds: number;
};

export type EntryKind = "credit" | "reserve" | "debit" | "release" | "refund";

export type Entry = {
  account_id: number;
  seq: number;
  kind: EntryKind;
  amount_wei: bigint;
  balance_after_wei: bigint;
  reserved_after_wei: bigint;
  hold_id: string | null;
  reference: string | null;
};

/**
 * A credit comes from outside, a refund from the platform. A settlement takes `amount_wei` from the customer: `fee_wei`
 * for the platform, the rest for the node.
 */
export type Transfer = {
  kind: "credit" | "settlement" | "refund";
  account_id: number;
  node_id: string | null;
  hold_id: string | null;
  amount_wei: bigint;
  fee_wei: bigint | null;
};

export type Refund = {
  refund_id: string;
  account_id: number;
  hold_id: string;
  amount_wei: bigint;
  reason: string;
  entry_seq: number;
  balance_after_wei: bigint;
};

export type Idempotency = {
  key_hash: string;
  account_id: number;
  fingerprint: string;
  hold_id: string;
  expires_at_ms: number;
};

export type RecordedReason = "superseded" | "hold_closed" | "job_unknown" | "price_mismatch";

export type StoredReceipt = {
  receipt_hash: string;
  hold_id: string | null;
  /** Why the receipt is not paid; null when it settled its hold. */
  reason: RecordedReason | null;
  /** State of the hold when the receipt came. */
  hold_state: HoldState | "unknown";
};

/** The signed figures themselves are in `payload`. */
export type ReceiptRow = StoredReceipt & {
  node_id: string;
  node_epoch: number;
  node_seq: number;
  job_id: string;
  payload: string;
  signature: Buffer;
};

export type EquivocationRow = {
  receipt_hash: string;
  first_receipt_hash: string;
  node_id: string;
  node_epoch: number;
  node_seq: number;
  payload: string;
  signature: Buffer;
};

export type WindowKind = "wei" | "tokens" | "requests";

export type LimitWindow = {
  /** `cus_...` or `key_...`. */
  scope_id: string;
  kind: WindowKind;
  window_seconds: number;
  bucket_seconds: number;
  account_id: number;
  /** The use in each bucket, by the bucket's number (unix time / bucket_seconds). */
  buckets: Map<number, bigint>;
  /** The sum of the window that ends at `now_ms`, since a batch asks for it hundreds of times. Not stored. */
  sum?: { now_ms: number; used: bigint };
};

/** The rows that a batch writes. An open hold is in `opened` or in one of `moved` and `closed`. */
export type Writes = {
  accounts: Set<Account>;
  keys: Set<Key>;
  windows: Set<LimitWindow>;
  opened: Set<Hold>;
  moved: Set<Hold>;
  /** Open holds of streams whose note is new. */
  noted: Set<Hold>;
  closed: Set<Hold>;
  /** Settled holds whose charge is refunded, since the client did not get the answer. */
  undone: Set<Hold>;
  entries: Entry[];
  transfers: Transfer[];
  refunds: Refund[];
  /** Idempotency-Keys that had no row, and those whose row is taken over. */
  claimed: Set<Idempotency>;
  reclaimed: Set<Idempotency>;
  receipts: ReceiptRow[];
  equivocations: EquivocationRow[];
  /** The acts of admins among the operations of the batch. */
  audit: AuditEntry[];
};
