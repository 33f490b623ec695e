/**
 * Our own rules of the documents, beyond what the linter knows. Pure: bundled documents and tables in, sentences out.
 */

import { adminProblems } from "./admin_rules.ts";
import { shapeProblems } from "./document_shapes.ts";
import { followingStatuses, sharedResponse, STATUSES_OF_CLASS } from "./statuses_of_class.ts";
import { dict, jsonSchemaOf, list, operationsOf, parametersOf, resolve } from "./document_walk.ts";
import type { Dict, Operation } from "./document_walk.ts";

const VERBS = [
  "cancel",
  "claim",
  "clear",
  "create",
  "delete",
  "enroll",
  "explain",
  "export",
  "finalize",
  "get",
  "list",
  "open",
  "poll",
  "preview",
  "publish",
  "put",
  "recover",
  "refund",
  "refuse",
  "release",
  "reset",
  "retrieve",
  "retry",
  "revoke",
  "rotate",
  "run",
  "submit",
  "update",
];

/** The classes that follow from an operation's shape; `money` does not show in the shape and is only declared. */
function classesOf(document: Dict, operation: Operation): string[] {
  const parameters = parametersOf(document, operation);
  const classes: string[] = [];
  if (list(operation["security"]).length > 0) classes.push("keyed");
  if (operation["requestBody"] !== undefined) classes.push("body");
  if (parameters.some((one) => one["in"] === "query" || one["in"] === "path")) classes.push("parameters");
  if (parameters.some((one) => one["in"] === "path")) classes.push("id");
  return classes;
}

function bodyProblems(document: Dict, content: Dict, what: string): string[] {
  return Object.entries(content).flatMap(([media, body]) => {
    if (media === "application/octet-stream") return [];
    const examples = Object.keys(dict(dict(body)["examples"]));
    return examples.length > 0 ? [] : [`${what} ${media} has no named example`];
  });
}

/**
 * The parts of a request that are unbounded, or could carry a NUL to the database; `at` names the place. Chat bodies
 * reach no database.
 */
function boundProblems(document: Dict, value: unknown, at: string, seen: string[] = []): string[] {
  const ref = dict(value)["$ref"];
  if (typeof ref === "string" && seen.includes(ref)) return [];
  const schema = resolve(document, value);
  const below = typeof ref === "string" ? [...seen, ref] : seen;
  const types = [schema["type"]].flat();
  const has = (...names: string[]): boolean => names.some((name) => schema[name] !== undefined);
  const problems: string[] = [];
  if (types.includes("string") && !has("enum", "const", "pattern", "format")) problems.push(`${at} takes any text`);
  if (types.includes("string") && !has("enum", "const", "pattern", "maxLength"))
    problems.push(`${at} has no greatest length`);
  if ((types.includes("integer") || types.includes("number")) && !has("enum", "const", "maximum"))
    problems.push(`${at} has no maximum`);
  if (types.includes("array") && !has("maxItems")) problems.push(`${at} has no maxItems`);
  const children: [string, unknown][] = [
    ...Object.entries(dict(schema["properties"])).map(([name, child]): [string, unknown] => [`${at}.${name}`, child]),
    ...(schema["items"] === undefined ? [] : [[`${at}[]`, schema["items"]] as [string, unknown]]),
    ...["anyOf", "oneOf", "allOf"].flatMap((name) => list(schema[name]).map((child): [string, unknown] => [at, child])),
  ];
  return [...problems, ...children.flatMap(([name, child]) => boundProblems(document, child, name, below))];
}

function responseProblems(document: Dict, operation: Operation): string[] {
  const problems: string[] = [];
  for (const [status, response] of Object.entries(dict(operation["responses"]))) {
    const found = resolve(document, response);
    if (status !== "101" && !Object.keys(dict(found["headers"])).includes("x-request-id"))
      problems.push(`${status} lacks the header x-request-id`);
    problems.push(...bodyProblems(document, dict(found["content"]), `answer ${status}`));
    if (Number(status) < 400) continue;
    for (const name of ["x-retryable", "x-charged"])
      if (Object.keys(dict(found[name])).length === 0) problems.push(`${status} does not say ${name} of its codes`);
    const shared = sharedResponse(operation, Number(status));
    if (dict(response)["$ref"] !== `#/components/responses/${shared}`)
      problems.push(`${status} is not the shared answer ${shared}`);
  }
  return problems;
}

/** Public reads of a resource are cached; reads with a credential are not. */
function cacheProblems(operation: Operation): string[] {
  const cached = operation["x-b3iq-cache-seconds"] !== undefined;
  const is_public =
    operation.method === "get" && list(operation["security"]).length === 0 && /^\/v1\//.test(operation.path);
  if (cached === is_public) return [];
  return [cached ? "is cached, and not a public read" : "is a public read without x-b3iq-cache-seconds"];
}

/** Every list has the same pages: `limit` and `cursor` in, `next_cursor` out. */
function pageProblems(document: Dict, operation: Operation): string[] {
  const names = parametersOf(document, operation).map((one) => String(one["name"]));
  const schema = jsonSchemaOf(document, dict(operation["responses"])["200"]);
  const pages = dict(schema["properties"])["next_cursor"] !== undefined;
  // A report may bound its rows and have no further page.
  const asked = /^(list|export)/.test(String(operation["operationId"])) ? ["limit", "cursor"] : ["cursor"];
  return asked.filter((name) => names.includes(name) !== pages).map((name) => `${name} is not where next_cursor is`);
}

function wordingProblems(operation: Operation): string[] {
  const problems: string[] = [];
  const id = String(operation["operationId"]);
  if (!/^[a-z]+([A-Z][a-z0-9]*)+$/.test(id) || !VERBS.some((verb) => new RegExp(`^${verb}[A-Z]`).test(id)))
    problems.push("operationId is not a verb and a noun in camelCase");
  for (const name of ["summary", "description"])
    if (typeof operation[name] !== "string" || operation[name].trim() === "") problems.push(`${name} is missing`);
  if (
    operation["deprecated"] === true &&
    (operation["x-b3iq-deprecated-at"] === undefined || operation["x-b3iq-sunset-at"] === undefined)
  )
    problems.push("is deprecated without x-b3iq-deprecated-at and x-b3iq-sunset-at");
  return problems;
}

/** The declared classes match the operation's shape, and the bundle has the failures of these classes. */
function classProblems(document: Dict, operation: Operation, without: ReadonlySet<string>): string[] {
  const problems: string[] = [];
  const envelope = operation["x-b3iq-envelope"];
  const declared = list(operation["x-b3iq-class"]).map(String);
  if (envelope !== "openai" && envelope !== "native") problems.push("x-b3iq-envelope is neither openai nor native");
  if (!Array.isArray(operation["x-b3iq-class"])) problems.push("x-b3iq-class is missing");
  for (const name of declared) if (!STATUSES_OF_CLASS[name]) problems.push(`x-b3iq-class has the unknown word ${name}`);
  for (const name of classesOf(document, operation))
    if (!declared.includes(name)) problems.push(`x-b3iq-class lacks ${name}, which its shape says`);
  const statuses = Object.keys(dict(operation["responses"])).map(Number);
  for (const status of followingStatuses(operation, without))
    if (!statuses.includes(status)) problems.push(`${status} is not documented`);
  for (const status of statuses)
    if (without.has(`${String(operation["operationId"])} ${status}`))
      problems.push(`${status} is documented, and docs/decisions/0004-statuses.md says that it cannot come`);
  if (!statuses.some((status) => status < 300)) problems.push("no answer of success is documented");
  return problems;
}

function parameterProblems(document: Dict, operation: Operation): string[] {
  return parametersOf(document, operation).flatMap((parameter) => {
    const name = `parameter ${String(parameter["name"])}`;
    const shown = parameter["example"] ?? parameter["examples"] ?? dict(parameter["schema"])["default"];
    return [
      ...(shown === undefined ? [`${name} has no example`] : []),
      // HTTP lets no NUL into a header.
      ...(parameter["in"] === "header" ? [] : boundProblems(document, parameter["schema"], name)),
    ];
  });
}

function requestProblems(document: Dict, operation: Operation): string[] {
  const content = dict(resolve(document, operation["requestBody"])["content"]);
  const schema = dict(content["application/json"])["schema"];
  const bounded = schema !== undefined && !String(operation["operationId"]).endsWith("ChatCompletion");
  return [
    ...bodyProblems(document, content, "request body"),
    ...(bounded ? boundProblems(document, schema, "body") : []),
  ];
}

function operationProblems(document: Dict, operation: Operation, without: ReadonlySet<string>): string[] {
  const problems = [
    ...wordingProblems(operation),
    ...classProblems(document, operation, without),
    ...cacheProblems(operation),
    ...pageProblems(document, operation),
    ...parameterProblems(document, operation),
    ...requestProblems(document, operation),
    ...responseProblems(document, operation),
    ...adminProblems(document, operation),
  ];
  const place = `${operation.method.toUpperCase()} ${operation.path} (${String(operation["operationId"])})`;
  return problems.map((problem) => `${place}: ${problem}`);
}

/**
 * Every breach of our rules in one bundled document, each as a sentence. `without`: statuses that a decision took away.
 */
export function documentProblems(document: Dict, without: ReadonlySet<string> = new Set()): string[] {
  const operations = operationsOf(document).flatMap((operation) => operationProblems(document, operation, without));
  return [...operations, ...shapeProblems(document)];
}

/**
 * The catalogue, the enum of codes and the codes in examples say the same; the parameter table and the chat's schema
 * too.
 */
export function tableProblems(
  document: Dict,
  errors: Record<string, Dict>,
  parameters: Record<string, Dict>,
): string[] {
  const problems: string[] = [];
  const schemas = dict(dict(document["components"])["schemas"]);
  const documented = list(dict(schemas["error_code"])["enum"]).map(String);
  for (const code of Object.keys(errors))
    if (!documented.includes(code)) problems.push(`error_code in openapi/common/error_bodies.yaml lacks ${code}`);
  for (const code of documented) if (!errors[code]) problems.push(`errors.yaml lacks ${code}`);
  const properties = dict(dict(schemas["chat_completion_request"])["properties"]);
  for (const [name, { rule }] of Object.entries(parameters)) {
    if (rule !== "refused" && properties[name] === undefined)
      problems.push(`chat_completion_request lacks ${name}, which is ${String(rule)}`);
  }
  for (const name of Object.keys(properties))
    if (!parameters[name]) problems.push(`chat_parameters.yaml lacks ${name}`);
  return problems;
}
