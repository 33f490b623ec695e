import type { Database } from "../../../../store/postgres/database.ts";
import { newestCheckpoint } from "../../../../store/postgres/log/checkpoints.ts";
import { ApiError } from "../../../errors.ts";
import { parseCheckpoint } from "../../../protocol/log/checkpoint.ts";
import { parseNote } from "../../../protocol/log/note.ts";

/** A checkpoint that may be served: its signed note, and the size of its tree. */
export type ServedCheckpoint = { note: string; size: number };

/** The newest published checkpoint that this gateway knows; another gateway may have published it. */
export type CheckpointCache = {
  db: Database;
  newest: (ServedCheckpoint & { read_at_ms: number }) | null;
  /** A read of the database that is under way; all callers wait for the same one. */
  reading: Promise<void> | null;
};

/** After this time, the checkpoint is read from the database again before it is served. */
const FRESH_MS = 200;

export function createCheckpointCache(db: Database): CheckpointCache {
  return { db, newest: null, reading: null };
}

/** Takes a published checkpoint, unless a larger one is known: an answer that was slow does not replace a newer one. */
export function takeCheckpoint(cache: CheckpointCache, note: string): void {
  const { size } = parseCheckpoint(parseNote(note).text);
  if (cache.newest === null || size >= cache.newest.size) cache.newest = { note, size, read_at_ms: performance.now() };
}

/** The newest published checkpoint, at most FRESH_MS old. Throws ApiError `not_found` before the first. */
export async function servedCheckpoint(cache: CheckpointCache): Promise<ServedCheckpoint> {
  if (cache.newest === null || performance.now() - cache.newest.read_at_ms > FRESH_MS)
    await (cache.reading ??= readNewest(cache));
  if (cache.newest === null)
    throw new ApiError("not_found", "The log has no checkpoint yet; the first comes within seconds.");
  return cache.newest;
}

async function readNewest(cache: CheckpointCache): Promise<void> {
  try {
    const row = await newestCheckpoint(cache.db.pool);
    if (row) takeCheckpoint(cache, row.note);
  } finally {
    cache.reading = null;
  }
}
