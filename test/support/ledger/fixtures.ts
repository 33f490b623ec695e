import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Delivered, Observation } from "../../../src/core/gateway/billing/model.ts";
import type {
  HoldQuote,
  LedgerOperation,
  LedgerWriter,
  VerifiedReceipt,
} from "../../../src/core/gateway/billing/operations.ts";
import { OPEN_POLICY, policyJson } from "../../../src/core/gateway/billing/policy.ts";
import type { Policy } from "../../../src/core/gateway/billing/policy.ts";
import { mintHoldId, mintId, mintJobId } from "../../../src/core/protocol/bytes/ids.ts";
import { insertCredential } from "../../../src/store/postgres/customers/credentials.ts";
import { insertCustomer } from "../../../src/store/postgres/customers/customers.ts";
import type { Database } from "../../../src/store/postgres/database.ts";

export const NODE = "node_test0000000000000000000000";
export const SEEN: Observation = { content_bytes: 1_000_000, events: 100, reason: "complete" };

export type Payer = { customer_id: string; credential_id: string };

/** A customer with a key; `credit_wei` through the writer. */
export async function makePayer(
  db: Database,
  writer: LedgerWriter,
  given: { credit_wei?: bigint; policy?: Partial<Policy>; key_policy?: Partial<Policy> } = {},
): Promise<Payer> {
  const payer = { customer_id: mintId("cus"), credential_id: mintId("key") };
  const policy = (change: Partial<Policy> = {}) => policyJson({ ...OPEN_POLICY, ...change });
  await insertCustomer(db, {
    customer_id: payer.customer_id,
    label: null,
    policy: policy(given.policy),
    token_hash: randomBytes(32),
    display_tail: "test",
  });
  await insertCredential(db, {
    ...payer,
    operator: false,
    key_hash: randomBytes(32),
    display_tail: "test",
    label: null,
    scopes: ["chat:create"],
    expires_at: null,
    policy: policy(given.key_policy),
  });
  if (given.credit_wei !== undefined) await credit(writer, payer, given.credit_wei);
  return payer;
}

export const credit = (writer: LedgerWriter, payer: Payer, amount_wei: bigint, reference: string = randomUUID()) =>
  writer.apply({ kind: "credit", operation_id: randomUUID(), customer_id: payer.customer_id, amount_wei, reference });

export function quoteFor(payer: Payer, change: Partial<HoldQuote> = {}): HoldQuote {
  const quote: HoldQuote = {
    hold_id: mintHoldId(),
    job_id: mintJobId(),
    client_job_id: null,
    ...payer,
    node_id: NODE,
    node_epoch: 1,
    model_id: "model",
    model_profile_id: "profile",
    route_tier: "standard",
    mode: "plain",
    prompt_price_wei: 2n,
    completion_price_wei: 3n,
    fee_bps: 250,
    prompt_bound: 100,
    completion_bound: 100,
    reserved_tokens: 0,
    amount_wei: 0n,
    max_price_wei: null,
    hidden_reasoning: false,
    deadline_ms: 600_000,
    receipt_grace_ms: 600_000,
    gateway_id: "gateway-test",
    gateway_epoch: 1,
    ...change,
  };
  if (change.reserved_tokens === undefined) quote.reserved_tokens = quote.prompt_bound + quote.completion_bound;
  if (change.amount_wei === undefined) {
    quote.amount_wei =
      BigInt(quote.prompt_bound) * quote.prompt_price_wei + BigInt(quote.completion_bound) * quote.completion_price_wei;
  }
  return quote;
}

export const holdOf = (
  quote: HoldQuote,
  idempotency: { key: string; body: string } | null = null,
): Extract<LedgerOperation, { kind: "hold" }> => ({
  kind: "hold",
  operation_id: randomUUID(),
  quote,
  idempotency:
    idempotency === null
      ? null
      : {
          key_hash: createHash("sha256").update(`${quote.customer_id} ${idempotency.key}`).digest(),
          fingerprint: createHash("sha256").update(idempotency.body).digest(),
        },
});

let node_seq = 0;

/** A receipt for the hold as quoted, with the next number of this process's node epoch unless given. */
export function receiptFor(quote: HoldQuote, change: Partial<VerifiedReceipt> = {}): VerifiedReceipt {
  const receipt = {
    node_id: quote.node_id,
    node_epoch: quote.node_epoch,
    node_seq: ++node_seq,
    job_id: quote.job_id,
    fence: 1,
    prompt_tokens: 10,
    completion_tokens: 20,
    prompt_price_wei: quote.prompt_price_wei,
    completion_price_wei: quote.completion_price_wei,
    fee_bps: quote.fee_bps,
    outcome: "ok" as const,
    ...change,
  };
  const payload = JSON.stringify(receipt, (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
  return {
    receipt_hash: createHash("sha256").update(payload).digest("hex"),
    payload,
    signature: Buffer.alloc(64, 1),
    ...receipt,
    ...change,
  };
}

export const settleOf = (
  receipt: VerifiedReceipt,
  observation: Observation | null = SEEN,
): Extract<LedgerOperation, { kind: "settle" }> => ({
  kind: "settle",
  operation_id: randomUUID(),
  receipt,
  observation,
});

export const noteOf = (quote: HoldQuote, delivered: Delivered): Extract<LedgerOperation, { kind: "note" }> => ({
  kind: "note",
  operation_id: randomUUID(),
  hold_id: quote.hold_id,
  delivered,
});

export const releaseHold = (hold_id: string): Extract<LedgerOperation, { kind: "release" }> => ({
  kind: "release",
  operation_id: randomUUID(),
  hold_id,
  reason: "test",
});

export async function accountOf(db: Database, payer: Payer) {
  const { rows } = await db.pool.query<{
    credited_wei: string;
    debited_wei: string;
    reserved_wei: string;
    open_holds: number;
    entries: number;
  }>("select credited_wei, debited_wei, reserved_wei, open_holds, entries from accounts where owner_id = $1", [
    payer.customer_id,
  ]);
  return rows[0]!;
}
