import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandOf } from "../../scripts/docs/samples.ts";
import { pythonWith } from "../support/python.ts";
import { lacking } from "../support/tools.ts";
import { describeUnless, itUnless } from "../support/unless.ts";
import { docsPages, pageSamples, pageScript, readersFolder, ROOT, runScript, startDocsSystem, writeTypedClient } from "../support/docs_running.ts";
import type { DocsSystem } from "../support/docs_running.ts";

const run = promisify(execFile);

/** These two are run from a fresh clone by first_day.test.ts; here too, without the start. */
const PAGES = docsPages().filter((page) =>
  pageSamples(page).some(({ lang, no_run }) => lang === "sh" && no_run === undefined),
);

/** Where operations are called. */
const CALLS = [
  "guides/first-chat.md", "guides/streaming.md", "guides/tools.md", "guides/idempotency.md", "guides/limits.md", "guides/keys.md",
  "guides/private-jobs.md", "guides/verify-a-receipt.md", "money.md", "operate/node.md", "operate/admin.md",
];

/** Each line that is expected to be an error must be one, or the compiler complains. */
const MISUSE = `import { client } from "./client.ts";
// @ts-expect-error no such path
await client.GET("/v1/billing/acount");
// @ts-expect-error no such method
await client.POST("/v1/models");
// @ts-expect-error no messages
await client.POST("/v1/chat/completions", { body: { model: "a" } });
// @ts-expect-error no such role
await client.POST("/v1/chat/completions", { body: { model: "a", messages: [{ role: "usr", content: "a" }] } });
// @ts-expect-error a path without its parameter
await client.GET("/v1/billing/jobs/{job_id}");
// @ts-expect-error wei are a string
await client.POST("/v1/chat/completions", { body: { model: "a", messages: [], b3iq: { max_price_wei: 100 } } });
`;

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
  "guides/limits.md": [/x-request-id: req_/i],
  "guides/keys.md": [/"label":"nightly batch"/, /"status":"revoked"/],
  "guides/private-jobs.md": [/"billing_status":"settled"/, /completed; receipt [0-9a-f]{64}/],
  "guides/verify-a-receipt.md": [
    /Everything that was checked holds/,
    /ok {3}hash\nok {3}signature\nok {3}node id\nok {3}request commitment\nok {3}response commitment\n/,
    /ok {3}checkpoint\nok {3}inclusion\nok {3}charge/,
    /\d+ leaves, signed by the log's key[\s\S]*contains the \d+ leaves of the last check/,
  ],
  "money.md": [
    /"charged_wei":"\d+"/,
    /available \d+n wei\n/,
    /spent in the newest entries [1-9]\d*n wei/,
    /entry_id,kind,created_at/,
  ],
  "operate/admin.md": [/support\tread\t/, /"reference":"invoice-cus_/, /"eligible":true/],
  "operate/backup.md": [/backed up \d+ bytes/, /invariants hold/, /0 missing/],
  "operate/node.md": [
    /takes paid work/,
    /"route_ready":true/,
    /applies after 24 hours.*\n.*\nwaiting +0x8617E340B3D01FA5F11F306F4090FD50E238070D/,
    /maturing +\d+ wei[\s\S]*"paid_wei": "0"/,
  ],
};

const NO_CURL = lacking("curl");
/** `python3` is Python with its own library, `python` one with the package openai. */
const openai = await pythonWith("openai");
const LACKING: Record<string, string | null> = { python3: lacking("python3"), python: openai.missing };
const SKIP = Object.keys(LACKING).filter((need) => LACKING[need] !== null);

let system: DocsSystem;
const typed = fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-typed-"));
const TYPED = ["client.ts", "b3iq.ts", "b3iq-local.ts"];
beforeAll(async () => {
  await writeTypedClient(typed);
  if (NO_CURL === null) system = await startDocsSystem();
}, 240_000);
afterAll(async () => {
  await system?.stop();
  fs.rmSync(typed, { recursive: true, force: true });
}, 60_000);

describeUnless(NO_CURL)("the samples of the pages, against a running system", () => {
  it.each(PAGES)(
    "%s",
    async (page) => {
      const samples = pageSamples(page).filter(({ until }) => until === undefined);
      const folder = readersFolder(system.home);
      for (const file of TYPED) fs.copyFileSync(path.join(typed, file), path.join(folder, file));
      try {
        const env = {
          B3IQ_HOME: system.home,
          B3IQ_LOCAL_LISTEN: system.local,
          B3IQ_GATEWAY_LISTEN: system.gateway,
          ...(openai.file === undefined
            ? {}
            : { PATH: [path.dirname(openai.file), path.dirname(process.execPath), process.env["PATH"]].join(":") }),
        };
        const { code, output } = await runScript(pageScript(samples, system, SKIP), folder, env);
        expect(code, output).toBe(0);
        for (const shown of SHOWN[page] ?? []) expect(output).toMatch(shown);
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    },
    120_000,
  );

  for (const page of PAGES)
    for (const need of new Set(pageSamples(page).flatMap(({ needs }) => (needs !== undefined && SKIP.includes(needs) ? [needs] : []))))
      itUnless(LACKING[need]!)(`${page}: the samples that need ${need}`, () => {});
});

describe("the samples of the pages", () => {
  it("names a reason wherever it runs nothing, and tests every page with words of its own", () => {
    for (const page of docsPages()) {
      for (const sample of pageSamples(page)) {
        if (["sh", "js", "ts", "python"].includes(sample.lang) && sample.no_run !== undefined)
          expect(sample.no_run.length, page).toBeGreaterThan(10);
        if (["js", "ts", "python"].includes(sample.lang) && sample.no_run === undefined && sample.file !== "client.ts")
          expect(sample.run && commandOf(sample), `${page}: a sample that is never run`).toBeTruthy();
      }
    }
    expect(Object.keys(SHOWN).filter((page) => !PAGES.includes(page))).toEqual([]);
  });

  it("shows each call in curl, JavaScript, TypeScript and Python", () => {
    for (const page of CALLS) {
      const samples = pageSamples(page).filter(({ no_run }) => no_run === undefined);
      const languages = new Set(samples.map(({ lang, text }) => (lang === "sh" && /\bcurl -/.test(text) ? "curl" : lang)));
      expect([...languages], page).toEqual(expect.arrayContaining(["curl", "js", "ts", "python"]));
      // Where a key could be seen: in the list of processes, in a history.
      for (const { lang, text } of samples)
        if (lang === "sh") expect(text, page).not.toMatch(/curl[^\n]*(?:\\\n[^\n]*)*(?:-H|--header)[^\n]*(?:authorization|token)/i);
    }
  });

  it("type-checks every TypeScript sample with the generated client, which refuses misuse", async () => {
    const samples = docsPages().flatMap((page) =>
      pageSamples(page).filter(({ lang, file }) => lang === "ts" && file !== undefined),
    );
    expect(new Set(samples.map(({ file }) => file)).size, "two samples of one name").toBe(samples.length);
    expect(samples.length).toBeGreaterThan(CALLS.length);
    for (const { file, text } of samples) fs.writeFileSync(path.join(typed, file!), text);
    fs.writeFileSync(path.join(typed, "misuse.ts"), MISUSE);
    fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(typed, "node_modules"));
    const compilerOptions = {
      strict: true, noEmit: true, module: "nodenext", target: "es2024", allowImportingTsExtensions: true, skipLibCheck: true,
      types: ["node"], noUncheckedIndexedAccess: true, verbatimModuleSyntax: true, erasableSyntaxOnly: true,
    };
    const files = ["misuse.ts", ...samples.map(({ file }) => file)];
    fs.writeFileSync(path.join(typed, "package.json"), JSON.stringify({ type: "module" }));
    fs.writeFileSync(path.join(typed, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    const tsc = path.join(ROOT, "node_modules", ".bin", "tsc");
    const checked = await run(tsc, ["-p", "tsconfig.json"], { cwd: typed }).catch((error: { stdout: string }) => error);
    expect(checked.stdout).toBe("");
  }, 120_000);
});
