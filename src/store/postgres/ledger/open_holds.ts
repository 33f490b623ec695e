import type { Database } from "../database.ts";
import { HOLD_COLUMNS, toHold, type HoldRow } from "./load_holds.ts";
import type { Hold } from "../../../core/gateway/billing/model.ts";

export type OpenHold = {
  hold: Hold;
  customer_id: string;
  owner_alive: boolean;
  /** Time since its gateway last renewed the lease; null without a lease. */
  owner_silent_ms: number | null;
  past_expiry: boolean;
};

export type OpenHoldFilter = {
  /** Only holds that are at least this old. */
  older_than_seconds: number;
  /** A gateway whose lease was not renewed for this long is dead. */
  silent_seconds: number;
  /** Only holds whose gateway is dead, or has stored its observation of a broken stream. */
  orphans_only: boolean;
  limit: number;
};

/**
 * Open holds, oldest first, and whether their gateway may still end them. A private job belongs to no gateway: its
 * command is in the database, and any gateway may end it.
 */
export async function listOpenHolds(db: Database, filter: OpenHoldFilter): Promise<OpenHold[]> {
  const { rows } = await db.pool.query<HoldRow & Omit<OpenHold, "hold">>(
    `select * from (
       select ${HOLD_COLUMNS}, a.owner_id as customer_id, h.expires_at <= clock_timestamp() as past_expiry,
         h.mode = 'private' or (h.observed is null and coalesce(l.renewed_at > clock_timestamp() - $2 * interval
           '1 second', false)) as owner_alive,
         date_part('epoch', clock_timestamp() - l.renewed_at) * 1000 as owner_silent_ms
       from open_holds join holds h using (hold_id) join accounts a on a.account_id = h.account_id
         left join gateway_leases l on l.gateway_id = h.gateway_id and l.gateway_epoch = h.gateway_epoch
       where h.state = 'held' and h.created_at <= clock_timestamp() - $1 * interval '1 second') open
     where not ($3 and owner_alive) order by created_at_ms limit $4`,
    [filter.older_than_seconds, filter.silent_seconds, filter.orphans_only, filter.limit],
  );
  return rows.map(({ customer_id, owner_alive, owner_silent_ms, past_expiry, ...row }) => ({
    hold: toHold(row),
    customer_id,
    owner_alive,
    owner_silent_ms,
    past_expiry,
  }));
}

/** Open holds past their expiry by the database's clock, the longest due first. */
export async function listDueHolds(db: Database, limit: number): Promise<string[]> {
  const { rows } = await db.pool.query<{ hold_id: string }>(
    "select hold_id from open_holds join holds h using (hold_id) where h.expires_at <= clock_timestamp() order by h.expires_at limit $1",
    [limit],
  );
  return rows.map((row) => row.hold_id);
}

/** The sum of the open holds of this node, in wei. */
export async function openExposure(db: Database, node_id: string): Promise<bigint> {
  const { rows } = await db.pool.query<{ held: string }>(
    "select coalesce(sum(h.amount_wei), 0)::text as held from open_holds join holds h using (hold_id) where h.node_id = $1",
    [node_id],
  );
  return BigInt(rows[0]!.held);
}
