/** Prints every breach of our rules in openapi/ and in the generated bundles; part of `npm run check`. */
import { readFile } from "node:fs/promises";
import { documentProblems, tableProblems } from "./openapi/document_rules.ts";
import { shapeProblems } from "./openapi/document_shapes.ts";
import { operationsOf, type Dict } from "./openapi/document_walk.ts";
import { readSources, readYaml } from "./openapi/read_sources.ts";
import { sourceProblems } from "./openapi/source_rules.ts";
import { withoutStatuses } from "./openapi/statuses_of_class.ts";

const readJson = async (path: string): Promise<Dict> => JSON.parse(await readFile(path, "utf8")) as Dict;

const [hosted, local, tunnel, errors, parameters, sources] = await Promise.all([
  readJson("generated/hosted.json"),
  readJson("generated/local.json"),
  readJson("generated/tunnel.json"),
  readYaml("openapi/errors.yaml"),
  readYaml("openapi/chat_parameters.yaml"),
  readSources("openapi"),
]);
const without = withoutStatuses(await readFile("docs/decisions/0004-statuses.md", "utf8"));
const problems = [
  ...sourceProblems(sources, [hosted, local], without),
  ...documentProblems(hosted, without),
  ...documentProblems(local, without),
  // Only our own programs call over the tunnel: rules of credentials, pages and caches do not apply to it.
  ...shapeProblems(tunnel),
  ...tableProblems(hosted, errors, parameters),
];
for (const problem of problems) console.log(problem);
console.log(
  `${operationsOf(hosted).length} hosted and ${operationsOf(local).length} local operations, ${operationsOf(tunnel).length} of the tunnel, ${problems.length} problems`,
);
if (problems.length > 0) process.exitCode = 1;
