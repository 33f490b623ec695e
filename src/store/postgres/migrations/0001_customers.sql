-- Customers, what they authenticate with, and what they may do. Opaque ids and keyed hashes only: no names, mails or addresses.

create domain wei as numeric(78,0)
  check (value >= 0 and value < 115792089237316195423570985008687907853269984665640564039457584007913129639936);
create domain hash32 as bytea check (octet_length(value) = 32);

create function forbid_change() returns trigger language plpgsql as $$
begin raise exception 'table % is append-only', tg_table_name; end $$;

-- A counter per subject moves with every change, so that gateways know within a second that their copy is old.
create table control_generations (name text primary key, value bigint not null);

create function bump_generation(p_name text) returns void language sql as $$
  insert into control_generations (name, value) values (p_name, 1)
  on conflict (name) do update set value = control_generations.value + 1
$$;

create table customers (
  customer_id text primary key check (customer_id ~ '^cus_[0-9a-z]{26}$'),
  label text check (length(label) between 1 and 128),
  status text not null default 'active' check (status in ('active', 'frozen', 'closed')),
  policy_version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp()
);

create table customer_tokens (
  token_id bigint generated always as identity primary key,
  customer_id text not null references customers,
  token_hash hash32 not null unique,
  display_tail text not null check (length(display_tail) = 4),
  created_at timestamptz not null default clock_timestamp(),
  revoked_at timestamptz
);
create index customer_tokens_by_customer on customer_tokens (customer_id);

-- Gateway keys. Without customer_id: an operator's key, from which no customer follows.
create table credentials (
  credential_id text primary key check (credential_id ~ '^key_[0-9a-z]{26}$'),
  customer_id text references customers,
  operator boolean not null default false,
  key_hash hash32 not null unique,
  display_tail text not null check (length(display_tail) = 4),
  label text check (length(label) between 1 and 128),
  scopes text[] not null check (scopes <@ array['models:read', 'chat:create', 'billing:read']),
  policy_version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz,
  -- Revoked with abort: answers in flight are cut as well.
  abort boolean not null default false,
  check (operator = (customer_id is null)),
  check (not abort or revoked_at is not null)
);
create index credentials_by_customer on credentials (customer_id, created_at);

-- Policies are versioned; the newest is in force, and a hold names the version that admitted it.
create table customer_policies (
  customer_id text not null references customers,
  version bigint not null check (version >= 1),
  policy jsonb not null check (jsonb_typeof(policy) = 'object'),
  created_at timestamptz not null default clock_timestamp(),
  primary key (customer_id, version)
);
create table credential_policies (
  credential_id text not null references credentials,
  version bigint not null check (version >= 1),
  policy jsonb not null check (jsonb_typeof(policy) = 'object'),
  created_at timestamptz not null default clock_timestamp(),
  primary key (credential_id, version)
);
create trigger customer_policies_append_only before update or delete or truncate on customer_policies
  for each statement execute function forbid_change();
create trigger credential_policies_append_only before update or delete or truncate on credential_policies
  for each statement execute function forbid_change();

create function credentials_changed() returns trigger language plpgsql as $$
begin perform bump_generation('credentials'); return null; end $$;
create function policies_changed() returns trigger language plpgsql as $$
begin perform bump_generation('policies'); return null; end $$;
create trigger customers_changed after insert or update or delete on customers for each statement execute function credentials_changed();
create trigger customer_tokens_changed after insert or update or delete on customer_tokens for each statement execute function credentials_changed();
create trigger credentials_changed after insert or update or delete on credentials for each statement execute function credentials_changed();
create trigger customer_policies_changed after insert on customer_policies for each statement execute function policies_changed();
create trigger credential_policies_changed after insert on credential_policies for each statement execute function policies_changed();
