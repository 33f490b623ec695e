-- contracts: a gateway that takes receipts one by one does not see those that wait together
-- A row and an index entry for each receipt were a tenth of what a settlement costs: receipts of one statement now wait in one row,
-- their hashes one behind the other.
alter table log_pending add column receipt_hashes bytea check (octet_length(receipt_hashes) > 0 and octet_length(receipt_hashes) % 32 = 0);
alter table log_pending alter column receipt_hashes set storage external;
update log_pending set receipt_hashes = receipt_hash where receipt_hash is not null;
alter table log_pending drop column receipt_hash; -- with the check that names it
alter table log_pending add check (num_nonnulls(receipt_hashes, key_id, batch_id) = 1);

create function log_hashes(p_hashes bytea) returns table (n integer, receipt_hash bytea) language sql immutable as $$
  select n, substring(p_hashes from 32 * n + 1 for 32) from generate_series(0, octet_length(p_hashes) / 32 - 1) n
$$;

create or replace function log_await_receipts() returns trigger language plpgsql as $$
begin
  insert into log_pending (receipt_hashes) select string_agg(receipt_hash, '') from added having count(*) > 0;
  return null;
end $$;
