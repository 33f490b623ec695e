import type pg from "pg";

/** A receipt, transport key or payout batch that has no leaf yet, with the fields that its entry is made of. */
export type PendingLeaf = { pending_id: number } & (
  | { kind: "receipt"; receipt_hash: Buffer; signature: Buffer }
  | {
      kind: "transport_key";
      node_id: string;
      key_id: string;
      x25519: string;
      not_before: Date;
      not_after: Date;
      signature_ed25519: string;
    }
  | { kind: "payout"; batch_id: string; commitment: string; commitment_signature: Buffer }
);

type Row = { pending_id: number; kind: PendingLeaf["kind"] } & Record<string, unknown>;

/**
 * The oldest rows of `log_pending`: about `limit` leaves, and all receipts of the last row. Rows are deleted once they
 * have a leaf, so a row whose transaction commits late is taken late and never skipped.
 */
export async function takePending(client: pg.Client, limit: number): Promise<PendingLeaf[]> {
  const { rows } = await client.query<Row>({
    name: "log_take",
    text: `select p.pending_id,
             case when p.receipts > 0 then 'receipt' when p.key_id is not null then 'transport_key' else 'payout' end as kind,
             h.receipt_hash, (select r.signature from receipts r where r.receipt_hash = h.receipt_hash) as signature,
             p.node_id, p.key_id, k.x25519_public_key as x25519, k.not_before, k.not_after, k.signature_ed25519,
             p.batch_id, b.commitment, b.commitment_signature
           from (select *, sum(greatest(receipts, 1)) over (order by pending_id) - greatest(receipts, 1) as before
             from (select *, coalesce(octet_length(receipt_hashes), 0) / 32 as receipts
               from log_pending order by pending_id limit $1) o) p
           left join lateral log_hashes(p.receipt_hashes) h on true
           left join node_transport_keys k on k.node_id = p.node_id and k.key_id = p.key_id
           left join payout_batches b on b.batch_id = p.batch_id
           where p.before < $1
           order by p.pending_id, h.n`,
    values: [limit],
  });
  return rows as unknown as PendingLeaf[];
}
