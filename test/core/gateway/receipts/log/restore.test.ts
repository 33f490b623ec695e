import * as fs from "node:fs";
import * as path from "node:path";
import pg from "pg";
import { expect, inject, test } from "vitest";
import { adoptTiles, restoreState } from "../../../../../src/core/gateway/receipts/log/restore.ts";
import { verifyConsistency, consistencyProof, verifyInclusion } from "../../../../../src/core/protocol/log/merkle.ts";
import { nodesFromTiles } from "../../../../../src/core/protocol/log/tile_tree.ts";
import { formatTilePath } from "../../../../../src/core/protocol/log/tiles.ts";
import { parseProof, verifyProof } from "../../../../../src/core/protocol/log/tlog_proof.ts";
import { openDatabase } from "../../../../../src/store/postgres/database.ts";
import type { Database } from "../../../../../src/store/postgres/database.ts";
import { startPostgres } from "../../../../../src/store/postgres/cluster/launcher.ts";
import { testDatabase } from "../../../../support/database.ts";
import { LOG_KEY, addReceipts, leafOf, opened, temporaryFolder, testLog } from "../../../../support/log.ts";

/** A log of 300 leaves with a copy of its database, then 500: what a restore from a backup finds. */
async function backedUp() {
  const db = await testDatabase();
  const folder = temporaryFolder();
  const first = testLog(db, { secrets_dir: folder });
  const kept = await addReceipts(db, 300);
  await first.round();
  await first.stop();
  await db.close();
  const cluster = await startPostgres(inject("postgres_home"));
  const client = new pg.Client({ host: cluster.socket_dir, port: 5432, user: cluster.user, database: "postgres" });
  await client.connect();
  await client.query(`create database ${db.name}_backup template ${db.name}`);
  await client.end();
  const live = openDatabase({ url: db.url });
  const log = testLog(live, { secrets_dir: folder });
  const lost = await addReceipts(live, 200);
  await log.round();
  const checkpoint = opened(await log.checkpoint(), log.key);
  const proof = await log.receiptProof(lost[50]!.receipt_hash);
  await log.stop();
  const { rows } = await live.pool.query<Record<string, unknown>>(
    "select * from receipts where receipt_hash = any($1)",
    [lost.map(({ receipt_hash }) => Buffer.from(receipt_hash, "hex"))],
  );
  await live.close();
  const restored = openDatabase({ url: db.url.replace(db.name, `${db.name}_backup`) });
  return { restored, folder, kept, lost, checkpoint, proof, lost_rows: rows };
}

async function resubmit(db: Database, rows: Record<string, unknown>[]): Promise<void> {
  for (const row of rows) await db.knex("receipts").insert(row);
}

test("a restored database signs nothing until the published leaves are back; receipts claim theirs", async () => {
  const { restored, folder, kept, lost, checkpoint, lost_rows } = await backedUp();
  const ports = { db: restored, log_key: LOG_KEY, secrets_dir: folder, log_dir: path.join(folder, "log") };
  const before = fs.readFileSync(path.join(folder, "log-checkpoint"), "utf8");
  const log = testLog(restored, { secrets_dir: folder });
  const fresh = await addReceipts(restored, 10);
  await log.round();
  expect(log.role()).toBe("halted");
  await resubmit(restored, lost_rows.slice(0, 5)); // receipts come back, in another order than the log had them
  await log.round();
  expect(log.role()).toBe("halted");
  expect(fs.readFileSync(path.join(folder, "log-checkpoint"), "utf8")).toBe(before);
  expect((await restored.pool.query("select size from log_state")).rows).toEqual([{ size: 300 }]);

  // A gateway without any file is told by the database.
  const innocent = testLog(restored);
  await innocent.round();
  expect(innocent.role()).toBe("halted");

  expect(await restoreState(ports)).toEqual({ tree_size: 300, published_size: 500, tiles_size: 500, unclaimed: 0 });
  expect(await adoptTiles(ports)).toBe(200);
  expect(await adoptTiles(ports)).toBe(0);
  await log.round();
  expect(log.role()).toBe("leading");
  await resubmit(restored, lost_rows.slice(5));
  await log.round();
  expect(await restoreState(ports)).toEqual({ tree_size: 510, published_size: 510, tiles_size: 510, unclaimed: 0 });
  const last = opened(await log.checkpoint(), log.key);
  for (const row of [...kept, ...lost, ...fresh])
    expect(verifyProof(await log.receiptProof(row.receipt_hash), leafOf(row), log.key)).toMatchObject({ ok: true });
  const read = nodesFromTiles(last.size, ({ level, index, width }) =>
    fs.readFileSync(path.join(folder, "log", formatTilePath({ level, index, width }))),
  );
  expect(
    verifyConsistency(
      checkpoint.size,
      last.size,
      checkpoint.root,
      last.root,
      consistencyProof(checkpoint.size, last.size, read),
    ),
  ).toBe(true);
  await log.stop();
  await innocent.stop();
  await restored.close();
});

test("tiles that lead elsewhere are not taken", async () => {
  const { restored, folder } = await backedUp();
  const ports = { db: restored, log_key: LOG_KEY, log_dir: path.join(folder, "log") };
  const bundle = path.join(folder, "log", formatTilePath({ level: "entries", index: 1, width: 244 }));
  const bytes = fs.readFileSync(bundle);
  bytes[bytes.length - 1]! ^= 1;
  fs.writeFileSync(bundle, bytes);
  await expect(adoptTiles(ports)).rejects.toThrow("do not continue");
  await expect(adoptTiles({ ...ports, log_key: Buffer.alloc(32, 7) })).rejects.toThrow("not signed");
  expect((await restored.pool.query("select size from log_state")).rows).toEqual([{ size: 300 }]);
  await restored.close();
});

/** 100,000 for the figure of the design. */
const MUTATIONS = Number(process.env["B3IQ_TEST_MUTATIONS"] ?? 3_000);

test("no mutated proof file, leaf or root is accepted", async () => {
  const db = await testDatabase();
  const log = testLog(db);
  const rows = await addReceipts(db, 700);
  await log.round();
  const proofs = new Map<string, string>();
  for (const { receipt_hash } of rows) proofs.set(receipt_hash, await log.receiptProof(receipt_hash));
  let refused = 0;
  for (let at = 0; at < MUTATIONS; at++) {
    const row = rows[(at * 31) % rows.length]!;
    const text = proofs.get(row.receipt_hash)!;
    const mutated = mutate(text, at);
    // The format lets a signature stand twice.
    if (
      mutated === text ||
      (new Set(mutated.split("\n")).size === new Set(text.split("\n")).size && mutated.startsWith(text))
    )
      continue;
    const checked = verifyProof(mutated, leafOf(row), log.key);
    expect(checked.ok, mutated).toBe(false);
    const proof = parseProof(text);
    const { root, size } = opened(proof.checkpoint, log.key);
    const leaf = leafOf(row);
    leaf[at % 32]! ^= 1 << (at % 8);
    expect(verifyInclusion(leaf, proof.index, size, proof.hashes, root)).toBe(false);
    const elsewhere = (proof.index + 1 + (at % (size - 1))) % size;
    expect(verifyInclusion(leafOf(row), elsewhere, size, proof.hashes, root)).toBe(false);
    refused++;
  }
  expect(refused).toBeGreaterThan(MUTATIONS * 0.9);
  await log.stop();
  await db.drop();
}, 600_000);

/** Changes one character, drops or doubles a line, or swaps two. */
function mutate(text: string, seed: number): string {
  const lines = text.split("\n");
  const at = (seed * 7919) % lines.length;
  switch (seed % 4) {
    case 0: {
      const place = (seed * 104_729) % text.length;
      const other = "ABCDEFGHabcdefgh0123456789+/="[(seed * 13) % 29]!;
      return text.slice(0, place) + other + text.slice(place + 1);
    }
    case 1:
      return lines.filter((_, index) => index !== at).join("\n");
    case 2:
      return [...lines.slice(0, at), lines[at]!, ...lines.slice(at)].join("\n");
    default: {
      const next = (at + 1) % lines.length;
      [lines[at], lines[next]] = [lines[next]!, lines[at]!];
      return lines.join("\n");
    }
  }
}
