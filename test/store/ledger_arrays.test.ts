import { afterAll, beforeAll, expect, test } from "vitest";
import { arrayOf, unnestSql } from "../../src/store/postgres/ledger_arrays.ts";
import type { Cell, CellType } from "../../src/store/postgres/ledger_arrays.ts";
import { testDatabase } from "../support/database.ts";
import type { TestDatabase } from "../support/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

/** The cells as Postgres understood them, as text. */
async function readBack(type: CellType, cells: Cell[], as = "c0::text"): Promise<(string | null)[]> {
  const { rows } = await db.pool.query<{ cell: string | null }>(
    `select ${as} as cell from ${unnestSql([{ name: "cell", type }], 1, "r")}`,
    [arrayOf(type, cells)],
  );
  return rows.map((row) => row.cell);
}

test("every wei arrives as it was sent, from 0 to the largest of 78 digits", async () => {
  const powers = Array.from({ length: 78 }, (_, digits) => 10n ** BigInt(digits));
  const cells = [0n, 9_999n, 2n ** 53n, 2n ** 256n - 1n, ...powers, ...powers.map((power) => 7n * power - 1n)];
  const random = Array.from({ length: 500 }, (_, index) =>
    BigInt(`0x${(index * 2_654_435_761).toString(16).repeat(5)}`),
  );
  for (const wei of [cells, random, cells.map((cell) => -cell)])
    expect(await readBack("numeric", wei)).toEqual(wei.map(String));
});

test("texts, bytes, numbers, times and nulls arrive as they were sent", async () => {
  const texts = ["", "a", '{"quoted \\" , NULL}', "ünï \u{1F511}", "x".repeat(70_000)];
  expect(await readBack("text", [...texts, null])).toEqual([...texts, null]);
  expect(await readBack("text", [])).toEqual([]);
  const integers = [0, -1, 2 ** 31 - 1];
  expect(await readBack("integer", integers)).toEqual(integers.map(String));
  const bigints = [0, Number.MAX_SAFE_INTEGER, 2n ** 63n - 1n, -1];
  expect(await readBack("bigint", bigints)).toEqual(bigints.map(String));
  expect(await readBack("boolean", [true, null, false])).toEqual(["true", null, "false"]);
  const uuid = "01234567-89ab-cdef-0123-456789abcdef";
  expect(await readBack("uuid", [uuid, null])).toEqual([uuid, null]);
  expect(await readBack("hex", ["", "00ff10"], "encode(c0, 'hex')")).toEqual(["", "00ff10"]);
  expect(await readBack("jsonb", ['{"a":"1"}', null])).toEqual(['{"a": "1"}', null]);
  const times = [0, 946_684_800_000, 1_794_182_399_999, -1];
  const milliseconds = "round(extract(epoch from c0) * 1000)::text";
  expect(await readBack("ms", times, milliseconds)).toEqual(times.map(String));
});

test("what is no hex is refused before it is sent", () => {
  expect(() => arrayOf("hex", ["0g"])).toThrow("not hex");
  expect(() => arrayOf("hex", ["abc"])).toThrow("not hex");
});
