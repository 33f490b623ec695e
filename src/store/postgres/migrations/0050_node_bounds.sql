-- The bounds of a hold are those of the node that serves it, so what was reserved of a customer's token limits stands by itself.
-- Null in rows of earlier releases: the sum of their bounds.
alter table holds add column reserved_tokens bigint;

-- Nodes of the model may count reasoning that they do not show; earlier releases leave it as it is.
alter table model_prices add column hidden_reasoning boolean not null default false;
