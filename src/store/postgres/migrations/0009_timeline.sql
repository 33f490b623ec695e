-- The timeline of the cluster on which the books were verified last. Another one means a failover or a restore: gateways
-- stay unready until `ledger verify` passed on it (docs/design/index.md, Platform).
create table verified_timeline (
  one boolean primary key default true check (one),
  timeline text not null,
  verified_at timestamptz not null default clock_timestamp()
);
