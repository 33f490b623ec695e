-- contracts: a gateway that does not keep open_holds leaves holds that no worker finds
-- The update that closes a hold wrote the row into every index of its table again, because some of them named columns that it changes.
-- With none that do, and room on its page, it is a heap-only update: about a tenth of the work of a hold and its settlement.
create table open_holds (
  hold_id uuid primary key
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
insert into open_holds select hold_id from holds where state = 'held';

-- A customer's own reference, and the newest hold that has it; it is free again when that one ended without charge.
create table client_references (
  account_id bigint not null,
  client_job_id text not null check (length(client_job_id) between 1 and 128),
  hold_id uuid not null,
  primary key (account_id, client_job_id)
);
insert into client_references
  select distinct on (account_id, client_job_id) account_id, client_job_id, hold_id from holds where client_job_id is not null
  order by account_id, client_job_id, created_at desc, hold_id desc;

-- Settlements of answers whose end no gateway saw: their payouts wait for a review.
create table unobserved_settlements (hold_id uuid primary key);
insert into unobserved_settlements select hold_id from holds where unobserved;
create trigger unobserved_settlements_append_only before update or delete or truncate on unobserved_settlements
  for each statement execute function forbid_change();

drop index holds_open;
drop index holds_open_private;
drop index holds_client_job;
drop index holds_paid_by_node;
alter table holds set (fillfactor = 40);
-- Postgres 16 and newer keep an index of ranges without giving up the heap-only update.
create index holds_by_close on holds using brin (closed_at);
