/** Reads the YAML of openapi/. */
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Dict } from "./document_walk.ts";
import type { Sources } from "./source_rules.ts";

export async function readYaml(path: string): Promise<Record<string, Dict>> {
  return parse(await readFile(path, "utf8")) as Record<string, Dict>;
}

/** The files of tags and of `common/`. */
export async function readSources(root: string): Promise<Sources> {
  const files = (await Array.fromAsync(glob("*/*.yaml", { cwd: root }))).filter(
    (file) => !file.startsWith("workflows/"),
  );
  return Object.fromEntries(
    await Promise.all(files.sort().map(async (file) => [file, await readYaml(join(root, file))] as const)),
  );
}
