import type { Database } from "../database.ts";

/** Forgets gateways that have been silent for a day and own no open hold. */
export async function pruneGatewayLeases(db: Database): Promise<void> {
  await db.pool.query(
    `delete from gateway_leases l where l.renewed_at < clock_timestamp() - interval '1 day'
       and not exists (select 1 from open_holds join holds h using (hold_id) where h.gateway_id = l.gateway_id)`,
  );
}
