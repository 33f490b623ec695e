import { arrayOf } from "./ledger_binary.ts";
import type { LedgerConnection } from "./ledger_connection.ts";
import type { Idempotency } from "./ledger_rows.ts";

const LOAD = `
  select encode(key_hash, 'hex') as key_hash, account_id, encode(fingerprint, 'hex') as fingerprint, hold_id,
    extract(epoch from expires_at) * 1000 as expires_at_ms
  from idempotency where key_hash = any($1::bytea[])`;

export async function loadIdempotency(connection: LedgerConnection, key_hashes: string[]): Promise<Idempotency[]> {
  if (key_hashes.length === 0) return [];
  const { rows } = await connection.query<Omit<Idempotency, "expires_at_ms"> & { expires_at_ms: string }>(
    "ledger_load_idempotency",
    LOAD,
    [arrayOf("hex", key_hashes)],
  );
  return rows.map((row) => ({ ...row, expires_at_ms: Math.round(Number(row.expires_at_ms)) }));
}
