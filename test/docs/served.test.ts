import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { buildSite } from "../../scripts/docs.ts";
import { startSurface } from "../support/surface.ts";
import type { Started } from "../support/surface.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-site-"));
let started: Started;
beforeAll(() => {
  buildSite(folder);
});
afterEach(() => started.close());
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

it("shows the guides at /docs when the site was built, and this surface's reference beside them", async () => {
  started = await startSurface({ docs: { enabled: true, site: folder } });
  const first = await fetch(`${started.url}/docs`);
  expect(first.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(first.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self';/);
  const html = await first.text();
  for (const [, address] of html.matchAll(/ (?:href|src)="([^"#]+)"/g)) {
    expect((await fetch(new URL(address!, `${started.url}/docs`), { method: "HEAD" })).status, address).toBe(200);
  }
  expect(await (await fetch(`${started.url}/docs/reference`)).text()).toContain("/docs/reference.js");
  expect(await (await fetch(`${started.url}/llms.txt`)).text()).toContain("# B3IQ");
  expect((await fetch(`${started.url}/docs/guides/first-chat.md`)).headers.get("content-type")).toContain(
    "text/markdown",
  );
  const page = async (address: string) => (await fetch(`${started.url}${address}`)).text();
  expect(await page("/docs/guides/first-chat")).toBe(await page("/docs/guides/first-chat.html"));
  expect((await fetch(`${started.url}/docs/nothing.html`)).status).toBe(404);
  expect((await fetch(`${started.url}/docs/%2e%2e/package.json`)).status).toBe(404);
});

it("shows the reference at /docs when it was not", async () => {
  started = await startSurface({ docs: { enabled: true, site: path.join(folder, "nowhere") } });
  expect(await (await fetch(`${started.url}/docs`)).text()).toContain("/docs/reference.js");
  expect((await fetch(`${started.url}/llms.txt`)).status).toBe(404);
});

it("finds a site that is built while it runs, and what changes in it, at the next request", async () => {
  const later = path.join(folder, "..", `${path.basename(folder)}-later`);
  started = await startSurface({ docs: { enabled: true, site: later } });
  const page = async (address: string) => {
    const answer = await fetch(`${started.url}${address}`);
    return { status: answer.status, text: await answer.text() };
  };
  expect((await page("/docs")).text).toContain("/docs/reference.js");
  expect((await page("/docs/money.html")).status).toBe(404);
  try {
    buildSite(later);
    expect((await page("/docs")).text).toContain("Where to begin");
    expect((await page("/docs/money.html")).status).toBe(200);
    expect((await page("/llms.txt")).status).toBe(200);
    // A page with other words, one more, and one that is gone.
    fs.writeFileSync(path.join(later, "money.html"), "other words");
    expect((await page("/docs/money")).text).toBe("other words");
    fs.writeFileSync(path.join(later, "new.html"), "new");
    fs.appendFileSync(path.join(later, "index.html"), "<!-- listed -->");
    expect((await page("/docs/new")).text).toBe("new");
    fs.rmSync(path.join(later, "privacy.html"));
    expect((await page("/docs/privacy")).status).toBe(404);
    // The next build mends all of that.
    buildSite(later);
    expect((await page("/docs/new")).status).toBe(404);
    expect((await page("/docs/privacy")).status).toBe(200);
    expect((await page("/docs/money")).text).toContain("<h1>");
  } finally {
    fs.rmSync(later, { recursive: true, force: true });
  }
  expect((await page("/docs")).text).toContain("/docs/reference.js");
});
