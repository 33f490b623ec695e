import knexFactory from "knex";
import type { Knex } from "knex";
import pg from "pg";

/** The address of the database: a URL (B3IQ_DATABASE_URL), or the unix socket of the private cluster. */
export type DatabaseAddress = { url: string } | { socket_dir: string; user: string; database: string };

export type DatabaseOptions = {
  /** Shown in pg_stat_activity. */
  application_name?: string;
  /** Most connections of the pool, which knex and pg share. Those of `connect` come on top. */
  pool_max?: number;
  /** Longest statement; 0 for none. */
  statement_timeout_ms?: number;
  connect_timeout_ms?: number;
};

/** `pipeline`: statements are sent without waiting for the answers of those before them. */
export type ConnectOptions = { statement_timeout_ms?: number; pipeline?: boolean };

/**
 * One pool of connections. knex composes the statements whose text depends on the call (which filters, which columns),
 * pg runs those whose text is fixed.
 */
export type Database = {
  knex: Knex;
  pool: pg.Pool;
  /** A connection outside the pool, for the ledger writer and for advisory locks of a session. The caller ends it. */
  connect(options?: ConnectOptions): Promise<pg.Client>;
  close(): Promise<void>;
};

/** A row as pg reads it: its columns in wei, of the type `numeric`, are decimal strings. */
export type WeiAsText<Row, Columns extends keyof Row> = Omit<Row, Columns> & Record<Columns, string>;

const INT8 = 20;
const DATE = 1082;

/**
 * How values arrive: numeric as a string (money becomes a bigint in the query file, never a number), int8 as a number
 * when that is exact and a bigint otherwise, date as its text (a Date would shift it by the time zone), the rest as pg
 * does it.
 */
const TYPES = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (format !== "binary" && oid === INT8) return parseInt8;
    if (format !== "binary" && oid === DATE) return (text: string) => text;
    return pg.types.getTypeParser(oid, format);
  },
} as pg.CustomTypesConfig;

/** Opens the pool; connects to nothing before the first query. */
export function openDatabase(address: DatabaseAddress, options: DatabaseOptions = {}): Database {
  const settings = connectionSettings(address, options);
  const pool = new pg.Pool({ ...settings, max: options.pool_max ?? 10, allowExitOnIdle: true });
  // A broken connection would end the process when no listener takes its error. The pool drops the connection, and the
  // query that runs on it, or the next one, rejects.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const knex = knexFactory({ client: "pg", connectionPool: pool });
  let closed: Promise<void> | undefined;
  return {
    knex,
    pool,
    async connect({ statement_timeout_ms, pipeline = false } = {}) {
      const timeout = statement_timeout_ms === undefined ? {} : { statement_timeout: statement_timeout_ms };
      const client = new pg.Client({ ...settings, ...timeout, pipeline } as pg.ClientConfig);
      client.on("error", () => {}); // as in the pool
      await client.connect();
      return client;
    },
    close() {
      closed ??= knex.destroy().then(() => pool.end());
      return closed;
    },
  };
}

/** The URL of `address`, for another process's B3IQ_DATABASE_URL. */
export function databaseUrl(address: DatabaseAddress): string {
  if ("url" in address) return address.url;
  return `postgresql://${address.user}@localhost/${address.database}?host=${encodeURIComponent(address.socket_dir)}`;
}

function connectionSettings(address: DatabaseAddress, options: DatabaseOptions): pg.ClientConfig {
  const where: pg.ClientConfig =
    "url" in address
      ? { connectionString: address.url }
      : { host: address.socket_dir, port: 5432, ssl: false, user: address.user, database: address.database };
  return {
    ...where,
    application_name: options.application_name ?? "b3iq",
    statement_timeout: options.statement_timeout_ms ?? 30_000,
    connectionTimeoutMillis: options.connect_timeout_ms ?? 5_000,
    keepAlive: true,
    types: TYPES,
  };
}

function parseInt8(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}
