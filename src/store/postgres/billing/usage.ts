import type { Database } from "../database.ts";
import type { EntryKind } from "../../../core/gateway/billing/model.ts";

/** A half-open span of time, its range of entry numbers, and the start of the page. */
export type UsageSpan = {
  from: Date;
  to: Date;
  first_seq: number;
  upper_seq: number;
  before_seq: number;
  limit: number;
};

export type UsageRow = {
  seq: number;
  kind: EntryKind;
  amount_wei: string;
  balance_after_wei: string;
  reserved_after_wei: string;
  reference: string | null;
  created_at: Date;
  job_id: string | null;
  client_job_id: string | null;
  mode: "plain" | "stream" | "private" | null;
  credential_id: string | null;
  model_id: string | null;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  receipt_hash: string | null;
};

/** Account of a customer, its newest entry, and the database's time; undefined when there is no such customer. */
export async function readUsageBound(db: Database, customer_id: string) {
  const { rows } = await db.pool.query<{ account_id: number; upper_seq: number; now: Date }>(
    "select account_id, entries as upper_seq, clock_timestamp() as now from accounts where owner_kind = 'customer' and owner_id = $1",
    [customer_id],
  );
  return rows[0];
}

/** The largest step back of the database's clock that loses no entry of a span. */
const CLOCK_STEPS = "interval '1 hour'";

/**
 * The first number at or after a time, by bisection: numbers have no gaps and rise with time, so that a span of last
 * year is found as fast as one of today. `upper_seq + 1` when there is none.
 */
const FIRST_AT = (time: string): string => `
  (with recursive probe(low, high) as (
     select 0::bigint, $2::bigint + 1
     union all
     select case when e.created_at < ${time} then e.seq else low end, case when e.created_at < ${time} then high else e.seq end
     from probe join entries e on e.account_id = $1 and e.seq = (low + high) / 2 where high - low > 1)
   select high from probe where high - low = 1)`;

/** Numbers between which all entries of a span lie. */
export async function readUsageNumbers(db: Database, account_id: number, upper_seq: number, from: Date, to: Date) {
  const { rows } = await db.pool.query<{ first_seq: number; end_seq: number }>(
    `select ${FIRST_AT(`$3::timestamptz - ${CLOCK_STEPS}`)} as first_seq,
       ${FIRST_AT(`$4::timestamptz + ${CLOCK_STEPS}`)} as end_seq`,
    [account_id, upper_seq, from, to],
  );
  const { first_seq, end_seq } = rows[0]!;
  return { first_seq, upper_seq: end_seq - 1 };
}

/** A page of a customer's entries, newest first. Only the entry that closed a hold shows its usage. */
export async function readUsagePage(db: Database, account_id: number, span: UsageSpan): Promise<UsageRow[]> {
  const { rows } = await db.pool.query<UsageRow>(
    `select e.seq, e.kind, e.amount_wei, e.balance_after_wei, e.reserved_after_wei, coalesce(e.reference, f.refund_id)
      as reference, e.created_at,
       h.job_id, h.client_job_id, h.mode, h.credential_id, h.model_id,
       case when e.kind = 'debit' then h.prompt_tokens end as prompt_tokens, case when e.kind = 'debit' then
         h.completion_tokens end as completion_tokens,
       case when e.kind <> 'reserve' then encode(h.receipt_hash, 'hex') end as receipt_hash
     from entries e
     left join holds h on h.hold_id = e.hold_id
     left join refunds f on e.kind = 'refund' and f.hold_id = e.hold_id and f.entry_seq = e.seq
     where e.account_id = $1 and e.seq >= $7 and e.seq <= $2 and e.seq < $3 and e.created_at >= $4
       and e.created_at < $5
     order by e.seq desc limit $6`,
    [account_id, span.upper_seq, span.before_seq, span.from, span.to, span.limit, span.first_seq],
  );
  return rows;
}

/** Sums by kind over the whole span, whatever the page. */
export async function readUsageTotals(db: Database, account_id: number, span: UsageSpan) {
  const { rows } = await db.pool.query<{ kind: EntryKind; count: number; amount_wei: string }>(
    `select kind, count(*) as count, sum(amount_wei) as amount_wei from entries
     where account_id = $1 and seq >= $5 and seq <= $2 and created_at >= $3 and created_at < $4
     group by kind order by kind`,
    [account_id, span.upper_seq, span.from, span.to, span.first_seq],
  );
  return rows;
}
