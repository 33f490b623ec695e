import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSite } from "../../scripts/docs.ts";
import { checkLinks } from "../../scripts/docs/links.ts";
import { renderMarkdown } from "../../scripts/docs/markdown.ts";
import { readInfo, samplesOf } from "../../scripts/docs/samples.ts";
import { readSite } from "../../src/surface/docs/docs_site.ts";
import { createMetrics } from "../../src/core/metrics.ts";
import { ERRORS } from "../../generated/errors.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-site-"));

beforeAll(() => {
  buildSite(folder);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const filesOf = (ending: string) =>
  fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(ending));
const read = (file: string) => fs.readFileSync(path.join(folder, file), "utf8");

describe("the built site", () => {
  it("asks for nothing from another host", () => {
    for (const file of filesOf(".html")) {
      const loaded = [...read(file).matchAll(/<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]*)"/g)].map(
        ([, address]) => address!,
      );
      expect(loaded.length, file).toBeGreaterThan(0);
      for (const address of loaded) expect(address, file).not.toMatch(/^[a-z]+:|^\/\//);
    }
    expect(read("assets/site.css")).not.toMatch(/url\(|@import/);
  });

  it("links only to files and sections that exist", () => {
    for (const file of filesOf(".html")) {
      const html = read(file);
      for (const [, address] of html.matchAll(/href="([^"]*)"/g)) {
        if (/^https?:/.test(address!)) continue;
        const [target = "", anchor] = address!.split("#", 2);
        const to = target === "" ? file : path.posix.join(path.posix.dirname(file), target);
        expect(fs.existsSync(path.join(folder, to)), `${file} -> ${address}`).toBe(true);
        if (anchor && anchor !== "content") expect(read(to), `${file} -> ${address}`).toContain(`id="${anchor}"`);
      }
    }
  });

  it("has every error code on its page, and every page in llms.txt", () => {
    const errors = read("errors.html");
    for (const code of Object.keys(ERRORS)) expect(errors).toContain(`<code>${code}</code>`);
    const listed = read("llms.txt");
    for (const [, address] of listed.matchAll(/\]\(\/docs\/([^)]+)\)/g))
      expect(fs.existsSync(path.join(folder, address!)), address).toBe(true);
    expect(listed).toContain("/docs/guides/first-chat.md");
  });

  it("can be served, and only what was there at the start", () => {
    const site = readSite(folder);
    expect(site.get("/docs")!.bytes()!.toString()).toContain('<a href="docs/money.html">');
    expect(site.get("/docs/money.html")!.headers["content-security-policy"]).toContain("script-src 'self'");
    expect(site.get("/docs/money.html")!.headers["content-security-policy"]).not.toContain("unsafe-inline");
    expect(site.get("/llms.txt")!.type).toContain("text/plain");
    expect(site.has("/docs/../package.json")).toBe(false);
    expect(readSite(path.join(folder, "nowhere")).size).toBe(0);
  });
});

describe("what checks the texts", () => {
  it("notices a link to a page or section that does not exist", () => {
    const pages = new Map([["a.md", renderMarkdown("# A\n\n[x](b.md) [y](#nothing) [z](#there)\n\n## There\n\ntext")]]);
    expect(checkLinks(pages, ROOT)).toEqual(["a.md: b.md", "a.md: #nothing (no such section)"]);
  });

  it("reads the words of code blocks, and refuses others", () => {
    expect(readInfo('sh until="B3IQ is ready"')).toEqual({ lang: "sh", until: "B3IQ is ready" });
    expect(readInfo("sh no-run: it stops the system")).toEqual({ lang: "sh", no_run: "it stops the system" });
    expect(samplesOf("```js file=a.mjs\nlet x;\n```\n")).toEqual([{ lang: "js", file: "a.mjs", text: "let x;\n" }]);
    expect(() => readInfo("sh norun")).toThrow(/norun/);
  });

  it("shows raw HTML as text", () => {
    expect(renderMarkdown("# A\n\nx <script>alert(1)</script>").html).not.toContain("<script");
  });
});

it("alerts use metrics that exist, with labels that they have", () => {
  const { registry, ...metrics } = createMetrics();
  registry.clear();
  const known = new Map(
    (Object.values(metrics) as unknown as { name: string; labelNames: string[] }[]).map(({ name, labelNames }) => [
      name,
      labelNames,
    ]),
  );
  const { groups } = parse(fs.readFileSync(path.join(ROOT, "deploy", "alerts.yml"), "utf8")) as {
    groups: { rules: { alert: string; expr: string }[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.length).toBeGreaterThan(5);
  for (const { alert, expr } of rules) {
    for (const [, name, labels = ""] of expr.matchAll(/(b3iq_[a-z_]+)(?:\{([^}]*)\})?/g)) {
      const base = name!.replace(/_(bucket|sum|count)$/, "");
      expect(known.has(base), `${alert}: ${name}`).toBe(true);
      for (const [, label] of labels.matchAll(/([a-z_]+)=/g))
        expect(known.get(base), `${alert}: ${label}`).toContain(label);
    }
  }
});
