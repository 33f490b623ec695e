/**
 * Rows go to Postgres as one array per column, `insert ... select from unnest(...)`: one statement a table whatever the
 * number of rows. pg's own array encoding costs several times as much as the whole decision, hence these.
 */
export type Cell = string | number | bigint | boolean | null;

export type Column<Row> = {
  name: string;
  /** Type of the array's elements. */
  type: "uuid" | "text" | "bigint" | "integer" | "numeric" | "boolean" | "jsonb" | "hex" | "ms";
  value: (row: Row) => Cell;
};

/** SQL of one column in the select list: hashes travel as hex text, times as unix milliseconds. */
function selected({ type }: { type: Column<never>["type"] }, alias: string): string {
  if (type === "hex") return `decode(${alias}, 'hex')`;
  if (type === "ms") return `to_timestamp(${alias} / 1000)`;
  return alias;
}

const SQL_TYPES = { hex: "text", ms: "float8" } as const;

/** `unnest($1::uuid[], ...) as name(c0, ...)`, its parameters numbered from `first`. */
export function unnestSql(
  columns: readonly Pick<Column<never>, "name" | "type">[],
  first: number,
  name: string,
): string {
  const arrays = columns.map(
    ({ type }, index) => `$${first + index}::${type in SQL_TYPES ? SQL_TYPES[type as "hex"] : type}[]`,
  );
  return `unnest(${arrays.join(", ")}) as ${name}(${columns.map((_, index) => `c${index}`).join(", ")})`;
}

/**
 * `insert into table (...) select ... from unnest(...)`. `extra`: columns that are the same for all rows, by SQL
 * expression.
 */
export function insertSql<Row>(
  table: string,
  columns: readonly Column<Row>[],
  extra: Record<string, string> = {},
  first = 1,
): string {
  const names = [...columns.map((column) => column.name), ...Object.keys(extra)];
  const values = [...columns.map((column, index) => selected(column, `c${index}`)), ...Object.values(extra)];
  return `insert into ${table} (${names.join(", ")}) select ${values.join(", ")} from
    ${unnestSql(columns as readonly Column<never>[], first, "r")}`;
}

/** `column = value` for an update from `unnest`. */
export function assignmentsSql<Row>(columns: readonly Column<Row>[], offset: number): string {
  return columns.map((column, index) => `${column.name} = ${selected(column, `c${offset + index}`)}`).join(", ");
}

/** The array literal of each column. */
export function columnArrays<Row>(columns: readonly Column<Row>[], rows: Iterable<Row>): string[] {
  const list = Array.isArray(rows) ? (rows as Row[]) : [...rows];
  return columns.map(({ type, value }) => arrayLiteral(list.map(value), type === "text" || type === "jsonb"));
}

/** `{a,b,NULL}`; `quoted` for texts that may contain anything. */
export function arrayLiteral(cells: readonly Cell[], quoted: boolean): string {
  if (cells.length === 0) return "{}";
  let literal = "{";
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index]!;
    if (index > 0) literal += ",";
    if (cell === null) literal += "NULL";
    else literal += quoted ? quote(cell as string) : cell;
  }
  return `${literal}}`;
}

function quote(text: string): string {
  if (/["\\]/.test(text)) text = text.replace(/["\\]/g, "\\$&");
  return `"${text}"`;
}
