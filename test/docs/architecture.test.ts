import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { expect, test } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "..", "..");
const PAGE = readFileSync(path.join(ROOT, "docs/architecture.md"), "utf8");

/** A file, and behind a colon the functions of it that are meant. */
const STEPS = [...PAGE.matchAll(/`((?:src|test|web)\/[\w/.]+\.(?:ts|mjs))`: ((?:`\w+`(?:, | and )?)+)/g)].flatMap(
  ([, file, names]) => [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => [file!, name!] as const),
);

test("docs/architecture.md names enough steps to find one's way", () => expect(STEPS.length).toBeGreaterThan(40));

test.each(STEPS)("docs/architecture.md: %s has the function %s", (file, name) => {
  expect(existsSync(path.join(ROOT, file)), file).toBe(true);
  expect(readFileSync(path.join(ROOT, file), "utf8")).toMatch(
    new RegExp(`(function\\*? ${name}\\b|(const|let) ${name}\\b)`),
  );
});

test("docs/architecture.md has a row for each folder of src, each room of the gateway and of the agent", () => {
  const folders = (under: string): string[] =>
    readdirSync(path.join(ROOT, under), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  const named = (name: string) => PAGE.includes(`\`${name}\``) || PAGE.includes(`/${name}\``);
  for (const under of ["src", "src/core/gateway", "src/core/host", "src/core/protocol"])
    expect(folders(under).filter((name) => !named(name) && !["core", "store"].includes(name))).toEqual([]);
  const rules = createRequire(import.meta.url)("../../.dependency-cruiser.cjs") as { forbidden: { name: string }[] };
  const rooms = rules.forbidden.flatMap(({ name }) => /^floor-of-(\w+)$/.exec(name)?.[1] ?? []);
  expect(rooms.length).toBeGreaterThan(20);
  expect(rooms.filter((room) => !named(room) && !named(`${room}.ts`))).toEqual([]);
});
