/** The parts of the documents that our programs need at run time: the operations' routes, the tunnel's schemas. */
import { type Dict, dict, operationsOf, resolve } from "./document_walk.ts";

/** A module with a table by operationId for each document: method and path template. */
export function routesOf(documents: Record<string, Dict>): string {
  const tables = Object.entries(documents).map(([name, document]) => {
    const routes = operationsOf(document).map(({ operationId, method, path }) => [
      operationId,
      { method: method.toUpperCase(), path },
    ]);
    const table = JSON.stringify(Object.fromEntries(routes), null, 2);
    return `export const ${name.toUpperCase()}_ROUTES = ${table} as const;\n`;
  });
  return tables.join("\n");
}

/** A module with the component schemas, and by operationId the names of the body's schema and of the answer's. */
export function tunnelSchemas(document: Dict): string {
  const nameOf = (holder: unknown): string | null => {
    const schema = dict(dict(dict(resolve(document, holder)["content"])["application/json"])["schema"]);
    return typeof schema["$ref"] === "string" ? schema["$ref"].replace("#/components/schemas/", "") : null;
  };
  const bodies = operationsOf(document).map(({ operationId, requestBody, responses }) => [
    operationId,
    { request: nameOf(requestBody), answer: nameOf(dict(responses)["200"]) },
  ]);
  const { schemas } = dict(document["components"]);
  return `export const SCHEMAS = ${JSON.stringify(schemas, null, 2)};

/** Null where there is no JSON, or where the surface checks it. */
export const BODIES = ${JSON.stringify(Object.fromEntries(bodies), null, 2)} as const;
`;
}
