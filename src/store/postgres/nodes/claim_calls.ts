import type { Database } from "../database.ts";

export type CallClaim = { node_id: string; epoch: number; seq: number };

/** The newest epoch and the highest sequence in the row of a refused claim. */
export type ClaimVerdict = { accepted: boolean; epoch: number; call_seq: number };

/**
 * Raises the sequence of each node whose call has the newest epoch and a higher sequence; one statement for many calls,
 * at most one for each node. The commit does not wait for the disk: after a crash of the database a replay within the
 * allowed skew could be accepted, and every node call is idempotent.
 */
export async function claimCalls(db: Database, claims: CallClaim[]): Promise<Map<string, ClaimVerdict>> {
  const { rows } = await db.pool.query<ClaimVerdict & { node_id: string }>(
    `
    with claim as (select * from unnest($1::text[], $2::bigint[], $3::bigint[]) as c(node_id, epoch, seq)),
    fast as (select set_config('synchronous_commit', 'off', true)),
    accepted as (
      update nodes n set call_seq = c.seq from claim c, fast
      where n.node_id = c.node_id and n.epoch = c.epoch and n.call_seq < c.seq and n.status <> 'retired' returning n.node_id
    )
    select n.node_id, n.epoch, n.call_seq, a.node_id is not null as accepted
    from claim c join nodes n on n.node_id = c.node_id left join accepted a on a.node_id = n.node_id`,
    [claims.map((claim) => claim.node_id), claims.map((claim) => claim.epoch), claims.map((claim) => claim.seq)],
  );
  return new Map(rows.map(({ node_id, ...verdict }) => [node_id, verdict]));
}
