import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { recoverReservations } from "../../../src/core/gateway/billing/recovery.ts";
import { verifyLedger } from "../../../src/core/gateway/billing/verify.ts";
import { createLedgerWriter } from "../../../src/core/gateway/billing/writer.ts";
import { databaseUrl, openDatabase } from "../../../src/store/postgres/database.ts";
import type { Database } from "../../../src/store/postgres/database.ts";
import { startPostgres } from "../../../src/store/postgres/cluster/launcher.ts";
import { recordedPostmaster } from "../../../src/store/postgres/cluster/launcher_processes.ts";
import { migrate } from "../../../src/store/postgres/migrate.ts";
import { makePayer } from "../../support/ledger/fixtures.ts";
import type { Payer } from "../../support/ledger/fixtures.ts";

/** Kills of writers and of Postgres, turn by turn. WRITER_KILLS: how many. */
const KILLS = Number(process.env["WRITER_KILLS"] ?? 8);
const WRITERS = 3;

type Answers = { held: Set<string>; settled: Set<string>; released: Set<string> };

function startWriter(url: string, payers: Payer[], answers: Answers): ChildProcess {
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, "writer_process.ts"), url, JSON.stringify(payers)],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  let rest = "";
  child.stdout.on("data", (part: Buffer) => {
    const lines = (rest + part.toString()).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const [kind, hold_id] = line.split(" ") as [keyof Answers, string];
      answers[kind].add(hold_id);
    }
  });
  return child;
}

async function checkAnswers(db: Database, live: Answers): Promise<void> {
  const answers = structuredClone(live); // more come while this looks
  const { rows } = await db.pool.query<{ hold_id: string; state: string }>("select hold_id, state from holds");
  const states = new Map(rows.map(({ hold_id, state }) => [hold_id, state]));
  expect(
    [...answers.held].filter((hold_id) => !states.has(hold_id)),
    "holds that were answered and are gone",
  ).toEqual([]);
  expect(
    [...answers.settled].filter((hold_id) => states.get(hold_id) !== "settled"),
    "settlements that were answered and are not",
  ).toEqual([]);
  expect(
    [...answers.released].filter((hold_id) => states.get(hold_id) !== "released"),
    "releases that were answered and are not",
  ).toEqual([]);
  expect((await verifyLedger(db)).violations).toEqual([]);
}

test(
  "whatever is killed, what was answered is in the books, and the books are right",
  { timeout: 60_000 + KILLS * 15_000 },
  async () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-crash-"));
    let postgres = await startPostgres(home);
    const address = { socket_dir: postgres.socket_dir, user: postgres.user, database: postgres.database };
    const db = openDatabase(address, { pool_max: 4 });
    const writers: ChildProcess[] = [];
    try {
      await migrate(db);
      const writer = createLedgerWriter(db);
      const payers = [];
      for (let index = 0; index < 5; index++)
        payers.push(await makePayer(db, writer, { credit_wei: 10n ** 12n, policy: { tokens_per_minute: 10 ** 9 } }));
      const answers: Answers = { held: new Set(), settled: new Set(), released: new Set() };
      for (let index = 0; index < WRITERS; index++) writers.push(startWriter(databaseUrl(address), payers, answers));
      for (let kill = 0; kill < KILLS; kill++) {
        const before = answers.settled.size;
        while (answers.settled.size < before + 200) await sleep(20);
        await sleep(Math.random() * 100);
        if (kill % 2 === 0) {
          const index = kill % WRITERS;
          writers[index]!.kill("SIGKILL");
          await once(writers[index]!, "close"); // everything that it printed has been read
          writers[index] = startWriter(databaseUrl(address), payers, answers);
        } else {
          process.kill(recordedPostmaster(postgres.data_dir)!, "SIGKILL");
          postgres = await startPostgres(home);
        }
        await checkAnswers(db, answers);
      }
      for (const child of writers.splice(0)) {
        child.kill("SIGKILL");
        await once(child, "close");
      }
      await recoverReservations(
        { db, writer, askNode: () => Promise.resolve("unknown") },
        { dry_run: false, limit: 1_000 },
      );
      const { rows } = await db.pool.query(
        "select sum(reserved_wei)::text as reserved_wei, sum(open_holds)::int as open_holds from accounts",
      );
      expect(rows).toEqual([{ reserved_wei: "0", open_holds: 0 }]);
      await checkAnswers(db, answers);
      await writer.close();
    } finally {
      for (const child of writers) child.kill("SIGKILL");
      await db.close();
      await postgres.stop();
      fs.rmSync(home, { recursive: true, force: true });
    }
  },
);
