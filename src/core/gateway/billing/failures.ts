import { sqlState } from "./commit.ts";

/**
 * What a failed batch means. `locked`: an account could not be locked in time. `conflict`: another writer was faster;
 * nothing is written. `away`: the database cannot be reached or does not take writes, and a commit may or may not have
 * happened. `rejected`: nothing is written, and the same batch would fail again.
 */
export type Failure = "locked" | "conflict" | "away" | "rejected";

const CONFLICTS = new Set(["40001", "40P01", "23505"]);
/** Query cancelled by its time-out, read-only transaction (a standby), idle in transaction. */
const AWAY = new Set(["57014", "25006", "25P03"]);
/** Connection, resources (disk full, too many connections), operator (shutdown, starting up), system error. */
const AWAY_CLASSES = new Set(["08", "53", "57", "58"]);

export function classify(error: unknown): Failure {
  const state = sqlState(error);
  if (state === undefined) return error instanceof TypeError || error instanceof RangeError ? "rejected" : "away";
  if (state === "55P03") return "locked";
  if (CONFLICTS.has(state)) return "conflict";
  return AWAY.has(state) || AWAY_CLASSES.has(state.slice(0, 2)) ? "away" : "rejected";
}
