import { ADVISORY_LOCKS } from "../advisory_locks.ts";
import type { Database } from "../database.ts";

/**
 * Adds the transfers since the last roll-up to the accounts of nodes and platform; several gateways may call it. A
 * transfer gets its number before its commit, so the upper bound is read under the lock that every batch holds shared:
 * then no batch is in between. Returns the number of transfers.
 */
export async function rollUpTransfers(db: Database): Promise<number> {
  const upper = await db.pool.query<{ upper: number }>(
    "select (select coalesce(max(seq), 0) from transfers) as upper from (select pg_advisory_xact_lock($1)) locked",
    [ADVISORY_LOCKS.roll_up],
  );
  const { rows } = await db.pool.query<{ movements: number }>(
    `with state as (select transfer_seq from ledger_rollup for update),
       moved as (select t.* from movements t, state where t.seq > state.transfer_seq and t.seq <= $1 and t.kind <>
         'credit'),
       sums as (
         select 'node' as owner_kind, node_id as owner_id, sum(amount_wei) as credited_wei, 0 as debited_wei from moved
           where kind = 'payout' group by node_id
         union all
         select 'platform', 'platform', coalesce(sum(amount_wei) filter (where kind = 'fee'), 0),
           coalesce(sum(amount_wei) filter (where kind = 'refund'), 0)
         from moved where kind in ('fee', 'refund') having count(*) > 0),
       added as (
         insert into accounts (owner_kind, owner_id, credited_wei, debited_wei) select * from sums
         on conflict (owner_kind, owner_id) do update
           set credited_wei = accounts.credited_wei + excluded.credited_wei, debited_wei = accounts.debited_wei +
             excluded.debited_wei),
       done as (update ledger_rollup set transfer_seq = greatest(transfer_seq, $1))
     select count(*) as movements from moved`,
    [upper.rows[0]!.upper],
  );
  return rows[0]!.movements;
}
