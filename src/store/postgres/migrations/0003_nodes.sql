-- Nodes: identity, epochs, liveness, tunnels, commands. Nothing here can hold the address of a node.

-- `changed_xid` lets a gateway read what changed since its last look without missing late commits: it asks for rows at or above the
-- lowest transaction that was still running then (a plain counter is drawn before its commit, and would be skipped).

create table nodes (
  node_id text primary key check (node_id ~ '^node_[0-9a-z]{26}$'),
  status text not null check (status in ('pending', 'active', 'draining', 'suspended', 'retired')),
  display_name text check (length(display_name) between 1 and 128),
  agent_version text not null check (length(agent_version) <= 64),
  protocol_version integer not null check (protocol_version >= 0),
  -- The newest epoch, and the highest sequence accepted under it; 0 until something was signed under it.
  epoch bigint not null default 0 check (epoch >= 0),
  call_seq bigint not null default 0 check (call_seq >= 0),
  -- From where the newest epoch was opened, until it is confirmed that the agent knows it: its answer may be lost, and asked for again.
  opened_from_epoch bigint, opened_seq bigint,
  -- Sealed with a key that follows from the pepper, which is not in this database.
  router_secret_wrapped bytea not null check (octet_length(router_secret_wrapped) = 60),
  stake_registered boolean, stake_active boolean, stake_wei wei, stake_observed_at timestamptz,
  -- The most that may be held for work of this node at once; null is no limit.
  stake_max_open_exposure_wei wei, stake_observed_block bigint check (stake_observed_block >= 0),
  route_tier_override text check (length(route_tier_override) <= 64),
  -- An admin let this node be paid in the tier portable_local.
  portable_paid_route boolean not null default false,
  first_seen timestamptz not null default clock_timestamp(),
  enrolled_at timestamptz not null default clock_timestamp(),
  changed_xid xid8 not null default pg_current_xact_id(),
  check (num_nulls(stake_registered, stake_active, stake_wei, stake_observed_at) in (0, 4))
) with (fillfactor = 70);
create index nodes_changed on nodes (changed_xid);

create function stamp_change() returns trigger language plpgsql as $$
begin new.changed_xid := pg_current_xact_id(); return new; end $$;
-- Not of call_seq: it moves with every call and concerns nobody else.
create trigger nodes_stamp before update of status, display_name, agent_version, protocol_version, epoch, router_secret_wrapped,
  stake_registered, stake_active, stake_wei, stake_observed_at, stake_max_open_exposure_wei, stake_observed_block, route_tier_override, portable_paid_route on nodes
  for each row execute function stamp_change();

-- Identity keys with their period: old receipts stay verifiable.
create table node_keys (
  node_id text not null references nodes,
  ed25519_public_key text not null unique check (length(ed25519_public_key) = 43),
  valid_from timestamptz not null default clock_timestamp(),
  valid_to timestamptz check (valid_to > valid_from),
  primary key (node_id, valid_from)
);
create unique index node_keys_current on node_keys (node_id) where valid_to is null;

-- One row a tunnel: a receipt is checked against epoch and key of its dispatch, not today's.
create table node_epochs (
  node_id text not null references nodes,
  epoch bigint not null check (epoch > 0),
  ed25519_public_key text not null,
  gateway_id text not null,
  opened_at timestamptz not null default clock_timestamp(),
  primary key (node_id, epoch)
);

create table enrollment_challenges (
  nonce_hash hash32 primary key,
  ed25519_public_key text not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index enrollment_challenges_due on enrollment_challenges (expires_at);

create table node_transport_keys (
  node_id text not null references nodes,
  key_id text not null check (length(key_id) <= 64),
  x25519_public_key text not null unique check (length(x25519_public_key) = 43),
  not_before timestamptz not null,
  not_after timestamptz not null,
  signature_ed25519 text not null check (length(signature_ed25519) = 86),
  published_at timestamptz not null default clock_timestamp(),
  primary key (node_id, key_id),
  check (not_after > not_before and not_after <= not_before + interval '7 days')
);
create index node_transport_keys_newest on node_transport_keys (node_id, not_after desc);

-- When a node was last heard, by the clock of this database. Rewritten by every flush, so narrow and without another index (HOT).
create table node_liveness (
  node_id text primary key references nodes,
  epoch bigint not null,
  seen_at timestamptz not null,
  gateway_id text not null,
  changed_xid xid8 not null
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- What the newest heartbeat said; rewritten only when it says something else.
create table node_reports (
  node_id text primary key references nodes,
  epoch bigint not null,
  heard_at timestamptz not null,
  body jsonb not null,
  body_hash hash32 not null,
  changed_xid xid8 not null
) with (fillfactor = 70);
create index node_reports_changed on node_reports (changed_xid);

-- Which gateway holds a node's tunnel; in force as long as that gateway's lease (gateway_leases). Without gateway_id: closed.
create table node_tunnels (
  node_id text primary key references nodes,
  gateway_id text, gateway_epoch bigint,
  tunnel_epoch bigint not null,
  peer_address text,
  changed_xid xid8 not null default pg_current_xact_id(),
  check ((gateway_id is null) = (gateway_epoch is null))
) with (fillfactor = 70);
create index node_tunnels_changed on node_tunnels (changed_xid);
create trigger node_tunnels_stamp before update on node_tunnels for each row execute function stamp_change();

create table commands (
  command_id text primary key check (command_id ~ '^cmd_[0-9a-z]{26}$'),
  node_id text not null references nodes,
  kind text not null check (kind in ('benchmark_smoke', 'tunnel_check', 'runtime_probe', 'model_install', 'support_bundle')),
  payload jsonb not null check (jsonb_typeof(payload) = 'object'),
  state text not null default 'queued' check (state in ('queued', 'leased', 'succeeded', 'failed', 'cancelled', 'dead')),
  -- Rises with every lease; a result counts only under the newest.
  lease_token bigint not null default 0, lease_until timestamptz,
  -- Leases since it was queued.
  attempts integer not null default 0 check (attempts between 0 and 3),
  result jsonb, failure jsonb, result_hash hash32,
  created_by text not null check (length(created_by) <= 128),
  -- Whole milliseconds: pages continue from what JavaScript can hold of it.
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  not_after timestamptz not null,
  closed_at timestamptz,
  check ((state = 'leased') = (lease_until is not null)),
  check ((state in ('queued', 'leased')) = (closed_at is null))
) with (fillfactor = 70);
create index commands_open on commands (node_id, created_at) where state in ('queued', 'leased');
create index commands_by_time on commands (created_at, command_id);
