import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createGuard, LogBehind } from "../../../../../src/core/gateway/receipts/log/guard.ts";
import { createPublisher } from "../../../../../src/core/gateway/receipts/log/publisher.ts";
import { createSequencer, leave, runRound } from "../../../../../src/core/gateway/receipts/log/sequencer.ts";
import type { Sequencer, SequencerDeps } from "../../../../../src/core/gateway/receipts/log/sequencer.ts";
import { createTileReader } from "../../../../../src/core/gateway/receipts/log/tile_reader.ts";
import type { Logger } from "../../../../../src/core/log.ts";
import { logKey } from "../../../../../src/core/protocol/log/checkpoint.ts";
import { generateIdentity, publicKeyOf } from "../../../../../src/core/protocol/bytes/ed25519.ts";
import { readLogState } from "../../../../../src/store/postgres/log/state.ts";
import { testDatabase, type TestDatabase } from "../../../../support/database.ts";
import { addReceipts, temporaryFolder } from "../../../../support/log.ts";

const { private_key } = generateIdentity();
const key = logKey("test/v1/log", publicKeyOf(private_key));

let db: TestDatabase;
let opened: Sequencer[];
let warned: string[];
let folders: string[];
beforeEach(async () => {
  db = await testDatabase();
  opened = [];
  warned = [];
  folders = [];
});
afterEach(async () => {
  for (const sequencer of opened) await leave(sequencer);
  for (const folder of folders) fs.rmSync(folder, { recursive: true });
  await db.drop();
});

function open(change: Partial<SequencerDeps> = {}): Sequencer {
  const folder = temporaryFolder();
  folders.push(folder);
  const reader = createTileReader(db);
  const sequencer = createSequencer({
    db,
    guard: createGuard({ db, reader, secrets_dir: folder, log_dir: folder }),
    publisher: createPublisher({ db, reader, log_dir: folder }),
    witnesses: { keys: [], cosign: async () => [] },
    witnesses_min: 0,
    key,
    private_key,
    gateway_id: "gw_test",
    log: { info: () => {}, warn: (event: string) => warned.push(event) } as unknown as Logger,
    onPublished: () => {},
    ...change,
  });
  opened.push(sequencer);
  return sequencer;
}

test("leads while the lock is free, and follows while another leads", async () => {
  const [first, second] = [open(), open()];
  for (const sequencer of [first, second]) await runRound(sequencer);
  expect([first.role, second.role]).toEqual(["leading", "following"]);
  expect(second.lead).toBeNull();
  await leave(first);
  await runRound(second);
  expect(second.role).toBe("leading");
});

test("a leader's round takes its steps in order, and has nothing to do when nothing waits", async () => {
  const steps: string[] = [];
  const sequencer = open({ onStep: (step) => void steps.push(step) });
  await addReceipts(db, 3);
  await runRound(sequencer);
  expect(steps).toEqual([
    "taken",
    "appended",
    "tiles_written",
    "signed",
    "remembered",
    "cosigned",
    "published",
    "filed",
  ]);
  await runRound(sequencer);
  expect(steps).toHaveLength(8);
});

test("is halted while the tree lacks a checkpoint: it signs nothing, warns once, and leads when the tree has it", async () => {
  const signed: string[] = [];
  const sequencer = open({ onPublished: (note) => signed.push(note) });
  const { check } = sequencer.guard;
  sequencer.guard.check = () => Promise.reject(new LogBehind({ size: 7, root: null }, "a test"));
  await addReceipts(db, 3);
  await runRound(sequencer);
  await runRound(sequencer);
  expect(sequencer).toMatchObject({ role: "halted", lead: null, candidate: null });
  expect({ warned, signed }).toEqual({ warned: ["log_halted"], signed: [] });
  expect(await readLogState(db.pool)).toEqual({ size: 0, required: { size: 7, root: null } });
  sequencer.guard.check = (tree) => check(tree, null);
  await runRound(sequencer);
  expect(sequencer.role).toBe("leading");
  expect(signed).toHaveLength(1);
});

test("follows after any other failure, gives up the lock, and leads again with the next round", async () => {
  const sequencer = open();
  await runRound(sequencer);
  const { writeTiles } = sequencer.publisher;
  sequencer.publisher.writeTiles = () => Promise.reject(new Error("the disk is full"));
  await addReceipts(db, 3);
  await runRound(sequencer);
  expect(sequencer).toMatchObject({ role: "following", lead: null, candidate: null });
  expect(warned).toEqual(["log_round_failed"]);
  sequencer.publisher.writeTiles = writeTiles;
  await runRound(sequencer);
  expect(sequencer.role).toBe("leading");
  expect(sequencer.lead!.published_size).toBe(3);
});
