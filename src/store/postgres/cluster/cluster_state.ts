import type { Database } from "../database.ts";

export type ClusterState = {
  /** Read-only: money is never decided here. */
  standby: boolean;
  /** Eight hex digits; null on a standby. */
  timeline: string | null;
  /** Standbys that a commit waits for; seen with the rights of pg_read_all_stats. */
  sync_standbys: number;
  verified_timeline: string | null;
};

/**
 * The state of the cluster that readiness depends on. The timeline is the first part of the name of the WAL file that
 * is being written.
 */
export async function readClusterState(db: Database): Promise<ClusterState> {
  const { rows } = await db.pool.query<ClusterState>(`
    select pg_is_in_recovery() as standby,
      case when pg_is_in_recovery() then null else left(pg_walfile_name(pg_current_wal_lsn()), 8) end as timeline,
      (select count(*)::integer from pg_stat_replication where sync_state in ('sync', 'quorum')) as sync_standbys,
      (select timeline from verified_timeline) as verified_timeline`);
  return rows[0]!;
}

/** Remembers that the books were verified on this timeline. */
export async function saveVerifiedTimeline(db: Database, timeline: string): Promise<void> {
  await db.pool.query(
    "insert into verified_timeline (timeline) values ($1) on conflict (one) do update set timeline = excluded.timeline, verified_at = clock_timestamp()",
    [timeline],
  );
}
