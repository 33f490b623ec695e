import type { Database } from "../database.ts";

/** The entries of the leaves [start, end), by index. */
export async function readLogEntries(db: Database, start: number, end: number): Promise<Buffer[]> {
  const { rows } = await db.pool.query<{ entry: Buffer }>({
    name: "log_entries_read",
    text: "select entry from log_leaves where leaf_index >= $1 and leaf_index < $2 order by leaf_index",
    values: [start, end],
  });
  return rows.map(({ entry }) => entry);
}
