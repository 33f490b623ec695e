import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../../src/store/postgres/database.ts";
import type { Database } from "../../../src/store/postgres/database.ts";
import { readTreasury } from "../../../src/store/postgres/billing/treasury.ts";
import { testDatabase } from "../../support/database.ts";
import type { TestDatabase } from "../../support/database.ts";

const NAME = "one pool";
const POOL_MAX = 4;

let test_db: TestDatabase;
let db: Database;
beforeAll(async () => {
  test_db = await testDatabase();
  db = openDatabase({ url: test_db.url }, { application_name: NAME, pool_max: POOL_MAX });
});
afterAll(async () => {
  await db.close();
  await test_db.drop();
});

/** The server's connections of `db`, counted over another one. */
async function connections(): Promise<number> {
  const { rows } = await test_db.pool.query<{ count: number }>(
    "select count(*)::int as count from pg_stat_activity where application_name = $1",
    [NAME],
  );
  return rows[0]!.count;
}

test("knex and pg together open the connections of the setting, and all their queries are answered", async () => {
  const sleeps = Array.from({ length: 3 * POOL_MAX }, (_, index) =>
    index % 2 === 0 ? db.pool.query("select pg_sleep(0.05)") : db.knex.raw("select pg_sleep(0.05)"),
  );
  let most = 0;
  let done = false;
  const all = Promise.all(sleeps).finally(() => (done = true));
  while (!done) most = Math.max(most, await connections());
  expect(await all).toHaveLength(3 * POOL_MAX);
  expect(most).toBe(POOL_MAX);
  expect(db.pool.totalCount).toBe(POOL_MAX);
});

test("values arrive alike by both: numeric as text, int8 as a number", async () => {
  const sql = "select 2::numeric as wei, 3::int8 as count, date '2026-01-02' as day";
  const expected = [{ wei: "2", count: 3, day: "2026-01-02" }];
  expect((await db.pool.query(sql)).rows).toEqual(expected);
  expect((await db.knex.raw<{ rows: unknown[] }>(sql)).rows).toEqual(expected);
});

test("a backend that is killed within a transaction ends that transaction, and not the process", async () => {
  const killed = db.knex.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: { pid: number }[] }>("select pg_backend_pid() as pid");
    await test_db.pool.query("select pg_terminate_backend($1)", [rows[0]!.pid]);
    await new Promise((resolve) => setTimeout(resolve, 50)); // the connection breaks while no query waits for it
    await trx.raw("select 1");
  });
  await expect(killed).rejects.toThrow();
  expect((await db.knex.raw<{ rows: unknown[] }>("select 1 as one")).rows).toEqual([{ one: 1 }]);
});

test("a report that fails leaves no transaction on a connection of the pool", async () => {
  const narrow = openDatabase({ url: test_db.url }, { pool_max: 1 });
  await expect(readTreasury(narrow, 1e300, 1)).rejects.toThrow();
  expect((await narrow.knex.raw<{ rows: unknown[] }>("select 1 as one")).rows).toEqual([{ one: 1 }]);
  await narrow.close();
});

test("a database that is closed twice closes once, and its connections are gone", async () => {
  await db.knex.raw("select 1");
  await Promise.all([db.close(), db.close()]);
  await expect.poll(connections).toBe(0);
});
