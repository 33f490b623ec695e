import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { createHoldMemory, forgetRow, rememberHold } from "../../../../src/core/gateway/billing/hold_memory.ts";
import type { HoldMemory } from "../../../../src/core/gateway/billing/hold_memory.ts";
import type { Hold } from "../../../../src/core/gateway/billing/model.ts";
import type { HoldQuote, LedgerOperation } from "../../../../src/core/gateway/billing/operations.ts";
import { rowsToLoad } from "../../../../src/core/gateway/billing/rows_to_load.ts";
import { mintId } from "../../../../src/core/protocol/bytes/ids.ts";
import { holdOf, quoteFor, receiptFor, releaseHold, settleOf } from "../../../support/ledger/fixtures.ts";
import { memoryLedger } from "../../../support/ledger/memory.ts";
import type { MemoryLedger } from "../../../support/ledger/memory.ts";

const payer = { customer_id: mintId("cus"), credential_id: mintId("key") };
const NOTHING_RETRIED = new WeakSet<LedgerOperation>();

let memory: HoldMemory;
let ledger: MemoryLedger;
let quote: HoldQuote;
let row: Hold;
beforeEach(() => {
  memory = createHoldMemory();
  ledger = memoryLedger();
  ledger.addPayer(payer);
  const { customer_id } = payer;
  ledger.apply([{ kind: "credit", operation_id: randomUUID(), customer_id, amount_wei: 1_000n, reference: "first" }]);
  quote = quoteFor(payer);
  ledger.apply([holdOf(quote)]);
  row = structuredClone(ledger.state.holds.get(quote.hold_id)!);
  rememberHold(memory, row, customer_id);
});

const load = (...operations: LedgerOperation[]) => rowsToLoad(operations, memory, NOTHING_RETRIED);

test("a settlement that the remembered row allows reads no hold, and locks the account of its customer", () => {
  expect(load(settleOf(receiptFor(quote)))).toMatchObject({
    remembered: [row],
    hold_ids: [],
    job_ids: [],
    unknown: { hold_ids: [], job_ids: [] },
    customer_ids: [payer.customer_id],
    credential_ids: [payer.credential_id],
  });
});

test("a row is handed out once: after a batch that decided on it and was not committed, the hold is read", () => {
  const settle = settleOf(receiptFor(quote));
  const [handed_out] = load(settle).remembered;
  handed_out!.observed = settle.observation; // the batch changes the row, and its commit fails
  const again = load(settle);
  expect(again).toMatchObject({ remembered: [], hold_ids: [quote.hold_id], customer_ids: [payer.customer_id] });
});

test("two settlements of one hold in a batch do not share its row", () => {
  const both = load(settleOf(receiptFor(quote)), settleOf(receiptFor(quote, { node_seq: 2 })));
  expect(both).toMatchObject({ remembered: [row], hold_ids: [quote.hold_id] });
});

test("a receipt that the remembered row refuses, one without an observation, and any other operation read the hold", () => {
  const operations = [
    settleOf(receiptFor(quote, { fence: 2 })),
    settleOf(receiptFor(quote), null),
    releaseHold(quote.hold_id),
  ];
  for (const operation of operations)
    expect(load(operation)).toMatchObject({ remembered: [], hold_ids: [quote.hold_id], job_ids: [] });
  expect(load(operations[1]!).live_owners).toBe(true);
  expect(load(settleOf(receiptFor(quote))).remembered).toHaveLength(1);
});

test("a row that was changed is forgotten; whom the hold belongs to is not", () => {
  forgetRow(memory, row);
  expect(load(settleOf(receiptFor(quote)))).toMatchObject({
    remembered: [],
    hold_ids: [quote.hold_id],
    unknown: { hold_ids: [], job_ids: [] },
    customer_ids: [payer.customer_id],
  });
});

test("the account of a hold that is not known is looked up by the hold", () => {
  const other = quoteFor(payer);
  expect(load(settleOf(receiptFor(other)))).toMatchObject({
    job_ids: [other.job_id],
    unknown: { hold_ids: [], job_ids: [other.job_id] },
    customer_ids: [],
  });
});

test("the ids of a new hold are looked up only when its operation was in a batch before", () => {
  const hold = holdOf(quoteFor(payer, { client_job_id: "mine" }));
  const { hold_id, job_id, customer_id } = hold.quote;
  expect(load(hold)).toMatchObject({
    hold_ids: [],
    job_ids: [],
    client_jobs: [{ customer_id, client_job_id: "mine" }],
  });
  expect(rowsToLoad([hold], memory, new WeakSet([hold]))).toMatchObject({ hold_ids: [hold_id], job_ids: [job_id] });
});
