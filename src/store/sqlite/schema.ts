/** The agent's tables, one entry a version; `user_version` counts those that a file has. Entries are append-only. */
export const MIGRATIONS: readonly string[] = [
  `
  create table keys (
    purpose text primary key,
    private_key text not null,
    public_key text not null,
    created_at_ms integer not null
  ) strict;

  create table settings (name text primary key, value text not null) strict;

  -- What an enrollment left, as JSON: node id, epoch, router secret and transport key.
  create table enrollments (gateway_url text primary key, record text not null, enrolled_at_ms integer not null) strict;

  -- Numbers that only rise: node_seq of each epoch, of local receipts, and of signed calls.
  create table counters (name text primary key, value integer not null) strict, without rowid;

  create table receipts (
    id integer primary key autoincrement,
    receipt_hash text not null unique,
    kind text not null check (kind in ('network', 'local')),
    job_id text,
    fence integer,
    payload text not null,
    signature_ed25519 text not null,
    commitment_salt text not null,
    created_at_ms integer not null,
    status text not null check (status in ('local', 'pending', 'settled', 'recorded')),
    reason text,
    submitted_at_ms integer,
    attempts integer not null default 0,
    next_attempt_at_ms integer not null default 0
  ) strict;
  create index receipts_by_job on receipts (job_id) where job_id is not null;
  create index receipts_waiting on receipts (next_attempt_at_ms) where status = 'pending';
  create index receipts_done on receipts (submitted_at_ms) where status <> 'pending';

  create table local_keys (
    key_id text primary key,
    key_hash blob not null unique,
    label text,
    scopes text not null,
    display_tail text not null,
    created_at_ms integer not null,
    expires_at_ms integer,
    revoked_at_ms integer
  ) strict;

  create table owner (
    id integer primary key check (id = 1),
    name text not null,
    salt blob not null,
    password_hash blob not null,
    claimed_at_ms integer not null
  ) strict;

  create table sessions (
    token_hash blob primary key,
    created_at_ms integer not null,
    expires_at_ms integer not null
  ) strict, without rowid;

  create table prices (
    model_profile_id text primary key,
    prompt_price_wei text,
    completion_price_wei text
  ) strict;
  `,
  `
  -- Keys to which clients seal private jobs; a row goes, private part and all, one hour after the key's end.
  create table transport_keys (
    key_id text primary key,
    gateway_url text not null,
    x25519_public_key text not null unique,
    private_key text not null,
    not_before text not null,
    not_after text not null,
    not_after_ms integer not null,
    signature_ed25519 text not null,
    published integer not null check (published in (0, 1))
  ) strict;

  -- Each envelope is opened for one command only, as long as its key lives.
  create table opened_envelopes (
    envelope_id text primary key,
    key_id text not null references transport_keys on delete cascade,
    command_id text not null
  ) strict, without rowid;
  create index opened_envelopes_by_key on opened_envelopes (key_id);
  `,
];
