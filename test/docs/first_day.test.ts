import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, expect } from "vitest";
import { startCommand } from "../support/processes.ts";
import type { Program } from "../support/processes.ts";
import { lacking } from "../support/tools.ts";
import { itUnless } from "../support/unless.ts";
import { freeAddresses, pageSamples, pageScript, placed, ROOT, runScript } from "../support/docs_running.ts";

/**
 * The commands of the pages "first chat" and "verify a receipt", in order, and nothing else, in a fresh clone. Two
 * things differ from a reader's machine: the addresses, since another system may run here, and the packages, which are
 * hard links to those of this checkout where nobody asked for all of it: with CI or B3IQ_TEST_FRESH_CLONE set, `make run`
 * fetches them (20 s more from npm's cache).
 */
const REAL_INSTALL = Boolean(process.env["CI"]) || process.env["B3IQ_TEST_FRESH_CLONE"] === "1";
const PAGES = ["guides/first-chat.md", "guides/verify-a-receipt.md"];

const NO_PYTHON = lacking("python3");

let running: Program | undefined;
let folder: string | undefined;
afterEach(async () => {
  if (running !== undefined) await stopSystem(running, path.join(folder!, "b3iq"));
  if (folder !== undefined) fs.rmSync(folder, { recursive: true, force: true });
}, 60_000);

itUnless(lacking("git", "curl"))("leads a reader from a clone to a verified receipt", async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-clone-"));
  const clone = path.join(folder, "b3iq");
  execFileSync("git", ["clone", "--quiet", "--no-hardlinks", ROOT, clone]);
  if (!REAL_INSTALL) {
    for (const packages of ["node_modules", "packages/llama-cpp/node_modules"])
      execFileSync("cp", ["-al", path.join(ROOT, packages), path.join(clone, packages)]);
    fs.writeFileSync(path.join(clone, "node_modules", ".run"), "");
  }
  const { env, ...addresses } = await freeAddresses();
  const samples = PAGES.flatMap(pageSamples);
  const first = samples.shift()!;
  expect(first.until).toBe("B3IQ is ready");
  running = startCommand("sh", ["-c", placed(first.text, addresses)], { cwd: clone, env });
  await running.line(new RegExp(first.until!), 480_000);

  // A reader who has no packages of npm, and perhaps no Python, leaves out the samples that need them.
  const skip = NO_PYTHON === null ? ["packages"] : ["packages", "python3"];
  // The reader's own Node, which may be 20: not the one that comes with the packages.
  const paths = process.env["PATH"]!.split(":").filter((folder) => !folder.includes("node_modules"));
  const { code, output } = await runScript(pageScript(samples, addresses, skip), clone, { PATH: paths.join(":") });
  expect(code, output).toBe(0);
  expect(output).toContain('"object":"chat.completion"');
  expect([...output.matchAll(/ok {3}([a-z ]+)\n/g)].map(([, name]) => name).slice(0, 8)).toEqual([
    "hash",
    "signature",
    "node id",
    "request commitment",
    "response commitment",
    "checkpoint",
    "inclusion",
    "charge",
  ]);
  expect(output).toContain("Everything that was checked holds.");
  expect(output).not.toContain("FAIL");
}, 600_000);

if (NO_PYTHON !== null) itUnless(NO_PYTHON)("the Python samples of these pages", () => {});

/** `make` passes no signal on: at a terminal, Ctrl-C reaches all of its group; here the program itself gets it. */
async function stopSystem(program: Program, clone: string): Promise<void> {
  const pid_file = path.join(clone, ".b3iq", "run.lock.pid");
  const ended = program.child.exitCode !== null || program.child.signalCode !== null;
  if (ended) return;
  if (fs.existsSync(pid_file)) process.kill(Number(fs.readFileSync(pid_file, "utf8")), "SIGINT");
  else program.child.kill("SIGINT");
  await program.ended;
}
