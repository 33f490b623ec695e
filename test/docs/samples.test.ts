import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docsPages, pageSamples, pageScript, readersFolder, ROOT, runScript, startDocsSystem } from "./running.ts";
import type { DocsSystem } from "./running.ts";

const run = promisify(execFile);

/** These two are run from a fresh clone by first_day.test.ts; here too, without the start. */
const PAGES = docsPages().filter((page) =>
  pageSamples(page).some(({ lang, no_run }) => lang === "sh" && no_run === undefined),
);

/** Words that a page's output must show, so that a sample which prints nothing useful is noticed. */
const SHOWN: Record<string, RegExp[]> = {
  "../README.md": [/"object":"chat\.completion"/, /\S \d{9,}\n/],
  "guides/first-chat.md": [/"object":"chat\.completion"/, /"balance_wei":"\d+"/],
  "guides/clients.md": [
    /charged \d+ wei, receipt [0-9a-f]{64}/,
    /403 max_price_exceeded \d+/,
    /b3iq-tiny\.gguf 4096 tokens of context/,
  ],
  "guides/streaming.md": [/data: \[DONE\]/, /receipt [0-9a-f]{64}/, /tokens \d+/],
  "guides/tools.md": [/get_weather \{"city":/, /population: \d+/],
  "guides/idempotency.md": [
    /"object":"chat\.completion"[\s\S]*status 200[\s\S]*"idempotency_completed"[\s\S]*status 409/,
    /"billing_status":"settled"/,
  ],
  "guides/keys.md": [/"label":"nightly batch"/, /"status":"revoked"/],
  "guides/private-jobs.md": [/"billing_status":"settled"/, /completed; receipt [0-9a-f]{64}/],
  "guides/verify-a-receipt.md": [
    /Everything that was checked holds/,
    /ok {3}hash\nok {3}signature\nok {3}node id\nok {3}request commitment\nok {3}response commitment\n/,
    /ok {3}checkpoint\nok {3}inclusion\nok {3}charge/,
  ],
  "money.md": [
    /"charged_wei":"\d+"/,
    /available \d+n wei\n/,
    /spent in the newest entries [1-9]\d*n wei/,
    /entry_id,kind,created_at/,
  ],
  "operate/admin.md": [/support\tread\t/, /"reference":"invoice-cus_/, /"eligible":true/],
  "operate/backup.md": [/backed up \d+ bytes/, /invariants hold/, /0 missing/],
  "operate/node.md": [/takes paid work/, /"route_ready":true/],
};

let system: DocsSystem;
let python: string | undefined;
beforeAll(async () => {
  [system, python] = await Promise.all([startDocsSystem(), pythonWithOpenai()]);
}, 240_000);
afterAll(async () => {
  await system?.stop();
}, 60_000);

describe("the samples of the pages, against a running system", () => {
  it.each(PAGES)(
    "%s",
    async (page) => {
      const samples = pageSamples(page).filter(({ until }) => until === undefined);
      const skip = python === undefined ? ["python"] : [];
      if (samples.some(({ needs }) => needs !== undefined && skip.includes(needs)))
        console.log(`${page}: no Python with the package openai can be had here; its samples are not run`);
      const folder = readersFolder(system.home);
      try {
        const env = {
          B3IQ_HOME: system.home,
          B3IQ_LOCAL_LISTEN: system.local,
          B3IQ_GATEWAY_LISTEN: system.gateway,
          ...(python === undefined
            ? {}
            : { PATH: `${python}:${path.dirname(process.execPath)}:${process.env["PATH"]}` }),
        };
        const { code, output } = await runScript(pageScript(samples, system, skip), folder, env);
        expect(code, output).toBe(0);
        for (const shown of SHOWN[page] ?? []) expect(output).toMatch(shown);
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    },
    120_000,
  );

  it("names a reason wherever it runs nothing, and tests every page with words of its own", () => {
    for (const page of docsPages()) {
      for (const sample of pageSamples(page)) {
        if (["sh", "js", "ts", "python"].includes(sample.lang) && sample.no_run !== undefined)
          expect(sample.no_run.length, page).toBeGreaterThan(10);
        if (["js", "ts", "python"].includes(sample.lang) && sample.no_run === undefined)
          expect(sample.file, `${page}: a sample without file= is never run`).toBeDefined();
      }
    }
    expect(Object.keys(SHOWN).filter((page) => !PAGES.includes(page))).toEqual([]);
  });

  it("type-checks every TypeScript sample with the generated client", async () => {
    const samples = docsPages().flatMap((page) =>
      pageSamples(page).filter(({ lang, file }) => lang === "ts" && file !== undefined),
    );
    expect(samples.length).toBeGreaterThan(1);
    const folder = readersFolder(system.home);
    try {
      for (const { file, text } of samples) fs.writeFileSync(path.join(folder, file!), text);
      await run(
        "npx",
        [
          "--no",
          "--",
          "openapi-typescript",
          path.join(ROOT, "generated", "hosted.json"),
          "--output",
          path.join(folder, "b3iq.ts"),
        ],
        { cwd: folder },
      );
      fs.writeFileSync(
        path.join(folder, "tsconfig.json"),
        JSON.stringify({
          compilerOptions: {
            strict: true,
            noEmit: true,
            module: "nodenext",
            target: "es2024",
            allowImportingTsExtensions: true,
            skipLibCheck: true,
            types: ["node"],
            noUncheckedIndexedAccess: true,
            verbatimModuleSyntax: true,
            erasableSyntaxOnly: true,
          },
          files: samples.map(({ file }) => file),
        }),
      );
      const checked = await run("npx", ["--no", "--", "tsc", "-p", "tsconfig.json"], { cwd: folder }).catch(
        (error: { stdout: string }) => error,
      );
      expect(checked.stdout).toBe("");
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});

/** The folder of a `python3` that can import openai, made once a machine; undefined where that cannot be. */
async function pythonWithOpenai(): Promise<string | undefined> {
  const folder = path.join(process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache"), "b3iq-docs-python");
  const bin = path.join(folder, "bin");
  const works = () =>
    run(path.join(bin, "python3"), ["-c", "import openai"]).then(
      () => true,
      () => false,
    );
  if (await works()) return bin;
  try {
    await run("python3", ["-m", "venv", folder], { timeout: 60_000 });
    await run(path.join(bin, "pip"), ["install", "--quiet", "--disable-pip-version-check", "openai"], {
      timeout: 150_000,
    });
  } catch {
    return undefined;
  }
  return (await works()) ? bin : undefined;
}
