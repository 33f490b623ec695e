-- How much of a stream had left its gateway, noted while it runs. Apart from what is observed at its end: to a gateway of the previous
-- release a hold with an observation is one that its own gateway has let go, and may be taken over.
alter table holds add column noted jsonb;
