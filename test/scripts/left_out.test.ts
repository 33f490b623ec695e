import * as fs from "node:fs";
import * as path from "node:path";
import { expect, it } from "vitest";
import { startCommand } from "../support/processes.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");
const VITEST = path.join("node_modules", "vitest", "vitest.mjs");

/** A run of some test files as on a machine without these tools. */
async function runWithout(tools: string, files: string[]): Promise<{ code: number | null; output: string }> {
  const env = { B3IQ_TEST_WITHOUT: tools, NO_COLOR: "1" };
  const run = startCommand(process.execPath, [VITEST, "run", "--reporter=default", ...files], { env });
  const { code } = await run.ended;
  return { code, output: run.output() };
}

it(
  "a run without nginx passes, and ends by naming what it left out and what installs it",
  { timeout: 60_000 },
  async () => {
    const files = [
      "test/slow/crash/repeated_keys.test.ts",
      "test/slow/network/kills.test.ts",
      "test/scripts/openapi/oas30.test.ts",
    ];
    const { code, output } = await runWithout("nginx", files);
    expect(code, output).toBe(0);
    expect(output).toMatch(/Tests .*\d+ passed \| 2 skipped/);
    expect(output.trimEnd().split("\n").slice(-3)).toEqual([
      "Left out: 2 tests",
      "  2: no nginx here (test/slow/crash/repeated_keys.test.ts, test/slow/network/kills.test.ts)",
      "To run them too, on Debian: apt-get install -y --no-install-recommends nginx-light",
    ]);
  },
);

it(
  "names each reason, also of a group and of samples that are not run, and nothing where all is there",
  { timeout: 120_000 },
  async () => {
    const files = [
      "test/core/gateway/nodes/nginx.test.ts",
      "test/core/protocol/vectors.test.ts",
      "test/docs/first_day.test.ts",
    ];
    const { code, output } = await runWithout("nginx,chromium,python3,curl,openssl", files);
    expect(code, output).toBe(0);
    expect(output).toContain("  5: no nginx here (test/core/gateway/nodes/nginx.test.ts)");
    expect(output).toContain("  1: no openssl here (test/core/gateway/nodes/nginx.test.ts)");
    expect(output).toContain("  3: no python3 here (test/core/protocol/vectors.test.ts, test/docs/first_day.test.ts)");
    expect(output).toContain("  1: no curl here (test/docs/first_day.test.ts)");
    expect(output).not.toContain("NO REASON");
    // Chromium is missing too, and nothing here needed it.
    expect(output).toMatch(
      /apt-get install -y --no-install-recommends curl nginx-light openssl python3 python3-venv python3-pip\n/,
    );
    expect((await runWithout("", ["test/scripts/openapi/oas30.test.ts"])).output).not.toContain("Left out");
  },
);

it("no test is skipped in another way, or looks for a tool by itself", () => {
  const files = fs
    .readdirSync(path.join(ROOT, "test"), { recursive: true, encoding: "utf8" })
    .filter(
      (file) =>
        file.endsWith(".ts") && !/^support\/(tools|unless)\.ts$/.test(file) && !file.endsWith("left_out.test.ts"),
    );
  for (const file of files) {
    const text = fs.readFileSync(path.join(ROOT, "test", file), "utf8");
    expect(text, file).not.toMatch(/\b(?:skipIf|runIf)\(|\b(?:it|test|describe)\.(?:skip|todo)\b|\bcontext\.skip\(/);
    expect(text, file).not.toMatch(/["'](?:\/usr\/\S*)?(?:nginx|chromium|python3|openssl|curl)["'], ?\[/);
  }
});
