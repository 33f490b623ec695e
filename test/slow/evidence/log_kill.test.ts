import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Step } from "../../../src/core/gateway/receipts/log/sequencer.ts";
import {
  leafHash,
  verifyConsistency,
  consistencyProof,
  rootHash,
  nodeHash,
} from "../../../src/core/protocol/log/merkle.ts";
import { parseNote } from "../../../src/core/protocol/log/note.ts";
import { nodesFromTiles } from "../../../src/core/protocol/log/tile_tree.ts";
import { decodeEntries, formatTilePath, newTiles } from "../../../src/core/protocol/log/tiles.ts";
import { verifyProof } from "../../../src/core/protocol/log/tlog_proof.ts";
import { testDatabase } from "../../support/database.ts";
import type { TestDatabase } from "../../support/database.ts";
import { LOG_KEY, addReceipts, leafOf, opened, temporaryFolder, testLog } from "../../support/log.ts";
import type { Row } from "../../support/log.ts";

/** Kills at each point; 20 and more for the figure in docs/, 2 in every run. */
const KILLS = Number(process.env["B3IQ_TEST_KILLS"] ?? 2);
const STEPS: Step[] = ["taken", "appended", "tiles_written", "signed", "remembered", "published", "filed"];

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.drop());

/** Starts the sequencer and waits for its end by its own hand, or kills it after `kill_ms`. */
async function runUntilKilled(folder: string, step: string, round: number, kill_ms: number | null): Promise<void> {
  const node = process.execPath;
  const child = spawn(
    node,
    [
      path.join(import.meta.dirname, "sequencer_child.ts"),
      db.url,
      folder,
      step,
      String(round),
      LOG_KEY.toString("base64url"),
    ],
    {
      stdio: ["ignore", "ignore", "inherit"],
      env: { PATH: process.env["PATH"] },
    },
  );
  const ended = new Promise<string | null>((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
  const timer = setTimeout(() => child.kill("SIGKILL"), kill_ms ?? 20_000);
  expect(await ended).toBe("SIGKILL");
  clearTimeout(timer);
}

/**
 * Everything that was ever visible outside the database: the file beside the key, the folder's checkpoint, the rows.
 */
async function seenCheckpoints(folder: string): Promise<string[]> {
  const files = ["log-checkpoint", "log/checkpoint"]
    .map((name) => path.join(folder, name))
    .filter((file) => fs.existsSync(file));
  const { rows } = await db.pool.query<{ note: string }>("select note from log_checkpoints");
  return [...files.map((file) => fs.readFileSync(file, "utf8")), ...rows.map(({ note }) => note)];
}

test(
  "killed at each point between leaves, tiles, checkpoint and serving: no index twice, nothing missing, one tree",
  async () => {
    const folder = temporaryFolder();
    const rows: Row[] = [];
    const notes = new Set<string>();
    for (let kill = 0; kill < KILLS; kill++) {
      for (const step of [...STEPS, "random"]) {
        rows.push(...(await addReceipts(db, 1 + Math.floor(Math.random() * 300))));
        const adding = step === "random" ? keepAdding(rows) : null;
        await runUntilKilled(folder, step, 1, step === "random" ? 250 + Math.random() * 400 : null);
        await adding?.stop();
        for (const note of await seenCheckpoints(folder)) notes.add(note);
      }
    }
    await expectWhole(folder, rows, notes);
  },
  60_000 + KILLS * 30_000,
);

test(
  "three gateways with folders of their own, killed in turn: one tree",
  async () => {
    const folders = Array.from({ length: 3 }, temporaryFolder);
    const rows: Row[] = [];
    const notes = new Set<string>();
    const adding = keepAdding(rows);
    const start = (folder: string) =>
      spawn(
        process.execPath,
        [
          path.join(import.meta.dirname, "sequencer_child.ts"),
          db.url,
          folder,
          "none",
          "0",
          LOG_KEY.toString("base64url"),
        ],
        {
          stdio: ["ignore", "ignore", "inherit"],
          env: { PATH: process.env["PATH"] },
        },
      );
    const children = folders.map(start);
    for (let kill = 0; kill < 3 * KILLS; kill++) {
      await new Promise((resolve) => setTimeout(resolve, 400 + Math.random() * 600));
      const {
        rows: [leader],
      } = await db.pool.query<{ leader_id: string | null }>("select leader_id from log_state");
      const at = children.findIndex(({ pid }) => leader!.leader_id === `gw_${pid}`);
      const victim = at < 0 ? kill % 3 : at;
      // A stopped leader keeps its lock; the others wait.
      children[victim]!.kill(kill % 2 === 0 ? "SIGKILL" : "SIGSTOP");
      await new Promise((resolve) => setTimeout(resolve, 100));
      children[victim]!.kill("SIGKILL");
      for (const folder of folders) for (const note of await seenCheckpoints(folder)) notes.add(note);
      children[victim] = start(folders[victim]!);
    }
    await adding.stop();
    for (const child of children) {
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("exit", resolve));
    }
    await expectWhole(folders[0]!, rows, notes);
  },
  60_000 + KILLS * 30_000,
);

/** Ends what was left, and checks everything that was ever visible against one tree. */
async function expectWhole(folder: string, rows: Row[], notes: Set<string>): Promise<void> {
  const log = testLog(db, { secrets_dir: folder });
  // The lock is free when the server has noticed that the last leader is gone.
  await vi.waitFor(async () => {
    await log.round();
    expect(log.role()).toBe("leading");
  }, 10_000);
  notes.add(await log.checkpoint());
  await log.stop();

  const { rows: leaves } = await db.pool.query<{ leaf_index: number; entry: Buffer; receipt_hash: Buffer }>(
    "select * from log_leaves order by leaf_index",
  );
  expect(leaves.map(({ leaf_index }) => leaf_index)).toEqual(rows.map((_, index) => index));
  expect(new Set(leaves.map(({ receipt_hash }) => receipt_hash.toString("hex")))).toEqual(
    new Set(rows.map(({ receipt_hash }) => receipt_hash)),
  );
  expect((await db.pool.query("select 1 from log_pending")).rowCount).toBe(0);

  const last = opened(await log.checkpoint(), log.key);
  expect(last.size).toBe(rows.length);
  const read = cachedReader(leaves.map(({ entry }) => leafHash(entry)));
  for (const note of notes) {
    const { size, root } = opened(note, log.key);
    expect(
      verifyConsistency(size, last.size, root, last.root, consistencyProof(size, last.size, read)),
      `size ${size}`,
    ).toBe(true);
  }
  const sizes = new Map([...notes].map((note) => [opened(note, log.key).size, parseNote(note).text]));
  expect(sizes.size).toBe(new Set([...notes].map((note) => parseNote(note).text)).size);

  const fromFiles = nodesFromTiles(last.size, ({ level, index, width }) =>
    fs.readFileSync(path.join(folder, "log", formatTilePath({ level, index, width }))),
  );
  expect(Buffer.from(rootHash(last.size, fromFiles))).toEqual(last.root);
  for (const { level, index, width } of newTiles(0, last.size)) {
    if (level !== 0) continue;
    const bundle = decodeEntries(
      fs.readFileSync(path.join(folder, "log", formatTilePath({ level: "entries", index, width }))),
    );
    expect(bundle).toEqual(leaves.slice(index * 256, index * 256 + width).map(({ entry }) => entry));
  }
  for (const row of rows.filter((_, index) => index % 37 === 0)) {
    expect(verifyProof(await log.receiptProof(row.receipt_hash), leafOf(row), log.key)).toMatchObject({ ok: true });
  }
}

/** Adds receipts all the time, so that a kill lands in the middle of rounds. */
function keepAdding(rows: Row[]): { stop(): Promise<void> } {
  let stopped = false;
  const done = (async () => {
    while (!stopped) rows.push(...(await addReceipts(db, 40)));
  })();
  return {
    stop: () => {
      stopped = true;
      return done;
    },
  };
}

function cachedReader(leaves: Buffer[]) {
  const known = new Map<string, Buffer>();
  const read = (level: number, index: number): Buffer => {
    if (level === 0) return leaves[index]!;
    const name = `${level}/${index}`;
    let hash = known.get(name);
    if (!hash) known.set(name, (hash = nodeHash(read(level - 1, 2 * index), read(level - 1, 2 * index + 1))));
    return hash;
  };
  return read;
}
