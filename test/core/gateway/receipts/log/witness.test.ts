import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { logKey, signCheckpoint } from "../../../../../src/core/protocol/log/checkpoint.ts";
import { generateIdentity } from "../../../../../src/core/protocol/bytes/ed25519.ts";
import { consistencyProof, leafHash, nodeHash } from "../../../../../src/core/protocol/log/merkle.ts";
import { startWitness } from "../../../../support/witness.ts";
import type { TestWitness } from "../../../../support/witness.ts";
import { testDatabase } from "../../../../support/database.ts";
import type { TestDatabase } from "../../../../support/database.ts";
import { addReceipts, opened, temporaryFolder, testLog } from "../../../../support/log.ts";

let db: TestDatabase;
const witnesses: TestWitness[] = [];
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(async () => {
  for (const witness of witnesses.splice(0)) await witness.close();
  await db.drop();
});

async function witnessOf(
  log: ReturnType<typeof testLog>,
  folder = temporaryFolder(),
  name?: string,
): Promise<TestWitness> {
  const witness = await startWitness(folder, [log.key], name);
  witnesses.push(witness);
  return witness;
}

test("checkpoints carry the witnesses' lines; one that is away is left out, and catches up later", async () => {
  const key = testLog(db);
  const folder = temporaryFolder();
  const one = await witnessOf(key);
  const two = await witnessOf(key, folder, "witness.test/w2");
  const log = testLog(db, { witnesses: [one, two], witnesses_min: 1 });
  await addReceipts(db, 5);
  await log.round();
  expect(
    opened(await log.checkpoint(), log.key, [one.key, two.key]).witnesses.map(({ key: { name } }) => name),
  ).toEqual(["witness.test/w1", "witness.test/w2"]);
  expect(log.describe().witnesses).toHaveLength(2);
  await two.close();
  await addReceipts(db, 300);
  await log.round();
  expect(
    opened(await log.checkpoint(), log.key, [one.key, two.key]).witnesses.map(({ key: { name } }) => name),
  ).toEqual(["witness.test/w1"]);
  await log.stop();
  const again = await witnessOf(key, folder, "witness.test/w2");
  const later = testLog(db, { witnesses: [one, again] });
  await addReceipts(db, 7);
  await later.round();
  expect(opened(await later.checkpoint(), later.key, [one.key, again.key])).toMatchObject({
    size: 312,
    witnesses: [{ key: one.key }, { key: again.key }],
  });
  await later.stop();
});

test("without the cosignatures asked for, nothing new is published", async () => {
  const key = testLog(db);
  const witness = await witnessOf(key);
  const log = testLog(db, { witnesses: [witness], witnesses_min: 1 });
  await addReceipts(db, 5);
  await log.round();
  await witness.close();
  await addReceipts(db, 5);
  await log.round();
  expect(await log.size()).toBe(5);
  await log.stop();
});

test("a database behind its witness signs nothing, until it contains what the witness saw", async () => {
  const witness = await witnessOf(testLog(db));
  const log = testLog(db, { witnesses: [witness] });
  await addReceipts(db, 20);
  await log.round();
  await log.stop();
  const restored = await testDatabase();
  const folder = temporaryFolder();
  const other = testLog(restored, { witnesses: [witness], secrets_dir: folder }); // no file beside its key, no tiles
  await addReceipts(restored, 3);
  await other.round();
  await other.round();
  expect(other.role()).toBe("halted");
  expect((await restored.pool.query("select 1 from log_checkpoints")).rowCount).toBe(0);
  expect(fs.readdirSync(folder)).toEqual([]);
  // Of its own it showed nothing but the empty tree.
  expect(witness.requests.slice(2).filter(({ body }) => !body.includes("/v1/log\n0\n"))).toEqual([]);
  expect((await restored.pool.query("select required_size from log_state")).rows).toEqual([{ required_size: 20 }]);
  await expect(other.signFor("b3iq-payout-v1", "{}")).rejects.toMatchObject({ code: "conflict" });
  await other.stop();
  await restored.drop();
});

const CASES = Number(process.env["B3IQ_TEST_EQUIVOCATIONS"] ?? 200);

test(
  "a log that equivocates is refused by the witness, whichever way",
  async () => {
    const identity = generateIdentity();
    const key = logKey("evil.test/v1/log", identity.public_key);
    for (let seed = 0; seed < CASES; seed++) {
      const witness = await startWitness(temporaryFolder(), [key]);
      const random = mulberry(seed);
      const honest = Array.from({ length: 2 + Math.floor(random() * 60) }, () => leafHash(randomBytes(32)));
      const base = 1 + Math.floor(random() * honest.length);
      const send = async (
        leaves: Buffer[],
        size: number,
        old_size: number,
        proof_of: Buffer[] = leaves,
        proof_size = size,
        signer = identity.private_key,
      ) => {
        const note = signCheckpoint({ origin: key.name, size, root: treeHash(leaves.slice(0, size)) }, key, signer);
        const proof = old_size <= proof_size ? consistencyProof(old_size, proof_size, reader(proof_of)) : [];
        const lines = proof.map((hash) => `${Buffer.from(hash).toString("base64")}\n`).join("");
        return (
          await fetch(`${witness.url}/add-checkpoint`, { method: "POST", body: `old ${old_size}\n${lines}\n${note}` })
        ).status;
      };
      expect(await send(honest, base, 0)).toBe(200);
      const forked = [...honest];
      forked[Math.floor(random() * base)] = leafHash(randomBytes(32));
      while (forked.length < honest.length + 8) forked.push(leafHash(randomBytes(32)));
      const ways = [
        () => send(forked, forked.length, base), // another past, with its own proof
        // Another past, with a proof of the honest one.
        () => send(forked, forked.length, base, [...honest, ...forked.slice(honest.length)]),
        () => send(forked, base, base), // the same size, another root
        () => send(forked, forked.length, 0), // as if it had seen nothing
        () => send(forked, Math.max(1, base - 1), Math.max(1, base - 1)), // an older size
        () => send(forked, Math.max(0, base - 1), base, honest, honest.length), // smaller than what it saw
        () => send(honest, honest.length, base, honest, honest.length, generateIdentity().private_key), // another key
      ];
      expect(await ways[seed % ways.length]!(), `way ${seed % ways.length}, seed ${seed}`).not.toBe(200);
      expect(witness.seen(key.name)).toEqual({ size: base, root: treeHash(honest.slice(0, base)).toString("hex") });
      // And it goes on with the honest one.
      expect(await send(honest, honest.length, base)).toBe(200);
      await witness.close();
    }
  },
  60_000 + CASES * 500,
);

test("two checkpoints that race from one state: one is signed", async () => {
  const identity = generateIdentity();
  const key = logKey("race.test/v1/log", identity.public_key);
  const witness = await startWitness(temporaryFolder(), [key]);
  witnesses.push(witness);
  const notes = Array.from({ length: 8 }, () =>
    signCheckpoint({ origin: key.name, size: 1, root: leafHash(randomBytes(32)) }, key, identity.private_key),
  );
  const statuses = await Promise.all(
    notes.map(
      async (note) =>
        (await fetch(`${witness.url}/add-checkpoint`, { method: "POST", body: `old 0\n\n${note}` })).status,
    ),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
});

function reader(leaves: Buffer[]) {
  return (level: number, index: number) => treeHash(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
}

function treeHash(leaves: Buffer[]): Buffer {
  if (leaves.length === 0)
    return Buffer.from("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "hex");
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

function mulberry(seed: number): () => number {
  let state = seed + 0x6d2b79f5;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
