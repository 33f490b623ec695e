import { ApiError } from "../errors.ts";

/** The one form of pagination: `limit`, and an opaque cursor that holds the last key seen. */
export type PageQuery = { limit?: number | undefined; cursor?: string | undefined };

const DEFAULT_LIMIT = 100;

/** Reads a page's bounds. One row too many is read, so that the last page is known without a count. */
export function pageBounds(query: PageQuery): { limit: number; after: string | null } {
  const limit = query.limit ?? DEFAULT_LIMIT;
  if (query.cursor === undefined) return { limit, after: null };
  const after = Buffer.from(query.cursor, "base64url").toString("utf8");
  if (after === "" || after.includes("\0") || Buffer.from(after).toString("base64url") !== query.cursor)
    throw wrongCursor();
  return { limit, after };
}

/** The error for a cursor that the operation did not return. */
export function wrongCursor(): ApiError {
  return new ApiError(
    "invalid_request",
    "cursor is not one that this operation gave out; leave it out to start again.",
    { param: "cursor" },
  );
}

/** Drops the extra row and makes the cursor of the next page. */
export function toPage<Row, Item>(
  rows: Row[],
  limit: number,
  keyOf: (row: Row) => string,
  toItem: (row: Row) => Item,
): { data: Item[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { data: shown.map(toItem), next_cursor: more ? Buffer.from(keyOf(last)).toString("base64url") : null };
}
