import { LRUCache } from "lru-cache";

/** Whom a hold belongs to. Frozen when the hold is taken, so what this process has seen of it stays true. */
export type HoldOwner = { hold_id: string; customer_id: string; credential_id: string | null };

const MOST = 50_000;

export type OwnerMemory = {
  /** By hold id or job id; undefined when this process never saw the hold, or long ago. */
  of(id: string): HoldOwner | undefined;
  remember(hold: { hold_id: string; job_id: string; credential_id: string | null }, customer_id: string): void;
};

/**
 * Owners of the holds that this process took or touched last: with them, everything that a settlement needs is asked
 * for in the same round trip as the locks.
 */
export function createOwnerMemory(): OwnerMemory {
  const owners = new LRUCache<string, HoldOwner>({ max: MOST });
  return {
    of: (id) => owners.get(id),
    remember({ hold_id, job_id, credential_id }, customer_id) {
      const owner = { hold_id, customer_id, credential_id };
      owners.set(hold_id, owner);
      owners.set(job_id, owner);
    },
  };
}
