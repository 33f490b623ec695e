import { afterEach, beforeEach, expect, test } from "vitest";
import { createOutbox, type Outbox } from "../../../../src/core/host/gateway_link/outbox.ts";
import { createReceiptWriter } from "../../../../src/core/host/receipts/receipt_writer.ts";
import { createLog } from "../../../../src/core/log.ts";
import { mintSalt } from "../../../../src/core/protocol/receipt/commitments.ts";
import { generateIdentity } from "../../../../src/core/protocol/bytes/ed25519.ts";
import { nodeIdOf } from "../../../../src/core/protocol/bytes/ids.ts";
import type { SignedReceipt } from "../../../../src/core/protocol/receipt/receipt.ts";
import { createReceiptStore, type ReceiptStore } from "../../../../src/store/sqlite/receipt_store.ts";
import { openHostState, type HostState } from "../../../../src/store/sqlite/host_state.ts";
import { temporaryFolder } from "../../../support/host.ts";
import { receiptFacts } from "../../../support/receipt_facts.ts";

type Verdict = Awaited<ReturnType<Outbox["submitNow"]>>;

let folder: ReturnType<typeof temporaryFolder>;
let state: HostState;
let store: ReceiptStore;
let submitted: SignedReceipt[];
let answer: (receipt: SignedReceipt) => Verdict;
let now_ms: number;
let outbox: Outbox;
const identity = generateIdentity();

beforeEach(() => {
  folder = temporaryFolder();
  state = openHostState(folder.path);
  store = createReceiptStore(state);
  submitted = [];
  answer = () => ({ status: "settled" });
  now_ms = 1_000_000;
  outbox = createOutbox({
    store,
    now_ms: () => now_ms,
    log: createLog({ level: "silent", program: "test" }),
    submit: async (receipt) => {
      submitted.push(receipt);
      return answer(receipt);
    },
  });
});

afterEach(async () => {
  await outbox.stop();
  state.close();
  folder.remove();
});

async function receipt(): Promise<SignedReceipt> {
  const writer = createReceiptWriter({
    store,
    node_id: nodeIdOf(identity.public_key),
    private_key: identity.private_key,
    now_ms: () => now_ms,
  });
  return writer.routed(receiptFacts(), mintSalt());
}

const statusOf = (hash: string) => store.find(hash)?.status;

test("waits for the stream to bring a receipt, then submits it until the gateway has answered", async () => {
  const signed = await receipt();
  answer = () => {
    throw new Error("away");
  };
  outbox.start();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(submitted).toEqual([]);
  now_ms += 5_001;
  outbox.wake();
  await expect.poll(() => submitted.length).toBe(1);
  await expect.poll(() => store.find(signed.receipt_hash)!.attempts).toBe(1);
  answer = () => ({ status: "retry", reason: "answer_open" });
  now_ms += 60_000;
  outbox.wake();
  await expect.poll(() => store.find(signed.receipt_hash)!.attempts).toBe(2);
  expect(statusOf(signed.receipt_hash)).toBe("pending");
  answer = () => ({ status: "recorded", reason: "hold_closed" });
  now_ms += 60_000;
  outbox.wake();
  await expect.poll(() => statusOf(signed.receipt_hash)).toBe("recorded");
  expect(store.find(signed.receipt_hash)!.reason).toBe("hold_closed");
  expect(submitted).toEqual([signed, signed, signed]);
  now_ms += 600_000;
  outbox.wake();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(submitted.length).toBe(3);
});

test("keeps what was answered for 30 days, and what was not for ever", async () => {
  const [settled, pending] = [await receipt(), await receipt()];
  await outbox.submitNow(store.find(settled.receipt_hash)!);
  const days = (count: number) => now_ms + count * 24 * 3_600_000;
  expect(store.prune(days(29) - 30 * 24 * 3_600_000)).toBe(0);
  expect(statusOf(settled.receipt_hash)).toBe("settled");
  expect(store.prune(days(31) - 30 * 24 * 3_600_000)).toBe(1);
  expect(statusOf(settled.receipt_hash)).toBeUndefined();
  expect(statusOf(pending.receipt_hash)).toBe("pending");
});
