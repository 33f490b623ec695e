/** The error catalogue and the parameter table as text of the documents, so that the reference shows them. */
import { dict, type Dict } from "./document_walk.ts";

type ErrorRow = {
  status: number;
  title: string;
  meaning: string;
  what_to_do: string;
  retryable: boolean;
  charged: string;
};
type ParameterRow = { rule: string; use_instead?: string; code?: string };

const CHARGED: Record<string, string> = {
  never: "no",
  partial_usage: "partial usage of a stream",
  earlier_attempt: "the earlier attempt",
};

const RULES: [string, string][] = [
  ["used", "Taken by every node"],
  ["capability", "Taken where the model lists it in `supported_parameters`, else 400 `unsupported_parameter`"],
  ["accepted", "Accepted, neither forwarded nor stored"],
  ["refused", "Refused by name"],
];

function errorTable(errors: Record<string, ErrorRow>): string {
  const rows = Object.entries(errors).map(
    ([code, { status, meaning, what_to_do, retryable, charged }]) =>
      `| \`${code}\` | ${status} | ${meaning} | ${what_to_do} | ${retryable ? "yes" : "no"} | ${CHARGED[charged] ?? charged} |`,
  );
  return [
    "## Error codes",
    "",
    "| code | status | meaning | what to do | same request again | charged |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function parameterTable(parameters: Record<string, ParameterRow>): string {
  const rows = RULES.map(([rule, sentence]) => {
    const names = Object.entries(parameters)
      .filter(([, row]) => row.rule === rule)
      .map(([name, row]) => (row.use_instead ? `\`${name}\` (use \`${row.use_instead}\`)` : `\`${name}\``));
    return `| ${sentence} | ${names.join(", ")} |`;
  });
  return [
    "**Parameters.** A name that is not in this table is refused with 400 and `param`, never dropped; `n` may be 1.",
    "",
    "| rule | parameters |",
    "| --- | --- |",
    ...rows,
  ].join("\n");
}

/** `x-retryable` and `x-charged` of each failure: by code, since one status stands for several. */
function markFailures(responses: Dict, errors: Record<string, ErrorRow>): void {
  for (const [name, response] of Object.entries(responses)) {
    const status = Number(/_(\d{3})$/.exec(name)?.[1]);
    const codes = Object.entries(errors).filter(([, row]) => row.status === status);
    if (codes.length === 0) continue;
    dict(response)["x-retryable"] = Object.fromEntries(codes.map(([code, { retryable }]) => [code, retryable]));
    dict(response)["x-charged"] = Object.fromEntries(codes.map(([code, { charged }]) => [code, charged]));
  }
}

/** The closed `b3iq` object answers a name that has a code of its own with that code, as the top of the request does. */
function codesWithin(parameters: Record<string, ParameterRow>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, { code }]) => (code === undefined ? [] : [[`b3iq.${name}`, code]])),
  );
}

/**
 * The document with the catalogue under its introduction and in its failures, and the parameter table and its codes
 * under the hosted chat.
 */
export function withTables(
  document: Dict,
  errors: Record<string, ErrorRow>,
  parameters: Record<string, ParameterRow>,
): Dict {
  const copy = structuredClone(document);
  const info = dict(copy["info"]);
  info["description"] = `${String(info["description"]).trimEnd()}\n\n${errorTable(errors)}\n`;
  markFailures(dict(dict(copy["components"])["responses"]), errors);
  const chat = dict(dict(dict(copy["paths"])["/v1/chat/completions"])["post"]);
  if (chat["operationId"] === "createChatCompletion") {
    chat["x-b3iq-invalid-code"] = { ...dict(chat["x-b3iq-invalid-code"]), ...codesWithin(parameters) };
    chat["description"] = `${String(chat["description"]).trimEnd()}\n\n${parameterTable(parameters)}\n`;
  }
  return copy;
}
