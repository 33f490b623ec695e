import { isUnreachable } from "../../store/postgres/unreachable.ts";
import { ApiError } from "../errors.ts";

/** 503 `database_unavailable` for a query's error when the database is away; undefined for every other error. */
export function databaseFailure(thrown: unknown): ApiError | undefined {
  if (!isUnreachable(thrown)) return undefined;
  return new ApiError(
    "database_unavailable",
    "The database cannot be reached now. Nothing was changed unless an earlier answer said so.",
    {
      cause: thrown,
      retry_after_ms: 2_000,
    },
  );
}
