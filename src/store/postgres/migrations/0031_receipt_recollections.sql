-- After a restore: nodes that are asked for the receipts that they were told are taken (docs/design/money.md, Recovery). Each gateway asks
-- the nodes whose tunnels it holds, page by page.
create table receipt_recollections (
  node_id text primary key,
  -- What was acknowledged to the node before this time is in the database.
  since timestamptz not null,
  -- The node's own number of the last receipt that was seen.
  after_id bigint not null default 0,
  taken bigint not null default 0 check (taken >= 0),
  requested_at timestamptz not null default clock_timestamp(),
  done_at timestamptz
);
