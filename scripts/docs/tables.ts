import * as fs from "node:fs";
import * as path from "node:path";
import { ERRORS } from "../../generated/errors.ts";
import { PARAMETERS } from "../../generated/parameters.ts";
import { GATEWAY, HOST } from "../../src/config/settings.ts";
import { createMetrics } from "../../src/core/metrics.ts";
import { BLOCKERS } from "../../src/core/gateway/routing/blockers.ts";

/** Tables that a page includes by `<!-- table: NAME -->`, made from the sources, so that they are never stale. */
const TABLES: Record<string, () => string> = {
  errors: errorTable,
  parameters: parameterTable,
  blockers: () =>
    table(
      ["code", "meaning", "next action"],
      Object.entries(BLOCKERS).map(([code, { message, next_action }]) => [`\`${code}\``, message, next_action]),
    ),
  metrics: () => metricTable(),
  "gateway-settings": () => settingTable(GATEWAY),
  "host-settings": () => settingTable(HOST),
};

const CHARGED: Record<string, string> = {
  never: "no",
  partial_usage: "partial usage of a stream",
  earlier_attempt: "the earlier attempt was",
};

const ROOT = path.resolve(import.meta.dirname, "..", "..");

/** The page with its tables, and files (`<!-- file: deploy/nginx.conf -->`) as code. Throws for an unknown name. */
export function withTables(markdown: string): string {
  const withFiles = markdown.replaceAll(
    /^<!-- file: ([\w./-]+) -->$/gm,
    (_, file: string) => `\`\`\`text file=${file}\n${fs.readFileSync(path.join(ROOT, file), "utf8")}\`\`\``,
  );
  return withFiles.replaceAll(/^<!-- table: ([a-z-]+) -->$/gm, (_, name: string) => {
    const make = Object.hasOwn(TABLES, name) ? TABLES[name] : undefined;
    if (make === undefined) throw new Error(`no table is called ${name}`);
    return make();
  });
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function errorTable(): string {
  const byStatus = Object.entries(ERRORS).sort(([, left], [, right]) => left.status - right.status);
  const head = ["code", "meaning", "what to do", "same request again", "charged"];
  const statuses = [...new Set(byStatus.map(([, { status }]) => status))];
  return statuses
    .map((status) => {
      const rows = byStatus
        .filter(([, row]) => row.status === status)
        .map(([code, row]) => [
          `\`${code}\``,
          row.meaning,
          row.what_to_do,
          row.retryable ? "yes" : "no",
          CHARGED[row.charged] ?? row.charged,
        ]);
      return `## ${status}\n\n${table(head, rows)}`;
    })
    .join("\n\n");
}

const RULES: [string, string][] = [
  ["used", "Taken by every node"],
  ["capability", "Taken where the model lists it in `supported_parameters`"],
  ["accepted", "Accepted, neither forwarded nor stored"],
  ["refused", "Refused by name"],
];

function parameterTable(): string {
  return table(
    ["rule", "parameters"],
    RULES.map(([rule, sentence]) => {
      const names = [...PARAMETERS].filter(([, row]) => row.rule === rule);
      return [
        sentence,
        names
          .map(([name, row]) => (row.use_instead ? `\`${name}\` (use \`${row.use_instead}\`)` : `\`${name}\``))
          .join(", "),
      ];
    }),
  );
}

function settingTable(settings: typeof GATEWAY | typeof HOST): string {
  return table(
    ["setting", "meaning"],
    Object.values(settings).map(({ name, default: preset, about, allowed }) => [
      `\`${name}\``,
      `${about}. ${preset === null ? "" : `Default \`${String(preset)}\`. `}Allowed: ${allowed}.`,
    ]),
  );
}

function metricTable(): string {
  const { registry, ...metrics } = createMetrics();
  registry.clear();
  const described = Object.values(metrics) as unknown as { name: string; help: string; labelNames: string[] }[];
  return table(
    ["metric", "labels", "meaning"],
    described.map(({ name, help, labelNames }) => [
      `\`${name}\``,
      labelNames.map((label) => `\`${label}\``).join(", "),
      help,
    ]),
  );
}
