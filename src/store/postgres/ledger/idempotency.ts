import type { Database } from "../database.ts";
import { arrayOf } from "../wire/binary.ts";
import type { LedgerConnection } from "./connection.ts";
import { HOLD_COLUMNS, toHold, type HoldRow } from "./load_holds.ts";
import type { Hold, Idempotency } from "../../../core/gateway/billing/model.ts";

const LOAD = `
  select encode(i.key_hash, 'hex') as key_hash, i.account_id as key_account_id, encode(i.fingerprint, 'hex') as
    fingerprint, i.hold_id as key_hold_id, extract(epoch from i.expires_at) * 1000 as key_expires_at_ms, ${HOLD_COLUMNS}
  from idempotency i left join holds h on h.hold_id = i.hold_id where i.key_hash = any($1::bytea[])`;

type KeyRow = {
  key_hash: string;
  key_account_id: number;
  fingerprint: string;
  key_hold_id: string;
  key_expires_at_ms: string;
};

/** The rows of the Idempotency-Keys of a batch, and their holds. */
export async function loadIdempotency(
  connection: LedgerConnection,
  key_hashes: string[],
): Promise<{ keys: Idempotency[]; holds: Hold[] }> {
  if (key_hashes.length === 0) return { keys: [], holds: [] };
  const { rows } = await connection.query<KeyRow & (HoldRow | { hold_id: null })>("ledger_load_idempotency", LOAD, [
    arrayOf("hex", key_hashes),
  ]);
  const keys: Idempotency[] = [];
  const holds: Hold[] = [];
  for (const { key_hash, key_account_id, fingerprint, key_hold_id, key_expires_at_ms, ...hold } of rows) {
    const expires_at_ms = Math.round(Number(key_expires_at_ms));
    keys.push({ key_hash, account_id: key_account_id, fingerprint, hold_id: key_hold_id, expires_at_ms });
    if (hold.hold_id !== null) holds.push(toHold(hold));
  }
  return { keys, holds };
}

/** Forgets Idempotency-Keys after their day; none whose hold is still open. Returns how many. */
export async function pruneIdempotency(db: Database, limit: number): Promise<number> {
  const { rowCount } = await db.pool.query(
    `delete from idempotency i where i.key_hash = any(array(
       select key_hash from idempotency where expires_at < clock_timestamp()
         and not exists (select 1 from holds h where h.hold_id = idempotency.hold_id and h.state = 'held') limit $1))`,
    [limit],
  );
  return rowCount ?? 0;
}
