import type { Database } from "../database.ts";

export type ConfirmEpoch = {
  node_id: string;
  epoch: number;
  gateway_id: string;
  gateway_epoch: number;
  peer_address: string | null;
};

/**
 * Records that the agent knows its new epoch and can be called: the epoch before opens no tunnel any more, and this
 * gateway becomes the tunnel's owner.
 */
export async function confirmEpoch(db: Database, confirm: ConfirmEpoch): Promise<void> {
  await db.pool.query(
    `
    with confirmed as (update nodes set opened_from_epoch = null, opened_seq = null where node_id = $1 and epoch = $2)
    insert into node_tunnels (node_id, tunnel_epoch, gateway_id, gateway_epoch, peer_address) values ($1, $2, $3, $4, $5)
    on conflict (node_id) do update set gateway_id = excluded.gateway_id, gateway_epoch = excluded.gateway_epoch,
      tunnel_epoch = excluded.tunnel_epoch, peer_address = excluded.peer_address
    where node_tunnels.tunnel_epoch < excluded.tunnel_epoch`,
    [confirm.node_id, confirm.epoch, confirm.gateway_id, confirm.gateway_epoch, confirm.peer_address],
  );
}
