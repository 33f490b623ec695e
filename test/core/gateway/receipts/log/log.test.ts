import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  inclusionProof,
  leafHash,
  nodeHash,
  rootHash,
  verifyConsistency,
  consistencyProof,
} from "../../../../../src/core/protocol/log/merkle.ts";
import { nodesFromTiles } from "../../../../../src/core/protocol/log/tile_tree.ts";
import {
  decodeEntries,
  formatTileIndex,
  formatTilePath,
  newTiles,
} from "../../../../../src/core/protocol/log/tiles.ts";
import { parseProof, verifyProof } from "../../../../../src/core/protocol/log/tlog_proof.ts";
import { openLogCandidate } from "../../../../../src/store/postgres/log/lead.ts";
import { testDatabase } from "../../../../support/database.ts";
import type { TestDatabase } from "../../../../support/database.ts";
import { addReceipts, leafOf, opened, temporaryFolder, testLog } from "../../../../support/log.ts";
import type { Row } from "../../../../support/log.ts";

let db: TestDatabase;
const started: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  db = await testDatabase();
});
afterEach(async () => {
  for (const log of started.splice(0)) await log.stop();
  await db.drop();
});

function open(change: Parameters<typeof testLog>[1] = {}) {
  const log = testLog(db, change);
  started.push(log);
  return log;
}

test("an empty log has a checkpoint of size 0, and proofs that do not exist are 404", async () => {
  const log = open();
  await expect(log.checkpoint()).rejects.toMatchObject({ code: "not_found" });
  await log.round();
  expect(opened(await log.checkpoint(), log.key)).toMatchObject({ size: 0, witnesses: [] });
  await expect(log.receiptProof("00".repeat(32))).rejects.toMatchObject({ code: "not_found" });
  expect(log.describe()).toMatchObject({ origin: "127.0.0.1:8830/v1/log", witnesses: [] });
});

test("every receipt gets one leaf, and its proof verifies offline at every size", async () => {
  const log = open();
  const rows: Row[] = [];
  for (const count of [1, 1, 5, 249, 1, 300, 40]) {
    rows.push(...(await addReceipts(db, count)));
    await log.round();
    expect(opened(await log.checkpoint(), log.key).size).toBe(rows.length);
  }
  const indexes = new Set<number>();
  for (const row of rows) {
    const text = await log.receiptProof(row.receipt_hash);
    const checked = verifyProof(text, leafOf(row), log.key);
    expect(checked).toMatchObject({ ok: true });
    indexes.add(parseProof(text).index);
    expect(await log.receiptLeaf(row.receipt_hash)).toBe(parseProof(text).index);
  }
  expect([...indexes].sort((a, b) => a - b)).toEqual(rows.map((_, index) => index));
});

test("the tiles, served and on disk, give the signed root; entry bundles give the leaves", async () => {
  const folder = temporaryFolder();
  const log = open({ secrets_dir: folder });
  for (const count of [300, 230, 3]) {
    await addReceipts(db, count);
    await log.round();
  }
  const { size, root } = opened(await log.checkpoint(), log.key);
  expect(size).toBe(533);
  const tiles = new Map<string, Buffer>();
  for (const tile of newTiles(0, size)) {
    const { content } = await log.tile(tile.level as number, formatTileIndex(tile.index, tile.width));
    expect(fs.readFileSync(path.join(folder, "log", formatTilePath(tile)))).toEqual(content);
    tiles.set(`${tile.level}/${tile.index}`, content);
  }
  const read = nodesFromTiles(size, ({ level, index }) => tiles.get(`${level}/${index}`)!);
  expect(rootHash(size, read)).toEqual(root);
  const leaves: Buffer[] = [];
  for (const [index, width] of [
    [0, 256],
    [1, 256],
    [2, 21],
  ] as const) {
    const { content, final } = await log.entries(formatTileIndex(index, width));
    expect(final).toBe(width === 256);
    expect(fs.readFileSync(path.join(folder, "log", formatTilePath({ level: "entries", index, width })))).toEqual(
      content,
    );
    leaves.push(...decodeEntries(content).map(leafHash));
  }
  expect(naiveRoot(leaves)).toEqual(root);
  expect(inclusionProof(532, size, read).length).toBeGreaterThan(0);
  // Beginnings of tiles that are full now are gone; a narrower beginning of the partial one is served, a wider one is
  // not.
  expect(fs.existsSync(path.join(folder, "log", "tile/0/000.p"))).toBe(false);
  expect((await log.tile(0, "002.p/5")).content).toEqual(tiles.get("0/2")!.subarray(0, 160));
  await expect(log.tile(0, "002.p/22")).rejects.toMatchObject({ code: "not_found" });
  await expect(log.tile(0, "002")).rejects.toMatchObject({ code: "not_found" });
  await expect(log.tile(0, "2")).rejects.toMatchObject({ code: "invalid_request" });
  expect(fs.readFileSync(path.join(folder, "log", "checkpoint"), "utf8")).toBe(await log.checkpoint());
});

test("each checkpoint is consistent with the one before", async () => {
  const log = open();
  const seen: { size: number; root: Buffer }[] = [];
  for (let round = 0; round < 12; round++) {
    await addReceipts(db, 1 + round * 13);
    await log.round();
    seen.push(opened(await log.checkpoint(), log.key));
  }
  const last = seen.at(-1)!;
  const entries = await db.pool.query<{ entry: Buffer }>("select entry from log_leaves order by leaf_index");
  const leaves = entries.rows.map(({ entry }) => leafHash(entry));
  const read = (level: number, index: number) => naiveRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
  for (const { size, root } of seen)
    expect(verifyConsistency(size, last.size, root, last.root, consistencyProof(size, last.size, read))).toBe(true);
});

test("a receipt whose transaction commits late is not skipped", async () => {
  const log = open();
  const late = await db.connect();
  await late.query("begin");
  await late.query(
    `insert into receipts (receipt_hash, node_id, node_epoch, node_seq, job_id, status, reason, hold_state, payload,
       signature, received_at)
     values (sha256('late'), 'node', 9, 1, 'job', 'recorded', 'job_unknown', 'unknown', '{}', sha512('x'),
       clock_timestamp())`,
  );
  await addReceipts(db, 10);
  await log.round();
  expect(await log.size()).toBe(10);
  await late.query("commit");
  await late.end();
  await addReceipts(db, 3);
  await log.round();
  const { rows } = await db.pool.query("select leaf_index from log_leaves where receipt_hash = sha256('late')");
  expect(rows).toHaveLength(1);
  expect((await db.pool.query("select count(*)::int as n from log_leaves")).rows[0]).toEqual({ n: 14 });
});

test("receipts of one statement wait, and are taken, together", async () => {
  const rows = [...(await addReceipts(db, 5)), ...(await addReceipts(db, 300)), ...(await addReceipts(db, 2))];
  const candidate = await openLogCandidate(db);
  for (const [limit, taken] of [
    [1, 5],
    [5, 5],
    [6, 305],
    [306, 307],
    [1_000, 307],
  ] as const) {
    const found = await candidate.take(limit);
    expect(found.map((row) => row.kind === "receipt" && row.receipt_hash.toString("hex"))).toEqual(
      rows.slice(0, taken).map((row) => row.receipt_hash),
    );
    expect(found.map((row) => row.kind === "receipt" && row.signature.toString("base64url"))).toEqual(
      rows.slice(0, taken).map((row) => row.signature),
    );
  }
  await candidate.end();
});

test("of two gateways one leads; the other serves the same, with a folder of its own, and takes over", async () => {
  const first = open({ gateway_id: "gw_1" });
  const second = open({ gateway_id: "gw_2" });
  const rows = await addReceipts(db, 400);
  await first.round();
  await second.round();
  expect([first.role(), second.role()]).toEqual(["leading", "following"]);
  expect(await second.checkpoint()).toBe(await first.checkpoint());
  expect(verifyProof(await second.receiptProof(rows[77]!.receipt_hash), leafOf(rows[77]!), second.key)).toMatchObject({
    ok: true,
  });
  await first.stop();
  rows.push(...(await addReceipts(db, 200)));
  await second.round();
  expect(second.role()).toBe("leading");
  expect(opened(await second.checkpoint(), second.key).size).toBe(600);
  for (const row of [rows[0]!, rows[399]!, rows[599]!]) {
    expect(verifyProof(await second.receiptProof(row.receipt_hash), leafOf(row), second.key)).toMatchObject({
      ok: true,
    });
  }
});

function naiveRoot(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}

test("a leader whose session is lost, or whose epoch is past, writes nothing; nothing is lost by it", async () => {
  let onTaken: () => Promise<unknown> | void = () => {};
  const pending: Promise<unknown>[] = [];
  const first = open({
    gateway_id: "gw_1",
    onStep: (step) => {
      if (step === "taken") pending.push(Promise.resolve(onTaken()));
    },
  });
  const second = open({ gateway_id: "gw_2" });
  await addReceipts(db, 5);
  await first.round();
  await addReceipts(db, 5);
  // The session ends under it while it works; the other one leads meanwhile.
  onTaken = () => db.pool.query("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'");
  await first.round();
  await Promise.all(pending);
  onTaken = () => {};
  // A session that ends says so before its locks are free.
  await vi.waitFor(async () => {
    await second.round();
    expect([first.role(), second.role()]).toEqual(["following", "leading"]);
  });
  await first.round();
  expect([first.role(), second.role()]).toEqual(["following", "leading"]);
  expect(await second.size()).toBe(10);
  // A newer epoch than the leader's: it writes nothing under the old one, and says so to itself.
  const before = (await db.pool.query("select size, root from log_state")).rows;
  await db.pool.query("update log_state set epoch = epoch + 1");
  await addReceipts(db, 5);
  await second.round();
  expect(second.role()).toBe("following");
  expect((await db.pool.query("select size, root from log_state")).rows).toEqual(before);
  await second.round();
  expect(await second.size()).toBe(15);
  const { rows } = await db.pool.query<{ n: number; distinct: number }>(
    "select count(*)::int as n, count(distinct receipt_hash)::int as distinct from log_leaves",
  );
  expect(rows).toEqual([{ n: 15, distinct: 15 }]);
});
