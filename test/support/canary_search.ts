import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Database } from "../../src/store/postgres/database.ts";

/** A text unchanged, in hex, and in base64 at each of the three offsets at which it may begin. */
export function encodingsOf(text: string): string[] {
  const inBase64 = [0, 1, 2].map((before) => {
    const coded = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]).toString("base64");
    // The characters at both ends depend on what stands beside the text.
    return coded.slice(before === 0 ? 0 : before + 1, -4);
  });
  return [text, Buffer.from(text).toString("hex"), ...inBase64];
}

/** Each needle found in a file below the folders, as `needle in file`; every file is searched as bytes. */
export function searchFiles(folders: readonly string[], needles: readonly string[], list: string): string[] {
  fs.writeFileSync(list, `${needles.join("\n")}\n`, { mode: 0o600 });
  const found = spawnSync("grep", ["-rasoF", "-f", list, ...folders.flatMap(entriesOf)], {
    encoding: "latin1",
    maxBuffer: 2 ** 30,
    env: { ...process.env, LC_ALL: "C" },
  });
  fs.rmSync(list);
  // Status 2 can also mean a file that vanished during the search, as files of other tests' databases do.
  if (found.error) throw found.error;
  const places = found.stdout.split("\n").filter((line) => line !== "");
  return [
    ...new Set(places.map((line) => `${line.slice(line.indexOf(":") + 1)} in ${line.slice(0, line.indexOf(":"))}`)),
  ];
}

/** Sockets would make grep wait. */
function entriesOf(folder: string): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Every row of every table as text, since files may hold values compressed. */
export async function databaseText(db: Database): Promise<string> {
  const { rows } = await db.pool.query<{ name: string }>(
    "select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1",
  );
  const texts: string[] = [];
  for (const { name } of rows) {
    const all = await db.pool.query<{ row: string }>(`select t::text as row from ${name} t`);
    texts.push(...all.rows.map(({ row }) => row));
  }
  return texts.join("\n");
}
