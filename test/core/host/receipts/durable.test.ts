import { fork } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { verifyReceipt, type SignedReceipt } from "../../../../src/core/protocol/receipt/receipt.ts";
import { createReceiptStore } from "../../../../src/store/sqlite/receipt_store.ts";
import { createIdentityStore } from "../../../../src/store/sqlite/identity_store.ts";
import { openHostState, StateInUse } from "../../../../src/store/sqlite/host_state.ts";
import { toSigned } from "../../../../src/core/host/receipts/receipt_writer.ts";
import { temporaryFolder } from "../../../support/host.ts";

const WRITER = new URL("../../../support/receipt_writer.ts", import.meta.url);

test("an agent killed between writing and sending has every receipt that it could have sent", async () => {
  const folder = temporaryFolder();
  const heard: SignedReceipt[] = [];
  for (let round = 1; round <= 3; round++) {
    const child = fork(WRITER, [folder.path], { execArgv: [] });
    let killed = false;
    child.on("message", (message: SignedReceipt) => {
      heard.push(message);
      if (heard.length >= round * 5 && !killed) {
        killed = true;
        child.kill("SIGKILL");
      }
    });
    await once(child, "exit");
  }
  const state = openHostState(folder.path);
  const store = createReceiptStore(state);
  const { public_key } = createIdentityStore(state).ensureKey("identity", () => {
    throw new Error("the identity was lost");
  });
  for (const receipt of heard) {
    const row = store.find(receipt.receipt_hash)!;
    expect(row.status).toBe("pending");
    expect(toSigned(row)).toEqual(receipt);
    expect(verifyReceipt(toSigned(row), public_key).ok).toBe(true);
  }
  const rows = store
    .page(Number.MAX_SAFE_INTEGER, 10_000)
    .map((row) => (JSON.parse(row.payload) as { node_seq: number }).node_seq)
    .reverse();
  expect(rows).toEqual(Array.from({ length: rows.length }, (_, i) => i + 1));
  expect(rows.length).toBeGreaterThanOrEqual(15);
  state.close();
  folder.remove();
});

test("two agents on one state folder: the second is told so in one line", async () => {
  const folder = temporaryFolder();
  const child = fork(WRITER, [folder.path], { execArgv: [] });
  await once(child, "message");
  expect(() => openHostState(folder.path)).toThrow(StateInUse);
  expect(() => openHostState(folder.path)).toThrow(new RegExp(`^B3IQ_HOME: .*process ${child.pid}\\b`));
  child.kill("SIGKILL");
  await once(child, "exit");
  const state = openHostState(folder.path);
  state.close();
  openHostState(folder.path).close();
  folder.remove();
});

test("a state of a newer version is refused, not damaged", () => {
  const folder = temporaryFolder();
  const state = openHostState(folder.path);
  expect(state.db.prepare("pragma synchronous").get()).toEqual({ synchronous: 2 });
  expect(state.db.prepare("pragma journal_mode").get()).toEqual({ journal_mode: "wal" });
  state.db.exec("pragma user_version = 99");
  state.close();
  expect(() => openHostState(folder.path)).toThrow(/schema 99/);
  expect(() => openHostState(folder.path)).toThrow(/schema 99/);
  folder.remove();
});
