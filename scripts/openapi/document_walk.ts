/** Steps through a bundled document that was not validated yet: missing parts count as empty. */

export type Dict = Record<string, unknown>;
/** An operation with its place; `shared` are the parameters that its path has for all methods. */
export type Operation = { path: string; method: string; shared: unknown[] } & Dict;

const METHODS = ["get", "put", "post", "delete", "patch"];

export const dict = (value: unknown): Dict => (typeof value === "object" && value !== null ? (value as Dict) : {});
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The value itself, or the component that it refers to. */
export function resolve(document: Dict, value: unknown): Dict {
  const ref = dict(value)["$ref"];
  if (typeof ref !== "string") return dict(value);
  return ref
    .slice(2)
    .split("/")
    .reduce<Dict>((at, part) => dict(at[part.replaceAll("~1", "/").replaceAll("~0", "~")]), document);
}

export function operationsOf(document: Dict): Operation[] {
  return Object.entries(dict(document["paths"])).flatMap(([path, item]) =>
    METHODS.filter((method) => dict(item)[method] !== undefined).map((method) => ({
      ...dict(dict(item)[method]),
      path,
      method,
      shared: list(dict(item)["parameters"]),
    })),
  );
}

export function parametersOf(document: Dict, operation: Operation): Dict[] {
  return [...list(operation["parameters"]), ...operation.shared].map((one) => resolve(document, one));
}

/** The schema of a body in JSON: of a request body, or of an answer. */
export function jsonSchemaOf(document: Dict, body: unknown): Dict {
  return resolve(document, dict(dict(resolve(document, body)["content"])["application/json"])["schema"]);
}
