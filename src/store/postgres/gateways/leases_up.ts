import type { Database } from "../database.ts";

export type GatewaysUpTimes = {
  /** A lease that was not renewed for so long is not up. */
  silent_seconds: number;
  /** A gateway that is up for so long was found by the nodes that look for one. */
  found_seconds: number;
  /** A pause without any gateway of this length is an outage. */
  outage_seconds: number;
};

/**
 * Whether nodes had the time to find a gateway, by the database's clock: one is up for long enough, or there was no
 * outage before those that are up now. False after a start from nothing, as in a database that was restored.
 */
export async function gatewaysWereFound(db: Database, times: GatewaysUpTimes): Promise<boolean> {
  const { rows } = await db.pool.query<{ found: boolean }>(
    `with up as (
       select min(started_at) as since from gateway_leases
       where renewed_at > clock_timestamp() - $1 * interval '1 second')
     select coalesce(since <= clock_timestamp() - $2 * interval '1 second' or exists (
       select from gateway_leases
       where started_at < since and renewed_at > since - $3 * interval '1 second'), false) as found from up`,
    [times.silent_seconds, times.found_seconds, times.outage_seconds],
  );
  return rows[0]!.found;
}
