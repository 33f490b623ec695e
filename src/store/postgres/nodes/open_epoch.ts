import type { Database } from "../database.ts";

export type OpenEpoch = {
  node_id: string;
  claimed_epoch: number;
  seq: number;
  agent_version: string;
  protocol_version: number;
  gateway_id: string;
};

/**
 * Assigns the epoch of an opening tunnel, above every earlier one. The call may come from the newest epoch with a
 * rising sequence; from the epoch before, until the agent has confirmed the newest (the 101 may be lost); or from a
 * higher one, after a restore of this database. Null for a replay, or a copy of the node with an older state.
 */
export async function openEpoch(
  db: Database,
  open: OpenEpoch,
): Promise<{ epoch: number; router_secret_wrapped: Buffer } | null> {
  const { rows } = await db.pool.query<{ epoch: number; router_secret_wrapped: Buffer }>(
    `
    with opened as (
      update nodes set epoch = greatest(epoch, $2) + 1, call_seq = 0, opened_from_epoch = $2, opened_seq = $3,
        agent_version = $4, protocol_version = $5
      where node_id = $1 and status not in ('retired', 'suspended')
        and (epoch < $2 or (epoch = $2 and call_seq < $3) or (opened_from_epoch = $2 and call_seq = 0 and opened_seq < $3))
      returning node_id, epoch, router_secret_wrapped
    ), history as (
      insert into node_epochs (node_id, epoch, ed25519_public_key, gateway_id)
      select o.node_id, o.epoch, k.ed25519_public_key, $6 from opened o join node_keys k on k.node_id = o.node_id and k.valid_to is null
    )
    select epoch, router_secret_wrapped from opened`,
    [open.node_id, open.claimed_epoch, open.seq, open.agent_version, open.protocol_version, open.gateway_id],
  );
  return rows[0] ?? null;
}
