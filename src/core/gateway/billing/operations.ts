import type { AuditEntry } from "../audit/audit.ts";
import type { Delivered, HoldState, HoldTerms, Observation, RecordedReason } from "./model.ts";

/**
 * The operations of the ledger and their verdicts (docs/design/money.md). Every operation carries an id; an id that was
 * applied before returns its stored verdict, so an operation whose commit is unknown is simply sent again. Amounts are
 * wei, as `bigint`.
 */

/** A complete, frozen quote: settlement reads it and the receipt, and nothing else. */
export type HoldQuote = HoldTerms & {
  customer_id: string;
  /** The caller's own ceiling on the charge, if given. */
  max_price_wei: bigint | null;
  deadline_ms: number;
  receipt_grace_ms: number;
};

/** The part of a quote that describes the serving profile: settlement clamps by it. */
export type Serving = Pick<
  HoldQuote,
  "model_profile_id" | "route_tier" | "hidden_reasoning" | "prompt_bound" | "completion_bound"
>;

export type IdempotencyClaim = { key_hash: Buffer; fingerprint: Buffer };

/** A receipt whose hash and signature were verified under the key and epoch of its dispatch. */
export type VerifiedReceipt = {
  receipt_hash: string;
  /** JCS text of the payload. */
  payload: string;
  signature: Buffer;
  node_id: string;
  node_epoch: number;
  node_seq: number;
  job_id: string;
  fence: number;
  prompt_tokens: number;
  completion_tokens: number;
  prompt_price_wei: bigint;
  completion_price_wei: bigint;
  fee_bps: number;
  outcome: "ok" | "truncated" | "cancelled" | "error";
};

export type LedgerOperation = Act & {
  /** The audit entry of an admin's act; its row is written in the transaction that books the act. */
  audit?: AuditEntry | undefined;
};

type Act =
  | { kind: "hold"; operation_id: string; quote: HoldQuote; idempotency: IdempotencyClaim | null }
  | {
      kind: "redispatch";
      operation_id: string;
      hold_id: string;
      node_id: string;
      node_epoch: number;
      prompt_price_wei: bigint;
      completion_price_wei: bigint;
      fence: number;
      /** Null leaves the value unchanged. */
      serving: Serving | null;
    }
  /** While a stream runs. A note replaces an earlier one with fewer events. */
  | { kind: "note"; operation_id: string; hold_id: string; delivered: Delivered }
  /** When a stream has ended without a settlement. */
  | { kind: "observe"; operation_id: string; hold_id: string; observation: Observation }
  | {
      kind: "settle";
      operation_id: string;
      receipt: VerifiedReceipt;
      observation: Observation | null;
      /**
       * For a plain answer: the time after its hold within which it is delivered. Later, by the database's clock, the
       * hold is released instead.
       */
      deliver_within_ms?: number;
    }
  /** Gives back the whole charge of a plain answer whose caller had left before it was settled. */
  | { kind: "undo"; operation_id: string; hold_id: string }
  | { kind: "release"; operation_id: string; hold_id: string; reason: string }
  | { kind: "expire"; operation_id: string; hold_id: string }
  | { kind: "credit"; operation_id: string; customer_id: string; amount_wei: bigint; reference: string }
  | {
      kind: "refund";
      operation_id: string;
      refund_id: string;
      customer_id: string;
      hold_id: string;
      amount_wei: bigint;
      reason: string;
    };

/**
 * The order in which operations enter a batch and are decided in it: what brings money in or back, then what changes or
 * ends open holds, then new holds. A redispatch comes before new holds, whose rows are sent as soon as they are opened.
 */
export const PRIORITY = {
  observe: 0,
  settle: 0,
  undo: 0,
  release: 0,
  credit: 0,
  refund: 0,
  expire: 1,
  note: 1,
  redispatch: 1,
  hold: 2,
} as const satisfies Record<LedgerOperation["kind"], 0 | 1 | 2>;

/** State of one limit after admission, for `x-ratelimit-*`. */
export type LimitState = { limit: number; remaining: number; reset_ms: number };
export type AdmissionLimits = { requests?: LimitState; tokens?: LimitState };

export type Refused = {
  ok: false;
  /** A code of the error catalogue. */
  code: string;
  message: string;
  /**
   * Lands in the error body: `required_wei`, `available_wei`, `limit`, `window_seconds`, ... as decimal strings or
   * numbers.
   */
  detail: Record<string, string | number | null>;
  /** Absent when waiting cannot help. */
  retry_after_ms?: number;
  limits?: AdmissionLimits;
  /** The process whose open hold refuses this request: it answers the request with the same Idempotency-Key. */
  held_by?: { gateway_id: string; gateway_epoch: number };
};

export type Held = {
  ok: true;
  hold_id: string;
  job_id: string;
  policy_version: number;
  expires_at: Date;
  limits: AdmissionLimits;
};
export type Redispatched = { ok: true } | { ok: false; state: HoldState | "unknown" };
export type Settled = {
  ok: true;
  hold_id: string;
  customer_id: string;
  charged_wei: bigint;
  fee_wei: bigint;
  payout_wei: bigint;
  prompt_tokens: number;
  completion_tokens: number;
  unobserved: boolean;
};
/** The receipt is kept, unpaid, with its reason. */
export type Recorded = {
  ok: false;
  recorded: true;
  reason: RecordedReason;
  state: HoldState | "unknown";
};
/**
 * The receipt is not kept: it came by the node's outbox (without an observation) while the gateway of the answer may
 * still settle it. Only the gateway that delivers a plain answer settles it, with its observation. The node gets `retry`.
 */
export type Awaiting = { ok: false; recorded: false; reason: "answer_open"; state: "held" };
/** The number was used for another receipt: both are evidence, and the node is suspended. */
export type Equivocation = { ok: false; recorded: false; reason: "sequence_reused" };
export type Closed = { ok: true } | { ok: false; state: HoldState | "unknown" };
export type Credited = { ok: true; entry_id: string; balance_wei: bigint; repeated: boolean };
export type Refunded = { ok: true; entry_id: string; balance_wei: bigint; repeated: boolean };

export type Verdicts = {
  hold: Held | Refused;
  redispatch: Redispatched;
  note: Closed;
  observe: Closed;
  settle: Settled | Recorded | Awaiting | Equivocation;
  undo: Closed;
  release: Closed;
  expire: Closed;
  credit: Credited | Refused;
  refund: Refunded | Refused;
};

export type Verdict<Operation extends LedgerOperation> = Verdicts[Operation["kind"]];

export type LedgerWriter = {
  /**
   * Applies one operation in the next batch and resolves with its verdict after the commit. Rejects with ApiError
   * `admission_unavailable` when the database cannot be reached or the queue is full. `signal`: a hold whose waiter
   * left before its batch was sent is not taken; one taken already is released in the next batch. A plain answer whose
   * waiter left is not settled; one settled already is undone in the next batch. A waiter that did not leave in time
   * gets the verdict: rejected by `signal` means that the ledger keeps no charge.
   */
  apply<Operation extends LedgerOperation>(operation: Operation, signal?: AbortSignal): Promise<Verdict<Operation>>;
  /**
   * Stops taking operations, waits for the queue, closes the connection. When the database is away, the operations that
   * are left after `limit_ms` (15 s unless given) are rejected, and another gateway takes their holds over.
   */
  close(limit_ms?: number): Promise<void>;
};
