/**
 * `make bench`: runs one bench (BENCH=name) or all, each a process of its own; every figure is a line `name value
 * unit`.
 */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

const HELPERS = /_|^(run|runtime|proxy)$/;
const benches = fs
  .readdirSync(import.meta.dirname)
  .map((file) => path.basename(file, ".ts"))
  .filter((name) => !HELPERS.test(name))
  .sort();
const asked = process.env["BENCH"] ?? "";

if (asked !== "" && !benches.includes(asked)) {
  console.error(`BENCH: found "${asked}", allowed: ${benches.join(", ")}, or nothing for all`);
  process.exit(2);
}
for (const name of asked === "" ? benches : [asked]) {
  const { status } = spawnSync(
    process.execPath,
    // As bin/launch.sh starts a gateway.
    ["--max-semi-space-size=64", "--disable-warning=ExperimentalWarning", path.join(import.meta.dirname, `${name}.ts`)],
    { stdio: "inherit" },
  );
  if (status !== 0) process.exit(status ?? 1);
}
