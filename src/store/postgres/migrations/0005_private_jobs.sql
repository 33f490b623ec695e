-- Private jobs (docs/design/evidence.md): sealed bytes, and what ties a command to its hold. Nothing here can be read by the gateway.

alter table commands drop constraint commands_kind_check,
  add constraint commands_kind_check
    check (kind in ('benchmark_smoke', 'tunnel_check', 'runtime_probe', 'model_install', 'support_bundle', 'private_job')),
  add column hold_id uuid,
  add constraint private_job_has_hold check ((hold_id is not null) = (kind = 'private_job')),
  -- The result of a private job is sealed, and kept elsewhere for a day at most.
  add constraint private_job_result_apart check (kind <> 'private_job' or result is null),
  add constraint private_job_request_removed check (kind <> 'private_job' or closed_at is null or not payload ? 'encrypted_request');

-- However a command ends, the sealed request goes with it.
create function forget_private_request() returns trigger language plpgsql as $$
begin new.payload := new.payload - 'encrypted_request'; return new; end $$;
create trigger commands_forget_request before update on commands for each row
  when (new.kind = 'private_job' and new.closed_at is not null) execute function forget_private_request();

create table private_jobs (
  hold_id uuid primary key,
  command_id text not null unique,
  account_id bigint not null,
  -- The customer's own id for the job.
  client_job_id text check (length(client_job_id) between 8 and 64),
  node_id text not null,
  envelope_id hash32 not null,
  -- Of the whole request as it came: a repeat is the same request, anything else a conflict.
  fingerprint hash32 not null,
  quoted_wei wei not null,
  -- The node's signed receipt, as it came with the result.
  receipt jsonb,
  sealed_bytes bigint check (sealed_bytes >= 0),
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  -- When nothing was left to do for it.
  closed_at timestamptz,
  unique (node_id, envelope_id),
  check ((receipt is null) = (sealed_bytes is null))
);
create unique index private_jobs_client_job on private_jobs (account_id, client_job_id) where client_job_id is not null;
create index private_jobs_open on private_jobs (created_at) where closed_at is null;
create index holds_open_private on holds (created_at) where state = 'held' and mode = 'private';

create table sealed_results (
  hold_id uuid primary key,
  encrypted_response jsonb not null,
  stored_at timestamptz not null default clock_timestamp(),
  read_at timestamptz,
  delete_at timestamptz not null,
  constraint kept_a_day_at_most check (delete_at <= stored_at + interval '24 hours')
);
create index sealed_results_due on sealed_results (delete_at);
