/**
 * What the ledger writes travels in Postgres' binary format, since parsing text cost the server a tenth of a batch: rows
 * that are only added go by COPY, those that may meet a row of before as one array per column, `insert ... select from
 * unnest(...)`. Either way it is one statement a table, whatever the number of rows.
 */
export type Cell = string | number | bigint | boolean | null;

/** Type of an array's elements; `hex` is bytea from lower-case hex, `ms` timestamptz from unix milliseconds. */
export type CellType = "uuid" | "text" | "bigint" | "integer" | "numeric" | "boolean" | "jsonb" | "hex" | "ms";

export type Column<Row> = { name: string; type: CellType; value: (row: Row) => Cell };

type NamedType = { name: string; type: CellType };

const SQL_TYPES: Partial<Record<CellType, string>> = { hex: "bytea", ms: "timestamptz" };

/** `unnest($1::uuid[], ...) as name(c0, ...)`, its parameters numbered from `first`. */
export function unnestSql(columns: readonly NamedType[], first: number, name: string): string {
  const arrays = columns.map(({ type }, index) => `$${first + index}::${SQL_TYPES[type] ?? type}[]`);
  return `unnest(${arrays.join(", ")}) as ${name}(${columns.map((_, index) => `c${index}`).join(", ")})`;
}

/** `insert into table (...) select ... from unnest(...)`. */
export function insertSql<Row>(table: string, columns: readonly Column<Row>[]): string {
  const cells = columns.map((_, index) => `c${index}`).join(", ");
  return `insert into ${table} (${namesSql(columns)}) select ${cells} from ${unnestSql(columns, 1, "r")}`;
}

/** `copy table (...) from stdin`, for `copyRows` of the same columns. */
export function copySql<Row>(table: string, columns: readonly Column<Row>[]): string {
  return `copy ${table} (${namesSql(columns)}) from stdin (format binary)`;
}

const namesSql = (columns: readonly NamedType[]): string => columns.map(({ name }) => name).join(", ");

/** `column = value` for an update from `unnest`. */
export function assignmentsSql(columns: readonly NamedType[], offset: number): string {
  return columns.map(({ name }, index) => `${name} = c${offset + index}`).join(", ");
}

/** The array of each column, for `insertSql` and updates. */
export function columnArrays<Row>(columns: readonly Column<Row>[], rows: Iterable<Row>): Buffer[] {
  const list = Array.isArray(rows) ? (rows as Row[]) : [...rows];
  return columns.map(({ type, value }) => arrayOf(type, list.map(value)));
}

/**
 * Element type's oid, and how a cell is written behind its length; the first four bytes of a cell are kept for that.
 */
const FORMATS: Record<CellType, { oid: number; write: (cell: never) => void }> = {
  uuid: { oid: 2950, write: writeHex },
  text: { oid: 25, write: writeText },
  bigint: { oid: 20, write: writeInt64 },
  integer: { oid: 23, write: (cell: number) => void (at = room(4).writeInt32BE(cell, at)) },
  numeric: { oid: 1700, write: writeNumeric },
  boolean: { oid: 16, write: (cell: boolean) => void (at = room(1).writeUInt8(Number(cell), at)) },
  jsonb: { oid: 3802, write: writeJsonb },
  hex: { oid: 17, write: writeHex },
  ms: { oid: 1184, write: (cell: number) => writeInt64((Math.round(cell) - POSTGRES_EPOCH_MS) * 1000) },
};
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
const JSONB_VERSION = 1;

// One buffer for all: what is complete is copied out of it.
let buffer = Buffer.allocUnsafe(1 << 16);
let at = 0;

function room(bytes: number): Buffer {
  if (at + bytes > buffer.length) {
    const larger = Buffer.allocUnsafe(2 * buffer.length + bytes);
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  }
  return buffer;
}

/**
 * A one-dimensional array as `array_recv` reads it: dimensions, whether it has nulls, element oid, length, lower bound,
 * then each element behind its length (PostgreSQL, src/backend/utils/adt/arrayfuncs.c).
 */
export function arrayOf(type: CellType, cells: readonly Cell[]): Buffer {
  const { oid, write } = FORMATS[type] as { oid: number; write: (cell: Cell) => void };
  at = 0;
  room(20);
  at = buffer.writeInt32BE(cells.length === 0 ? 0 : 1, at);
  at = buffer.writeInt32BE(cells.includes(null) ? 1 : 0, at);
  at = buffer.writeInt32BE(oid, at);
  if (cells.length > 0) {
    at = buffer.writeInt32BE(cells.length, at);
    at = buffer.writeInt32BE(1, at);
  }
  for (const cell of cells) writeCell(cell, write);
  return written();
}

/** What goes before the first row: signature, no flags, no extension (PostgreSQL, COPY, Binary Format). */
export const COPY_START = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
/** What goes behind the last. */
export const COPY_END = Buffer.from([0xff, 0xff]);

/** Rows as COPY reads them, each behind the number of its cells. */
export function copyRows<Row>(columns: readonly Column<Row>[], rows: Iterable<Row>): Buffer {
  at = 0;
  for (const row of rows) {
    at = room(2).writeInt16BE(columns.length, at);
    for (const { type, value } of columns) writeCell(value(row), FORMATS[type].write as (cell: Cell) => void);
  }
  return written();
}

/** A cell behind its length; null has the length -1. */
function writeCell(cell: Cell, write: (cell: Cell) => void): void {
  const start = at;
  at = room(4).writeInt32BE(-1, at);
  if (cell === null) return;
  write(cell);
  buffer.writeInt32BE(at - start - 4, start);
}

const written = (): Buffer => Buffer.from(buffer.subarray(0, at));

function writeText(cell: string): void {
  at += room(3 * cell.length).write(cell, at, "utf8");
}

function writeJsonb(cell: string): void {
  at = room(1).writeUInt8(JSONB_VERSION, at);
  writeText(cell);
}

/** The value of each hex digit's character code; -1 for all others. */
const HEX_VALUES = Int8Array.from({ length: 256 }, (_, code) =>
  "0123456789abcdef".indexOf(String.fromCharCode(code).toLowerCase()),
);
const DASH = 45;

/** Two digits a byte; the dashes of a UUID, each behind an even number of digits, are left out. */
function writeHex(cell: string): void {
  room(cell.length >> 1);
  let wrong = 0;
  for (let index = 0; index < cell.length; index++) {
    const code = cell.charCodeAt(index);
    if (code === DASH) continue;
    const byte = ((HEX_VALUES[code] ?? -1) << 4) | (HEX_VALUES[cell.charCodeAt(++index)] ?? -1);
    wrong |= byte;
    buffer[at++] = byte;
  }
  if (wrong < 0) throw new TypeError("not hex");
}

/** A number in two halves: making a bigint of it takes ten times as long. */
function writeInt64(value: number | bigint): void {
  room(8);
  if (typeof value === "bigint") {
    at = buffer.writeBigInt64BE(value, at);
    return;
  }
  if (!Number.isSafeInteger(value)) throw new RangeError("not an exact integer");
  const high = Math.floor(value / 2 ** 32);
  at = buffer.writeInt32BE(high, at);
  at = buffer.writeUInt32BE(value - high * 2 ** 32, at);
}

const LARGEST_EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Digits to base 10,000, highest first, behind their number, the weight of the first, sign and scale (numeric_recv).
 */
function writeNumeric(value: bigint): void {
  const digits: number[] = [];
  for (let rest = value < 0n ? -value : value; rest > 0n;) {
    if (rest <= LARGEST_EXACT) {
      for (let small = Number(rest); small > 0; small = Math.floor(small / 10_000)) digits.push(small % 10_000);
      break;
    }
    let low = Number(rest % 1_000_000_000_000n);
    rest /= 1_000_000_000_000n;
    for (let count = 0; count < 3; count++, low = Math.floor(low / 10_000)) digits.push(low % 10_000);
  }
  room(8 + 2 * digits.length);
  at = buffer.writeInt16BE(digits.length, at);
  at = buffer.writeInt16BE(Math.max(0, digits.length - 1), at);
  at = buffer.writeUInt16BE(value < 0n ? 0x4000 : 0, at);
  at = buffer.writeInt16BE(0, at);
  for (let index = digits.length - 1; index >= 0; index--) at = buffer.writeInt16BE(digits[index]!, at);
}
