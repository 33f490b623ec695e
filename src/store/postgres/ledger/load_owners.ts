import type { LedgerConnection } from "./connection.ts";

const LOAD =
  "select gateway_id, gateway_epoch from gateway_leases where renewed_at > clock_timestamp() - $1::double precision * interval '1 second'";

/** Gateways that renewed their lease in the last `seconds`. */
export async function loadLiveOwners(connection: LedgerConnection, seconds: number) {
  const { rows } = await connection.query<{ gateway_id: string; gateway_epoch: number }>("ledger_load_owners", LOAD, [
    seconds,
  ]);
  return rows;
}
