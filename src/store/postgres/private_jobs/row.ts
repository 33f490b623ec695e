import type { CommandRow } from "../commands/row.ts";

type Sealed = Record<string, unknown>;

/** A private job with its hold and its command. */
export type PrivateJobRow = {
  hold_id: string;
  command_id: string;
  customer_id: string;
  client_job_id: string | null;
  fingerprint: Buffer;
  quoted_wei: bigint;
  receipt: Sealed | null;
  sealed_bytes: number | null;
  created_at: Date;
  job_id: string;
  node_id: string;
  model_id: string;
  policy_version: number;
  amount_wei: bigint;
  hold_state: "held" | "settled" | "released" | "expired";
  payout_wei: bigint | null;
  receipt_hash: string | null;
  hold_closed_at: Date | null;
  /** Of the newest lease that was given out; 1 before the first. */
  fence: number;
  command_state: CommandRow["state"];
  /** The word that the node gave for its failure. */
  failure_code: string | null;
  encrypted_request: Sealed | null;
  encrypted_response: Sealed | null;
};

type Stored = Omit<PrivateJobRow, "quoted_wei" | "amount_wei" | "payout_wei"> & {
  quoted_wei: string;
  amount_wei: string;
  payout_wei: string | null;
};

export const PRIVATE_JOBS = `
  select p.hold_id, p.command_id, a.owner_id as customer_id, p.client_job_id, p.fingerprint, p.quoted_wei, p.receipt,
    p.sealed_bytes, p.created_at,
    h.job_id, h.node_id, h.model_id, h.policy_version, h.amount_wei, h.state as hold_state, h.payout_wei,
    encode(h.receipt_hash, 'hex') as receipt_hash, h.closed_at as hold_closed_at, h.fence,
    c.state as command_state, c.failure ->> 'code' as failure_code,
    c.payload -> 'encrypted_request' as encrypted_request, s.encrypted_response
  from private_jobs p join holds h on h.hold_id = p.hold_id join accounts a on a.account_id = p.account_id
  join commands c on c.command_id = p.command_id left join sealed_results s on s.hold_id = p.hold_id`;

export function toPrivateJob(row: object): PrivateJobRow {
  const { quoted_wei, amount_wei, payout_wei, ...rest } = row as Stored;
  return {
    ...rest,
    quoted_wei: BigInt(quoted_wei),
    amount_wei: BigInt(amount_wei),
    payout_wei: payout_wei === null ? null : BigInt(payout_wei),
  };
}
