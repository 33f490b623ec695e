import type { Database } from "../database.ts";
import { HOLD_COLUMNS, toHold, type HoldRow } from "../ledger/load_holds.ts";

/**
 * A customer's job by its own id, or by the reference that the customer gave: the newest, since a reference may be used
 * again after an attempt that cost nothing. `expose_node`: the customer's policy; `command_state`: of a
 * private job's command.
 */
export async function findBillingJob(db: Database, customer_id: string, job_id: string) {
  const { rows } = await db.pool.query<
    HoldRow & { closed_at: Date | null; refunded_wei: string; expose_node: boolean; command_state: string | null }
  >(
    `select ${HOLD_COLUMNS}, h.closed_at, coalesce((select sum(amount_wei) from refunds f where f.hold_id = h.hold_id),
      0) as refunded_wei,
       coalesce((p.policy ->> 'expose_node')::boolean, false) as expose_node,
       (select k.state from private_jobs j join commands k on k.command_id = j.command_id
         where j.hold_id = h.hold_id) as command_state
     from accounts a
     join lateral (select * from holds where job_id = $2 and account_id = a.account_id
       union all select * from holds where client_job_id = $2 and account_id = a.account_id) h on true
     join customers c on c.customer_id = a.owner_id
     join customer_policies p on p.customer_id = c.customer_id and p.version = c.policy_version
     where a.owner_kind = 'customer' and a.owner_id = $1
     order by (h.job_id = $2) desc, h.created_at desc limit 1`,
    [customer_id, job_id],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { closed_at, refunded_wei, expose_node, command_state, ...hold } = row;
  return { hold: toHold(hold), closed_at, refunded_wei: BigInt(refunded_wei), expose_node, command_state };
}
