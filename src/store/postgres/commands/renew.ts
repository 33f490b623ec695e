import { LEASE_UNTIL } from "./row.ts";
import type { Database } from "../database.ts";

/** Lengthens a lease that is still the newest; null when it is not. */
export async function renewLease(
  db: Database,
  lease: { command_id: string; node_id: string; lease_token: number; lease_ms: number },
): Promise<{ lease_until: Date } | null> {
  const { rows } = await db.pool.query<{ lease_until: Date }>(
    `
    update commands set lease_until = ${LEASE_UNTIL}
    where command_id = $1 and node_id = $2 and lease_token = $3 and state = 'leased' returning lease_until`,
    [lease.command_id, lease.node_id, lease.lease_token, lease.lease_ms],
  );
  return rows[0] ?? null;
}
