import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const PAGE = readFileSync(new URL("../../docs/design/operations.md", import.meta.url), "utf8");
const operationIds = (surface: string): string[] =>
  [
    ...readFileSync(new URL(`../../generated/${surface}.json`, import.meta.url), "utf8").matchAll(/"operationId": ?"(\w+)"/g),
  ].map(([, id]) => id!);

it("docs/design/operations.md lists each operation of both documents, and no other", () => {
  const documented = new Set([...operationIds("hosted"), ...operationIds("local")]);
  expect(documented.size).toBeGreaterThan(90);
  const rows = PAGE.split("\n").filter((line) => /^\| (GET|POST|PUT|PATCH|DELETE)/.test(line));
  // The middle cell holds operationIds, with what they take or answer in parentheses.
  const named = rows.flatMap((row) => row.split(" | ")[1]!.replace(/\([^)]*\)/g, "").match(/[a-z]+[A-Z]\w*/g) ?? []);
  expect([...documented].filter((id) => !named.includes(id))).toEqual([]);
  expect(named.filter((id) => !documented.has(id))).toEqual([]);
});

it("docs/decisions/index.md lists each decision by number and title", () => {
  const folder = new URL("../../docs/decisions/", import.meta.url);
  const pages = readdirSync(folder).filter((name) => name !== "index.md");
  expect(pages.filter((name) => !/^\d{4}-[a-z-]+\.md$/.test(name))).toEqual([]);
  const lines = pages.map((name) => {
    const title = readFileSync(new URL(name, folder), "utf8").split("\n", 1)[0]!.replace("# ", "");
    return `- [${name.slice(0, 4)}: ${title}](${name})`;
  });
  expect(readFileSync(new URL("index.md", folder), "utf8").match(/^- .*$/gm)).toEqual(lines);
});
