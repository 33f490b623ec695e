/** Started by a test with `fork`: signs receipts without end and tells each one after it is on disk. */
import { createReceiptWriter } from "../../src/core/host/receipts.ts";
import { mintSalt } from "../../src/core/protocol/commitments.ts";
import { generateIdentity } from "../../src/core/protocol/ed25519.ts";
import { mintId, nodeIdOf } from "../../src/core/protocol/ids.ts";
import { createIdentityStore } from "../../src/store/sqlite/identity.ts";
import { createReceiptStore } from "../../src/store/sqlite/receipts.ts";
import { openHostState } from "../../src/store/sqlite/state.ts";

const state = openHostState(process.argv[2]!);
const identity = createIdentityStore(state).ensureKey("identity", generateIdentity);
const writer = createReceiptWriter({
  store: createReceiptStore(state),
  node_id: nodeIdOf(identity.public_key),
  private_key: identity.private_key,
  now_ms: Date.now,
});

for (;;) {
  const facts = {
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
  };
  const signed = await Promise.all([writer.routed(facts, mintSalt()), writer.routed(facts, mintSalt())]);
  for (const receipt of signed) process.send!(receipt);
}
