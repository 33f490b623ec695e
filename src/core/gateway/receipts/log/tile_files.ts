import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";

/** A file by its path relative to the log's folder. */
export type LogFile = { path: string; content: Uint8Array | string };

/**
 * Writes each file whole or not at all, and resolves when all files, and the folders that name them, are on disk. Several
 * processes may write the same files with the same content.
 */
export async function writeDurably(directory: string, files: readonly LogFile[], mode = 0o644): Promise<void> {
  const folders = new Set<string>();
  for (const folder of new Set(files.map((file) => path.dirname(path.join(directory, file.path)))))
    await makeFolder(folder, folders);
  // All at once: in a busy process, each await costs a turn of the event loop.
  await Promise.all(files.map((file) => writeFile(path.join(directory, file.path), file.content, mode)));
  for (const file of files) folders.add(path.dirname(path.join(directory, file.path)));
  await Promise.all([...folders].map(syncFolder));
}

/** The text of a file, or null when there is none. */
export async function readText(file: string): Promise<string | null> {
  return fs.readFile(file, "utf8").catch((error: unknown) => {
    if ((error as { code?: string }).code === "ENOENT") return null;
    throw error;
  });
}

async function writeFile(target: string, content: LogFile["content"], mode: number): Promise<void> {
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${randomBytes(6).toString("hex")}`);
  await writeSynced(temporary, content, mode);
  await fs.rename(temporary, target);
}

async function writeSynced(file: string, content: Uint8Array | string, mode: number): Promise<void> {
  const handle = await fs.open(file, "wx", mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and its parents, and adds to `changed` the folders that got a new entry. */
async function makeFolder(folder: string, changed: Set<string>): Promise<void> {
  const first = await fs.mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) changed.add(path.dirname(made));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await fs.open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
