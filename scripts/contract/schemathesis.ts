/** Schemathesis over one document: all checks; what is excluded says why in schemathesis.toml. */
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
  /** `--include-operation-id` or its contrary, with one operation. */
  only?: [flag: string, operation_id: string];
};

/**
 * The document as Schemathesis reads event streams: one event is `{data, event, ...}`, and `data` is text. Ours describes what
 * the text holds, so that is where its schema goes.
 */
export function withWrappedEvents(document: Schema): Schema {
  const wrap = (schema: unknown) => ({
    type: "object", required: ["data"],
    properties: { data: { anyOf: [{ const: "[DONE]" }, { type: "string", contentMediaType: "application/json", contentSchema: schema }] } },
  });
  return JSON.parse(JSON.stringify(document), (key, value: unknown) =>
    key === "text/event-stream" ? { ...(value as Schema), schema: wrap((value as Schema)["schema"]), examples: undefined } : value) as Schema;
}

/** Runs it; the whole report stays beside the environment. */
export async function schemathesis(options: Options): Promise<Outcome> {
  const { surface, only } = options;
  const place = path.join(CACHE, `schemathesis-${surface}${only ? `-${only[0].replace(/-+/g, "")}` : ""}`);
  fs.rmSync(place, { recursive: true, force: true });
  fs.mkdirSync(place, { recursive: true });
  const document = JSON.parse(fs.readFileSync(path.join(ROOT, "generated", `${surface}.json`), "utf8")) as Schema;
  const file = path.join(place, "document.json");
  fs.writeFileSync(file, JSON.stringify(withWrappedEvents(document)));
  const args = [
    "--config-file", "schemathesis.toml", "run", file, "--url", options.url, "--phases", options.phases, "--max-examples", String(options.examples),
    "--seed", "1", "--report", "ndjson", "--report-dir", place, ...(only ?? []),
  ];
  const { code, output } = await runTool(options.schemathesis, args, options.variables);
  fs.writeFileSync(path.join(place, "report.txt"), output);
  const [, selected, tested] = /Selected: (\d+\/\d+)\s+Tested: (\d+)/.exec(output) ?? [];
  const cases = /\n {2}(\d+ generated.*)\n/.exec(output)?.[1];
  const summary = `operations selected ${selected ?? "none"}, tested ${tested ?? "none"}; cases: ${cases ?? "none"}`;
  return { passed: code === 0, summary, details: output };
}
