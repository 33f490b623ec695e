import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { pageSamples, ROOT, runScript } from "../support/docs_running.ts";

const PAGE = "../CONTRIBUTING.md";
const text = fs.readFileSync(path.join(ROOT, "CONTRIBUTING.md"), "utf8");

describe("CONTRIBUTING.md", () => {
  it("shows how to run one test, and it runs", { timeout: 120_000 }, async () => {
    const script = pageSamples(PAGE)
      .filter(({ lang, no_run }) => lang === "sh" && no_run === undefined)
      .map((sample) => sample.text)
      .join("\n");
    const { code, output } = await runScript(`set -e\n${script}`, ROOT, { NO_COLOR: "1" });
    expect(code, output).toBe(0);
    expect(output.match(/Tests +\d+ passed( |$)/gm)).toHaveLength(2);
  });

  it("names only programs and scripts that are there", () => {
    const commands = [...text.matchAll(/`(npx|node|npm run) ([\w./-]+)/g)].map(([, by, what]) => ({ by, what: what! }));
    expect(commands.length).toBeGreaterThan(5);
    const { scripts } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as { scripts: object };
    for (const { by, what } of commands) {
      const file = by === "npx" ? `node_modules/.bin/${what}` : what;
      const there = by === "npm run" ? Object.hasOwn(scripts, what) : fs.existsSync(path.join(ROOT, file));
      expect(there, `${by} ${what}`).toBe(true);
    }
  });

  it("names each step of make check", () => {
    const steps = [...fs.readFileSync(path.join(ROOT, "scripts/check.ts"), "utf8").matchAll(/^ {2,4}\{?\s*name: "([^"]+)"/gm)];
    expect(steps.length).toBeGreaterThan(7);
    const table = text.slice(text.indexOf("## The checks"), text.indexOf("## One test"));
    // Prettier and eslint, and the checks of the documents, share a row.
    for (const [, name] of steps.filter(([, name]) => !["documents keep our rules", "3.0 views are valid"].includes(name!)))
      expect(table).toContain(name);
  });
});
