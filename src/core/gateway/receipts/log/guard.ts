import * as path from "node:path";
import type { Database } from "../../../../store/postgres/database.ts";
import { newestCheckpoint } from "../../../../store/postgres/log/checkpoints.ts";
import { clearRequiredCheckpoint, requireCheckpoint } from "../../../../store/postgres/log/state.ts";
import type { RequiredCheckpoint } from "../../../../store/postgres/log/state.ts";
import { parseCheckpoint } from "../../../protocol/log/checkpoint.ts";
import { equalBytes } from "../../../protocol/bytes/encoding.ts";
import { parseNote } from "../../../protocol/log/note.ts";
import type { Tree } from "./tree.ts";
import { readText, writeDurably } from "./tile_files.ts";
import type { TileReader } from "./tile_reader.ts";

/** The file beside the log key: the newest checkpoint that this gateway signed or read. */
export const KEY_CHECKPOINT = "log-checkpoint";
/** The file in the folder of tiles: the newest checkpoint whose tiles are all there. */
export const TILES_CHECKPOINT = "checkpoint";

/**
 * Thrown when the tree does not contain a checkpoint that was published. Then nothing may be appended or signed
 * (docs/design/money.md, Recovery).
 */
export class LogBehind extends Error {
  readonly required: RequiredCheckpoint;
  /** The tree has the checkpoint's size or more, and another root at that size. */
  readonly forked: boolean;

  constructor(required: RequiredCheckpoint, source: string, forked = false) {
    super(`the tree does not contain the checkpoint of size ${required.size} known from ${source}`);
    this.name = "LogBehind";
    this.required = required;
    this.forked = forked;
  }
}

export type Guard = ReturnType<typeof createGuard>;

/** Keeps published checkpoints outside the database, and compares the tree with them. */
export function createGuard({
  db,
  reader,
  secrets_dir,
  log_dir,
}: {
  db: Database;
  reader: TileReader;
  secrets_dir: string;
  log_dir: string;
}) {
  const key_file = path.join(secrets_dir, KEY_CHECKPOINT);
  const tiles_file = path.join(log_dir, TILES_CHECKPOINT);

  /** Compares the tree with every known checkpoint. Throws LogBehind. */
  async function check(tree: Tree, required: RequiredCheckpoint | null): Promise<void> {
    const published = await newestCheckpoint(db.pool);
    const known: [string, RequiredCheckpoint | null][] = [
      ["the file beside the log key", read(await readText(key_file))],
      ["the published tiles", read(await readText(tiles_file))],
      ["the database", published && { size: published.tree_size, root: published.root }],
      ["another gateway or a witness", required],
    ];
    for (const [source, checkpoint] of known) if (checkpoint) await contains(tree, checkpoint, source);
    if (required) await clearRequiredCheckpoint(db, required.size);
  }

  async function contains(tree: Tree, checkpoint: RequiredCheckpoint, source: string): Promise<void> {
    if (checkpoint.size > tree.size) throw new LogBehind(checkpoint, source);
    const root = checkpoint.size === tree.size ? tree.root : await reader.rootAt(checkpoint.size);
    if (checkpoint.root !== null && !equalBytes(root, checkpoint.root)) throw new LogBehind(checkpoint, source, true);
  }

  return {
    check,
    /** Stores, for all gateways, the checkpoint that the tree lacks. */
    halt: ({ required }: LogBehind) => requireCheckpoint(db, required),
    /** Writes a checkpoint beside the key; it is on disk before anyone can read the checkpoint. */
    remember: (note: string) => writeDurably(secrets_dir, [{ path: KEY_CHECKPOINT, content: note }], 0o600),
    /** The checkpoint of the file beside the key. */
    remembered: async () => read(await readText(key_file)),
    /** The size of the tree whose tiles are all in the folder. */
    filed: async () => read(await readText(tiles_file))?.size ?? 0,
  };
}

function read(note: string | null): { size: number; root: Uint8Array } | null {
  if (note === null) return null;
  const { size, root } = parseCheckpoint(parseNote(note).text);
  return { size, root };
}
