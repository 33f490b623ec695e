import { arrayOf } from "../wire/binary.ts";
import type { LedgerConnection } from "./connection.ts";
import type { Hold } from "../../../core/gateway/billing/model.ts";

/** A hold's columns as `toHold` reads them. */
export const HOLD_COLUMNS = `h.hold_id, h.account_id, h.job_id, h.client_job_id, h.credential_id, h.node_id, h.node_epoch, h.fence, h.model_id,
  h.model_profile_id, h.route_tier, h.mode, h.prompt_price_wei, h.completion_price_wei, h.fee_bps, h.prompt_bound, h.completion_bound,
  coalesce(h.reserved_tokens, h.prompt_bound + h.completion_bound) as reserved_tokens, h.amount_wei, h.hidden_reasoning, h.policy_version, h.key_policy_version, h.gateway_id, h.gateway_epoch,
  date_part('epoch', h.created_at) * 1000 as created_at_ms, date_part('epoch', h.deadline_at) * 1000 as deadline_at_ms,
  date_part('epoch', h.expires_at) * 1000 as expires_at_ms, h.observed, h.noted, h.state, h.charged_wei, h.fee_wei,
    h.payout_wei, h.prompt_tokens,
  h.completion_tokens, h.unobserved, encode(h.receipt_hash, 'hex') as receipt_hash, h.close_reason, h.closed_by`;

const LOAD = `
  select ${HOLD_COLUMNS} from holds h where h.hold_id = any($1::uuid[])
  union all select ${HOLD_COLUMNS} from holds h where h.job_id = any($2::text[])
  union all select ${HOLD_COLUMNS} from unnest($3::text[], $4::text[]) as r(customer_id, client_job_id)
    join accounts a on a.owner_kind = 'customer' and a.owner_id = r.customer_id
    join client_references c on c.account_id = a.account_id and c.client_job_id = r.client_job_id
    join holds h on h.hold_id = c.hold_id`;

export type WantedHolds = {
  hold_ids: string[];
  job_ids: string[];
  client_jobs: { customer_id: string; client_job_id: string }[];
};

/**
 * The holds that a batch needs by id, job or the customer's own reference; read after the locks. A hold may come twice.
 */
export async function loadHolds(connection: LedgerConnection, wanted: WantedHolds): Promise<Hold[]> {
  if (wanted.hold_ids.length + wanted.job_ids.length + wanted.client_jobs.length === 0) return [];
  const { rows } = await connection.query<HoldRow>("ledger_load_holds", LOAD, [
    arrayOf("uuid", wanted.hold_ids),
    arrayOf("text", wanted.job_ids),
    arrayOf(
      "text",
      wanted.client_jobs.map((job) => job.customer_id),
    ),
    arrayOf(
      "text",
      wanted.client_jobs.map((job) => job.client_job_id),
    ),
  ]);
  return rows.map(toHold);
}

type Money = "prompt_price_wei" | "completion_price_wei" | "amount_wei";
type MaybeMoney = "charged_wei" | "fee_wei" | "payout_wei";
type Time = "created_at_ms" | "deadline_at_ms" | "expires_at_ms";
export type HoldRow = Omit<Hold, Money | MaybeMoney | Time> &
  Record<Money | Time, string> &
  Record<MaybeMoney, string | null>;

export function toHold(row: HoldRow): Hold {
  return {
    ...row,
    prompt_price_wei: BigInt(row.prompt_price_wei),
    completion_price_wei: BigInt(row.completion_price_wei),
    amount_wei: BigInt(row.amount_wei),
    charged_wei: row.charged_wei === null ? null : BigInt(row.charged_wei),
    fee_wei: row.fee_wei === null ? null : BigInt(row.fee_wei),
    payout_wei: row.payout_wei === null ? null : BigInt(row.payout_wei),
    created_at_ms: Math.round(Number(row.created_at_ms)),
    deadline_at_ms: Math.round(Number(row.deadline_at_ms)),
    expires_at_ms: Math.round(Number(row.expires_at_ms)),
  };
}
