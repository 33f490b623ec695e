import { createLedgerWriter } from "../../../src/core/gateway/billing/writer.ts";
import { openDatabase } from "../../../src/store/postgres/database.ts";
import { holdOf, quoteFor, receiptFor, releaseHold, settleOf } from "../../support/ledger/fixtures.ts";
import type { Payer } from "../../support/ledger/fixtures.ts";

/**
 * Holds and settles without end, and prints each answer as soon as it has it: what is printed must be in the books
 * whatever is killed.
 */
const [url, payers_json] = process.argv.slice(2) as [string, string];
const payers = JSON.parse(payers_json) as Payer[];
const writer = createLedgerWriter(openDatabase({ url }), { hold_wait_ms: 5_000 });
const node_epoch = Date.now();

async function caller(): Promise<never> {
  for (;;) {
    const quote = quoteFor(payers[Math.floor(Math.random() * payers.length)]!, {
      node_epoch,
      mode: Math.random() < 0.5 ? "plain" : "stream",
    });
    const held = await writer.apply(holdOf(quote)).catch(() => undefined);
    if (held?.ok !== true) continue;
    process.stdout.write(`held ${quote.hold_id}\n`);
    if (Math.random() < 0.2) {
      if ((await writer.apply(releaseHold(quote.hold_id))).ok) process.stdout.write(`released ${quote.hold_id}\n`);
      continue;
    }
    const settled = await writer.apply(settleOf(receiptFor(quote)));
    if (settled.ok) process.stdout.write(`settled ${quote.hold_id}\n`);
  }
}

await Promise.all(Array.from({ length: 24 }, caller));
