-- Where the other gateways reach this one, so that they can ask whether it lives (billing: requests under a key that it had in hand).
alter table gateway_leases add column peer_address text check (octet_length(peer_address) <= 300);
