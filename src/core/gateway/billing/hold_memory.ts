import { LRUCache } from "lru-cache";
import type { Hold } from "./model.ts";

/** A hold that this process took. */
export type KnownHold = {
  hold_id: string;
  /** The customer and key that the hold belongs to, which never change. */
  customer_id: string;
  credential_id: string | null;
  /** The row as committed; null once an operation of this process may have changed it. */
  row: Hold | null;
};

const MOST = 50_000;

/**
 * The holds that this process took last, by hold id and by job id (docs/decisions/0002-ledger-writer.md). A settlement
 * that a remembered row allows is decided on that row, without reading it: only the account of the hold is locked and its
 * limits are read. Another process may have closed the hold or moved it to another node. Then the update that closes the
 * hold does not find the row by its state and fence, and the whole batch is undone and read anew. Nothing else is decided
 * on a remembered row.
 */
export type HoldMemory = LRUCache<string, KnownHold>;

export const createHoldMemory = (): HoldMemory => new LRUCache<string, KnownHold>({ max: MOST });

/** Remembers the committed row `hold`; the caller must not use that object any more. */
export function rememberHold(memory: HoldMemory, hold: Hold, customer_id: string): void {
  const { hold_id, credential_id } = hold;
  const known: KnownHold = { hold_id, customer_id, credential_id, row: hold.state === "held" ? hold : null };
  memory.set(hold_id, known);
  memory.set(hold.job_id, known);
}

/**
 * Returns the row of a known hold and forgets the row: a batch changes its rows before its commit is known, so the row
 * can be wrong afterwards. The next batch that needs the hold reads it from the database.
 */
export function takeRow(known: KnownHold): Hold {
  const { row } = known;
  if (row === null) throw new Error("the row of this hold is not remembered");
  known.row = null;
  return row;
}

/** Forgets the row of a hold that was changed; its customer and key are still known. */
export function forgetRow(memory: HoldMemory, { hold_id }: Pick<Hold, "hold_id">): void {
  const known = memory.get(hold_id);
  if (known !== undefined) known.row = null;
}
