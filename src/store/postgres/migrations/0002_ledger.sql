-- The ledger (docs/design/money.md). Everything that is contested belongs to one customer and is touched only under the lock of that
-- customer's row in `accounts`. No foreign keys on the tables of the hot path: a check per row would take row locks and a third of the
-- speed; `ledger verify` checks the same sentences (ledger_invariants.ts).

-- Only customers are locked and checked. Node and platform rows are totals, rolled up from transfers by one worker.
create table accounts (
  account_id bigint generated always as identity primary key,
  owner_kind text not null check (owner_kind in ('customer', 'node', 'platform')),
  owner_id text not null,
  credited_wei wei not null default 0,
  debited_wei wei not null default 0,
  reserved_wei wei not null default 0,
  open_holds integer not null default 0 check (open_holds >= 0),
  entries bigint not null default 0,
  unique (owner_kind, owner_id),
  constraint never_overdrawn check (owner_kind <> 'customer' or debited_wei + reserved_wei <= credited_wei)
) with (fillfactor = 50);

-- A hold is a complete, frozen quote, and later how it ended.
create table holds (
  hold_id uuid primary key,
  account_id bigint not null,
  job_id text not null unique check (length(job_id) <= 64),
  client_job_id text check (length(client_job_id) between 1 and 128),
  credential_id text,
  node_id text not null,
  node_epoch bigint not null check (node_epoch >= 0),
  fence bigint not null default 1 check (fence >= 1),
  model_id text not null,
  model_profile_id text not null,
  route_tier text not null,
  mode text not null check (mode in ('plain', 'stream', 'private')),
  prompt_price_wei wei not null,
  completion_price_wei wei not null,
  fee_bps integer not null check (fee_bps between 0 and 10000),
  prompt_bound bigint not null check (prompt_bound >= 0),
  completion_bound bigint not null check (completion_bound >= 0),
  amount_wei wei not null check (amount_wei > 0),
  hidden_reasoning boolean not null,
  policy_version bigint not null,
  key_policy_version bigint,
  gateway_id text not null,
  gateway_epoch bigint not null,
  created_at timestamptz not null,
  deadline_at timestamptz not null,
  expires_at timestamptz not null,
  observed jsonb,
  state text not null default 'held' check (state in ('held', 'settled', 'released', 'expired')),
  charged_wei wei,
  fee_wei wei,
  payout_wei wei,
  prompt_tokens bigint,
  completion_tokens bigint,
  unobserved boolean,
  receipt_hash hash32,
  close_reason text check (length(close_reason) <= 128),
  closed_by uuid,
  closed_at timestamptz,
  constraint closed_once check ((state = 'held') = (closed_at is null)),
  constraint settled_shape check ((state = 'settled') = (charged_wei is not null)),
  constraint settled_sum check (charged_wei is null or (charged_wei <= amount_wei and fee_wei + payout_wei = charged_wei)),
  constraint lives_long_enough check (expires_at >= deadline_at)
) with (fillfactor = 60);
create index holds_open on holds (expires_at) where state = 'held';
-- A customer's own reference is free again when the earlier attempt ended without charge.
create unique index holds_client_job on holds (account_id, client_job_id) where client_job_id is not null and state in ('held', 'settled');
create index holds_client_reference on holds (account_id, client_job_id) where client_job_id is not null;

-- What a customer sees: numbered without gaps per account, with the running values.
create table entries (
  account_id bigint not null,
  seq bigint not null check (seq >= 1),
  kind text not null check (kind in ('credit', 'reserve', 'debit', 'release', 'refund')),
  amount_wei wei not null check (amount_wei > 0),
  balance_after_wei wei not null,
  reserved_after_wei wei not null,
  hold_id uuid,
  reference text check (length(reference) between 1 and 256),
  created_at timestamptz not null,
  primary key (account_id, seq),
  check (reserved_after_wei <= balance_after_wei),
  check ((hold_id is null) = (kind = 'credit')),
  check ((reference is not null) = (kind = 'credit'))
);
-- One entry closes a hold; the one that opens it comes with the hold's own row.
create unique index entries_close_once on entries (hold_id) where kind in ('debit', 'release');
create unique index entries_reference on entries (reference) where reference is not null;

-- Movements between accounts: credit (outside to customer), payout (customer to node), fee (customer to platform), refund (platform to customer).
create table transfers (
  seq bigint generated always as identity,
  kind text not null check (kind in ('credit', 'payout', 'fee', 'refund')),
  account_id bigint not null,
  node_id text,
  hold_id uuid,
  amount_wei wei not null check (amount_wei > 0),
  created_at timestamptz not null,
  check ((node_id is not null) = (kind = 'payout'))
);
create unique index transfers_once_per_hold on transfers (hold_id, kind) where kind in ('payout', 'fee');
-- Numbers and times rise with the place on disk, so ranges are found without an entry per row.
create index transfers_by_seq on transfers using brin (seq, created_at) with (pages_per_range = 32);

create table refunds (
  refund_id text primary key check (length(refund_id) between 1 and 64),
  account_id bigint not null,
  hold_id uuid not null,
  amount_wei wei not null check (amount_wei > 0),
  reason text not null check (length(reason) between 1 and 256),
  entry_seq bigint not null,
  created_at timestamptz not null
);
create index refunds_by_hold on refunds (hold_id);

-- The one bucket primitive: rolling windows of wei, tokens and requests, per customer and per key. `buckets` maps the number of a bucket
-- (unix time / bucket_seconds) to what was used in it, as decimal text.
create table limit_windows (
  scope_id text not null,
  kind text not null check (kind in ('wei', 'tokens', 'requests')),
  window_seconds integer not null check (window_seconds > 0),
  bucket_seconds integer not null check (bucket_seconds > 0 and window_seconds % bucket_seconds = 0),
  account_id bigint not null,
  buckets jsonb not null,
  primary key (scope_id, kind, window_seconds)
) with (fillfactor = 30);

-- Open holds of a key; those of a customer are in accounts.
create table key_counters (
  credential_id text primary key,
  open_holds integer not null check (open_holds >= 0)
) with (fillfactor = 50);

-- Keyed hashes only, and no body column. The state of a row is the state of its hold.
create table idempotency (
  key_hash hash32 primary key,
  account_id bigint not null,
  fingerprint hash32 not null,
  hold_id uuid not null,
  expires_at timestamptz not null
) with (fillfactor = 80);
create index idempotency_by_time on idempotency using brin (expires_at);

create table receipts (
  receipt_hash hash32 primary key,
  node_id text not null,
  node_epoch bigint not null,
  node_seq bigint not null check (node_seq >= 1),
  job_id text not null,
  hold_id uuid,
  status text not null check (status in ('settled', 'recorded')),
  reason text check (reason in ('superseded', 'hold_closed', 'job_unknown', 'price_mismatch')),
  -- The state of the hold when a receipt was recorded.
  hold_state text not null check (hold_state in ('held', 'settled', 'released', 'expired', 'unknown')),
  payload text not null check (octet_length(payload) <= 4096),
  signature bytea not null check (octet_length(signature) = 64),
  received_at timestamptz not null,
  constraint one_receipt_per_number unique (node_id, node_epoch, node_seq),
  check ((status = 'settled') = (reason is null)),
  check (status <> 'settled' or hold_id is not null)
);

-- One number, two receipts: the first is in receipts, the others are here.
create table equivocations (
  receipt_hash hash32 primary key,
  node_id text not null,
  node_epoch bigint not null,
  node_seq bigint not null,
  first_receipt_hash hash32 not null,
  payload text not null check (octet_length(payload) <= 4096),
  signature bytea not null check (octet_length(signature) = 64),
  found_at timestamptz not null,
  check (receipt_hash <> first_receipt_hash)
);
create index equivocations_by_node on equivocations (node_id);

-- Renewed every 5 s; the holds of an owner that was silent for 20 s are taken over (docs/design/money.md, Recovery).
create table gateway_leases (
  gateway_id text primary key,
  gateway_epoch bigint not null,
  started_at timestamptz not null,
  renewed_at timestamptz not null
);

-- How far transfers are rolled up into the accounts of nodes and platform.
create table ledger_rollup (single boolean primary key default true check (single), transfer_seq bigint not null default 0);
insert into ledger_rollup default values;

-- An update that touched another number of rows than it named: the batch is undone and taken again.
create function ledger_expect(p_count bigint, p_expected bigint, p_what text) returns bigint language plpgsql as $$
begin
  if p_count <> p_expected then
    raise exception '%: % of % rows', p_what, p_count, p_expected using errcode = 'serialization_failure';
  end if;
  return p_count;
end $$;

create trigger entries_append_only before update or delete or truncate on entries for each statement execute function forbid_change();
create trigger transfers_append_only before update or delete or truncate on transfers for each statement execute function forbid_change();
create trigger receipts_append_only before update or delete or truncate on receipts for each statement execute function forbid_change();
create trigger refunds_append_only before update or delete or truncate on refunds for each statement execute function forbid_change();
create trigger equivocations_append_only before update or delete or truncate on equivocations for each statement execute function forbid_change();
