import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { LedgerOperation } from "../../../../src/core/gateway/billing/operations.ts";
import {
  createItem,
  createQueue,
  enqueue,
  putBack,
  queued,
  removeHolds,
  takeBatch,
} from "../../../../src/core/gateway/billing/queue.ts";
import type { Item } from "../../../../src/core/gateway/billing/queue.ts";
import { mintId } from "../../../../src/core/protocol/bytes/ids.ts";
import { holdOf, quoteFor, receiptFor, releaseHold, settleOf } from "../../../support/ledger/fixtures.ts";

const payer = { customer_id: mintId("cus"), credential_id: mintId("key") };
const hold_id = randomUUID();

const expire: LedgerOperation = { kind: "expire", operation_id: randomUUID(), hold_id };
const redispatch: LedgerOperation = {
  kind: "redispatch",
  operation_id: randomUUID(),
  hold_id,
  node_id: "node_next",
  node_epoch: 1,
  prompt_price_wei: 1n,
  completion_price_wei: 1n,
  fence: 2,
  serving: null,
};

function itemOf(operation: LedgerOperation, signal?: AbortSignal): Item {
  const { item, outcome } = createItem(operation, 0, signal);
  outcome.catch(() => {});
  return item;
}

function queueOf(...operations: LedgerOperation[]) {
  const queue = createQueue();
  for (const operation of operations) enqueue(queue, itemOf(operation));
  return queue;
}

const kinds = (items: Item[]) => items.map((item) => item.operation.kind);

test("money that comes back is taken first, then what changes open holds, then new holds", () => {
  const quote = quoteFor(payer);
  const queue = queueOf(holdOf(quote), redispatch, expire, settleOf(receiptFor(quote)), releaseHold(hold_id));
  expect(kinds(takeBatch(queue, 3))).toEqual(["settle", "release", "redispatch"]);
  expect(kinds(takeBatch(queue, 3))).toEqual(["expire", "hold"]);
  expect(queued(queue)).toBe(0);
});

test("items that are put back come before all others of their priority, in their order", () => {
  const [first, second, third] = [1, 2, 3].map(() => holdOf(quoteFor(payer)));
  const queue = queueOf(first!, second!);
  const taken = takeBatch(queue, 2);
  enqueue(queue, itemOf(third!));
  enqueue(queue, itemOf(expire));
  putBack(queue, taken);
  expect(takeBatch(queue, 4).map((item) => item.operation)).toEqual([expire, first, second, third]);
});

test("a hold whose caller left is dropped, unless it may have been applied", () => {
  const queue = createQueue();
  const leaving = new AbortController();
  const [fresh, sent] = [holdOf(quoteFor(payer)), holdOf(quoteFor(payer))].map((hold) => itemOf(hold, leaving.signal));
  sent!.maybe_applied = true;
  enqueue(queue, fresh!);
  enqueue(queue, sent!);
  leaving.abort();
  expect(takeBatch(queue, 2)).toEqual([sent]);
  expect(queued(queue)).toBe(0);
});

test("holds that match are taken out, and nothing else", () => {
  const [late, early] = [holdOf(quoteFor(payer)), holdOf(quoteFor(payer))];
  const queue = queueOf(late, early, expire);
  expect(removeHolds(queue, (item) => item.operation !== early).map((item) => item.operation)).toEqual([late]);
  expect(kinds(takeBatch(queue, 3))).toEqual(["expire", "hold"]);
});

test("the settlement of a plain answer whose caller left releases its hold", () => {
  const leaving = new AbortController();
  const settle = { ...settleOf(receiptFor(quoteFor(payer))), deliver_within_ms: 1_000 };
  const item = itemOf(settle, leaving.signal);
  leaving.abort();
  expect(item).toMatchObject({ caller_left: true, operation: { ...settle, deliver_within_ms: 0 } });
});
