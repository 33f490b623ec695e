import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { keepGuides } from "../../src/cli/run_guides.ts";
import { createSite } from "../../src/surface/docs/docs_site.ts";
import { temporaryHome } from "../support/processes.ts";
import { eventually } from "../support/system.ts";
import { ROOT } from "../support/docs_running.ts";

/** A checkout whose texts may be changed. */
const root = temporaryHome();
beforeAll(() => {
  for (const name of ["bin", "docs", "deploy", "generated", "scripts", "src", "web", "README.md", "CHANGELOG.md", "package.json"])
    if (fs.existsSync(path.join(ROOT, name))) fs.cpSync(path.join(ROOT, name), path.join(root, name), { recursive: true });
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(root, "node_modules"));
});
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

const shown = (page: string) => fs.readFileSync(path.join(root, "site", page), "utf8");

it("builds what is missing, builds again what changed, and tells what cannot be built", { timeout: 60_000 }, async () => {
  const told: string[] = [];
  const guides = keepGuides((line) => told.push(line), root);
  expect(await guides.shown()).toMatch(/^the guides \(built in [\d.]+ s\)$/);
  expect(shown("index.html")).toContain("Where to begin");
  const site = createSite(path.join(root, "site"));
  expect(site("/docs/assets/new.css")).toBeUndefined();
  const scalar = fs.statSync(path.join(root, "site", "assets", "scalar.js")).mtimeMs;

  const source = path.join(root, "docs", "index.md");
  const before = fs.readFileSync(source, "utf8");
  fs.writeFileSync(source, before.replace("Where to begin", "Where to start"));
  await eventually(() => shown("index.html").includes("Where to start"), 20_000);
  await eventually(() => told.length === 1);
  expect(told[0]).toMatch(/^\/docs shows the guides \(built in/);
  expect(fs.statSync(path.join(root, "site", "assets", "scalar.js")).mtimeMs).toBe(scalar);

  // A build that leaves the first page as it was is seen too.
  fs.writeFileSync(path.join(root, "web", "site", "new.css"), "a {}");
  await eventually(() => site("/docs/assets/new.css") !== undefined, 20_000);

  fs.writeFileSync(source, `${before}\n[nowhere](no-such-page.md)\n`);
  await eventually(() => told.length === 3, 20_000);
  expect(told[2]).toMatch(/^\/docs shows no new guides, since they cannot be built: broken links: index\.md: no-such-page\.md$/);
  expect(shown("index.html")).toContain("Where to start");
});
