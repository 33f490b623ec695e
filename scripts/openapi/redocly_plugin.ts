/**
 * Adds the failures of an operation's classes to the documents while Redocly reads them, so that linter and bundle see
 * failures that no author has to write.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dict, type Dict } from "./document_walk.ts";
import { followingStatuses, sharedResponse, withoutStatuses } from "./statuses_of_class.ts";

const PAGE = join(import.meta.dirname, "../../docs/decisions/0004-statuses.md");
/** Seen from `openapi/<tag>/paths.yaml`, where the operations stand. */
const RESPONSES = "../common/responses.yaml";

function addFailures(operation: Dict, without: ReadonlySet<string>): void {
  if (operation["x-b3iq-class"] === undefined) return;
  const responses = dict(operation["responses"]);
  for (const status of followingStatuses(operation, without))
    responses[status] ??= { $ref: `${RESPONSES}#/${sharedResponse(operation, status)}` };
}

export default function plugin() {
  return {
    id: "b3iq",
    preprocessors: {
      oas3: {
        "failures-of-class": () => {
          const without = withoutStatuses(readFileSync(PAGE, "utf8"));
          return { Operation: { enter: (operation: Dict) => addFailures(operation, without) } };
        },
      },
    },
  };
}
