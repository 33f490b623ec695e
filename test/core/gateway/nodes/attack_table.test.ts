import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const text = (file: string) => readFileSync(new URL(`../../../../${file}`, import.meta.url), "utf8");

it("every attack of the table has the test that it names", () => {
  const tests = [
    "test/core/gateway/nodes/attacks.test.ts",
    "test/core/gateway/nodes/peer_calls.test.ts",
    "test/core/protocol/calls/calls.test.ts",
  ]
    .map(text)
    .join("\n");
  const named = [...text("docs/protocol/attacks.md").matchAll(/\| `([^`|]+)` \|$/gm)].map(([, name]) => name!);
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((name) => !tests.includes(`("${name}"`))).toEqual([]);
});
