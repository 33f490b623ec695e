import type { Database } from "../database.ts";

/** The leaf of a receipt, or null before it has one. */
export async function findReceiptLeaf(db: Database, receipt_hash: Buffer): Promise<number | null> {
  const { rows } = await db.pool.query<{ leaf_index: number }>({
    name: "log_leaf_of_receipt",
    text: "select leaf_index from log_leaves where receipt_hash = $1",
    values: [receipt_hash],
  });
  return rows[0]?.leaf_index ?? null;
}

/** The leaf of a node's transport key, or null before it has one. */
export async function findTransportKeyLeaf(db: Database, node_id: string, key_id: string): Promise<number | null> {
  const { rows } = await db.pool.query<{ leaf_index: number }>({
    name: "log_leaf_of_key",
    text: "select leaf_index from log_leaves where node_id = $1 and key_id = $2",
    values: [node_id, key_id],
  });
  return rows[0]?.leaf_index ?? null;
}
