import { afterAll, beforeAll, expect, test } from "vitest";
import { arrayOf, copyRows, copySql, unnestSql } from "../../../../src/store/postgres/wire/binary.ts";
import type { Cell, CellType, Column } from "../../../../src/store/postgres/wire/binary.ts";
import { connectLedger } from "../../../../src/store/postgres/ledger/connection.ts";
import type { LedgerConnection } from "../../../../src/store/postgres/ledger/connection.ts";
import { testDatabase } from "../../../support/database.ts";
import type { TestDatabase } from "../../../support/database.ts";

let db: TestDatabase;
let connection: LedgerConnection;
beforeAll(async () => {
  db = await testDatabase();
  connection = await connectLedger(db);
});
afterAll(async () => {
  await connection.end();
  await db.drop();
});

const columnOf = (type: CellType): Column<Cell> => ({ name: "c0", type, value: (cell) => cell });

/** The cells as Postgres understood them, as text: of an array, and the same of COPY. */
async function readBack(type: CellType, cells: Cell[], as = "c0::text"): Promise<(string | null)[]> {
  const read = async (from: string, values?: Buffer[]) => {
    const { rows } = await connection.query<{ cell: string | null }>("", `select ${as} as cell from ${from}`, values);
    return rows.map((row) => row.cell);
  };
  const column = columnOf(type);
  const of_array = await read(unnestSql([column], 1, "r"), [arrayOf(type, cells)]);
  await connection.query(
    "",
    `create temp table copied (c0 ${{ hex: "bytea", ms: "timestamptz" }[type as "ms"] ?? type})`,
  );
  await connection.copy(copySql("copied", [column]), copyRows([column], cells)).end();
  expect(await read("copied")).toEqual(of_array);
  await connection.query("", "drop table copied");
  return of_array;
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

test("a COPY that is refused, at once or at one of its rows, leaves those behind it in step", async () => {
  const one = columnOf("integer");
  await connection.query("", "create temp table counted (c0 integer primary key)");
  const count = (rows: number[]) => connection.copy(copySql("counted", [one]), copyRows([one], rows)).end();
  const answers = await Promise.allSettled([
    count([1, 2]),
    connection.copy(copySql("missing", [one]), copyRows([one], [1])).end(),
    count([3, 1, 4]),
    count([5]),
    connection.query<{ c0: number }>("", "select c0 from counted order by c0"),
  ]);
  expect(answers).toMatchObject([
    { status: "fulfilled" },
    { status: "rejected", reason: { code: "42P01" } },
    { status: "rejected", reason: { code: "23505" } },
    { status: "fulfilled" },
    { status: "fulfilled", value: { rows: [{ c0: 1 }, { c0: 2 }, { c0: 5 }] } },
  ]);
});

test("rows of a COPY come piece by piece, and one that is given up leaves nothing of itself", async () => {
  const one = columnOf("integer");
  await connection.query("", "create temp table pieces (c0 integer)");
  const copying = (first: number[]) => connection.copy(copySql("pieces", [one]), copyRows([one], first));
  const whole = copying([1, 2]);
  for (const piece of [[3], [], Array.from({ length: 50_000 }, (_, index) => index + 4)])
    whole.write(copyRows([one], piece));
  await whole.end();
  const given_up = copying([60_001]);
  given_up.write(copyRows([one], [60_002]));
  given_up.fail();
  const { rows } = await connection.query("", "select count(*)::int, max(c0) from pieces");
  expect(rows).toEqual([{ count: 50_003, max: 50_003 }]);
});

test("a connection that breaks amid a COPY says so to whoever waits for it", async () => {
  const breaking = await connectLedger(db);
  const { rows } = await breaking.query<{ pid: number }>("", "select pg_backend_pid() as pid");
  await breaking.query("", "create temp table lost (c0 integer)");
  const one = columnOf("integer");
  const answers = Promise.allSettled([
    breaking.query("", "select pg_sleep(30)"),
    breaking.copy(copySql("lost", [one]), copyRows([one], [1])).end(),
  ]);
  await connection.query("", `select pg_terminate_backend(${rows[0]!.pid})`);
  expect((await answers).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await breaking.end();
});
