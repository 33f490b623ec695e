import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { audited, auditHash } from "../../../src/core/gateway/audit/audit.ts";
import { createLedgerWriter } from "../../../src/core/gateway/billing/writer.ts";
import { ADVISORY_LOCKS } from "../../../src/store/postgres/advisory_locks.ts";
import { auditedTransaction } from "../../../src/store/postgres/control/audit_append.ts";
import { rollUpTransfers } from "../../../src/store/postgres/ledger/roll_up.ts";
import { credit, makePayer } from "../../support/ledger/fixtures.ts";
import { asAdmin } from "../../support/audit.ts";
import { testDatabase } from "../../support/database.ts";
import type { TestDatabase } from "../../support/database.ts";

const SRC = path.resolve(import.meta.dirname, "..", "..", "..", "src");

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

/** An act that does nothing but leave its audit row. */
const record = (target: string) =>
  auditedTransaction(
    db,
    () => audited(asAdmin("change"), target),
    async () => {},
  );

/** A transaction of a session that does something meanwhile. */
async function meanwhile(begin: string, values: unknown[], work: () => Promise<unknown>): Promise<void> {
  const session = await db.connect();
  try {
    await session.query("begin");
    await session.query(begin, values);
    await work();
    await session.query("commit");
  } finally {
    await session.end();
  }
}

test("no two have the same number, and no lock has a number that is not among them", () => {
  const numbers = Object.values<number>(ADVISORY_LOCKS);
  expect(new Set(numbers).size).toBe(numbers.length);
  const uses = fs
    .readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|sql)$/.test(name) && path.basename(name) !== "advisory_locks.ts")
    .flatMap((name) => {
      const text = fs.readFileSync(path.join(SRC, name), "utf8");
      expect(text, `${name} has a number of a lock`).not.toMatch(/833_?017/);
      const calls = [...text.matchAll(/pg_(?:try_)?advisory_(?!unlock_all)\w+\(([^)]*)\)/g)];
      return calls.map(([call, argument]) => ({ name, call, argument, named: text.includes("ADVISORY_LOCKS.") }));
    });
  expect(uses.length, "the pattern finds the uses").toBeGreaterThanOrEqual(numbers.length);
  for (const use of uses) expect(use, "a lock is taken by a name of advisory_locks.ts").toMatchObject({ named: true });
  for (const { name, call, argument } of uses)
    expect(["$1", "?"], `${call} in ${name} takes its number as a parameter`).toContain(argument);
});

test("the ledger's batches and its roll-up keep the number that the previous release takes", () => {
  expect(ADVISORY_LOCKS.roll_up).toBe(833_017_002);
});

test("an admin's change waits for no batch of the ledger, and neither batch nor roll-up for it", async () => {
  await meanwhile("select pg_advisory_xact_lock_shared($1)", [ADVISORY_LOCKS.roll_up], async () => {
    await record("beside a batch");
  });
  const writer = createLedgerWriter(db);
  await meanwhile("select pg_advisory_xact_lock($1)", [ADVISORY_LOCKS.audit], async () => {
    await credit(writer, await makePayer(db, writer), 5n, randomUUID());
    await rollUpTransfers(db);
  });
  await writer.close();
});

test("beside a gateway of the previous release, whose audit takes another lock, the chain stays whole", async () => {
  await record("before both");
  const { rows } = await db.pool.query<{ seq: number; hash: Buffer }>(
    "select seq, hash from audit_log order by seq desc limit 1",
  );
  const [last] = rows;
  const fact = { seq: last!.seq + 1, at: new Date().toISOString(), actor: "old", action: "x", target: "y", detail: {} };
  let recorded = Promise.resolve();
  await meanwhile(
    "insert into audit_log (seq, at, actor, action, target, detail, previous_hash, hash) values ($1, $2, $3, $4, $5, $6, $7, $8)",
    [...Object.values(fact), last!.hash, auditHash(last!.hash, fact)],
    async () => {
      recorded = record("beside the previous release");
      await waitsFor("transactionid");
    },
  );
  await recorded;
  const chain = await db.pool.query<{ seq: number; target: string; hash: Buffer; previous_hash: Buffer }>(
    "select seq, target, hash, previous_hash from audit_log where seq > $1 order by seq",
    [last!.seq],
  );
  expect(chain.rows.map(({ target }) => target)).toEqual(["y", "beside the previous release"]);
  expect(chain.rows[1]!.previous_hash).toEqual(chain.rows[0]!.hash);
});

async function waitsFor(event: string): Promise<void> {
  for (;;) {
    const { rowCount } = await db.pool.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and wait_event = $1",
      [event],
    );
    if (rowCount) return;
  }
}
