/**
 * Why a batch failed. `locked`: an account could not be locked in time. `conflict`: another writer was faster;
 * nothing is written. `away`: the database cannot be reached or does not take writes, and a commit may or may not have
 * happened. `rejected`: nothing is written, and the same batch would fail again.
 */
export type Failure = "locked" | "conflict" | "away" | "rejected";

const CONFLICTS = new Set(["40001", "40P01", "23505"]);
/** Query cancelled by its time-out, read-only transaction (a standby), idle in transaction. */
const AWAY = new Set(["57014", "25006", "25P03"]);
/** Connection, resources (disk full, too many connections), operator (shutdown, starting up), system error. */
const AWAY_CLASSES = new Set(["08", "53", "57", "58"]);
/** A statement after a failed one: the transaction is aborted. */
const BEHIND_A_FAILURE = "25P02";

export function classify(error: unknown): Failure {
  const state = sqlState(error);
  if (state === undefined) return error instanceof TypeError || error instanceof RangeError ? "rejected" : "away";
  if (state === "55P03") return "locked";
  if (CONFLICTS.has(state)) return "conflict";
  return AWAY.has(state) || AWAY_CLASSES.has(state.slice(0, 2)) ? "away" : "rejected";
}

/** SQLSTATE of an error that the server sent; undefined when the error is not the server's. */
export function sqlState(error: unknown): string | undefined {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  return typeof code === "string" && typeof severity === "string" ? code : undefined;
}

/**
 * Like Promise.all, but waits for all, and rejects with the first failure on the wire, not with the error of a later
 * statement.
 */
export async function firstFailure<Values extends readonly unknown[] | []>(
  promises: Values,
): Promise<{ -readonly [Index in keyof Values]: Awaited<Values[Index]> }> {
  const failures = (await Promise.allSettled(promises)).flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  const failure = failures.find((error) => sqlState(error) !== BEHIND_A_FAILURE) ?? failures[0];
  if (failure !== undefined) throw failure;
  return Promise.all(promises);
}
