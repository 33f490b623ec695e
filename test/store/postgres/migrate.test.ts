import { afterEach, expect, test } from "vitest";
import { migrate, readMigrations, schemaStatus } from "../../../src/store/postgres/migrate.ts";
import type { Migration } from "../../../src/store/postgres/migrate.ts";
import { testDatabase } from "../../support/database.ts";
import type { TestDatabase } from "../../support/database.ts";

let db: TestDatabase;
afterEach(() => db?.drop());

const one: Migration = {
  version: 1,
  name: "one",
  checksum: "a".repeat(64),
  expands: true,
  sql: "create table one (id integer)",
};
const two: Migration = {
  version: 2,
  name: "two",
  checksum: "b".repeat(64),
  expands: true,
  sql: "create table two (id integer); insert into two values (1)",
};

test("the template has every migration of this build", async () => {
  db = await testDatabase();
  expect(await schemaStatus(db)).toMatchObject({ state: "current", version: readMigrations().at(-1)!.version });
  expect(await migrate(db)).toEqual([]);
});

test("eight at once apply each migration once", async () => {
  db = await testDatabase({ empty: true });
  expect(await schemaStatus(db, [one, two])).toMatchObject({ state: "behind", version: 0, expected: 2 });
  const applied = await Promise.all(Array.from({ length: 8 }, () => migrate(db, [one, two])));
  expect(applied.flat()).toEqual(["one", "two"]);
  expect((await db.pool.query("select * from two")).rowCount).toBe(1);
});

test("a migration that fails leaves nothing of itself, and what went before stays", async () => {
  db = await testDatabase({ empty: true });
  const broken = { ...two, sql: "create table two (id integer); select 1 / 0" };
  await expect(migrate(db, [one, broken])).rejects.toThrow("migration 2 (two) failed: division by zero");
  expect(await schemaStatus(db, [one, two])).toMatchObject({ state: "behind", version: 1 });
  expect(await migrate(db, [one, two])).toEqual(["two"]);
});

test("a changed file is refused", async () => {
  db = await testDatabase({ empty: true });
  await migrate(db, [one]);
  await expect(migrate(db, [{ ...one, checksum: "c".repeat(64) }])).rejects.toThrow(
    "migration 1 (one) is not the file of this release",
  );
});

test("a newer schema is lived with when it only expands, and refused otherwise", async () => {
  db = await testDatabase({ empty: true });
  await migrate(db, [one, two]);
  expect(await schemaStatus(db, [one])).toMatchObject({ state: "ahead", version: 2, expected: 1 });
  expect(await migrate(db, [one])).toEqual([]);
  await migrate(db, [one, two, { ...one, version: 3, name: "three", expands: false, sql: "drop table one" }]);
  expect(await schemaStatus(db, [one])).toMatchObject({ state: "unknown" });
  await expect(migrate(db, [one])).rejects.toThrow("migration 3 (three), which this release does not know");
});

test("numeric arrives as text, int8 exactly, date as it is written", async () => {
  db = await testDatabase({ empty: true });
  const sql =
    "select 1000000000000000000::numeric(78,0) as wei, 7::int8 as small, 9007199254740993::int8 as big, '2026-03-01'::date as day";
  const row = { wei: "1000000000000000000", small: 7, big: 9007199254740993n, day: "2026-03-01" };
  expect((await db.pool.query(sql)).rows).toEqual([row]);
  expect((await db.knex.raw(sql)).rows).toEqual([row]);
});
