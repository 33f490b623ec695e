-- contracts: a gateway that rolls up payouts and fees only leaves settlements out
-- What a settlement moves is one row, not two: the charge leaves the customer, the fee goes to the platform and the rest to the node.
alter table transfers add column fee_wei wei;
alter table transfers drop constraint transfers_kind_check, drop constraint transfers_check;
alter table transfers add check (kind in ('credit', 'payout', 'fee', 'settlement', 'refund')),
  add check ((node_id is not null) = (kind in ('payout', 'settlement'))),
  add check ((fee_wei is not null) = (kind = 'settlement') and (fee_wei is null or fee_wei <= amount_wei));
drop index transfers_once_per_hold;
create unique index transfers_once_per_hold on transfers (hold_id, kind) where kind in ('payout', 'fee', 'settlement');

-- Each movement from one account to another, whichever release wrote it.
create view movements as
  select seq, kind, account_id, node_id, hold_id, amount_wei, created_at from transfers where kind <> 'settlement'
  union all
  select seq, 'payout', account_id, node_id, hold_id, amount_wei - fee_wei, created_at from transfers
    where kind = 'settlement' and fee_wei < amount_wei
  union all
  select seq, 'fee', account_id, null, hold_id, fee_wei, created_at from transfers where kind = 'settlement' and fee_wei > 0;
