import { arrayOf } from "../wire/binary.ts";
import type { LedgerConnection } from "./connection.ts";
import type { StoredReceipt } from "../../../core/gateway/billing/model.ts";

export type WantedReceipt = { receipt_hash: string; node_id: string; node_epoch: number; node_seq: number };

/** The stored receipt that has the number of a wanted one; `equivocation`: the wanted one is kept as evidence already. */
export type LoadedReceipt = WantedReceipt & StoredReceipt & { asked_hash: string; equivocation: boolean };

/** A receipt's hash covers its number, so the stored receipt with that number also shows whether the hash is known. */
const LOAD = `
  select encode(r.receipt_hash, 'hex') as receipt_hash, r.node_id, r.node_epoch, r.node_seq, r.hold_id, r.reason,
    r.hold_state, encode(n.asked_hash, 'hex') as asked_hash,
    exists (select 1 from equivocations e where e.receipt_hash = n.asked_hash) as equivocation
  from unnest($1::bytea[], $2::text[], $3::bigint[], $4::bigint[]) as n(asked_hash, node_id, node_epoch, node_seq)
  join receipts r on r.node_id = n.node_id and r.node_epoch = n.node_epoch and r.node_seq = n.node_seq`;

/** The stored receipts that have the numbers (node, epoch, number) of the wanted ones. */
export async function loadReceipts(connection: LedgerConnection, wanted: WantedReceipt[]): Promise<LoadedReceipt[]> {
  if (wanted.length === 0) return [];
  const { rows } = await connection.query<LoadedReceipt>("ledger_load_receipts", LOAD, [
    arrayOf(
      "hex",
      wanted.map((receipt) => receipt.receipt_hash),
    ),
    arrayOf(
      "text",
      wanted.map((receipt) => receipt.node_id),
    ),
    arrayOf(
      "bigint",
      wanted.map((receipt) => receipt.node_epoch),
    ),
    arrayOf(
      "bigint",
      wanted.map((receipt) => receipt.node_seq),
    ),
  ]);
  return rows;
}
