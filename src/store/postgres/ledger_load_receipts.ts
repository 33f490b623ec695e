import { arrayLiteral } from "./ledger_arrays.ts";
import type { LedgerConnection } from "./ledger_connection.ts";
import type { StoredReceipt } from "./ledger_rows.ts";

export type ReceiptName = { receipt_hash: string; node_id: string; node_epoch: number; node_seq: number };
export type LoadedReceipt = ReceiptName & StoredReceipt & { equivocation: boolean };

const COLUMNS = "encode(r.receipt_hash, 'hex') as receipt_hash, r.node_id, r.node_epoch, r.node_seq, r.hold_id, r.reason, r.hold_state";

const LOAD = `
  select ${COLUMNS}, false as equivocation from receipts r where r.receipt_hash = any(select decode(x, 'hex')::hash32 from unnest($1::text[]) x)
  union all select ${COLUMNS}, false from unnest($2::text[], $3::bigint[], $4::bigint[]) as n(node_id, node_epoch, node_seq)
    join receipts r on r.node_id = n.node_id and r.node_epoch = n.node_epoch and r.node_seq = n.node_seq
  union all select encode(e.receipt_hash, 'hex'), e.node_id, e.node_epoch, e.node_seq, null::uuid, null, 'unknown', true from equivocations e
    where e.receipt_hash = any(select decode(x, 'hex')::hash32 from unnest($1::text[]) x)`;

/** What is known of the receipts of a batch, by hash and by (node, epoch, number). */
export async function loadReceipts(connection: LedgerConnection, names: ReceiptName[]): Promise<LoadedReceipt[]> {
  if (names.length === 0) return [];
  const { rows } = await connection.query<LoadedReceipt>("ledger_load_receipts", LOAD, [
    arrayLiteral(names.map((name) => name.receipt_hash), false),
    arrayLiteral(names.map((name) => name.node_id), true),
    arrayLiteral(names.map((name) => name.node_epoch), false),
    arrayLiteral(names.map((name) => name.node_seq), false),
  ]);
  return rows;
}
