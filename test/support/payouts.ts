import { createLedgerWriter } from "../../src/core/gateway/billing/writer.ts";
import type { LedgerWriter } from "../../src/core/gateway/billing/operations.ts";
import type { Control, ControlView } from "../../src/core/gateway/control.ts";
import type { Database } from "../../src/store/postgres/database.ts";
import { holdOf, makePayer, quoteFor, receiptFor, settleOf, SEEN } from "./ledger/fixtures.ts";
import type { Payer } from "./ledger/fixtures.ts";
import { randomUUID } from "node:crypto";

export const NODE_A = "node_aaaaaaaaaaaaaaaaaaaaaaaaaa";
export const NODE_B = "node_bbbbbbbbbbbbbbbbbbbbbbbbbb";

/** A view of incidents that the test controls. */
export function fixedControl(incidents: Partial<Control["incidents"][number]>[] = [], fresh = true): ControlView {
  return {
    current: () => ({ fresh, incidents }) as unknown as Control,
    refresh: async () => {},
    onChange: () => {},
    stop: async () => {},
  };
}

export async function ledger(db: Database): Promise<{ writer: LedgerWriter; payer: Payer }> {
  const writer = createLedgerWriter(db);
  return { writer, payer: await makePayer(db, writer, { credit_wei: 10n ** 20n }) };
}

export type Job = { hold_id: string; receipt_hash: string; charged_wei: bigint; payout_wei: bigint };

/** A chat that was held, answered and settled. */
export async function settledJob(
  writer: LedgerWriter,
  payer: Payer,
  node_id: string,
  given: { completion_tokens?: number } = {},
): Promise<Job> {
  const quote = quoteFor(payer, {
    node_id,
    node_epoch: 1,
    prompt_price_wei: 1_000n,
    completion_price_wei: 3_000n,
    gateway_id: "gateway-gone",
    gateway_epoch: 1,
  });
  await writer.apply(holdOf(quote));
  const receipt = receiptFor(quote, { node_id, completion_tokens: given.completion_tokens ?? 20 });
  const settled = await writer.apply(settleOf(receipt, SEEN));
  if (!settled.ok)
    throw new Error(
      JSON.stringify(settled, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
    );
  return {
    hold_id: quote.hold_id,
    receipt_hash: receipt.receipt_hash,
    charged_wei: settled.charged_wei,
    payout_wei: settled.payout_wei,
  };
}

/** As the first release settled a stream whose end no gateway saw; such rows still wait for their reviews. */
export async function unobservedJob(db: Database, writer: LedgerWriter, payer: Payer, node_id: string): Promise<Job> {
  const job = await settledJob(writer, payer, node_id);
  await db.pool.query(
    `with marked as (update holds set unobserved = true where hold_id = $1 returning hold_id)
     insert into unobserved_settlements select hold_id from marked`,
    [job.hold_id],
  );
  return job;
}

export async function refund(writer: LedgerWriter, payer: Payer, hold_id: string, amount_wei: bigint): Promise<void> {
  const done = await writer.apply({
    kind: "refund",
    operation_id: randomUUID(),
    refund_id: randomUUID(),
    customer_id: payer.customer_id,
    hold_id,
    amount_wei,
    reason: "test",
  });
  if (!done.ok) throw new Error(done.message);
}
