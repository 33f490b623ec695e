import { LRUCache } from "lru-cache";
import type { Hold } from "../../../store/postgres/ledger/rows.ts";

/** What this process has seen of a hold. */
export type KnownHold = {
  hold_id: string;
  /** Whom it belongs to: frozen when the hold is taken. */
  customer_id: string;
  credential_id: string | null;
  /** The row as this process committed it; null when it may have changed since. */
  open: Hold | null;
};

const MOST = 50_000;

export type HoldMemory = {
  /** By hold id or job id; undefined when this process never saw the hold, or long ago. */
  of(id: string): KnownHold | undefined;
  /** A hold that was committed as it is here. */
  remember(hold: Hold, customer_id: string): void;
  /** Its row has changed, or may have; its owner stays. */
  doubt(hold: Pick<Hold, "hold_id">): void;
};

/**
 * The holds that this process took last. A settlement that one of them allows, as it is remembered, needs nothing but
 * the locks and limits of its owner: another process may have closed it or moved it to another node, but then its row is
 * not found by state and fence when it is to be closed, which undoes the batch. Nothing else is decided by memory.
 */
export function createHoldMemory(): HoldMemory {
  const known = new LRUCache<string, KnownHold>({ max: MOST });
  return {
    of: (id) => known.get(id),
    remember(hold, customer_id) {
      const { hold_id, credential_id } = hold;
      const entry = { hold_id, customer_id, credential_id, open: hold.state === "held" ? hold : null };
      known.set(hold_id, entry);
      known.set(hold.job_id, entry);
    },
    doubt({ hold_id }) {
      const entry = known.get(hold_id);
      if (entry !== undefined) entry.open = null;
    },
  };
}
