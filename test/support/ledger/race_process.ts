import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { createLedgerWriter } from "../../../src/core/gateway/billing/writer.ts";
import { openDatabase } from "../../../src/store/postgres/database.ts";
import { holdOf, quoteFor, receiptFor, settleOf } from "./fixtures.ts";
import type { Payer } from "./fixtures.ts";

/**
 * A gateway's ledger writer as a process of its own; argv: the database's URL. Takes orders as JSON lines, answers each
 * with one. Orders: `rush` (many first requests at once), `spread` (holds and settles over many accounts), `repeat`
 * (each key five times at once).
 */
export type Order =
  | { kind: "rush"; payer: Payer; count: number }
  | { kind: "spread"; payers: Payer[]; in_flight: number; rounds: number }
  | { kind: "repeat"; payer: Payer; keys: string[] };
export type Report = {
  admitted: number;
  codes: Record<string, number>;
  settled: Record<string, string>;
  untrue: string[];
  failures: Record<string, number>;
};

const db = openDatabase({ url: process.argv[2]! });
/** Small batches, so that more of them collide; long waits, so that a slow machine refuses no operation. */
const writer = createLedgerWriter(db, { most_in_batch: 32, hold_wait_ms: 60_000 });
/** Each process speaks for a node epoch of its own, since a receipt's number is used once. */
const node = { node_epoch: process.pid };
const report = (): Report => ({ admitted: 0, codes: {}, settled: {}, untrue: [], failures: writer.stats().failures });

async function rush({ payer, count }: Extract<Order, { kind: "rush" }>): Promise<Report> {
  const told = report();
  await Promise.all(
    Array.from({ length: count }, async () => {
      const verdict = await writer.apply(holdOf(quoteFor(payer)));
      if (verdict.ok) told.admitted += 1;
      else told.codes[verdict.code] = (told.codes[verdict.code] ?? 0) + 1;
    }),
  );
  return told;
}

async function spread({ payers, in_flight, rounds }: Extract<Order, { kind: "spread" }>): Promise<Report> {
  const told = report();
  await Promise.all(
    Array.from({ length: in_flight }, async () => {
      for (let round = 0; round < rounds; round++) {
        const quote = quoteFor(payers[Math.floor(Math.random() * payers.length)]!, node);
        if ((await writer.apply(holdOf(quote))).ok) told.admitted += 1;
        if ((await writer.apply(settleOf(receiptFor(quote)))).ok) told.settled[quote.hold_id] = quote.hold_id;
        await writer.apply({ kind: "release", operation_id: randomUUID(), hold_id: quote.hold_id, reason: "test" });
      }
    }),
  );
  return told;
}

/** Some winners end without charge, so that their key runs again; a repeat must report the true end of the key. */
async function repeat({ payer, keys }: Extract<Order, { kind: "repeat" }>): Promise<Report> {
  const told = report();
  await Promise.all(
    keys.flatMap((key) =>
      Array.from({ length: 5 }, async () => {
        const quote = quoteFor(payer, node);
        const leaving = new AbortController();
        if (Math.random() < 0.1) setTimeout(() => leaving.abort(), 2);
        const verdict = await writer.apply(holdOf(quote, { key, body: key }), leaving.signal).catch(() => undefined);
        if (verdict === undefined) return;
        if (!verdict.ok) {
          told.codes[verdict.code] = (told.codes[verdict.code] ?? 0) + 1;
          if (verdict.code === "idempotency_completed" && verdict.detail["charged_wei"] !== "80") told.untrue.push(key);
          return;
        }
        told.admitted += 1;
        if (Math.random() < 0.3) {
          await writer.apply({ kind: "release", operation_id: randomUUID(), hold_id: quote.hold_id, reason: "test" });
          return;
        }
        const settled = await writer.apply(settleOf(receiptFor(quote)));
        if (!settled.ok) return;
        if (key in told.settled) told.untrue.push(key);
        told.settled[key] = quote.hold_id;
      }),
    ),
  );
  return told;
}

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line) as Order;
  const told = await (order.kind === "rush" ? rush(order) : order.kind === "spread" ? spread(order) : repeat(order));
  process.stdout.write(`${JSON.stringify({ ...told, failures: writer.stats().failures })}\n`);
}
await writer.close();
await db.close();
