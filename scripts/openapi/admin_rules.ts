/** Rules of the operations that take an admin token: the role that opens each, and the audit entry that each writes. */
import { ADMIN_ROLES } from "../../src/core/admin_tokens.ts";
import { dict, jsonSchemaOf, list, parametersOf, resolve, type Dict, type Operation } from "./document_walk.ts";

/** Cases without an entry for a success: the work was done before, or the request asks for no change. */
const UNLESS = ["repeated", "dry_run"];

/** The names of parameters and members of request and answer, from which an entry takes its facts. */
function namesOf(document: Dict, operation: Operation): { path: string[]; answered: string[]; all: string[] } {
  const parameters = parametersOf(document, operation);
  const path = parameters.filter((one) => one["in"] === "path").map((one) => String(one["name"]));
  const members = (body: unknown): string[] => {
    const own = Object.entries(dict(jsonSchemaOf(document, body)["properties"]));
    const items = own.map(([, schema]) => resolve(document, dict(resolve(document, schema)["items"])));
    return [...own.map(([name]) => name), ...items.flatMap((item) => Object.keys(dict(item["properties"])))];
  };
  const answered = Object.entries(dict(operation["responses"]))
    .filter(([status]) => Number(status) < 300)
    .flatMap(([, response]) => members(response));
  const all = [...parameters.map((one) => String(one["name"])), ...members(operation["requestBody"]), ...answered];
  return { path, answered, all };
}

/**
 * `x-b3iq-audit`: `target` names a path parameter, else a member of the answer or of an item of its lists, or it is a
 * word of the path; `detail` names what else the entry holds beside `request_id`; `none` gives the reason why there is
 * no entry.
 */
function auditProblems(document: Dict, operation: Operation): string[] {
  const audit = dict(operation["x-b3iq-audit"]);
  const { none, target, detail, unless } = audit;
  if (none !== undefined) {
    if (Object.keys(audit).length > 1) return ["x-b3iq-audit has none, and says what is written"];
    return typeof none === "string" && none.trim() !== "" ? [] : ["x-b3iq-audit has none without a reason"];
  }
  const { path, answered, all } = namesOf(document, operation);
  const targets = [...path, ...answered, ...operation.path.split("/")];
  const problems: string[] = [];
  if (typeof target !== "string" || target === "" || !targets.includes(target))
    problems.push("x-b3iq-audit has no target that the path or the answer names");
  for (const name of list(detail).map(String))
    if (!all.includes(name)) problems.push(`x-b3iq-audit has the detail ${name}, which nothing in or out has`);
  if (unless !== undefined && !UNLESS.includes(String(unless)))
    problems.push(`x-b3iq-audit has an unknown unless: ${String(unless)}`);
  for (const name of Object.keys(audit))
    if (!["target", "detail", "unless"].includes(name)) problems.push(`x-b3iq-audit has the unknown word ${name}`);
  return problems;
}

export const isAdmin = (operation: Operation): boolean =>
  list(operation["security"]).some((one) => "adminToken" in dict(one));

export function adminProblems(document: Dict, operation: Operation): string[] {
  const role = operation["x-b3iq-role"];
  const audited = operation["x-b3iq-audit"] !== undefined;
  if (!isAdmin(operation))
    return role !== undefined || audited ? ["has x-b3iq-role or x-b3iq-audit, and takes no admin token"] : [];
  const problems: string[] = [];
  if (role === undefined) problems.push("takes an admin token and has no x-b3iq-role");
  else if (!ADMIN_ROLES.some((one) => one === role)) problems.push(`x-b3iq-role has the unknown role ${String(role)}`);
  if (operation.method !== "get" && !audited)
    problems.push("is an admin's change without x-b3iq-audit; say none with a reason if it changes nothing");
  return audited ? [...problems, ...auditProblems(document, operation)] : problems;
}
