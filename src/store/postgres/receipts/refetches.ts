import type { Database } from "../database.ts";

export type Recollection = { node_id: string; since: Date; after_id: number };

/**
 * Has every node asked again for what was acknowledged to it since the newest receipt of this database, and an hour
 * before: clocks differ. Returns how many nodes.
 */
export async function requestRecollections(db: Database): Promise<number> {
  const { rowCount } = await db.pool.query(
    `insert into receipt_recollections (node_id, since)
     select n.node_id, coalesce((select max(received_at) - interval '1 hour' from receipts), 'epoch') from nodes n
     on conflict (node_id) do update set since = least(receipt_recollections.since, excluded.since), after_id = 0,
       taken = 0, requested_at = excluded.requested_at, done_at = null`,
  );
  return rowCount ?? 0;
}

/** The nodes that are still to be asked, or asked on. */
export async function openRecollections(db: Database): Promise<Recollection[]> {
  const { rows } = await db.pool.query<Recollection>({
    name: "receipt_recollections_open",
    text: "select node_id, since, after_id from receipt_recollections where done_at is null order by requested_at",
  });
  return rows;
}

/** Notes a page that was seen. */
export async function advanceRecollection(
  db: Database,
  { node_id, after_id, taken, done }: { node_id: string; after_id: number; taken: number; done: boolean },
): Promise<void> {
  await db.pool.query(
    `update receipt_recollections set after_id = greatest(after_id, $2), taken = taken + $3,
       done_at = case when $4 then clock_timestamp() end
     where node_id = $1 and done_at is null`,
    [node_id, after_id, taken, done],
  );
}

/** How far asking has come; `nodes` 0: nobody has asked for it. */
export async function recollectionState(db: Database): Promise<{ nodes: number; done: number; taken: number }> {
  const { rows } = await db.pool.query<{ nodes: number; done: number; taken: number }>(
    `select count(*)::int as nodes, count(done_at)::int as done, coalesce(sum(taken), 0)::bigint as taken
     from receipt_recollections`,
  );
  return rows[0]!;
}

/** Those of these hashes that the database has no receipt of, nor keeps as evidence. */
export async function unknownReceipts(db: Database, receipt_hashes: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.pool.query<{ receipt_hash: string }>(
    `select h as receipt_hash from unnest($1::text[]) h
     where not exists (select 1 from receipts r where r.receipt_hash = decode(h, 'hex'))
       and not exists (select 1 from equivocations e where e.receipt_hash = decode(h, 'hex'))`,
    [receipt_hashes],
  );
  return new Set(rows.map(({ receipt_hash }) => receipt_hash));
}
