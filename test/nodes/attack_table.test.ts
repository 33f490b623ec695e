import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const text = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

it("every attack of the table has the test that it names", () => {
  const tests = ["test/nodes/attacks.test.ts", "test/nodes/relay.test.ts", "test/protocol/calls.test.ts"]
    .map(text)
    .join("\n");
  const named = [...text("docs/protocol/attacks.md").matchAll(/\| `([^`|]+)` \|$/gm)].map(([, name]) => name!);
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((name) => !tests.includes(`it("${name}"`))).toEqual([]);
});
