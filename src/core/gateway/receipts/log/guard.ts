import * as path from "node:path";
import type { Database } from "../../../../store/postgres/database.ts";
import { newestCheckpoint } from "../../../../store/postgres/log/checkpoint_newest.ts";
import { clearRequiredCheckpoint, requireCheckpoint } from "../../../../store/postgres/log/require.ts";
import type { RequiredCheckpoint } from "../../../../store/postgres/log/require.ts";
import { parseCheckpoint } from "../../../protocol/log/checkpoint.ts";
import { equalBytes } from "../../../protocol/bytes/encoding.ts";
import { parseNote } from "../../../protocol/log/note.ts";
import type { Tree } from "./tree.ts";
import { readText, writeDurably } from "./tile_files.ts";
import type { TileReader } from "./tile_reader.ts";

/** Beside the log key: the newest checkpoint that this gateway signed or saw. */
export const KEY_CHECKPOINT = "log-checkpoint";
/** In the folder of tiles: the newest checkpoint whose tiles are there. */
export const TILES_CHECKPOINT = "checkpoint";

/**
 * The tree does not contain a checkpoint that was published: nothing may be appended or signed (docs/design/money.md,
 * Recovery).
 */
export class LogBehind extends Error {
  readonly required: RequiredCheckpoint;
  /** The tree is as large, and another one. */
  readonly forked: boolean;

  constructor(required: RequiredCheckpoint, source: string, forked = false) {
    super(`the tree does not contain the checkpoint of size ${required.size} known from ${source}`);
    this.name = "LogBehind";
    this.required = required;
    this.forked = forked;
  }
}

export type Guard = ReturnType<typeof createGuard>;

/** Knows what was published, from outside the database, and compares. */
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

  /** Throws LogBehind unless the tree contains every checkpoint that is known. */
  async function check(tree: Tree, required: RequiredCheckpoint | null): Promise<void> {
    const published = await newestCheckpoint(db);
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
    /** Makes it known to all gateways. */
    halt: ({ required }: LogBehind) => requireCheckpoint(db, required),
    /** On disk before anyone can see the checkpoint. */
    remember: (note: string) => writeDurably(secrets_dir, [{ path: KEY_CHECKPOINT, content: note }], 0o600),
    /** Of the file beside the key. */
    remembered: async () => read(await readText(key_file)),
    /** The size up to which this folder has all tiles. */
    filed: async () => read(await readText(tiles_file))?.size ?? 0,
  };
}

function read(note: string | null): { size: number; root: Uint8Array } | null {
  if (note === null) return null;
  const { size, root } = parseCheckpoint(parseNote(note).text);
  return { size, root };
}
