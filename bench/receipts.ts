import { randomBytes, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { HoldQuote, LedgerWriter } from "../src/core/gateway/billing/operations.ts";
import { createLedgerWriter } from "../src/core/gateway/billing/writer.ts";
import { createReceiptLog } from "../src/core/gateway/receipts/log/receipt_log.ts";
import { verifyUnder } from "../src/core/gateway/receipts/trailers.ts";
import { createLog } from "../src/core/log.ts";
import { generateIdentity } from "../src/core/protocol/bytes/ed25519.ts";
import type { Identity } from "../src/core/protocol/bytes/ed25519.ts";
import { mintHoldId, mintId, nodeIdOf } from "../src/core/protocol/bytes/ids.ts";
import { receiptEntry } from "../src/core/protocol/log/log_entry.ts";
import { leafHash } from "../src/core/protocol/log/merkle.ts";
import { signReceipt, verifyReceipt } from "../src/core/protocol/receipt/receipt.ts";
import type { SignedReceipt } from "../src/core/protocol/receipt/receipt.ts";
import { verifyProof } from "../src/core/protocol/log/tlog_proof.ts";
import { openDatabase } from "../src/store/postgres/database.ts";
import type { Database } from "../src/store/postgres/database.ts";
import { startPostgres } from "../src/store/postgres/cluster/launcher.ts";
import { migrate } from "../src/store/postgres/migrate.ts";
import { makeCountedPayer, percentile } from "./ledger_load.ts";
import type { Payer } from "../test/support/ledger/fixtures.ts";

/**
 * Receipts from the wire to a proof: each receipt is parsed and verified, its hold settled, its leaf logged and
 * published. The holds are taken before the clock starts. RECEIPTS_SECONDS is the length of the run. Each figure is a
 * line `name value unit`. The floors, measured in the same run, are verification alone, single settlements, and the log
 * alone.
 */
const SECONDS = Number(process.env["RECEIPTS_SECONDS"] ?? 20);
const PREPARED_A_SECOND = Number(process.env["RECEIPTS_PREPARED"] ?? 5_000);
const IN_FLIGHT = 512;
const PAYERS = 64;
const NODES = 16;
const SAMPLED = 40;
const ONE_BY_ONE = 500;

type Prepared = { signed: SignedReceipt; public_key: string };
type Waiting = { receipt_hash: string; signature: string; settled_at: number };

const say = (name: string, value: number | string, unit: string): void =>
  void process.stdout.write(`${name} ${value} ${unit}\n`);

async function main(): Promise<void> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-bench-"));
  const postgres = await startPostgres(home);
  const db = openDatabase({ socket_dir: postgres.socket_dir, user: postgres.user, database: postgres.database });
  const writer = createLedgerWriter(db);
  try {
    await migrate(db);
    const prepared = await prepare(db, writer, SECONDS * PREPARED_A_SECOND);
    say("load_at_start", os.loadavg()[0]!.toFixed(2), "runnable");
    await verifyAlone(prepared.slice(0, 5_000));
    await settleOneByOne(writer, prepared.splice(-ONE_BY_ONE));
    await run(db, writer, home, prepared);
    await appendAlone(db, home);
    say("load_at_end", os.loadavg()[0]!.toFixed(2), "runnable");
  } finally {
    await writer.close();
    await db.close();
    await postgres.stop();
    fs.rmSync(home, { recursive: true, force: true });
  }
}

/** Holds, and the receipts that nodes would sign for them. */
async function prepare(db: Database, writer: LedgerWriter, count: number): Promise<Prepared[]> {
  const payers: Payer[] = [];
  for (let at = 0; at < PAYERS; at++) payers.push(await makeCountedPayer(db, writer));
  const nodes = Array.from({ length: NODES }, generateIdentity);
  const prepared: Prepared[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (next < count) {
        const at = next++;
        const identity = nodes[at % NODES]!;
        const quote = quoteFor(payers[at % PAYERS]!, identity);
        const held = await writer.apply({ kind: "hold", operation_id: randomUUID(), quote, idempotency: null });
        if (!held.ok) throw new Error(held.message);
        prepared.push({ signed: receiptFor(quote, identity, at + 1), public_key: identity.public_key });
      }
    }),
  );
  return prepared;
}

/** Settles in a closed loop while the log publishes once a second, as it does in a gateway. */
async function run(db: Database, writer: LedgerWriter, home: string, prepared: readonly Prepared[]): Promise<void> {
  const waiting = new Set<Waiting>();
  const proof_ms: number[] = [];
  const settle_ms: number[] = [];
  let checking: Promise<void> = Promise.resolve();
  const log = openLog(db, home, 1_000, () => {
    // `filed` comes just before the checkpoint is served.
    checking = checking
      .then(
        () =>
          new Promise((resolve) => {
            setImmediate(resolve);
          }),
      )
      .then(() => checkProofs(log, waiting, proof_ms));
  });
  log.start();
  let next = 0;
  let settled = 0;
  const started = performance.now();
  const until = started + SECONDS * 1000;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (next < prepared.length && performance.now() < until) {
        const at = next++;
        const { signed, public_key } = prepared[at]!;
        const begun = performance.now();
        await settle(writer, signed, public_key);
        settle_ms.push(performance.now() - begun);
        settled += 1;
        if (at % SAMPLED === 0)
          waiting.add({
            receipt_hash: signed.receipt_hash,
            signature: signed.signature_ed25519,
            settled_at: performance.now(),
          });
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const logged = await log.size();
  while (waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  await checking;
  const all_logged = (performance.now() - started) / 1000;
  await log.stop();
  say("receipts_settled_and_logged", Math.round(settled / all_logged), "receipts/s");
  say("receipts_settled", Math.round(settled / seconds), "receipts/s");
  say("receipts_logged_at_last_settle", `${logged}/${settled}`, "leaves");
  say("receipt_settle_p50", percentile(settle_ms, 0.5).toFixed(1), "ms");
  say("receipt_settle_p99", percentile(settle_ms, 0.99).toFixed(1), "ms");
  say("receipt_proof_available_p50", percentile(proof_ms, 0.5).toFixed(0), "ms");
  say("receipt_proof_available_p99", percentile(proof_ms, 0.99).toFixed(0), "ms");
  say("receipt_proofs_verified", proof_ms.length, "proofs");
}

/** Takes a receipt as a gateway does: form, hash and signature, then the ledger. */
async function settle(writer: LedgerWriter, signed: SignedReceipt, public_key: string): Promise<void> {
  const verified = await verifyUnder(signed, [public_key]);
  if (!verified.ok) throw new Error(verified.reason);
  const verdict = await writer.apply({
    kind: "settle",
    operation_id: randomUUID(),
    observation: { content_bytes: 400, events: 90, reason: "complete" },
    receipt: verified.receipt,
  });
  if (!verdict.ok) throw new Error(`not settled: ${verdict.reason}`);
}

/** Removes the receipts that the published checkpoint proves, and verifies each proof as a client would. */
async function checkProofs(log: ReturnType<typeof openLog>, waiting: Set<Waiting>, proof_ms: number[]): Promise<void> {
  // All at once: one after the other, the last proof would count the time of all others.
  await Promise.all(
    [...waiting].map(async (entry) => {
      const proof = await log.receiptProof(entry.receipt_hash).catch(() => null);
      if (proof === null) return;
      proof_ms.push(performance.now() - entry.settled_at);
      waiting.delete(entry);
      if (!verifyProof(proof, leafHash(receiptEntry(entry.receipt_hash, entry.signature)), log.key).ok)
        throw new Error("a proof does not verify");
    }),
  );
}

/** Floor: signatures verified by one core, and by the thread pool. */
async function verifyAlone(prepared: readonly Prepared[]): Promise<void> {
  const aThread = performance.now();
  for (const { signed, public_key } of prepared)
    if (!verifyReceipt(signed, public_key).ok) throw new Error("a receipt does not verify");
  const inPool = performance.now();
  const verified = await Promise.all(prepared.map(({ signed, public_key }) => verifyUnder(signed, [public_key])));
  const done = performance.now();
  if (!verified.every(({ ok }) => ok)) throw new Error("a receipt does not verify");
  say("receipts_verified_alone", Math.round((prepared.length / (inPool - aThread)) * 1000), "receipts/s");
  say("receipts_verified_in_pool", Math.round((prepared.length / (done - inPool)) * 1000), "receipts/s");
}

/** Floor: settlements with a batch, a transaction and a sync to disk each. */
async function settleOneByOne(writer: LedgerWriter, prepared: readonly Prepared[]): Promise<void> {
  const started = performance.now();
  for (const { signed, public_key } of prepared) await settle(writer, signed, public_key);
  const seconds = (performance.now() - started) / 1000;
  say("receipts_settled_one_by_one", Math.round(prepared.length / seconds), "receipts/s");
}

/** Floor: leaves of existing receipts appended, written to disk and published. */
async function appendAlone(db: Database, home: string): Promise<void> {
  const count = 50_000;
  const batch = 250;
  for (let first = 1; first <= count; first += batch) {
    await db.pool.query(
      `insert into receipts (receipt_hash, node_id, node_epoch, node_seq, job_id, status, reason, hold_state, payload,
         signature, received_at)
       select sha256(('bench' || n)::bytea), 'node', 1, n, 'job', 'recorded', 'job_unknown', 'unknown', '{}',
         sha512(('bench' || n)::bytea), clock_timestamp()
       from generate_series($1::int, $2::int) n`,
      [first, first + batch - 1],
    );
  }
  const log = openLog(db, home, 1_000);
  const started = performance.now();
  await log.round();
  say("log_leaves_alone", Math.round((count / (performance.now() - started)) * 1000), "leaves/s");
  await log.stop();
}

function openLog(db: Database, home: string, interval_ms: number, onFiled: () => void = () => {}) {
  return createReceiptLog({
    db,
    log: createLog({ level: "warn", program: "bench" }),
    gateway_id: "gw_bench",
    public_url: "http://127.0.0.1:8830",
    log_key: LOG_KEY,
    secrets_dir: home,
    log_dir: path.join(home, "log"),
    interval_ms,
    witnesses: [],
    witnesses_min: 0,
    onStep: (step) => {
      if (step === "filed") onFiled();
    },
  });
}

const LOG_KEY = randomBytes(32);

function quoteFor(payer: Payer, { public_key }: Identity): HoldQuote {
  return {
    hold_id: mintHoldId(),
    job_id: mintId("job"),
    client_job_id: null,
    ...payer,
    node_id: nodeIdOf(public_key),
    node_epoch: 1,
    model_id: "bench-model",
    model_profile_id: "bench-model:q8",
    route_tier: "standard",
    mode: "plain",
    prompt_price_wei: 2_000_000_000n,
    completion_price_wei: 6_000_000_000n,
    fee_bps: 500,
    prompt_bound: 900,
    completion_bound: 256,
    reserved_tokens: 1_156,
    amount_wei: 3_336_000_000_000n,
    max_price_wei: null,
    hidden_reasoning: false,
    deadline_ms: 3_600_000,
    receipt_grace_ms: 600_000,
    gateway_id: "gw_bench",
    gateway_epoch: 1,
  };
}

function receiptFor(quote: HoldQuote, identity: Identity, node_seq: number): SignedReceipt {
  return signReceipt(
    {
      type: "b3iq.receipt.v1",
      node_id: quote.node_id,
      node_epoch: 1,
      node_seq,
      job_id: quote.job_id,
      fence: 1,
      dispatch_mode: "pooled_sync",
      model_id: quote.model_id,
      model_profile_id: quote.model_profile_id,
      runtime_kind: "vllm",
      outcome: "ok",
      prompt_tokens: 420,
      completion_tokens: 90,
      total_tokens: 510,
      prompt_price_wei: String(quote.prompt_price_wei),
      completion_price_wei: String(quote.completion_price_wei),
      fee_bps: quote.fee_bps,
      request_commitment: "ab".repeat(32),
      response_commitment: "cd".repeat(32),
      finished_at: "2026-11-21T10:17:00Z",
    },
    identity.private_key,
  );
}

await main();
