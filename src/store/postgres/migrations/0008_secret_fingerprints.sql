-- What the database knows of the secrets that all gateways share, so that a gateway with another one does not start (docs/design/index.md, Running it).

create table secret_fingerprints (
  name text primary key check (name in ('pepper', 'log-key')),
  fingerprint bytea not null check (octet_length(fingerprint) = 32),
  recorded_at timestamptz not null default clock_timestamp()
);
