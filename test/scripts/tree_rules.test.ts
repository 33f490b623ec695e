import { ESLint } from "eslint";
import { describe, expect, it } from "vitest";
import { duplicateNames, misplacedTests } from "../../scripts/tree_rules.ts";

describe("duplicateNames", () => {
  it("finds two files of one program with one name", () => {
    expect(duplicateNames(["src/core/gateway/chat/relay.ts", "src/tunnel/relay.ts", "src/tunnel/end.ts"])).toEqual([
      "gateway: relay.ts is the name of src/core/gateway/chat/relay.ts and src/tunnel/relay.ts",
    ]);
    expect(duplicateNames(["src/core/host/access/access.ts", "src/store/sqlite/access.ts"])).toEqual([
      "host agent: access.ts is the name of src/core/host/access/access.ts and src/store/sqlite/access.ts",
    ]);
  });
  it.each([
    ["of two programs", ["src/core/gateway/billing/usage.ts", "src/core/host/chat/usage.ts"]],
    ["of mains and their commands", ["src/gateway.ts", "src/cli/gateway.ts"]],
    ["of handlers", ["src/core/gateway/keys/keys.ts", "src/handlers/hosted/keys.ts"]],
    ["of a table's room", ["src/store/postgres/commands/list.ts", "src/store/postgres/payouts/list.ts"]],
  ])("allows a name twice where it is %s", (_, files) => expect(duplicateNames(files)).toEqual([]));
});

describe("misplacedTests", () => {
  const tree = ["src/core/protocol/log/tiles.ts", "scripts/check.ts", "packages/llama-cpp/src/engine.ts"];
  it.each([
    ["test/core/protocol/tiles.test.ts"],
    ["test/core/protocol/log/tiles.test.ts"],
    ["test/scripts/check.test.ts"],
    ["test/llama-cpp/engine.test.ts"],
    ["test/slow/crash/kills.ts"],
    ["test/support/database.ts"],
    ["test/gateway.test.ts"],
  ])("lets %s stand", (file) => expect(misplacedTests([...tree, file])).toEqual([]));
  it("refuses a test of no folder, and a helper outside test/support", () => {
    expect(misplacedTests([...tree, "test/ledger/decide.test.ts", "test/core/protocol/fixtures.ts"])).toEqual([
      "test/ledger/decide.test.ts: neither src/ledger nor ledger is a folder",
      "test/core/protocol/fixtures.ts is no test: what helps tests stands in test/support/",
    ]);
  });
});

describe("the linter's sizes", () => {
  const lint = async (code: string): Promise<string[]> => {
    const [result] = await new ESLint().lintText(code, { filePath: "src/core/errors.ts" });
    return result!.messages.map(({ ruleId }) => ruleId!).filter((rule) => rule.startsWith("max-lines"));
  };
  const functionOf = (lines: number): string =>
    ["export function long(x: number): number {", ...Array(lines - 3).fill("  x += 1;"), "  return x;", "}"].join("\n");
  it("refuse a function above 70 lines", async () => {
    expect(await lint(functionOf(71))).toEqual(["max-lines-per-function"]);
    expect(await lint(functionOf(70))).toEqual([]);
  }, 120_000);
  it("refuse a file above 350 lines", async () => {
    expect(await lint(Array(351).fill("export {};").join("\n"))).toEqual(["max-lines"]);
    expect(await lint(Array(350).fill("export {};").join("\n"))).toEqual([]);
  });
});
