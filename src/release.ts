import * as fs from "node:fs";

/** The release, as package.json says it. */
export const RELEASE = (
  JSON.parse(fs.readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }
).version;
