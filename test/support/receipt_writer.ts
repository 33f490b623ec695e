/** Started by a test with `fork`: signs receipts without end and tells each one after it is on disk. */
import { createReceiptWriter } from "../../src/core/host/receipts/receipt_writer.ts";
import { mintSalt } from "../../src/core/protocol/receipt/commitments.ts";
import { generateIdentity } from "../../src/core/protocol/bytes/ed25519.ts";
import { nodeIdOf } from "../../src/core/protocol/bytes/ids.ts";
import { createIdentityStore } from "../../src/store/sqlite/identity_store.ts";
import { createReceiptStore } from "../../src/store/sqlite/receipt_store.ts";
import { openHostState } from "../../src/store/sqlite/host_state.ts";
import { receiptFacts } from "./receipt_facts.ts";

const state = openHostState(process.argv[2]!);
const identity = createIdentityStore(state).ensureKey("identity", generateIdentity);
const writer = createReceiptWriter({
  store: createReceiptStore(state),
  node_id: nodeIdOf(identity.public_key),
  private_key: identity.private_key,
  now_ms: Date.now,
});

for (;;) {
  const signed = await Promise.all([1, 2].map(() => writer.routed(receiptFacts(), mintSalt())));
  for (const receipt of signed) process.send!(receipt);
}
