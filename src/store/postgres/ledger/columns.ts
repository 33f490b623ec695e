import type { Column } from "../wire/binary.ts";
import type {
  AccountRow,
  Entry,
  EquivocationRow,
  Hold,
  Idempotency,
  LimitWindow,
  ReceiptRow,
  Refund,
  Transfer,
} from "../../../core/gateway/billing/model.ts";

/** The columns that the ledger writes: their names, their types, and the value of each in a row. */

const OBSERVED: Column<Hold> = {
  name: "observed",
  type: "jsonb",
  value: (hold) => (hold.observed === null ? null : JSON.stringify(hold.observed)),
};

export const NOTED: Column<Hold> = {
  name: "noted",
  type: "jsonb",
  value: (hold) => (hold.noted === null ? null : JSON.stringify(hold.noted)),
};

export const CLOSE_REASON: Column<Hold> = { name: "close_reason", type: "text", value: (hold) => hold.close_reason };

export const OPENED: Column<Hold>[] = [
  { name: "hold_id", type: "uuid", value: (hold) => hold.hold_id },
  { name: "account_id", type: "bigint", value: (hold) => hold.account_id },
  { name: "job_id", type: "text", value: (hold) => hold.job_id },
  { name: "client_job_id", type: "text", value: (hold) => hold.client_job_id },
  { name: "credential_id", type: "text", value: (hold) => hold.credential_id },
  { name: "node_id", type: "text", value: (hold) => hold.node_id },
  { name: "node_epoch", type: "bigint", value: (hold) => hold.node_epoch },
  { name: "fence", type: "bigint", value: (hold) => hold.fence },
  { name: "model_id", type: "text", value: (hold) => hold.model_id },
  { name: "model_profile_id", type: "text", value: (hold) => hold.model_profile_id },
  { name: "route_tier", type: "text", value: (hold) => hold.route_tier },
  { name: "mode", type: "text", value: (hold) => hold.mode },
  { name: "prompt_price_wei", type: "numeric", value: (hold) => hold.prompt_price_wei },
  { name: "completion_price_wei", type: "numeric", value: (hold) => hold.completion_price_wei },
  { name: "fee_bps", type: "integer", value: (hold) => hold.fee_bps },
  { name: "prompt_bound", type: "bigint", value: (hold) => hold.prompt_bound },
  { name: "completion_bound", type: "bigint", value: (hold) => hold.completion_bound },
  { name: "reserved_tokens", type: "bigint", value: (hold) => hold.reserved_tokens },
  { name: "amount_wei", type: "numeric", value: (hold) => hold.amount_wei },
  { name: "hidden_reasoning", type: "boolean", value: (hold) => hold.hidden_reasoning },
  { name: "policy_version", type: "bigint", value: (hold) => hold.policy_version },
  { name: "key_policy_version", type: "bigint", value: (hold) => hold.key_policy_version },
  { name: "gateway_id", type: "text", value: (hold) => hold.gateway_id },
  { name: "gateway_epoch", type: "bigint", value: (hold) => hold.gateway_epoch },
  { name: "created_at", type: "ms", value: (hold) => hold.created_at_ms },
  { name: "deadline_at", type: "ms", value: (hold) => hold.deadline_at_ms },
  { name: "expires_at", type: "ms", value: (hold) => hold.expires_at_ms },
  OBSERVED,
];

/** The columns that a redispatch or an observation changes. */
export const MOVED: Column<Hold>[] = [
  { name: "node_id", type: "text", value: (hold) => hold.node_id },
  { name: "node_epoch", type: "bigint", value: (hold) => hold.node_epoch },
  { name: "fence", type: "bigint", value: (hold) => hold.fence },
  { name: "prompt_price_wei", type: "numeric", value: (hold) => hold.prompt_price_wei },
  { name: "completion_price_wei", type: "numeric", value: (hold) => hold.completion_price_wei },
  { name: "model_profile_id", type: "text", value: (hold) => hold.model_profile_id },
  { name: "route_tier", type: "text", value: (hold) => hold.route_tier },
  { name: "hidden_reasoning", type: "boolean", value: (hold) => hold.hidden_reasoning },
  { name: "prompt_bound", type: "bigint", value: (hold) => hold.prompt_bound },
  { name: "completion_bound", type: "bigint", value: (hold) => hold.completion_bound },
  { name: "reserved_tokens", type: "bigint", value: (hold) => hold.reserved_tokens },
  OBSERVED,
];

export const CLOSED: Column<Hold>[] = [
  OBSERVED,
  { name: "state", type: "text", value: (hold) => hold.state },
  { name: "charged_wei", type: "numeric", value: (hold) => hold.charged_wei },
  { name: "fee_wei", type: "numeric", value: (hold) => hold.fee_wei },
  { name: "payout_wei", type: "numeric", value: (hold) => hold.payout_wei },
  { name: "prompt_tokens", type: "bigint", value: (hold) => hold.prompt_tokens },
  { name: "completion_tokens", type: "bigint", value: (hold) => hold.completion_tokens },
  { name: "unobserved", type: "boolean", value: (hold) => hold.unobserved },
  { name: "receipt_hash", type: "hex", value: (hold) => hold.receipt_hash },
  CLOSE_REASON,
  { name: "closed_by", type: "uuid", value: (hold) => hold.closed_by },
];

export const CLIENT_REFERENCES: Column<Hold>[] = [
  { name: "account_id", type: "bigint", value: (hold) => hold.account_id },
  { name: "client_job_id", type: "text", value: (hold) => hold.client_job_id },
  { name: "hold_id", type: "uuid", value: (hold) => hold.hold_id },
];

export const HOLD_KEY: Column<Hold>[] = [{ name: "hold_id", type: "uuid", value: (hold) => hold.hold_id }];

export const ACCOUNTS: Column<AccountRow>[] = [
  { name: "credited_wei", type: "numeric", value: (account) => account.credited_wei },
  { name: "debited_wei", type: "numeric", value: (account) => account.debited_wei },
  { name: "reserved_wei", type: "numeric", value: (account) => account.reserved_wei },
  { name: "open_holds", type: "integer", value: (account) => account.open_holds },
  { name: "entries", type: "bigint", value: (account) => account.entries },
];

/**
 * The key of the update that closes a hold. A redispatch raises the fence, so an equal fence proves that node, prices
 * and bounds are those of the decision.
 */
export const HOLD_AS_DECIDED: Column<Hold>[] = [
  ...HOLD_KEY,
  { name: "fence", type: "bigint", value: (hold) => hold.fence },
];

export const ACCOUNT_KEY: Column<AccountRow>[] = [
  { name: "account_id", type: "bigint", value: (account) => account.account_id },
];

export const ENTRIES: Column<Entry>[] = [
  { name: "account_id", type: "bigint", value: (entry) => entry.account_id },
  { name: "seq", type: "bigint", value: (entry) => entry.seq },
  { name: "kind", type: "text", value: (entry) => entry.kind },
  { name: "amount_wei", type: "numeric", value: (entry) => entry.amount_wei },
  { name: "balance_after_wei", type: "numeric", value: (entry) => entry.balance_after_wei },
  { name: "reserved_after_wei", type: "numeric", value: (entry) => entry.reserved_after_wei },
  { name: "hold_id", type: "uuid", value: (entry) => entry.hold_id },
  { name: "reference", type: "text", value: (entry) => entry.reference },
];

export const TRANSFERS: Column<Transfer>[] = [
  { name: "kind", type: "text", value: (transfer) => transfer.kind },
  { name: "account_id", type: "bigint", value: (transfer) => transfer.account_id },
  { name: "node_id", type: "text", value: (transfer) => transfer.node_id },
  { name: "hold_id", type: "uuid", value: (transfer) => transfer.hold_id },
  { name: "amount_wei", type: "numeric", value: (transfer) => transfer.amount_wei },
  { name: "fee_wei", type: "numeric", value: (transfer) => transfer.fee_wei },
];

export const REFUNDS: Column<Refund>[] = [
  { name: "refund_id", type: "text", value: (refund) => refund.refund_id },
  { name: "account_id", type: "bigint", value: (refund) => refund.account_id },
  { name: "hold_id", type: "uuid", value: (refund) => refund.hold_id },
  { name: "amount_wei", type: "numeric", value: (refund) => refund.amount_wei },
  { name: "reason", type: "text", value: (refund) => refund.reason },
  { name: "entry_seq", type: "bigint", value: (refund) => refund.entry_seq },
];

export const IDEMPOTENCY: Column<Idempotency>[] = [
  { name: "key_hash", type: "hex", value: (row) => row.key_hash },
  { name: "account_id", type: "bigint", value: (row) => row.account_id },
  { name: "fingerprint", type: "hex", value: (row) => row.fingerprint },
  { name: "hold_id", type: "uuid", value: (row) => row.hold_id },
  { name: "expires_at", type: "ms", value: (row) => row.expires_at_ms },
];

export const RECEIPTS: Column<ReceiptRow>[] = [
  { name: "receipt_hash", type: "hex", value: (receipt) => receipt.receipt_hash },
  { name: "node_id", type: "text", value: (receipt) => receipt.node_id },
  { name: "node_epoch", type: "bigint", value: (receipt) => receipt.node_epoch },
  { name: "node_seq", type: "bigint", value: (receipt) => receipt.node_seq },
  { name: "job_id", type: "text", value: (receipt) => receipt.job_id },
  { name: "hold_id", type: "uuid", value: (receipt) => receipt.hold_id },
  { name: "status", type: "text", value: (receipt) => (receipt.reason === null ? "settled" : "recorded") },
  { name: "reason", type: "text", value: (receipt) => receipt.reason },
  { name: "hold_state", type: "text", value: (receipt) => receipt.hold_state },
  { name: "payload", type: "text", value: (receipt) => receipt.payload },
  { name: "signature", type: "hex", value: (receipt) => receipt.signature.toString("hex") },
];

export const EQUIVOCATIONS: Column<EquivocationRow>[] = [
  { name: "receipt_hash", type: "hex", value: (row) => row.receipt_hash },
  { name: "node_id", type: "text", value: (row) => row.node_id },
  { name: "node_epoch", type: "bigint", value: (row) => row.node_epoch },
  { name: "node_seq", type: "bigint", value: (row) => row.node_seq },
  { name: "first_receipt_hash", type: "hex", value: (row) => row.first_receipt_hash },
  { name: "payload", type: "text", value: (row) => row.payload },
  { name: "signature", type: "hex", value: (row) => row.signature.toString("hex") },
];

export const WINDOWS: Column<LimitWindow>[] = [
  { name: "scope_id", type: "text", value: (window) => window.scope_id },
  { name: "kind", type: "text", value: (window) => window.kind },
  { name: "window_seconds", type: "integer", value: (window) => window.window_seconds },
  { name: "bucket_seconds", type: "integer", value: (window) => window.bucket_seconds },
  { name: "account_id", type: "bigint", value: (window) => window.account_id },
  { name: "buckets", type: "jsonb", value: (window) => bucketsJson(window.buckets) },
];

export const KEY_COUNTERS: Column<{ credential_id: string; open_holds: number }>[] = [
  { name: "credential_id", type: "text", value: (key) => key.credential_id },
  { name: "open_holds", type: "integer", value: (key) => key.open_holds },
];

export function bucketsJson(buckets: Map<number, bigint>): string {
  return JSON.stringify(Object.fromEntries([...buckets].map(([bucket, used]) => [bucket, used.toString()])));
}
