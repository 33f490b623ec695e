import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { buildSite } from "../../scripts/docs.ts";
import { startSurface } from "../surface/support.ts";
import type { Started } from "../surface/support.ts";

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
  expect(await (await fetch(`${started.url}/docs/reference`)).text()).toContain("Scalar.createApiReference");
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
  expect(await (await fetch(`${started.url}/docs`)).text()).toContain("Scalar.createApiReference");
  expect((await fetch(`${started.url}/llms.txt`)).status).toBe(404);
});
