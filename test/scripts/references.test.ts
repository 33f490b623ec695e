import { describe, expect, test } from "vitest";
import { conflictProblems, referenceProblems } from "../../scripts/references.ts";

const PAGES = { "docs/design/money.md": "# Money\n\n## Recovery\n\n1. **One.**\n", "docs/money.md": "# Money\n" };
/** Put together here, so that this file itself names no page that is not there. */
const NOWHERE = ["docs", "design", "cash.md"].join("/");
const problems = (file: string, text: string): string[] => {
  const texts = new Map(Object.entries({ ...PAGES, [file]: text }));
  return referenceProblems(texts, new Set([...texts.keys(), "src/core/gateway/billing/decide.ts"]));
};

describe("references", () => {
  test.each([
    ["src/a.ts", "/** Takes over (docs/design/money.md, Recovery). */"],
    ["src/a.ts", "/**\n * Takes over (docs/design/money.md,\n * Recovery), see billing/decide.ts.\n */"],
    ["src/a.ts", "// docs/design/money.md, step 1"],
    ["docs/index.md", "[books](money.md), [why](design/money.md#recovery), `decide.ts`"],
  ])("%s: %j leads somewhere", (file, text) => {
    expect(problems(file, text)).toEqual([]);
  });

  test.each([
    ["src/a.ts", `/** See ${NOWHERE}. */`, `${NOWHERE} is not there`],
    ["src/a.ts", "/** (docs/design/money.md, Refunds) */", 'docs/design/money.md has no section "Refunds"'],
    ["src/a.ts", "/** (design: money.md) */", "money.md is named without its folder"],
    ["src/a.ts", "// as decided.ts does", "decided.ts is not there"],
    ["docs/index.md", "[books](books.md)", "books.md is not there"],
    ["docs/index.md", "`complete_all.ts`", "complete_all.ts is not there"],
  ])("%s: %j leads nowhere", (file, text, problem) => {
    expect(problems(file, text)).toEqual([`${file}: ${problem}`]);
  });
});

test("conflictProblems finds what a merge left in a comment", () => {
  const left = `/**\n${"<".repeat(7)} HEAD\n * One.\n=======\n * Other.\n${">".repeat(7)} other\n */`;
  expect(
    conflictProblems(
      new Map([
        ["src/a.ts", left],
        ["src/b.ts", "a << 7"],
      ]),
    ),
  ).toEqual(["src/a.ts: a merge was not finished"]);
});
