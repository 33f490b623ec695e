-- The public log (docs/design/evidence.md, Log). Receipts stay append-only: where they stand in the log is told here.

-- What has no leaf yet. A row is written by the transaction that writes its subject, so nothing is skipped, however late that commits.
create table log_pending (
  pending_id bigint generated always as identity primary key,
  receipt_hash hash32, node_id text, key_id text, batch_id text,
  check (num_nonnulls(receipt_hash, key_id, batch_id) = 1),
  check ((node_id is null) = (key_id is null))
);

-- One row, compared and set by whoever leads; a leader of an earlier epoch can write nothing.
create table log_state (
  single boolean primary key default true check (single),
  epoch bigint not null default 0,
  leader_id text,
  size bigint not null default 0 check (size >= 0),
  root hash32 not null default sha256(''::bytea),
  -- A published checkpoint that this database lacks, since it was restored: nothing is appended or signed until the tree contains it.
  -- Without a root, only the size is known (from a witness).
  required_size bigint check (required_size >= 0), required_root hash32,
  check (required_root is null or required_size is not null)
);
insert into log_state default values;

-- A leaf without a subject was taken from published tiles after a restore; its receipt claims it when it comes back.
create table log_leaves (
  leaf_index bigint primary key check (leaf_index >= 0),
  entry hash32 not null,
  receipt_hash hash32, node_id text, key_id text, batch_id text,
  check (num_nonnulls(receipt_hash, key_id, batch_id) <= 1),
  check ((node_id is null) = (key_id is null))
);
create unique index log_leaves_receipt on log_leaves (receipt_hash) where receipt_hash is not null;
create unique index log_leaves_key on log_leaves (node_id, key_id) where key_id is not null;
create unique index log_leaves_batch on log_leaves (batch_id) where batch_id is not null;
create index log_leaves_unclaimed on log_leaves (entry) where num_nonnulls(receipt_hash, key_id, batch_id) = 0;

-- Tiles of hashes at their present width: a narrower one is a beginning of it.
create table log_tiles (
  level smallint not null check (level between 0 and 7),
  tile_index bigint not null check (tile_index >= 0),
  width smallint not null check (width between 1 and 256),
  hashes bytea not null,
  primary key (level, tile_index),
  check (octet_length(hashes) = 32 * width)
);
alter table log_tiles alter column hashes set storage external;

create table log_checkpoints (
  tree_size bigint primary key check (tree_size >= 0),
  root hash32 not null,
  note text not null check (octet_length(note) <= 65536),
  epoch bigint not null,
  published_at timestamptz not null default clock_timestamp()
);

create function log_await_receipts() returns trigger language plpgsql as $$
begin insert into log_pending (receipt_hash) select receipt_hash from added; return null; end $$;
create trigger receipts_await_log after insert on receipts referencing new table as added
  for each statement execute function log_await_receipts();

create function log_await_keys() returns trigger language plpgsql as $$
begin insert into log_pending (node_id, key_id) select node_id, key_id from added; return null; end $$;
create trigger node_transport_keys_await_log after insert on node_transport_keys referencing new table as added
  for each statement execute function log_await_keys();

insert into log_pending (receipt_hash) select receipt_hash from receipts;
insert into log_pending (node_id, key_id) select node_id, key_id from node_transport_keys;

create trigger log_leaves_keep before delete or truncate on log_leaves for each statement execute function forbid_change();
create trigger log_leaves_fixed before update of leaf_index, entry on log_leaves for each statement execute function forbid_change();
create trigger log_tiles_keep before delete or truncate on log_tiles for each statement execute function forbid_change();
