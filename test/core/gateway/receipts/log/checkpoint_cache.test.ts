import { expect, test } from "vitest";
import {
  createCheckpointCache,
  servedCheckpoint,
  takeCheckpoint,
} from "../../../../../src/core/gateway/receipts/log/checkpoint_cache.ts";
import { signCheckpoint } from "../../../../../src/core/protocol/log/checkpoint.ts";
import { generateIdentity, publicKeyOf } from "../../../../../src/core/protocol/bytes/ed25519.ts";
import type { Database } from "../../../../../src/store/postgres/database.ts";

const { private_key } = generateIdentity();
const key = { name: "test/v1/log", type: 1 as const, public_key: publicKeyOf(private_key) };
const noteOf = (size: number) =>
  signCheckpoint({ origin: key.name, size, root: Buffer.alloc(32, size) }, key, private_key);

/** A cache over a database whose newest checkpoint has this size; `reads` counts the queries. */
function cacheOver(stored: { size: number | null }) {
  const state = { reads: 0 };
  const query = async () => {
    state.reads += 1;
    await Promise.resolve();
    return { rows: stored.size === null ? [] : [{ note: noteOf(stored.size) }] };
  };
  return { state, cache: createCheckpointCache({ pool: { query } } as unknown as Database) };
}

test("a log without a checkpoint is not found, until there is one", async () => {
  const stored: { size: number | null } = { size: null };
  const { cache } = cacheOver(stored);
  await expect(servedCheckpoint(cache)).rejects.toMatchObject({ code: "not_found" });
  stored.size = 3;
  expect((await servedCheckpoint(cache)).size).toBe(3);
});

test("calls at the same time share one read, and a fresh checkpoint needs none", async () => {
  const { cache, state } = cacheOver({ size: 5 });
  const served = await Promise.all([1, 2, 3].map(() => servedCheckpoint(cache)));
  expect(served.map(({ size }) => size)).toEqual([5, 5, 5]);
  await servedCheckpoint(cache);
  expect(state.reads).toBe(1);
});

test("an old checkpoint is read again", async () => {
  const stored = { size: 5 };
  const { cache, state } = cacheOver(stored);
  await servedCheckpoint(cache);
  cache.newest!.read_at_ms -= 10_000;
  stored.size = 6;
  expect((await servedCheckpoint(cache)).size).toBe(6);
  expect(state.reads).toBe(2);
});

test("a late read does not replace a larger checkpoint", async () => {
  const { cache } = cacheOver({ size: 5 });
  const late = servedCheckpoint(cache);
  takeCheckpoint(cache, noteOf(9));
  expect((await late).size).toBe(9);
});
