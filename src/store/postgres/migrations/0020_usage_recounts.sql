-- Counts of a gateway beside the counts that nodes signed, of sampled chats. Numbers only: no text, no customer, no job.

create table usage_recounts (
  recount_id bigint generated always as identity primary key,
  node_id text not null references nodes,
  model_profile_id text not null,
  counted_at timestamptz not null default clock_timestamp(),
  claimed_prompt_tokens bigint not null check (claimed_prompt_tokens >= 0),
  counted_prompt_tokens bigint not null check (counted_prompt_tokens >= 0),
  claimed_completion_tokens bigint not null check (claimed_completion_tokens >= 0),
  counted_completion_tokens bigint not null check (counted_completion_tokens >= 0),
  overstated boolean not null
);
create index usage_recounts_by_time on usage_recounts (counted_at);
