import type { Database } from "../database.ts";

export type AddressState = {
  payout_address: string | null;
  pending_payout_address: string | null;
  applies_at: Date | null;
  server_time: Date;
};

/** The node's payout address now, and the one that applies later. */
export async function readPayoutAddress(db: Database, node_id: string): Promise<AddressState> {
  const { rows } = await db.pool.query<AddressState>(
    `with clock as (select clock_timestamp() as now), live as (select a.* from payout_addresses a
      where a.node_id = $1 and a.replaced_at is null)
     select (select payout_address from live, clock where applies_at <= now
       order by applies_at desc limit 1) as payout_address,
       (select payout_address from live, clock where applies_at > now
         order by applies_at desc limit 1) as pending_payout_address,
       (select applies_at from live, clock where applies_at > now order by applies_at desc limit 1) as applies_at,
       (select now from clock) as server_time`,
    [node_id],
  );
  return rows[0]!;
}

/**
 * Stores an address that applies after `delay_ms`, in place of one that does not apply yet. False when an address with
 * the same or a later `signed_at` is stored.
 */
export async function putPayoutAddress(
  db: Database,
  given: { node_id: string; payout_address: string; signed_at: Date; signature: Buffer; delay_ms: number },
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `with one_at_a_time as materialized (select node_id from nodes where node_id = $1 for update),
     added as (
       insert into payout_addresses (node_id, signed_at, payout_address, signature, applies_at)
       select node_id, $2, $3, $4, clock_timestamp() + $5 * interval '1 millisecond' from one_at_a_time
       where not exists (select 1 from payout_addresses a where a.node_id = $1 and a.signed_at >= $2)
       on conflict do nothing returning node_id
     ), replaced as (
       update payout_addresses a set replaced_at = clock_timestamp() from added where a.node_id = added.node_id
         and a.replaced_at is null and a.applies_at > clock_timestamp()
     )
     select 1 from added`,
    [given.node_id, given.signed_at, given.payout_address, given.signature, given.delay_ms],
  );
  return rowCount === 1;
}
