import * as path from "node:path";
import type { TestProject } from "vitest/node";
import { packagesOf, reasonIn, tool, TOOL_NAMES } from "./tools.ts";

type Skipped = { file: string; reason: string };

/**
 * The tests that a run left out, by reason, and the line that installs missing tools; null when every test ran. Tests
 * that a name pattern excluded are not listed.
 */
export function leftOut(project: TestProject): string | null {
  const { vitest } = project;
  const skipped = vitest.state
    .getTestModules()
    .flatMap((module) =>
      [...module.children.allTests("skipped")].map((test) => {
        const result = test.result() as { note?: string | undefined };
        const reason = reasonIn(test.fullName) ?? nearest(test) ?? result.note;
        return { file: path.relative(vitest.config.root, module.moduleId), reason: reason ?? "" };
      }),
    )
    .filter(({ reason }) => reason !== "" || vitest.config.testNamePattern === undefined)
    .map((one) => ({ ...one, reason: one.reason || "NO REASON IS GIVEN" }));
  return skipped.length === 0 ? null : told(skipped);
}

/** The reason of an enclosing group. */
function nearest(test: { parent: unknown }): string | undefined {
  for (let at = test.parent as { type: string; name?: string; parent?: unknown } | undefined; at?.type === "suite";) {
    const reason = reasonIn(at.name ?? "");
    if (reason !== undefined) return reason;
    at = at.parent as typeof at;
  }
  return undefined;
}

function told(skipped: readonly Skipped[]): string {
  const reasons = [...new Set(skipped.map(({ reason }) => reason))].sort();
  const lines = reasons.map((reason) => {
    const those = skipped.filter((one) => one.reason === reason);
    const files = [...new Set(those.map(({ file }) => file))].sort();
    return `  ${those.length}: ${reason} (${files.join(", ")})`;
  });
  const missing = TOOL_NAMES.filter(
    (name) => tool(name) === undefined && reasons.some((reason) => reason.includes(`no ${name}`)),
  );
  return [
    "",
    `Left out: ${skipped.length} ${skipped.length === 1 ? "test" : "tests"}`,
    ...lines,
    ...(missing.length === 0
      ? []
      : [`To run them too, on Debian: apt-get install -y --no-install-recommends ${packagesOf(missing).join(" ")}`]),
    "",
  ].join("\n");
}
