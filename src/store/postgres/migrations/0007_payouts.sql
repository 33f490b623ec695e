-- Payouts to nodes (docs/design/evidence.md, Payouts; docs/design/money.md, Refunds). The target is a signed commitment in the log.

create table payout_batches (
  batch_id text primary key check (batch_id ~ '^pay_[0-9a-z]{26}$'),
  status text not null default 'created' check (status in ('created', 'submitted', 'finalized', 'reset')),
  period_end timestamptz not null,
  tree_size bigint not null check (tree_size > 0),
  payout_count integer not null check (payout_count > 0),
  total_amount_wei wei not null,
  withheld_wei wei not null,
  set_off_wei wei not null,
  merkle_root hash32 not null,
  -- JCS text of what is signed, and the log key's signature over it.
  commitment text not null check (octet_length(commitment) <= 4096),
  commitment_signature bytea not null check (octet_length(commitment_signature) = 64),
  transaction_hash text check (transaction_hash ~ '^0x[0-9a-f]{64}$'),
  block_number bigint check (block_number >= 0),
  created_by text not null check (length(created_by) <= 128),
  created_at timestamptz not null default clock_timestamp(),
  submitted_at timestamptz,
  finalized_at timestamptz, finalize_reason text check (length(finalize_reason) <= 1000),
  reset_at timestamptz, reset_reason text check (length(reset_reason) <= 1000),
  check ((status in ('submitted', 'finalized')) = (submitted_at is not null)),
  check ((status = 'finalized') = (finalized_at is not null)),
  check ((status = 'reset') = (reset_at is not null and reset_reason is not null))
);
create index payout_batches_by_time on payout_batches (created_at desc, batch_id desc);

-- One line a node, in the order of the tree; kept of batches that were taken back, too.
create table payout_lines (
  batch_id text not null references payout_batches,
  line_index integer not null check (line_index >= 0),
  node_id text not null,
  amount_wei wei not null check (amount_wei > 0),
  receipt_count integer not null check (receipt_count > 0),
  -- In force when the batch was built; null: the node had none.
  payout_address text,
  primary key (batch_id, line_index),
  unique (batch_id, node_id)
);
create index payout_lines_by_node on payout_lines (node_id);

-- A settled hold is in one batch at most. `refunded_wei` is what had been refunded of its charge when the batch was built; `withheld_wei`
-- is the part of the payout that stayed back for it.
create table payout_items (
  hold_id uuid primary key,
  batch_id text not null references payout_batches,
  node_id text not null,
  receipt_hash hash32 not null unique,
  payout_wei wei not null,
  refunded_wei wei not null,
  withheld_wei wei not null,
  check (withheld_wei < payout_wei)
);
create index payout_items_by_batch on payout_items (batch_id);
create index payout_items_by_node on payout_items (node_id);

-- Taken from a node's payouts in a batch for refunds of what had been in an earlier one.
create table payout_set_offs (
  batch_id text not null references payout_batches,
  node_id text not null,
  amount_wei wei not null check (amount_wei > 0),
  primary key (batch_id, node_id)
);
create index payout_set_offs_by_node on payout_set_offs (node_id);

-- Signed by the node's identity; of two that wait, the later replaces the earlier.
create table payout_addresses (
  node_id text not null references nodes,
  signed_at timestamptz not null,
  payout_address text not null check (payout_address ~ '^0x[0-9a-fA-F]{40}$'),
  signature bytea not null check (octet_length(signature) = 64),
  received_at timestamptz not null default clock_timestamp(),
  applies_at timestamptz not null,
  replaced_at timestamptz,
  primary key (node_id, signed_at),
  check (applies_at > received_at)
);

create index holds_paid_by_node on holds (node_id, closed_at) where state = 'settled' and payout_wei > 0;

create trigger payout_lines_append_only before update or delete or truncate on payout_lines for each statement execute function forbid_change();
create trigger payout_batches_keep before delete or truncate on payout_batches for each statement execute function forbid_change();
