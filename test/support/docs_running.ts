/** The system as `make run` starts it, and the samples of a page as its reader runs them. */
import { execFile, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { commandOf, samplesOf } from "../../scripts/docs/samples.ts";
import type { Sample } from "../../scripts/docs/samples.ts";
import { freePort, startProgram, temporaryHome } from "./processes.ts";

export const ROOT = path.resolve(import.meta.dirname, "..", "..");
export const DOCS = path.join(ROOT, "docs");

export type Addresses = { gateway: string; local: string };

export type DocsSystem = Addresses & { home: string; stop(): Promise<void> };

/** Free addresses that replace those in the texts. */
export async function freeAddresses(): Promise<Addresses & { env: Record<string, string> }> {
  const [gateway, local, metrics, peer] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const at = (port: number) => `127.0.0.1:${port}`;
  return {
    gateway: at(gateway!),
    local: at(local!),
    env: {
      B3IQ_GATEWAY_LISTEN: at(gateway!),
      B3IQ_LOCAL_LISTEN: at(local!),
      B3IQ_METRICS_LISTEN: at(metrics!),
      B3IQ_GATEWAY_PEER_LISTEN: at(peer!),
    },
  };
}

/** Starts all that `make run` starts, in a home of its own. */
export async function startDocsSystem(): Promise<DocsSystem> {
  const home = temporaryHome();
  const { gateway, local, env } = await freeAddresses();
  const program = startProgram(["run"], { env: { ...env, B3IQ_HOME: home } });
  const stop = async () => {
    await program.stop("SIGINT");
    fs.rmSync(home, { recursive: true, force: true });
  };
  try {
    await program.line(/B3IQ is ready/, 120_000);
    await agentKnows({ ...env, B3IQ_HOME: home });
  } catch (error) {
    await stop();
    throw error;
  }
  return { gateway, local, home, stop };
}

/** Waits until an answer to a heartbeat has told the agent that its model takes paid work. */
async function agentKnows(env: Record<string, string>): Promise<void> {
  for (const until = performance.now() + 60_000; performance.now() < until;) {
    const { output } = await runScript("bin/b3iq-host status", ROOT, env);
    if (output.includes("takes paid work")) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error("the agent does not say that it takes paid work");
}

/** README.md, and every Markdown file below docs/; relative to docs/. */
export function docsPages(): string[] {
  return [
    "../README.md",
    ...fs
      .readdirSync(DOCS, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".md"))
      .sort(),
  ];
}

export function pageSamples(page: string): Sample[] {
  return samplesOf(fs.readFileSync(path.join(DOCS, page), "utf8"));
}

/** The folder of a reader: state, programs and packages in the places of a checkout. */
export function readersFolder(home: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-docs-"));
  fs.symlinkSync(home, path.join(folder, ".b3iq"));
  for (const name of ["bin", "src", "generated", "packages", "node_modules", "package.json", "web"])
    fs.symlinkSync(path.join(ROOT, name), path.join(folder, name));
  return folder;
}

const run = promisify(execFile);

/** The files that readers make on the page "Clients" for typed samples: types of both documents, and client.ts. */
export async function writeTypedClient(folder: string): Promise<void> {
  const client = pageSamples("guides/clients.md").find(({ file }) => file === "client.ts")!;
  fs.writeFileSync(path.join(folder, "client.ts"), client.text);
  const types = { hosted: "b3iq.ts", local: "b3iq-local.ts" };
  for (const [surface, file] of Object.entries(types)) {
    const document = path.join(ROOT, "generated", `${surface}.json`);
    // Outside the checkout, whose redocly.yaml would be taken for the reader's.
    await run(path.join(ROOT, "node_modules", ".bin", "openapi-typescript"), [document, "--output", file], {
      cwd: folder,
    });
  }
}

/** The text with the real addresses of the running system. */
export function placed(text: string, { gateway, local }: Addresses): string {
  return text.replaceAll("127.0.0.1:8830", gateway).replaceAll("127.0.0.1:8831", local);
}

/**
 * Does what a reader does with a page: saves files, and types commands one after another into one shell, which ends at
 * the first failure. `skip` names tools that samples may need and that are missing.
 */
export function pageScript(samples: Sample[], addresses: Addresses, skip: readonly string[] = []): string {
  const steps = samples.filter(
    (sample) => sample.no_run === undefined && !(sample.needs !== undefined && skip.includes(sample.needs)),
  );
  const lines = steps.map((sample) => {
    const { lang, file, text, run } = sample;
    if (file === undefined) return lang === "sh" ? placed(text, addresses) : "";
    if (lang === "text") return "";
    return `cat > ${file} <<'END_OF_SAMPLE'\n${placed(text, addresses)}END_OF_SAMPLE\n${run ? commandOf(sample) : ""}`;
  });
  return `set -eu\n${lines.join("\n")}`;
}

/** Runs a script in a folder; resolves with its status and all that it wrote. */
export function runScript(
  script: string,
  folder: string,
  env: Record<string, string | undefined> = {},
): Promise<{ code: number | null; output: string }> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith("B3IQ_") && !name.startsWith("VITEST") && name !== "NODE_OPTIONS",
    ),
  );
  const node = path.dirname(process.execPath);
  const child = spawn("sh", ["-s"], {
    cwd: folder,
    env: { ...inherited, PATH: `${node}:${inherited["PATH"]}`, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => {
      output += part;
    });
  child.stdin.end(script);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}
