import type { Database } from "../../../store/postgres/database.ts";
import { claimCalls, type CallClaim, type ClaimVerdict } from "../../../store/postgres/nodes/claim_calls.ts";

type Waiting = {
  claim: CallClaim;
  resolve: (verdict: ClaimVerdict | undefined) => void;
  reject: (error: unknown) => void;
};

const MAX_BATCH = 500;
/** When more calls wait than this, the database is away: further calls are refused, and their nodes repeat them. */
const MAX_WAITING = 20_000;

/**
 * Raises the sequence numbers of node calls in the database, so that a replay at another gateway is refused too. Calls
 * that arrive while a statement is in flight share the next one: without a timer, statements stay few under load.
 */
export function createCallSequences(db: Database) {
  let waiting: Waiting[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    try {
      while (waiting.length > 0) {
        const batch = takeBatch();
        try {
          const verdicts = await claimCalls(
            db,
            batch.map(({ claim }) => claim),
          );
          for (const { claim, resolve } of batch) resolve(verdicts.get(claim.node_id));
        } catch (error) {
          for (const { reject } of batch) reject(error);
        }
      }
    } finally {
      running = false;
    }
  }

  /** Takes the oldest call of each node: two calls of one node in one statement would not see each other. */
  function takeBatch(): Waiting[] {
    const nodes = new Set<string>();
    const batch: Waiting[] = [];
    const rest: Waiting[] = [];
    for (const entry of waiting) {
      if (batch.length < MAX_BATCH && !nodes.has(entry.claim.node_id)) {
        nodes.add(entry.claim.node_id);
        batch.push(entry);
      } else {
        rest.push(entry);
      }
    }
    waiting = rest;
    return batch;
  }

  return {
    /** Resolves with undefined for an unknown node. Rejects when the database cannot be reached. */
    claim(claim: CallClaim): Promise<ClaimVerdict | undefined> {
      if (waiting.length >= MAX_WAITING) return Promise.reject(new Error("too many node calls wait for the database"));
      return new Promise((resolve, reject) => {
        waiting.push({ claim, resolve, reject });
        if (!running) void run();
      });
    },
  };
}

export type CallSequences = ReturnType<typeof createCallSequences>;
