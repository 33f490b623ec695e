import type { WeiAsText } from "../database.ts";
import { arrayOf } from "../wire/binary.ts";
import type { LedgerConnection } from "./connection.ts";
import type { Entry, Refund } from "../../../core/gateway/billing/model.ts";

const CREDITS = `
  select e.account_id, e.seq, e.kind, e.amount_wei, e.balance_after_wei, e.reserved_after_wei, e.hold_id, e.reference
  from entries e where e.reference = any($1::text[]) and e.reference is not null`;

const REFUNDS = `
  select f.refund_id, f.account_id, f.hold_id, f.amount_wei, f.reason, f.entry_seq, e.balance_after_wei
  from refunds f join entries e on e.account_id = f.account_id and e.seq = f.entry_seq where f.refund_id =
    any($1::text[])`;

const REFUNDED =
  "select hold_id, sum(amount_wei) as refunded_wei from refunds where hold_id = any($1::uuid[]) group by hold_id";

export type WantedFunds = { references: string[]; refund_ids: string[]; refunded_hold_ids: string[] };

/** Earlier credits by reference, refunds by id, and the refunded sum of each hold. */
export async function loadFunds(connection: LedgerConnection, wanted: WantedFunds) {
  const [credits, refunds, refunded] = await Promise.all([
    wanted.references.length === 0
      ? undefined
      : connection.query<EntryRow>("ledger_load_credits", CREDITS, [arrayOf("text", wanted.references)]),
    wanted.refund_ids.length === 0
      ? undefined
      : connection.query<RefundRow>("ledger_load_refunds", REFUNDS, [arrayOf("text", wanted.refund_ids)]),
    wanted.refunded_hold_ids.length === 0
      ? undefined
      : connection.query<{ hold_id: string; refunded_wei: string }>("ledger_load_refunded", REFUNDED, [
          arrayOf("uuid", wanted.refunded_hold_ids),
        ]),
  ]);
  return {
    credits: (credits?.rows ?? []).map((row): Entry => ({
      ...row,
      amount_wei: BigInt(row.amount_wei),
      balance_after_wei: BigInt(row.balance_after_wei),
      reserved_after_wei: BigInt(row.reserved_after_wei),
    })),
    refunds: (refunds?.rows ?? []).map((row): Refund => ({
      ...row,
      amount_wei: BigInt(row.amount_wei),
      balance_after_wei: BigInt(row.balance_after_wei),
    })),
    refunded: (refunded?.rows ?? []).map((row) => ({ hold_id: row.hold_id, refunded_wei: BigInt(row.refunded_wei) })),
  };
}

type EntryRow = WeiAsText<Entry, "amount_wei" | "balance_after_wei" | "reserved_after_wei">;
type RefundRow = WeiAsText<Refund, "amount_wei" | "balance_after_wei">;
