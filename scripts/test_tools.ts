/**
 * Before the tests, where a machine of CI runs them as root: installs what Debian has of the tools that they need and
 * that are missing. Elsewhere nothing is installed, and the end of the run names the tests that were left out.
 */
import { spawnSync } from "node:child_process";
import { packagesOf, tool, TOOL_NAMES } from "../test/support/tools.ts";

const missing = TOOL_NAMES.filter((name) => tool(name) === undefined);

if (process.env["CI"] && process.getuid?.() === 0 && missing.length > 0) install(missing);

function install(names: typeof TOOL_NAMES): void {
  const aptGet = (...words: string[]) =>
    spawnSync("apt-get", words, { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } }).status === 0;
  aptGet("update", "-qq");
  for (const name of names) {
    const done = aptGet("install", "-y", "-qq", "--no-install-recommends", ...packagesOf([name]));
    console.log(done ? `installed ${name} for the tests` : `${name} cannot be installed here`);
  }
}
