import type { Database } from "../database.ts";
import { toWindow } from "../ledger/load_limits.ts";
import type { LimitWindow } from "../../../core/gateway/billing/model.ts";

export type AccountScope = { scope_id: string; policy: unknown; open_holds: number };
export type AccountFigures = {
  customer_id: string;
  status: "active" | "frozen" | "closed";
  balance_wei: bigint;
  reserved_wei: bigint;
  policy_version: number;
  now_ms: number;
  customer: AccountScope;
  key: AccountScope | null;
  windows: LimitWindow[];
};

type Row = {
  customer_id: string;
  status: AccountFigures["status"];
  balance_wei: string;
  reserved_wei: string;
  open_holds: number;
  policy_version: number;
  policy: unknown;
  key_policy: unknown;
  key_open_holds: number;
  now_ms: number;
  windows: Parameters<typeof toWindow>[0][] | null;
};

/**
 * Balance, policies and windows of a customer and of one of its keys, in one snapshot; undefined when there is no such
 * customer.
 */
export async function readAccountFigures(
  db: Database,
  customer_id: string,
  credential_id: string | null,
): Promise<AccountFigures | undefined> {
  const { rows } = await db.pool.query<Row>(
    `select c.customer_id, c.status, a.credited_wei - a.debited_wei as balance_wei, a.reserved_wei, a.open_holds,
      c.policy_version, p.policy,
       kp.policy as key_policy, coalesce(n.open_holds, 0) as key_open_holds, floor(extract(epoch from
         clock_timestamp()) * 1000)::bigint as now_ms,
       (select json_agg(json_build_object('scope_id', w.scope_id, 'kind', w.kind, 'window_seconds', w.window_seconds,
         'bucket_seconds', w.bucket_seconds,
          'account_id', w.account_id, 'buckets', w.buckets)) from limit_windows w where w.scope_id =
            any(array[c.customer_id, k.credential_id])) as windows
     from customers c
     join accounts a on a.owner_kind = 'customer' and a.owner_id = c.customer_id
     join customer_policies p on p.customer_id = c.customer_id and p.version = c.policy_version
     left join credentials k on k.credential_id = $2 and k.customer_id = c.customer_id
     left join credential_policies kp on kp.credential_id = k.credential_id and kp.version = k.policy_version
     left join key_counters n on n.credential_id = k.credential_id
     where c.customer_id = $1`,
    [customer_id, credential_id],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    customer_id: row.customer_id,
    status: row.status,
    balance_wei: BigInt(row.balance_wei),
    reserved_wei: BigInt(row.reserved_wei),
    policy_version: row.policy_version,
    now_ms: row.now_ms,
    customer: { scope_id: customer_id, policy: row.policy, open_holds: row.open_holds },
    key:
      row.key_policy === null
        ? null
        : { scope_id: credential_id!, policy: row.key_policy, open_holds: row.key_open_holds },
    windows: (row.windows ?? []).map(toWindow),
  };
}
