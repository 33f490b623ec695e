import { mintId } from "../../src/core/protocol/bytes/ids.ts";

/** A node's facts for the receipt of a job that no other test uses. */
export const receiptFacts = () => ({
  node_epoch: 1,
  job_id: mintId("job"),
  fence: 1,
  model_id: "m",
  model_profile_id: "m@openai",
  runtime_kind: "openai",
  outcome: "ok" as const,
  prompt_tokens: 1,
  completion_tokens: 2,
  prompt_price_wei: "1",
  completion_price_wei: "1",
  fee_bps: 500,
  request_commitment: "0".repeat(64),
  response_commitment: "0".repeat(64),
});
