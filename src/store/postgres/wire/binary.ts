/**
 * The ledger writes in Postgres' binary format, since parsing text cost the server a tenth of a batch. Rows that are only
 * added go by COPY. Rows that may conflict with a stored row go as one array per column, `insert ... select from
 * unnest(...)`. Either way a table takes one statement, whatever the number of rows.
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

/** One array for each column, for `insertSql` and updates. */
export function columnArrays<Row>(columns: readonly Column<Row>[], rows: Iterable<Row>): Buffer[] {
  const list = Array.isArray(rows) ? (rows as Row[]) : [...rows];
  return columns.map(({ type, value }) => arrayOf(type, list.map(value)));
}

/** The output buffer: `bytes` up to `end` were written since the last `start`. */
type Output = { bytes: Buffer; end: number };

/** One output for all arrays and rows, since each is copied out when it is complete. It grows, and never shrinks. */
const OUTPUT: Output = { bytes: Buffer.allocUnsafe(1 << 16), end: 0 };

function start(): Output {
  OUTPUT.end = 0;
  return OUTPUT;
}

const written = ({ bytes, end }: Output): Buffer => Buffer.from(bytes.subarray(0, end));

/** The buffer of `out`, with room for `size` bytes behind its end. */
function room(out: Output, size: number): Buffer {
  if (out.end + size > out.bytes.length) {
    const larger = Buffer.allocUnsafe(2 * out.bytes.length + size);
    out.bytes.copy(larger, 0, 0, out.end);
    out.bytes = larger;
  }
  return out.bytes;
}

type WriteCell = (out: Output, cell: Cell) => void;

/** The oid of each element type, and how the bytes of a cell are written. */
const FORMATS: Record<CellType, { oid: number; write: (out: Output, cell: never) => void }> = {
  uuid: { oid: 2950, write: writeHex },
  text: { oid: 25, write: writeText },
  bigint: { oid: 20, write: writeInt64 },
  integer: { oid: 23, write: writeInt32 },
  numeric: { oid: 1700, write: writeNumeric },
  boolean: { oid: 16, write: (out, cell: boolean) => void (out.end = room(out, 1).writeUInt8(Number(cell), out.end)) },
  jsonb: { oid: 3802, write: writeJsonb },
  hex: { oid: 17, write: writeHex },
  ms: { oid: 1184, write: (out, cell: number) => writeInt64(out, (Math.round(cell) - POSTGRES_EPOCH_MS) * 1000) },
};
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
const JSONB_VERSION = 1;

/**
 * A one-dimensional array as `array_recv` reads it: dimensions, whether it has nulls, element oid, length, lower bound,
 * then each element behind its length (PostgreSQL, src/backend/utils/adt/arrayfuncs.c).
 */
export function arrayOf(type: CellType, cells: readonly Cell[]): Buffer {
  const { oid, write } = FORMATS[type];
  const out = start();
  writeInt32(out, cells.length === 0 ? 0 : 1);
  writeInt32(out, cells.includes(null) ? 1 : 0);
  writeInt32(out, oid);
  if (cells.length > 0) {
    writeInt32(out, cells.length);
    writeInt32(out, 1);
  }
  for (const cell of cells) writeCell(out, cell, write as WriteCell);
  return written(out);
}

/** The bytes before the first row: signature, no flags, no extension (PostgreSQL, COPY, Binary Format). */
export const COPY_START = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
/** The bytes behind the last row. */
export const COPY_END = Buffer.from([0xff, 0xff]);

/** Rows as COPY reads them, each behind the number of its cells. */
export function copyRows<Row>(columns: readonly Column<Row>[], rows: Iterable<Row>): Buffer {
  const out = start();
  for (const row of rows) {
    out.end = room(out, 2).writeInt16BE(columns.length, out.end);
    for (const { type, value } of columns) writeCell(out, value(row), FORMATS[type].write as WriteCell);
  }
  return written(out);
}

/** A cell behind its length, which is known when the cell is written; null has the length -1. */
function writeCell(out: Output, cell: Cell, write: WriteCell): void {
  writeInt32(out, -1);
  if (cell === null) return;
  const begin = out.end;
  write(out, cell);
  out.bytes.writeInt32BE(out.end - begin, begin - 4);
}

function writeInt32(out: Output, value: number): void {
  out.end = room(out, 4).writeInt32BE(value, out.end);
}

function writeText(out: Output, cell: string): void {
  out.end += room(out, 3 * cell.length).write(cell, out.end, "utf8");
}

function writeJsonb(out: Output, cell: string): void {
  out.end = room(out, 1).writeUInt8(JSONB_VERSION, out.end);
  writeText(out, cell);
}

/** The value of each hex digit's character code; -1 for all others. */
const HEX_VALUES = Int8Array.from({ length: 256 }, (_, code) =>
  "0123456789abcdef".indexOf(String.fromCharCode(code).toLowerCase()),
);
const DASH = 45;

/** Two digits a byte; the dashes of a UUID, each behind an even number of digits, are left out. */
function writeHex(out: Output, cell: string): void {
  const bytes = room(out, cell.length >> 1);
  let { end } = out;
  let wrong = 0;
  for (let index = 0; index < cell.length; index++) {
    const code = cell.charCodeAt(index);
    if (code === DASH) continue;
    const byte = ((HEX_VALUES[code] ?? -1) << 4) | (HEX_VALUES[cell.charCodeAt(++index)] ?? -1);
    wrong |= byte;
    bytes[end++] = byte;
  }
  if (wrong < 0) throw new TypeError("not hex");
  out.end = end;
}

/** A number in two halves: making a bigint of it takes ten times as long. */
function writeInt64(out: Output, value: number | bigint): void {
  const bytes = room(out, 8);
  if (typeof value === "bigint") {
    out.end = bytes.writeBigInt64BE(value, out.end);
    return;
  }
  if (!Number.isSafeInteger(value)) throw new RangeError("not an exact integer");
  const high = Math.floor(value / 2 ** 32);
  bytes.writeInt32BE(high, out.end);
  out.end = bytes.writeUInt32BE(value - high * 2 ** 32, out.end + 4);
}

const LARGEST_EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Digits to base 10,000, highest first, behind their number, the weight of the first, sign and scale (numeric_recv).
 */
function writeNumeric(out: Output, value: bigint): void {
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
  const bytes = room(out, 8 + 2 * digits.length);
  let { end } = out;
  end = bytes.writeInt16BE(digits.length, end);
  end = bytes.writeInt16BE(Math.max(0, digits.length - 1), end);
  end = bytes.writeUInt16BE(value < 0n ? 0x4000 : 0, end);
  end = bytes.writeInt16BE(0, end);
  for (let index = digits.length - 1; index >= 0; index--) end = bytes.writeInt16BE(digits[index]!, end);
  out.end = end;
}
