-- What was decided about a payout that is withheld because no gateway saw the end of its answer (docs/design/money.md, Clamp). A decision is
-- final: what it lets go may be in a batch.
create table payout_reviews (
  hold_id uuid primary key,
  receipt_hash hash32 not null unique,
  node_id text not null,
  payout_wei wei not null,
  decision text not null check (decision in ('released', 'refused')),
  reason text not null check (length(reason) between 1 and 1000),
  decided_by text not null check (length(decided_by) <= 128),
  decided_at timestamptz not null default clock_timestamp()
);
create trigger payout_reviews_append_only before update or delete or truncate on payout_reviews for each statement execute function forbid_change();
