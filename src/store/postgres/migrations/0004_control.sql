-- What admins decide and what the gateways observe of the nodes. Generation 'control' moves with every change here.

create table model_prices (
  model_id text primary key check (length(model_id) between 1 and 256),
  default_prompt_price_wei wei, default_completion_price_wei wei,
  floor_prompt_price_wei wei, floor_completion_price_wei wei,
  ceiling_prompt_price_wei wei, ceiling_completion_price_wei wei,
  updated_at timestamptz not null default now()
);

create table observed_benchmarks (
  node_id text not null, model_profile_id text not null,
  ttft_ms integer not null check (ttft_ms >= 0),
  tokens_per_second double precision not null check (tokens_per_second > 0),
  prompt_tokens integer not null, completion_tokens integer not null,
  gateway_id text not null, observed_at timestamptz not null default now(),
  primary key (node_id, model_profile_id)
);

create table incidents (
  incident_id text primary key,
  scope text not null check (scope in ('global', 'route_class', 'tier', 'model', 'node', 'customer', 'payouts')),
  target text not null default '*',
  reason text not null check (length(reason) between 1 and 1000),
  opened_by text not null, opened_at timestamptz not null default now(),
  cleared_by text, clear_reason text, cleared_at timestamptz,
  check ((cleared_at is null) = (cleared_by is null))
);
create unique index one_open_incident on incidents (scope, target) where cleared_at is null;

-- Hash-chained: each row's hash covers its own canonical text and the hash before it (docs/design/nodes.md, Incidents).
create table audit_log (
  seq bigint primary key,
  at timestamptz not null,
  actor text not null, action text not null, target text not null,
  detail jsonb not null,
  previous_hash bytea not null check (octet_length(previous_hash) = 32),
  hash bytea not null check (octet_length(hash) = 32)
);
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function forbid_change();

create function control_changed() returns trigger language plpgsql as $$
begin perform bump_generation('control'); return null; end $$;
create trigger model_prices_changed after insert or update or delete on model_prices for each statement execute function control_changed();
create trigger incidents_changed after insert or update or delete on incidents for each statement execute function control_changed();
create trigger observed_benchmarks_changed after insert or update or delete on observed_benchmarks for each statement execute function control_changed();
