import { arrayOf } from "../wire/binary.ts";
import type { LedgerConnection } from "./connection.ts";
import type { LimitWindow } from "../../../core/gateway/billing/model.ts";

export type CustomerRow = {
  customer_id: string;
  status: "active" | "frozen" | "closed";
  policy_version: number;
  policy: unknown;
};
export type KeyRow = {
  credential_id: string;
  customer_id: string | null;
  expires_at_ms: string | null;
  revoked: boolean;
  policy_version: number;
  policy: unknown;
  open_holds: number;
};

const CUSTOMERS = `
  select c.customer_id, c.status, c.policy_version, p.policy
  from customers c join customer_policies p on p.customer_id = c.customer_id and p.version = c.policy_version
  where c.customer_id = any($1::text[])`;

const KEYS = `
  select k.credential_id, k.customer_id, extract(epoch from k.expires_at) * 1000 as expires_at_ms, k.revoked_at is not
    null as revoked,
    k.policy_version, p.policy, coalesce(n.open_holds, 0) as open_holds
  from credentials k join credential_policies p on p.credential_id = k.credential_id and p.version = k.policy_version
  left join key_counters n on n.credential_id = k.credential_id
  where k.credential_id = any($1::text[])`;

const WINDOWS =
  "select scope_id, kind, window_seconds, bucket_seconds, account_id, buckets from limit_windows where scope_id = any($1::text[])";

export type Limits = { customers: CustomerRow[]; keys: KeyRow[]; windows: LimitWindow[] };

/** Customers and keys with the policy in force, and their windows. They belong to accounts that are locked. */
export async function loadLimits(
  connection: LedgerConnection,
  customer_ids: string[],
  credential_ids: string[],
): Promise<Limits> {
  if (customer_ids.length + credential_ids.length === 0) return { customers: [], keys: [], windows: [] };
  const asked_customers = arrayOf("text", customer_ids);
  const asked_keys = arrayOf("text", credential_ids);
  const asked_scopes = arrayOf("text", [...customer_ids, ...credential_ids]);
  const [customers, keys, windows] = await Promise.all([
    connection.query<CustomerRow>("ledger_load_customers", CUSTOMERS, [asked_customers]),
    connection.query<KeyRow>("ledger_load_keys", KEYS, [asked_keys]),
    connection.query<WindowRow>("ledger_load_windows", WINDOWS, [asked_scopes]),
  ]);
  return { customers: customers.rows, keys: keys.rows, windows: windows.rows.map(toWindow) };
}

type WindowRow = Omit<LimitWindow, "buckets"> & { buckets: Record<string, string> };

export function toWindow(row: WindowRow): LimitWindow {
  return {
    ...row,
    buckets: new Map(Object.entries(row.buckets).map(([bucket, used]) => [Number(bucket), BigInt(used)])),
  };
}
