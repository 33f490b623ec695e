/**
 * Schemathesis over one document: all checks, all phases, and no warning; schemathesis.toml gives the reason of each
 * exclusion.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { CACHE, ROOT, runTool } from "./tool.ts";
import type { Outcome } from "./tool.ts";

type Schema = Record<string, unknown>;
type Surface = "hosted" | "local";
type Options = {
  schemathesis: string;
  surface: Surface;
  url: string;
  variables: Record<string, string>;
  phases: string;
  examples: number;
};

/**
 * The document as Schemathesis reads event streams: one event is `{data, event, ...}`, and `data` is text. Our schema
 * describes the content of that text, so it is moved there.
 */
export function withWrappedEvents(document: Schema): Schema {
  const wrap = (schema: unknown) => ({
    type: "object",
    required: ["data"],
    properties: {
      data: {
        anyOf: [{ const: "[DONE]" }, { type: "string", contentMediaType: "application/json", contentSchema: schema }],
      },
    },
  });
  return JSON.parse(JSON.stringify(document), (key, value: unknown) =>
    key === "text/event-stream"
      ? { ...(value as Schema), schema: wrap((value as Schema)["schema"]), examples: undefined }
      : value,
  ) as Schema;
}

/** Operations that the settings leave out, each with the comment above it. */
export function exclusions(settings: string): { operation_id: string; reason: string }[] {
  const found = settings.matchAll(
    /\[\[project\.operations\]\]\n# (.+)\ninclude-operation-id = "(\w+)"\nenabled = false/g,
  );
  return [...found].map(([, reason, operation_id]) => ({ operation_id: operation_id!, reason: reason! }));
}

/**
 * Runs Schemathesis and keeps the report beside its environment. Also fails when an operation was neither tested nor
 * left out by name.
 */
export async function schemathesis(options: Options): Promise<Outcome> {
  const { surface, phases } = options;
  const place = path.join(CACHE, `schemathesis-${surface}${phases === "stateful" ? "-stateful" : ""}`);
  fs.rmSync(place, { recursive: true, force: true });
  fs.mkdirSync(place, { recursive: true });
  const document = JSON.parse(fs.readFileSync(path.join(ROOT, "generated", `${surface}.json`), "utf8")) as Schema;
  const file = path.join(place, "document.json");
  fs.writeFileSync(file, JSON.stringify(withWrappedEvents(document)));
  const args = [
    "--config-file",
    "schemathesis.toml",
    "run",
    file,
    "--url",
    options.url,
    "--phases",
    options.phases,
    "--max-examples",
    String(options.examples),
    "--seed",
    "1",
    "--report",
    "ndjson",
    "--report-dir",
    place,
  ];
  const { code, output } = await runTool(options.schemathesis, args, options.variables);
  fs.writeFileSync(path.join(place, "report.txt"), output);
  const text = fs.readFileSync(path.join(ROOT, "schemathesis.toml"), "utf8");
  const left_out = exclusions(text).filter(({ operation_id }) =>
    JSON.stringify(document["paths"]).includes(`"operationId":"${operation_id}"`),
  );
  const [, total, tested] = /Selected: \d+\/(\d+)\s+Tested: (\d+)/.exec(output) ?? [];
  const whole = phases === "stateful" || (tested !== undefined && Number(tested) + left_out.length === Number(total));
  const said = [
    `${tested ?? "no"} of ${total ?? "?"} operations`,
    ...left_out.map(({ operation_id, reason }) => `not ${operation_id} (${reason})`),
    `cases: ${/\n {2}(\d+ generated.*)\n/.exec(output)?.[1] ?? "none"}`,
    /(API Links: +\d+ covered \/ \d+ selected)/.exec(output)?.[1]?.replaceAll(/\s+/g, " "),
    `warnings: ${/(\d+ warnings?) in/.exec(output)?.[1] ?? "none"}`,
  ];
  return { passed: code === 0 && whole, summary: said.filter(Boolean).join("; "), details: output };
}
