/**
 * A whole system is backed up, goes on, and is restored: what the nodes were told is taken comes back from their
 * outboxes, under the indices that everyone saw, and nothing is paid that the restored books do not hold.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, expect, test } from "vitest";
import { createTileReader } from "../../../../src/core/gateway/receipts/log/tile_reader.ts";
import { parseCheckpoint } from "../../../../src/core/protocol/log/checkpoint.ts";
import { parseNote } from "../../../../src/core/protocol/log/note.ts";
import { openDatabase, type Database } from "../../../../src/store/postgres/database.ts";
import { startPostgres } from "../../../../src/store/postgres/cluster/launcher.ts";
import { FAKE_MODEL, fakeRuntime } from "../../../support/fake_runtime.ts";
import { startProgram, temporaryHome, type Program } from "../../../support/processes.ts";
import { eventually, startSystem } from "../../../support/system.ts";

/** The log is waited for by asking for receipts again and again, without a key. */
const FAST = { B3IQ_LOG_INTERVAL_MS: "100", B3IQ_KEYLESS_REQUESTS_PER_MINUTE: "100000" };
const runtime = await fakeRuntime();
const system = await startSystem({
  agents: [{ runtime_url: runtime.url }],
  gateway_env: FAST,
});
const customer = await system.customer();
let restored: Program | undefined;
afterAll(async () => {
  await restored?.stop();
  await system.stop();
  await runtime.close();
});

const env = { B3IQ_HOME: system.home, B3IQ_DATABASE_URL: "" };
const body = { model: FAKE_MODEL, messages: [{ role: "user", content: "hello" }] };
const receiptOf = async (hash: string) => (await system.anyone.ask("GET", `/v1/receipts/${hash}`)).json;

async function chat(): Promise<string> {
  const answer = await customer.client.ask("POST", "/v1/chat/completions", { body });
  expect(answer.status, answer.text).toBe(200);
  return answer.json.b3iq.receipt_hash as string;
}

/** The leaf of each, once it is published. */
async function leaves(hashes: readonly string[]): Promise<number[]> {
  return Promise.all(
    hashes.map((hash) =>
      eventually(async () => {
        const { leaf_index } = await receiptOf(hash);
        return typeof leaf_index === "number" && leaf_index;
      }, 20_000),
    ),
  );
}

/** A command of the gateway, to its end. */
async function command(...words: string[]): Promise<{ code: number | null; said: string }> {
  const program = startProgram(["gateway", ...words], { env });
  const { code } = await program.ended;
  return { code, said: program.output() };
}

/** While no gateway runs. */
async function onItsDatabase<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
  const { socket_dir, user, database, stop } = await startPostgres(system.home);
  const db = openDatabase({ socket_dir, user, database });
  try {
    return await work(db);
  } finally {
    await db.close();
    await stop();
  }
}

test("receipts that a restored database lacks are taken again from the nodes", { timeout: 180_000 }, async () => {
  const kept = [await chat(), await chat()];
  await leaves(kept);
  // A stream whose hold is open in the backup, and which ends after it.
  runtime.behaviour = { ...runtime.behaviour, tokens: Array.from({ length: 50 }, () => " word"), delay_ms: 100 };
  const before = runtime.tokens_sent;
  const streaming = customer.client.ask("POST", "/v1/chat/completions", { body: { ...body, stream: true } });
  // After a second its gateway notes on the hold what was delivered: a stream without a note is free.
  await eventually(() => runtime.tokens_sent > before + 20);
  const copy = path.join(temporaryHome(), "copy");
  expect((await command("backup", copy)).code).toBe(0);
  const open_hash = /"receipt_hash":"([0-9a-f]{64})"/.exec((await streaming).text)![1]!;
  runtime.behaviour = { ...runtime.behaviour, tokens: ["Hello"], delay_ms: 0 };
  // The node opens its next epoch, which the backup does not know.
  await system.agents[0]!.program.stop();
  await system.agents[0]!.start();
  const lost = [await chat(), await chat(), await chat()];
  const indices = await leaves([...lost, open_hash]);
  const note = (await system.anyone.ask("GET", "/v1/log/checkpoint")).text;
  const seen = parseCheckpoint(parseNote(note).text);
  // Acknowledged to the node, which submits them no more by itself.
  const log = () => system.agents[0]!.program.output();
  await new Promise((resolve) => setTimeout(resolve, 1_000));

  await system.gateway.stop();
  await system.agents[0]!.program.stop();
  fs.rmSync(path.join(system.home, "postgres"), { recursive: true });
  fs.renameSync(copy, path.join(system.home, "postgres"));
  const missing = await command("restore", "check");
  expect(missing.code).toBe(1);
  expect(missing.said).toMatch(/log: \d+ leaves in the database, \d+ known to be published, [1-9]\d* missing/);
  const adopted = await command("restore", "check", "--adopt");
  expect(adopted.said).toMatch(/adopted [1-9]\d* leaves/);
  expect(adopted.said).toContain("1 nodes will be asked for their receipts");
  expect(adopted.said).toMatch(/ 0 missing, [1-9]\d* without their receipt/);

  // Half a minute goes by, which the orphan's owner has been silent for when the first gateway is up again.
  await onItsDatabase((db) =>
    db.pool.query(`
      update gateway_leases set started_at = started_at - interval '30 s', renewed_at = renewed_at - interval '30 s';
      update holds set created_at = created_at - interval '30 s'`),
  );
  restored = startProgram(["gateway", "serve"], {
    env: {
      ...env,
      B3IQ_GATEWAY_LISTEN: new URL(system.url).host,
      B3IQ_METRICS_LISTEN: "127.0.0.1:0",
      B3IQ_GATEWAY_PEER_LISTEN: "127.0.0.1:0",
      ...FAST,
      B3IQ_VALIDATE_RESPONSES: "1",
    },
  });
  await restored.line(/serves (http\S+)/);
  // The node finds it a while after the orphans were first looked at.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await system.agents[0]!.start();
  expect(await leaves([...lost, open_hash]), log()).toEqual(indices);
  for (const hash of lost)
    expect(await receiptOf(hash)).toMatchObject({ status: "recorded", reason: "job_unknown", settled: null });
  for (const hash of kept) expect(await receiptOf(hash)).toMatchObject({ status: "settled" });
  // Its hold was open in the backup: it is paid for what its gateway had noted of it.
  expect(await receiptOf(open_hash)).toMatchObject({ status: "settled" });

  const after = [await chat()];
  await leaves(after);
  await restored.stop();
  const report = await command("restore", "check");
  expect(report.said).toContain("receipts: 1 of 1 nodes have given theirs again");
  expect(report.said).toMatch(/ 0 missing, 0 without their receipt/);
  expect(report.said).toContain("the books are right");
  expect(report.code).toBe(0);
  // The tree goes on from the one that was published before.
  const root = await onItsDatabase((db) => createTileReader(db).rootAt(seen.size));
  expect(Buffer.from(root).toString("hex")).toBe(Buffer.from(seen.root).toString("hex"));
});
