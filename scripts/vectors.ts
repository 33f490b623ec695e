/** Writes test/vectors/*.json: `node scripts/vectors.ts`. A test fails when they differ from what the code makes. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { buildVectors } from "../test/vectors/build.ts";

const file = (name: string): URL => new URL(`../test/vectors/${name}.json`, import.meta.url);
const existing = (name: string): unknown =>
  existsSync(file(name)) ? JSON.parse(readFileSync(file(name), "utf8")) : undefined;

for (const [name, vector] of Object.entries(buildVectors(existing))) {
  writeFileSync(file(name), `${JSON.stringify(vector, null, 2)}\n`);
}
