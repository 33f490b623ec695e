/**
 * Writes generated/ from openapi/: for each surface the bundle, its types and the 3.0 view; for the tunnel the bundle,
 * types and schemas; the routes of all three; the error catalogue and the parameter table. `npm run generate [-- --source FOLDER] [-- --out FOLDER]`; the check regenerates into a folder of
 * its own and compares.
 */
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import openapiTypescript, { astToString } from "openapi-typescript";
import type { OpenAPI3 } from "openapi-typescript";
import { parse } from "yaml";
import { toOpenApi30 } from "./openapi/oas30.ts";
import { routesOf, tunnelSchemas } from "./openapi/program_tables.ts";
import { withTables } from "./openapi/reference_tables.ts";

const run = promisify(execFile);
const SURFACES = ["hosted", "local"] as const;
const NOTE = "Generated from openapi/ by `npm run generate`; do not edit.";

type ErrorRow = {
  status: number;
  type: string;
  title: string;
  meaning: string;
  what_to_do: string;
  retryable: boolean;
  charged: string;
};
type ParameterRow = { rule: string; capability?: string; use_instead?: string; code?: string };
type Tables = { errors: Record<string, ErrorRow>; parameters: Record<string, ParameterRow> };

const { values } = parseArgs({
  options: { source: { type: "string", default: "openapi" }, out: { type: "string", default: "generated" } },
});

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const readYaml = async (name: string): Promise<Record<string, unknown>> =>
  parse(await readFile(join(values.source, name), "utf8")) as Record<string, unknown>;

/** One document with every file below it, as Redocly resolves them. */
async function bundle(surface: string): Promise<Record<string, unknown>> {
  const file = join(values.out, `${surface}.json`);
  await run("redocly", ["bundle", join(values.source, `${surface}.yaml`), "--output", file], {
    maxBuffer: 16 * 1024 * 1024,
    env: {
      ...process.env,
      PATH: `${join(import.meta.dirname, "..", "node_modules", ".bin")}:${process.env["PATH"] ?? ""}`,
      REDOCLY_TELEMETRY: "off",
      REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
    },
  });
  const document = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
  return { "x-generated": NOTE, ...document };
}

async function types(document: Record<string, unknown>): Promise<string> {
  const ast = await openapiTypescript(structuredClone(document) as unknown as OpenAPI3, {
    alphabetize: true,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
  });
  return `// ${NOTE}\n${astToString(ast)}`;
}

async function writeSurface(surface: string, tables: Tables): Promise<Record<string, unknown>> {
  const bundled = await bundle(surface);
  const document = withTables(bundled, tables.errors, tables.parameters);
  await Promise.all([
    writeFile(join(values.out, `${surface}.json`), json(document)),
    writeFile(join(values.out, `${surface}.oas30.json`), json(toOpenApi30(document))),
    writeFile(join(values.out, `${surface}.ts`), await types(bundled)),
  ]);
  return bundled;
}

/** The document between our own programs: no client of others needs its tables or its 3.0 view. */
async function writeTunnel(): Promise<Record<string, unknown>> {
  const document = await bundle("tunnel");
  await Promise.all([
    writeFile(join(values.out, "tunnel.json"), json(document)),
    writeFile(join(values.out, "tunnel.ts"), await types(document)),
    writeFile(join(values.out, "tunnel_schemas.ts"), `// ${NOTE}\n${tunnelSchemas(document)}`),
  ]);
  return document;
}

async function readTables(): Promise<Tables> {
  const [errors, parameters] = await Promise.all([readYaml("errors.yaml"), readYaml("chat_parameters.yaml")]);
  return { errors, parameters } as Tables;
}

async function writeTables({ errors, parameters }: Tables): Promise<void> {
  const rules = Object.fromEntries(
    Object.entries(parameters).map(([name, row]) => {
      const { rule, capability, use_instead, code } = row;
      return [name, { rule, capability, use_instead, code }];
    }),
  );
  await writeFile(
    join(values.out, "errors.ts"),
    `// ${NOTE}\nexport const ERRORS = ${JSON.stringify(errors, null, 2)} as const;\n`,
  );
  await writeFile(
    join(values.out, "parameters.ts"),
    `// ${NOTE}
/** How gateway and agent treat a request's top-level names (docs/design/chat.md); a name that is missing here is refused. */
export type ParameterRule = {
  rule: "used" | "capability" | "accepted" | "refused";
  /** The word in a profile's \`supported_parameters\`. */
  capability?: string;
  /** The error's code where a refused name is not simply \`unsupported_parameter\`. */
  code?: "node_targeting_rejected";
  use_instead?: string;
};

/** A map, since it is asked for names that strangers wrote: an object would answer for \`toString\` too. */
export const PARAMETERS: ReadonlyMap<string, ParameterRule> = new Map(
  Object.entries<ParameterRule>(${JSON.stringify(rules, null, 2)}),
);
`,
  );
}

try {
  await mkdir(values.out, { recursive: true });
  const tables = await readTables();
  await writeTables(tables);
  const [tunnel, ...surfaces] = await Promise.all([
    writeTunnel(),
    ...SURFACES.map((surface) => writeSurface(surface, tables)),
  ]);
  const documents = { hosted: surfaces[0]!, local: surfaces[1]!, tunnel };
  await writeFile(join(values.out, "routes.ts"), `// ${NOTE}\n${routesOf(documents)}`);
} catch (error) {
  // Redocly's standard error names the fault in the document; the rest of the failure only repeats it.
  console.error((error as { stderr?: string }).stderr?.slice(0, 8000) ?? error);
  process.exitCode = 1;
}
