/** The log as a stranger sees it: static files and a checkpoint, checked by `log check`, co-signed by `log witness`. */
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LogContradiction, checkLog } from "../../../../../src/core/log_check.ts";
import type { ReadFile } from "../../../../../src/core/log_check.ts";
import { formatVerifierKey, parseVerifierKey } from "../../../../../src/core/protocol/log/note.ts";
import { testDatabase, type TestDatabase } from "../../../../support/database.ts";
import { startProgram } from "../../../../support/processes.ts";
import { addReceipts, opened, temporaryFolder, testLog } from "../../../../support/log.ts";

const databases: TestDatabase[] = [];
const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) server.close();
  for (const db of databases) await db.drop();
});

/** A log and its folder after each of these sizes, as any web server would serve it then. */
async function grown(sizes: readonly number[]): Promise<{ vkey: string; at: Map<number, string> }> {
  const db = await testDatabase();
  databases.push(db);
  const folder = temporaryFolder();
  const log = testLog(db, { secrets_dir: folder });
  const at = new Map<number, string>();
  let size = 0;
  for (const next of sizes) {
    if (next > size) await addReceipts(db, next - size);
    size = next;
    await log.round();
    const copy = temporaryFolder();
    fs.cpSync(path.join(folder, "log"), copy, { recursive: true });
    at.set(size, copy);
  }
  await log.stop();
  return { vkey: formatVerifierKey(log.key), at };
}

const fromFolder =
  (folder: string): ReadFile =>
  async (name) =>
    fs.readFileSync(path.join(folder, name));
const noteOf = (folder: string) => fs.readFileSync(path.join(folder, "checkpoint"), "utf8");

// Two logs under one key: what a log is that tells two stories.
const SIZES = [1, 2, 5, 255, 256, 257, 300, 513];
let honest: Awaited<ReturnType<typeof grown>>;
let other: Awaited<ReturnType<typeof grown>>;
beforeAll(async () => {
  honest = await grown(SIZES);
  other = await grown(SIZES);
}, 60_000);

test("every size continues every earlier one, also read from entries", async () => {
  const key = parseVerifierKey(honest.vkey);
  expect(other.vkey).toBe(honest.vkey);
  for (const size of SIZES) {
    const folder = honest.at.get(size)!;
    for (const earlier of SIZES.filter((known) => known <= size)) {
      const known = noteOf(honest.at.get(earlier)!);
      expect(await checkLog({ read: fromFolder(folder), key, known, entries: true })).toMatchObject({
        size,
        known_size: earlier,
      });
    }
  }
});

test("a log that tells another story than the last time is caught at every pair of sizes, with its own notes", async () => {
  const key = parseVerifierKey(honest.vkey);
  let caught = 0;
  for (const seen of SIZES)
    for (const shown of SIZES) {
      const known = noteOf(honest.at.get(seen)!);
      const folder = other.at.get(shown)!;
      const error: unknown = await checkLog({ read: fromFolder(folder), key, known }).catch(
        (failed: unknown) => failed,
      );
      expect(error, `${seen} then ${shown}`).toBeInstanceOf(LogContradiction);
      expect((error as LogContradiction).notes).toEqual([known, noteOf(folder)]);
      caught += 1;
    }
  expect(caught).toBe(SIZES.length ** 2);
  // And the same log gone back.
  const back = checkLog({
    read: fromFolder(honest.at.get(5)!),
    key,
    known: noteOf(honest.at.get(300)!),
  });
  await expect(back).rejects.toThrow("went back from 300 leaves to 5");
});

test("a tile or entry with any other byte is caught; a checkpoint of another key is none", async () => {
  const key = parseVerifierKey(honest.vkey);
  const folder = honest.at.get(300)!;
  const files = ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"];
  for (const file of files) {
    const read: ReadFile = async (name) => {
      const content = await fromFolder(folder)(name);
      if (name === file) content[content.length - 1]! ^= 1;
      return content;
    };
    await expect(checkLog({ read, key, entries: true }), file).rejects.toThrow();
  }
  const stranger = { ...key, public_key: randomBytes(32).toString("base64url") };
  await expect(checkLog({ read: fromFolder(folder), key: stranger })).rejects.toThrow(
    "not one that the log's key signed",
  );
});

/** Serves whatever folder stands in `shown`, under `/v1/log`, with nothing of ours. */
async function webServer(shown: { folder: string; vkey: string }): Promise<string> {
  const server = createServer((request, response) => {
    const name = request.url!.replace("/v1/log/", "");
    if (name === "key") return void response.end(JSON.stringify({ vkey: shown.vkey }));
    const file = path.join(shown.folder, name);
    if (!fs.existsSync(file)) return void response.writeHead(404).end();
    response.end(fs.readFileSync(file));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/log`;
}

async function command(...words: string[]): Promise<{ code: number | null; said: string }> {
  const program = startProgram(["gateway", "log", ...words]);
  const { code } = await program.ended;
  return { code, said: program.output() };
}

test(
  "log check keeps what it saw, and keeps the evidence when the log changes its story",
  { timeout: 60_000 },
  async () => {
    const shown = { folder: honest.at.get(257)!, vkey: honest.vkey };
    const url = await webServer(shown);
    const state = path.join(temporaryFolder(), "state.json");
    const check = () => command("check", "--log", url, "--state", state, "--entries");
    expect(await check()).toMatchObject({ code: 0, said: expect.stringContaining("257 leaves") as string });
    shown.folder = honest.at.get(513)!;
    const second = await check();
    expect(second.said).toContain("contains the 257 leaves of the last check");
    expect(second.said).toContain("every entry");
    shown.folder = other.at.get(513)!;
    const caught = await check();
    expect(caught).toMatchObject({ code: 1, said: expect.stringContaining("two trees of 513 leaves") as string });
    const evidence = fs.readdirSync(path.dirname(state)).filter((name) => name.includes("evidence"));
    const text = fs.readFileSync(path.join(path.dirname(state), evidence[0]!), "utf8");
    expect(text).toBe(`${honest.vkey}\n\n${noteOf(honest.at.get(513)!)}\n${noteOf(other.at.get(513)!)}`);
    // It goes on from what it kept; another key than the one that it kept is refused.
    shown.folder = honest.at.get(513)!;
    expect((await check()).code).toBe(0);
    const stranger = honest.vkey.replace(/^[^+]+/, "other.test");
    expect((await command("check", "--log", url, "--state", state, "--key", stranger)).code).toBe(2);
    expect((await command("check", "--state", state)).code).toBe(2);
  },
);

test(
  "log witness co-signs a log's checkpoints, goes on after a restart, and refuses another story",
  { timeout: 60_000 },
  async () => {
    const folder = temporaryFolder();
    const start = async () => {
      const program = startProgram([
        "gateway",
        "log",
        "witness",
        "--name",
        "witness.test/cli",
        "--state",
        folder,
        "--log",
        honest.vkey,
        "--listen",
        "127.0.0.1:0",
      ]);
      const [, vkey, url] = (await program.line(/B3IQ_WITNESSES='(\S+) (\S+)'/)) as unknown as [string, string, string];
      return { program, witness: { key: parseVerifierKey(vkey), url } };
    };
    const first = await start();
    const db = await testDatabase();
    databases.push(db);
    const log = testLog(db, { witnesses: [first.witness], witnesses_min: 1 });
    await addReceipts(db, 20);
    await log.round();
    expect(opened(await log.checkpoint(), log.key, [first.witness.key])).toMatchObject({
      size: 20,
      witnesses: [{ key: first.witness.key }],
    });
    await log.stop();
    expect((await first.program.stop()).code).toBe(0);
    const second = await start();
    expect(second.witness.key).toEqual(first.witness.key);
    const again = testLog(db, { witnesses: [second.witness], witnesses_min: 1 });
    await addReceipts(db, 5);
    await again.round();
    expect(opened(await again.checkpoint(), again.key, [second.witness.key]).witnesses).toHaveLength(1);
    await again.stop();
    // Another tree under the same key, by a log that has forgotten: its leader halts.
    const fork = await testDatabase();
    databases.push(fork);
    const liar = testLog(fork, { witnesses: [second.witness], witnesses_min: 1 });
    await addReceipts(fork, 40);
    await liar.round();
    await liar.round();
    expect(liar.role()).toBe("halted");
    await liar.stop();
    await second.program.stop();
    expect((await command("witness", "--name", "a b", "--state", folder, "--log", honest.vkey)).code).toBe(2);
  },
);
