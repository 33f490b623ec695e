import type { Database } from "../database.ts";

export type HeartbeatRow = {
  node_id: string;
  epoch: number;
  /** The heartbeat's age by the gateway's monotonic clock, since wall clocks of processes are not compared. */
  age_ms: number;
  /** Null when the database already has this body. */
  body: string | null;
  body_hash: Buffer;
};

/**
 * Writes the heartbeats since the last flush in one statement. An older epoch or an earlier time overwrites no newer
 * one.
 */
export async function flushHeartbeats(db: Database, gateway_id: string, beats: HeartbeatRow[]): Promise<void> {
  await db.pool.query(
    `
    with beat as (
      select b.node_id, b.epoch, b.body, b.body_hash, clock_timestamp() - b.age_ms * interval '1 millisecond' as heard_at
      from unnest($2::text[], $3::bigint[], $4::float8[], $5::text[], $6::bytea[]) as b(node_id, epoch, age_ms, body, body_hash)
      join nodes n on n.node_id = b.node_id order by b.node_id
    ), report as (
      insert into node_reports (node_id, epoch, heard_at, body, body_hash, changed_xid)
      select node_id, epoch, heard_at, body::jsonb, body_hash, pg_current_xact_id() from beat where body is not null
      on conflict (node_id) do update set epoch = excluded.epoch, heard_at = excluded.heard_at, body = excluded.body,
        body_hash = excluded.body_hash, changed_xid = excluded.changed_xid
      where node_reports.epoch <= excluded.epoch and node_reports.heard_at < excluded.heard_at
    )
    insert into node_liveness (node_id, epoch, seen_at, gateway_id, changed_xid)
    select node_id, epoch, heard_at, $1, pg_current_xact_id() from beat
    on conflict (node_id) do update set epoch = excluded.epoch, seen_at = excluded.seen_at, gateway_id = excluded.gateway_id,
      changed_xid = excluded.changed_xid
    where node_liveness.epoch <= excluded.epoch and node_liveness.seen_at < excluded.seen_at`,
    [
      gateway_id,
      beats.map((beat) => beat.node_id),
      beats.map((beat) => beat.epoch),
      beats.map((beat) => beat.age_ms),
      beats.map((beat) => beat.body),
      beats.map((beat) => beat.body_hash),
    ],
  );
}
