import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { createCommitter } from "../src/core/gateway/billing/commit.ts";
import { verifyLedger } from "../src/core/gateway/billing/verify.ts";
import type { LedgerWriter } from "../src/core/gateway/billing/operations.ts";
import { createGroupCommit, createLedgerWriter } from "../src/core/gateway/billing/writer.ts";
import { databaseUrl, openDatabase } from "../src/store/postgres/database.ts";
import type { Database, DatabaseAddress } from "../src/store/postgres/database.ts";
import { startPostgres } from "../src/store/postgres/cluster/launcher.ts";
import { migrate } from "../src/store/postgres/migrate.ts";
import { makeCountedPayer, percentile, runPairs } from "./ledger_load.ts";
import type { LoadResult } from "./ledger_load.ts";
import type { Payer } from "../test/support/ledger/fixtures.ts";

/**
 * The ledger on one hot account, with caps, limits, idempotency and usage entries on, through the function that a chat
 * calls. LEDGER_SECONDS: length of the sustained run; B3IQ_DATABASE_URL: an empty database of your own Postgres, else
 * the bundled one is started. Each figure is a line `name value unit`.
 */
const SECONDS = Number(process.env["LEDGER_SECONDS"] ?? 30);
const SHORT_SECONDS = Math.max(2, Math.min(5, SECONDS / 5));
const IN_FLIGHT = 768;
const UNBATCHED_CONNECTIONS = 16;

const say = (name: string, value: number | string, unit: string): void =>
  void process.stdout.write(`${name} ${value} ${unit}\n`);

async function main(): Promise<void> {
  if (process.argv[2] === "--writer") return writerProcess(JSON.parse(process.argv[3]!) as WriterOrder);
  const { address, stop } = await databaseServer();
  const db = openDatabase(address);
  try {
    await migrate(db);
    for (const name of ["server_version", "fsync", "synchronous_commit", "full_page_writes"]) {
      const { rows } = await db.pool.query<{ setting: string }>("select current_setting($1) as setting", [name]);
      say(`ledger_postgres_${name}`, rows[0]!.setting, "setting");
    }
    await unbatched(db);
    await hotAccount(db);
    for (const in_flight of [1, 16, 256]) await admission(db, in_flight);
    await threeWriters(db, databaseUrl(address));
    const { checked, violations } = await verifyLedger(db);
    say("ledger_invariants_checked", checked, "invariants");
    say("ledger_invariants_broken", violations.length, "rows");
    if (violations.length > 0) throw new Error(JSON.stringify(violations));
  } finally {
    await db.close();
    await stop();
  }
}

async function databaseServer(): Promise<{ address: DatabaseAddress; stop(): Promise<void> }> {
  const url = process.env["B3IQ_DATABASE_URL"];
  if (url !== undefined) return { address: { url }, stop: () => Promise.resolve() };
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-bench-"));
  const { socket_dir, user, database, stop } = await startPostgres(home);
  return {
    address: { socket_dir, user, database },
    stop: async () => {
      await stop();
      fs.rmSync(home, { recursive: true, force: true });
    },
  };
}

/**
 * Twice as long: on a new database, which makes the files of its log as it goes, and behind a checkpoint, as on a
 * server that has run for a while, where it takes used ones.
 */
async function hotAccount(db: Database): Promise<void> {
  const writer = createLedgerWriter(db);
  const payer = await makeCountedPayer(db, writer);
  await runPairs(writer, [payer], IN_FLIGHT, 1); // connection, plans, compiled code
  const fresh = await countedPairs(db, writer, payer);
  say("ledger_new_database_hot_account_pairs_per_second", Math.round(fresh.pairs / fresh.seconds), "pairs/s");
  await db.pool.query("checkpoint");
  const result = await countedPairs(db, writer, payer);
  say("ledger_hot_account_pairs_per_second", Math.round(result.pairs / result.seconds), "pairs/s");
  say("ledger_hot_account_seconds", result.seconds.toFixed(1), "s");
  latencies("ledger_hot_account", result);
  const { batches, operations } = writer.stats();
  say("ledger_hot_account_operations_per_batch", Math.round(operations / batches), "operations");
  await writer.close();
}

/** Pairs that were answered, each of which SQL finds settled. */
async function countedPairs(db: Database, writer: LedgerWriter, payer: Payer): Promise<LoadResult> {
  const before = await settledOf(db, payer);
  const result = await runPairs(writer, [payer], IN_FLIGHT, SECONDS);
  const settled = (await settledOf(db, payer)) - before;
  if (settled !== result.pairs || result.refused > 0)
    throw new Error(`${result.pairs} pairs were answered, ${settled} are settled, ${result.refused} were refused`);
  return result;
}

/**
 * The same decisions and rows, one transaction per operation, over a pool of connections: what a ledger without group
 * commit does.
 */
async function unbatched(db: Database): Promise<void> {
  const committers = Array.from({ length: UNBATCHED_CONNECTIONS }, () =>
    createCommitter(db, { lock_timeout_ms: 10_000 }),
  );
  const writers = committers.map((committer) =>
    createGroupCommit(committer.commit, { most_in_batch: 1, hold_wait_ms: 60_000 }),
  );
  const payer = await makeCountedPayer(db, writers[0]!);
  const before = await settledOf(db, payer);
  const results = await Promise.all(writers.map((writer) => runPairs(writer, [payer], 4, SHORT_SECONDS)));
  const settled = (await settledOf(db, payer)) - before;
  say(
    "ledger_unbatched_hot_account_pairs_per_second",
    Math.round(settled / Math.max(...results.map((result) => result.seconds))),
    "pairs/s",
  );
  await Promise.all(writers.map((writer) => writer.close()));
  await Promise.all(committers.map((committer) => committer.close()));
}

async function admission(db: Database, in_flight: number): Promise<void> {
  const writer = createLedgerWriter(db);
  const payer = await makeCountedPayer(db, writer);
  await runPairs(writer, [payer], in_flight, 0.5);
  latencies(`ledger_admission_${in_flight}_in_flight`, await runPairs(writer, [payer], in_flight, SHORT_SECONDS));
  await writer.close();
}

type WriterOrder = { url: string; payer: Payer; in_flight: number; seconds: number };

/** Three processes with 16 requests each on one account. */
async function threeWriters(db: Database, url: string): Promise<void> {
  const writer = createLedgerWriter(db);
  const payer = await makeCountedPayer(db, writer);
  await writer.close();
  const before = await settledOf(db, payer);
  const results = await Promise.all(
    [1, 2, 3].map(async () => {
      const order: WriterOrder = { url, payer, in_flight: 16, seconds: SHORT_SECONDS };
      const child = spawn(process.execPath, [new URL(import.meta.url).pathname, "--writer", JSON.stringify(order)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.on("data", (part: Buffer) => (output += part.toString()));
      await once(child, "close");
      return JSON.parse(output) as LoadResult;
    }),
  );
  const together = {
    ...results[0]!,
    hold_ms: results.flatMap((result) => result.hold_ms),
    settle_ms: results.flatMap((result) => result.settle_ms),
  };
  latencies("ledger_admission_three_writers", together);
  const settled = (await settledOf(db, payer)) - before;
  say("ledger_three_writers_pairs_per_second", Math.round(settled / together.seconds), "pairs/s");
}

async function writerProcess({ url, payer, in_flight, seconds }: WriterOrder): Promise<void> {
  const db = openDatabase({ url });
  const writer = createLedgerWriter(db);
  process.stdout.write(JSON.stringify(await runPairs(writer, [payer], in_flight, seconds)));
  await writer.close();
  await db.close();
}

function latencies(name: string, { hold_ms, settle_ms }: LoadResult): void {
  say(`${name}_hold_p50`, percentile(hold_ms, 0.5).toFixed(2), "ms");
  say(`${name}_hold_p99`, percentile(hold_ms, 0.99).toFixed(2), "ms");
  say(`${name}_settle_p50`, percentile(settle_ms, 0.5).toFixed(2), "ms");
  say(`${name}_settle_p99`, percentile(settle_ms, 0.99).toFixed(2), "ms");
}

/** Settled holds of the account, counted by SQL. */
async function settledOf(db: Database, payer: Payer): Promise<number> {
  const { rows } = await db.pool.query<{ settled: number }>(
    "select count(*)::int as settled from holds h join accounts a using (account_id) where a.owner_id = $1 and h.state = 'settled'",
    [payer.customer_id],
  );
  return rows[0]!.settled;
}

await main();
