import type { Database } from "../database.ts";
import { COUNTED } from "./rebuild_windows.ts";
import { LOG_AND_PAYOUT_INVARIANTS } from "../payouts/invariants.ts";

export type Violation = { invariant: string; sentence: string; row: string };

type Invariant = { name: string; sentence: string; sql: string };

const CUSTOMERS = "from accounts a where a.owner_kind = 'customer'";
/** Sums are taken once per table, not once per account. */
const OPEN =
  "left join (select account_id, sum(amount_wei) as wei, count(*) as count from holds where state = 'held' group by account_id) o on o.account_id = a.account_id";
const MOVED = `left join (select account_id, sum(amount_wei) filter (where kind in ('payout', 'fee')) as out_wei,
  sum(amount_wei) filter (where kind in ('credit', 'refund')) as in_wei from movements group by account_id) t on
    t.account_id = a.account_id`;

const accounts = (join: string, where: string): string =>
  `select a.owner_id as row from accounts a ${join} where a.owner_kind = 'customer' and ${where}`;

/** The buckets that a window still touches, as stored and as computed from the holds. */
const WINDOWS = `
  select coalesce(kept.scope_id, counted.scope_id) || ' ' || coalesce(kept.kind, counted.kind) || ' ' || bucket as row
  from (select scope_id, kind, window_seconds, bucket_seconds, b.key::bigint as bucket, b.value::numeric as used
    from limit_windows cross join jsonb_each_text(buckets) b) kept
  full join (
    select w.scope_id, w.kind, w.window_seconds, w.bucket_seconds, floor(extract(epoch from h.created_at) /
      w.bucket_seconds)::bigint as bucket,
      sum(case w.kind when 'wei' then ${COUNTED.wei} when 'tokens' then ${COUNTED.tokens} else ${COUNTED.requests} end)
        as used
    from limit_windows w join holds h on h.account_id = w.account_id and (w.scope_id like 'cus\\_%' or h.credential_id
      = w.scope_id)
    group by 1, 2, 3, 4, 5) counted
  using (scope_id, kind, window_seconds, bucket_seconds, bucket)
  where coalesce(kept.used, 0) <> coalesce(counted.used, 0) and bucket >= floor((extract(epoch from clock_timestamp())
    - window_seconds) / bucket_seconds)`;

/** Each query must find no row. `row` names a found one. */
export const INVARIANTS: Invariant[] = [
  {
    name: "I1",
    sentence: "a customer's reserved money is the sum of its open holds",
    sql: accounts(OPEN, "a.reserved_wei <> coalesce(o.wei, 0)"),
  },
  {
    name: "I2",
    sentence: "a customer's open holds are counted",
    sql: accounts(OPEN, "a.open_holds <> coalesce(o.count, 0)"),
  },
  {
    name: "I3",
    sentence: "a customer's debits are its payouts and fees",
    sql: accounts(MOVED, "a.debited_wei <> coalesce(t.out_wei, 0)"),
  },
  {
    name: "I4",
    sentence: "a customer's credits are its credits and refunds",
    sql: accounts(MOVED, "a.credited_wei <> coalesce(t.in_wei, 0)"),
  },
  {
    name: "I5",
    sentence: "no customer has less than nothing",
    sql: accounts("", "a.debited_wei + a.reserved_wei > a.credited_wei"),
  },
  {
    name: "I6",
    sentence: "a settled hold is charged what its transfers move, and at most its amount",
    sql: `select h.hold_id::text as row from holds h
      left join (select hold_id, sum(amount_wei) filter (where kind = 'payout') as payout_wei, sum(amount_wei) filter
        (where kind = 'fee') as fee_wei
        from movements where kind in ('payout', 'fee') group by hold_id) t on t.hold_id = h.hold_id
      where h.state = 'settled' and (h.charged_wei > h.amount_wei or h.payout_wei <> coalesce(t.payout_wei, 0) or
        h.fee_wei <> coalesce(t.fee_wei, 0)
        or h.fee_wei <> div(h.charged_wei * h.fee_bps, 10000))`,
  },
  {
    name: "I7",
    sentence: "a hold that is not settled moves nothing",
    sql: "select t.hold_id::text as row from transfers t join holds h on h.hold_id = t.hold_id where t.kind in ('payout', 'fee', 'settlement') and h.state <> 'settled'",
  },
  {
    name: "I8",
    sentence: "a hold has one entry that opens it, and one that closes it as soon as it is closed",
    sql: `select h.hold_id::text as row from holds h
      left join entries o on o.hold_id = h.hold_id and o.kind = 'reserve'
      left join entries c on c.hold_id = h.hold_id and c.kind in ('debit', 'release')
      where o.amount_wei is distinct from h.amount_wei or (h.state = 'held') <> (c.kind is null)
        or c.kind is distinct from case when h.state = 'held' then null when h.charged_wei > 0 then 'debit' else
          'release' end
        or c.amount_wei is distinct from case when h.state = 'held' then null when h.charged_wei > 0 then h.charged_wei
          else h.amount_wei end`,
  },
  {
    name: "I9",
    sentence: "entries are numbered without gaps, and each follows from the one before it",
    sql: `select e.account_id || ' ' || e.seq as row from (
        select e.*, lag(balance_after_wei, 1, 0) over w as balance_before, lag(reserved_after_wei, 1, 0) over w as
          reserved_before, lag(seq, 1, 0) over w as seq_before
        from entries e window w as (partition by account_id order by seq)) e
      left join holds h on h.hold_id = e.hold_id
      where e.seq <> e.seq_before + 1
        or e.balance_after_wei <> e.balance_before + case e.kind when 'credit' then e.amount_wei when 'refund' then
          e.amount_wei when 'debit' then -e.amount_wei else 0 end
        or e.reserved_after_wei <> e.reserved_before + case e.kind when 'reserve' then e.amount_wei when 'debit' then
          -h.amount_wei when 'release' then -h.amount_wei else 0 end`,
  },
  {
    name: "I10",
    sentence: "an account is what its newest entry says",
    sql: accounts(
      `left join (select account_id, max(seq) as seq from entries group by account_id) m on m.account_id = a.account_id
      left join entries e on e.account_id = a.account_id and e.seq = m.seq`,
      "(a.entries <> coalesce(m.seq, 0) or coalesce(e.balance_after_wei, 0) <> a.credited_wei - a.debited_wei or coalesce(e.reserved_after_wei, 0) <> a.reserved_wei)",
    ),
  },
  {
    name: "I11",
    sentence: "a settled receipt has its settled hold, and a settled hold its receipt",
    sql: `select coalesce(encode(r.receipt_hash, 'hex'), h.hold_id::text) as row
      from (select * from receipts where status = 'settled') r full join (select * from holds where state = 'settled')
        h on h.hold_id = r.hold_id
      where r.receipt_hash is distinct from h.receipt_hash or r.node_id is distinct from h.node_id or r.job_id is
        distinct from h.job_id`,
  },
  {
    name: "I12",
    sentence: "the refunds of a hold are at most its charge, and each has its entry",
    sql: `select f.hold_id::text as row from refunds f left join holds h on h.hold_id = f.hold_id group by f.hold_id,
      h.charged_wei
      having sum(f.amount_wei) > coalesce(h.charged_wei, 0)
      union all select f.refund_id from refunds f left join entries e on e.account_id = f.account_id and e.seq =
        f.entry_seq and e.kind = 'refund'
      where e.amount_wei is distinct from f.amount_wei`,
  },
  { name: "I13", sentence: "a window counts what its holds reserve and used", sql: WINDOWS },
  {
    name: "I14",
    sentence: "a key's open holds are counted",
    sql: `select n.credential_id as row from key_counters n
      left join (select credential_id, count(*) as count from holds where state = 'held' group by 1) o on
        o.credential_id = n.credential_id
      where n.open_holds <> coalesce(o.count, 0)`,
  },
  {
    name: "I15",
    sentence: "an Idempotency-Key points at a hold of its account",
    sql: `select encode(i.key_hash, 'hex') as row from idempotency i left join holds h on h.hold_id = i.hold_id where
      h.account_id is distinct from i.account_id`,
  },
  {
    name: "I16",
    sentence: "an account belongs to a customer, a hold and an entry to an account",
    sql: `select a.owner_id as row ${CUSTOMERS} and not exists (select 1 from customers c where c.customer_id =
      a.owner_id)
      union all select h.hold_id::text from holds h where not exists (select 1 from accounts a where a.account_id =
        h.account_id and a.owner_kind = 'customer')
      union all select e.account_id || ' ' || e.seq from entries e where e.hold_id is not null and not exists (select 1
        from holds h where h.hold_id = e.hold_id)`,
  },
  {
    name: "I17",
    sentence: "the accounts of nodes and platform are the transfers that were rolled up",
    sql: `with rolled as (select kind, coalesce(node_id, 'platform') as owner_id, sum(amount_wei) as wei from
      movements, ledger_rollup
        where seq <= transfer_seq and kind in ('payout', 'fee', 'refund') group by 1, 2)
      select coalesce(r.owner_id, a.owner_id) as row from (select * from rolled where kind <> 'refund') r
      full join (select * from accounts where owner_kind <> 'customer') a on a.owner_id = r.owner_id where
        coalesce(a.credited_wei, 0) <> coalesce(r.wei, 0)
      union all select 'platform' where coalesce((select debited_wei from accounts where owner_kind = 'platform'), 0)
        <> coalesce((select wei from rolled where kind = 'refund'), 0)`,
  },
  {
    name: "I18",
    sentence: "the holds that workers look after are the open ones",
    sql: `select hold_id::text as row from (select hold_id from open_holds) o
      full join (select hold_id from holds where state = 'held') h using (hold_id) where o is null or h is null`,
  },
  {
    name: "I19",
    sentence: "a settlement that no gateway saw is listed for review",
    sql: `select hold_id::text as row from (select hold_id from unobserved_settlements) u
      full join (select hold_id from holds where unobserved) h using (hold_id) where u is null or h is null`,
  },
  {
    name: "I20",
    sentence: "a charge for what was not delivered is refunded whole",
    sql: `select h.hold_id::text as row from holds h
      left join (select hold_id, sum(amount_wei) as wei from refunds group by hold_id) f using (hold_id)
      where h.state = 'settled' and h.close_reason = 'not_delivered' and h.charged_wei <> coalesce(f.wei, 0)`,
  },
  ...LOG_AND_PAYOUT_INVARIANTS,
];

const SHOWN = 20;

/** Runs every invariant in one snapshot of a live database and names up to 20 rows of each that is broken. */
export async function findViolations(db: Database): Promise<Violation[]> {
  const client = await db.connect({ statement_timeout_ms: 0 });
  try {
    await client.query("begin transaction isolation level repeatable read read only");
    // The queries join whole tables: with old or missing statistics, the planner would choose nested loops.
    await client.query("set local enable_nestloop = off; set local work_mem = '64MB'");
    const violations: Violation[] = [];
    for (const { name, sentence, sql } of INVARIANTS) {
      const { rows } = await client.query<{ row: string }>(`${sql} limit ${SHOWN}`);
      violations.push(...rows.map(({ row }) => ({ invariant: name, sentence, row })));
    }
    await client.query("commit");
    return violations;
  } finally {
    await client.end();
  }
}
