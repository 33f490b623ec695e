/** The failures that an operation documents by its classes: `make generate` adds them, `make check` expects them. */
import { list, type Dict } from "./document_walk.ts";

/** The words of `x-b3iq-class`, each with its statuses. */
export const STATUSES_OF_CLASS: Record<string, number[]> = {
  keyed: [401, 403, 429],
  public: [429],
  body: [400, 408, 413, 415],
  parameters: [400],
  id: [404],
  money: [402, 409, 503],
  state: [409],
  node: [401],
  version: [426],
  database: [503],
};
const OF_EVERY_OPERATION = [400, 500];

/**
 * `operationId status` for each row of the table in docs/decisions/0004-statuses.md: statuses of a class that the
 * operation cannot answer.
 */
export function withoutStatuses(page: string): Set<string> {
  const rows = [...page.matchAll(/^\| (\d{3}) \| ([^|]+) \|/gm)];
  return new Set(rows.flatMap(([, status, ids]) => [...ids!.matchAll(/`(\w+)`/g)].map(([, id]) => `${id} ${status}`)));
}

/** The failures that follow from an operation's class, less those that a decision took away; 304 follows from a cache. */
export function followingStatuses(operation: Dict, without: ReadonlySet<string>): number[] {
  const classes = list(operation["x-b3iq-class"]).map(String);
  const cached = operation["x-b3iq-cache-seconds"] === undefined ? [] : [304];
  const statuses = [...cached, ...OF_EVERY_OPERATION, ...classes.flatMap((name) => STATUSES_OF_CLASS[name] ?? [])];
  return [...new Set(statuses)].filter((status) => !without.has(`${String(operation["operationId"])} ${status}`));
}

/** The name of the shared answer with a status, among `components/responses`. */
export function sharedResponse(operation: Dict, status: number): string {
  return status === 304 ? "not_modified" : `${String(operation["x-b3iq-envelope"])}_${status}`;
}
