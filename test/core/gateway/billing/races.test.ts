import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountOf, makePayer } from "../../../support/ledger/fixtures.ts";
import type { Payer } from "../../../support/ledger/fixtures.ts";
import type { Order, Report } from "../../../support/ledger/race_process.ts";
import { testLedger } from "../../../support/ledger/ledger.ts";

/** Several processes, since one event loop hides races. Sizes by environment: RUSH_ROUNDS, REPEAT_KEYS. */
const PROCESSES = 4;
const ROUNDS = Number(process.env["RUSH_ROUNDS"] ?? 3);
const KEYS = Number(process.env["REPEAT_KEYS"] ?? 200);

const ledger = await testLedger();
const { db, writer } = ledger;
const processes: { child: ChildProcess; lines: AsyncIterator<string> }[] = [];

beforeAll(async () => {
  // Below the lock time-out of the writers, so that a deadlock is told as one.
  await db.pool.query(`alter database ${db.name} set deadlock_timeout = '25ms'`);
  for (let index = 0; index < PROCESSES; index++) {
    const child = spawn(
      process.execPath,
      [new URL("../../../support/ledger/race_process.ts", import.meta.url).pathname, db.url],
      {
        stdio: ["pipe", "pipe", "inherit"],
      },
    );
    processes.push({ child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() });
  }
});
afterAll(async () => {
  for (const { child } of processes) {
    child.stdin!.end();
    if (child.exitCode === null) await once(child, "exit");
  }
  await ledger.close();
});

async function order(orders: (index: number) => Order): Promise<Report[]> {
  processes.forEach(({ child }, index) => child.stdin!.write(`${JSON.stringify(orders(index))}\n`));
  return Promise.all(processes.map(async ({ lines }) => JSON.parse((await lines.next()).value as string) as Report));
}

test.each(Array.from({ length: ROUNDS }, (_, round) => round))(
  "of 1,000 first requests at once, a cap of exactly ten admits ten (%i)",
  async () => {
    const payer = await makePayer(db, writer, {
      credit_wei: 10n ** 9n,
      key_policy: { spend_caps: [{ window_seconds: 86_400, cap_wei: 5_499n }] },
    });
    const reports = await order(() => ({ kind: "rush", payer, count: 1_000 / PROCESSES }));
    expect(reports.reduce((sum, { admitted }) => sum + admitted, 0)).toBe(10);
    expect(reports.reduce((sum, { codes }) => sum + codes["gateway_spend_cap_exceeded"]!, 0)).toBe(990);
    expect(await accountOf(db, payer)).toMatchObject({ reserved_wei: "5000", open_holds: 10, entries: 11 });
  },
);

test("of 1,000 requests at once, a balance for exactly ten admits ten", async () => {
  const payer = await makePayer(db, writer, { credit_wei: 5_499n });
  const reports = await order(() => ({ kind: "rush", payer, count: 1_000 / PROCESSES }));
  expect(reports.reduce((sum, { admitted }) => sum + admitted, 0)).toBe(10);
  expect(
    reports.map(({ failures }) => failures["conflict"]),
    "row locks, not retries, keep the count",
  ).toEqual([0, 0, 0, 0]);
});

test("writers on one account wait for each other, and no batch is undone", async () => {
  const payer = await makePayer(db, writer, { credit_wei: 10n ** 9n });
  const reports = await order(() => ({ kind: "spread", payers: [payer], in_flight: 64, rounds: 4 }));
  expect(reports.map(({ settled }) => Object.keys(settled).length)).toEqual([256, 256, 256, 256]);
  expect(
    reports.map(({ failures }) => failures["conflict"]),
    "row locks, not retries, keep the count",
  ).toEqual([0, 0, 0, 0]);
  expect(await accountOf(db, payer)).toMatchObject({
    debited_wei: String(80 * 1024),
    reserved_wei: "0",
    open_holds: 0,
  });
});

test("writers over many shared accounts never deadlock", async () => {
  const payers: Payer[] = [];
  for (let made = 0; made < 100; made++) payers.push(await makePayer(db, writer, { credit_wei: 10n ** 9n }));
  const reports = await order(() => ({ kind: "spread", payers, in_flight: 128, rounds: 3 }));
  expect(reports.map(({ admitted }) => admitted)).toEqual([384, 384, 384, 384]);
  expect(reports.map(({ settled }) => Object.keys(settled).length)).toEqual([384, 384, 384, 384]);
  expect(
    reports.map(({ failures }) => failures["conflict"]),
    "deadlocks",
  ).toEqual([0, 0, 0, 0]);
});

test("an Idempotency-Key sent five times by each of four processes, with waiters that leave, is charged at most once", async () => {
  const payer = await makePayer(db, writer, { credit_wei: 10n ** 9n });
  const keys = Array.from({ length: KEYS }, (_, index) => `order-${index}`);
  const reports = await order(() => ({ kind: "repeat", payer, keys }));
  expect(reports.flatMap(({ untrue }) => untrue)).toEqual([]);
  const settled = reports.flatMap((report) => Object.keys(report.settled));
  expect(new Set(settled).size, "no key was charged by two").toBe(settled.length);
  expect(settled.length).toBeGreaterThan(KEYS / 2);
  expect(await accountOf(db, payer)).toMatchObject({ debited_wei: String(80 * settled.length) });
});
