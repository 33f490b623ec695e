/** `npm run check`: all checks of the sources that run no test, two steps at a time. */
import { spawn } from "node:child_process";
import { join } from "node:path";

type Step = { name: string; command: string; args: string[] };

const bin = join(import.meta.dirname, "..", "node_modules", ".bin");
const node = (script: string): Pick<Step, "command" | "args"> => ({
  command: process.execPath,
  args: [join("scripts", script)],
});
const tool = (name: string, ...args: string[]): Pick<Step, "command" | "args"> => ({ command: join(bin, name), args });

/** The longest first, so that the two lanes end together. */
const STEPS: Step[] = [
  {
    name: "prettier",
    ...tool("prettier", "--check", "--log-level=warn", "src", "packages", "scripts", "test", "bench"),
  },
  {
    name: "eslint",
    ...tool(
      "eslint",
      "--max-warnings=0",
      "src",
      "packages",
      "scripts",
      "test",
      "bench",
      "--no-error-on-unmatched-pattern",
    ),
  },
  {
    name: "types",
    ...tool("tsc", "--noEmit", "--incremental", "--tsBuildInfoFile", "node_modules/.cache/types.tsbuildinfo"),
  },
  {
    name: "directions",
    ...tool("depcruise", "--config", ".dependency-cruiser.cjs", "--output-type", "err", "src", "packages"),
  },
  { name: "generated is fresh", ...node("check_generated.ts") },
  {
    name: "documents are linted",
    ...tool("redocly", "lint", "hosted", "local", "tunnel", "--format=stylish", "--max-problems=200"),
  },
  {
    name: "3.0 views are valid",
    ...tool(
      "redocly",
      "lint",
      "generated/hosted.oas30.json",
      "generated/local.oas30.json",
      "--extends=spec",
      "--format=stylish",
    ),
  },
  { name: "documents keep our rules", ...node("check_documents.ts") },
  { name: "the tree keeps its rules", ...node("check_tree.ts") },
  { name: "references resolve", ...node("check_references.ts") },
];
const LANES = 2;

const environment = {
  ...process.env,
  PATH: `${bin}:${process.env["PATH"] ?? ""}`,
  REDOCLY_TELEMETRY: "off",
  REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
  NO_COLOR: "1",
};

function run({ name, command, args }: Step): Promise<number> {
  return new Promise((resolve) => {
    const started = performance.now();
    const chunks: Buffer[] = [];
    const child = spawn(command, args, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) => chunks.push(Buffer.from(String(error))));
    child.on("close", (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${code === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
      if (code !== 0) console.log(Buffer.concat(chunks).toString().trimEnd());
      resolve(code ?? 1);
    });
  });
}

const waiting = [...STEPS];
const codes: number[] = [];
const lane = async (): Promise<void> => {
  for (let step = waiting.shift(); step; step = waiting.shift()) codes.push(await run(step));
};
await Promise.all(Array.from({ length: LANES }, lane));
const failures = codes.filter((code) => code !== 0);
// Status 4 means that only generated/ is stale.
process.exitCode = failures.length === 0 ? 0 : failures.every((code) => code === 4) ? 4 : 1;
