import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const PACKAGE = "@scalar/fastify-api-reference";
/** The text before and after the script, which is a string in the package's one file. */
const BEFORE = "var standalone_default = ";
const BEHIND = ";\n//#endregion";

/**
 * The browser script of Scalar's API reference. Its own package brings 287 MB of others for the one file; Scalar's plugin for
 * Fastify carries the same script as a string, which is read here without loading the plugin
 * (docs/decisions/0011-llama-cpp-package.md, Scalar).
 */
export function scalarScript(): Buffer {
  const source = readFileSync(createRequire(import.meta.url).resolve(PACKAGE), "utf8");
  const start = source.indexOf(BEFORE) + BEFORE.length;
  const end = source.indexOf(BEHIND, start);
  if (start < BEFORE.length || end === -1) throw new Error(`${PACKAGE} holds its script in another form`);
  // A string of JavaScript may hold control characters as they are, one of JSON may not.
  const literal = source.slice(start, end).replaceAll(/[\0-\x1f]/g, (character) => JSON.stringify(character).slice(1, -1));
  return Buffer.from(JSON.parse(literal) as string);
}
