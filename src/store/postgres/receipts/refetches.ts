import type { Database } from "../database.ts";

/** A node whose receipts are fetched again: those acknowledged since `since`, from the outbox's row `after_id` on. */
export type Refetch = { node_id: string; since: Date; after_id: number };

/**
 * Requests, from every node, the receipts that were acknowledged to it since an hour before the newest receipt of this
 * database (an hour, because clocks differ). Returns the number of nodes.
 */
export async function requestRefetches(db: Database): Promise<number> {
  const { rowCount } = await db.pool.query(
    `insert into receipt_recollections (node_id, since)
     select n.node_id, coalesce((select max(received_at) - interval '1 hour' from receipts), 'epoch') from nodes n
     on conflict (node_id) do update set since = least(receipt_recollections.since, excluded.since), after_id = 0,
       taken = 0, requested_at = excluded.requested_at, done_at = null`,
  );
  return rowCount ?? 0;
}

/** The refetches that are not done. */
export async function openRefetches(db: Database): Promise<Refetch[]> {
  const { rows } = await db.pool.query<Refetch>({
    name: "receipt_recollections_open",
    text: "select node_id, since, after_id from receipt_recollections where done_at is null order by requested_at",
  });
  return rows;
}

/** Stores how far a node's outbox has been read. */
export async function advanceRefetch(
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

/** How many nodes are to be read, how many are done, and how many receipts were taken; `nodes` is 0 before a request. */
export async function refetchState(db: Database): Promise<{ nodes: number; done: number; taken: number }> {
  const { rows } = await db.pool.query<{ nodes: number; done: number; taken: number }>(
    `select count(*)::int as nodes, count(done_at)::int as done, coalesce(sum(taken), 0)::bigint as taken
     from receipt_recollections`,
  );
  return rows[0]!;
}
