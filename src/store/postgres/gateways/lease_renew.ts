import type { Database } from "../database.ts";

/**
 * Says that this gateway lives, by the database's clock, and where others reach it. A start of the same gateway with
 * another epoch takes the row over.
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
