import type { Database } from "../database.ts";

/**
 * Renews this gateway's lease by the database's clock, with its peer address. A new start with another epoch takes the
 * row over.
 */
export async function renewGatewayLease(
  db: Database,
  gateway_id: string,
  gateway_epoch: number,
  peer_address: string | null = null,
): Promise<void> {
  await db.pool.query(
    `insert into gateway_leases (gateway_id, gateway_epoch, peer_address, started_at, renewed_at)
     values ($1, $2, $3, clock_timestamp(), clock_timestamp())
     on conflict (gateway_id) do update set gateway_epoch = excluded.gateway_epoch, renewed_at = excluded.renewed_at,
       peer_address = excluded.peer_address,
       started_at = case when gateway_leases.gateway_epoch = excluded.gateway_epoch then gateway_leases.started_at else
         excluded.started_at end`,
    [gateway_id, gateway_epoch, peer_address],
  );
}

/** Forgets gateways that have been silent for a day and own no open hold. */
export async function pruneGatewayLeases(db: Database): Promise<void> {
  await db.pool.query(
    `delete from gateway_leases l where l.renewed_at < clock_timestamp() - interval '1 day'
       and not exists (select 1 from open_holds join holds h using (hold_id) where h.gateway_id = l.gateway_id)`,
  );
}

export type GatewaysUpTimes = {
  /** A gateway whose lease was not renewed for this long is down. */
  silent_seconds: number;
  /** After this time, searching nodes have found a gateway that is up. */
  found_seconds: number;
  /** A time without any gateway of this length is an outage. */
  outage_seconds: number;
};

/**
 * Whether nodes had time to find a gateway, by the database's clock: one is up for long enough, or no outage came
 * before the start of those that are up. False after a start without earlier gateways, as in a restored database.
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
