import type { Database } from "../database.ts";

/** Removes this gateway from a tunnel's owner row; does nothing when the row names a newer tunnel. */
export async function closeTunnelRow(db: Database, node_id: string, tunnel_epoch: number): Promise<void> {
  await db.pool.query(
    `
    update node_tunnels set gateway_id = null, gateway_epoch = null, peer_address = null
    where node_id = $1 and tunnel_epoch = $2 and gateway_id is not null`,
    [node_id, tunnel_epoch],
  );
}
