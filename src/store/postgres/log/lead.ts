import type pg from "pg";
import { ADVISORY_LOCKS } from "../advisory_locks.ts";
import type { Database } from "../database.ts";
import { appendToLog } from "./append.ts";
import type { LogAppend } from "./append.ts";
import { publishCheckpoint } from "./publish.ts";
import type { PublishedCheckpoint } from "./publish.ts";
import { takePending } from "./take.ts";
import type { PendingLeaf } from "./take.ts";

export type LogState = {
  epoch: number;
  size: number;
  root: Buffer;
  required_size: number | null;
  required_root: Buffer | null;
};

/**
 * A connection of its own that may lead. All that a leader writes goes through the session that holds the lock, and is
 * bound to its epoch as well: a session that was lost, or a pooler that mixes sessions, can't make two.
 */
export type LogCandidate = {
  /** Null while another session holds the lock; else the state under a new epoch. */
  lead(leader_id: string): Promise<LogState | null>;
  take(limit: number): Promise<PendingLeaf[]>;
  /** Throws LeadLost unless the state is exactly the one that `append` extends. */
  append(append: LogAppend): Promise<void>;
  /** Throws LeadLost under another epoch. */
  publish(checkpoint: PublishedCheckpoint): Promise<void>;
  end(): Promise<void>;
};

/** Opens the connection of a candidate. */
export async function openLogCandidate(db: Database): Promise<LogCandidate> {
  const client = await db.connect({ statement_timeout_ms: 60_000 });
  await client.query("set idle_in_transaction_session_timeout = 10000");
  return {
    lead: (leader_id) => lead(client, leader_id),
    take: (limit) => takePending(client, limit),
    append: (append) => inTransaction(client, () => appendToLog(client, append)),
    publish: (checkpoint) => publishCheckpoint(client, checkpoint),
    async end() {
      // Free for the next candidate when this returns, and not only when the server has noticed.
      await client.query("select pg_advisory_unlock_all()").catch(() => {});
      await client.end();
    },
  };
}

async function lead(client: pg.Client, leader_id: string): Promise<LogState | null> {
  const { rows: locks } = await client.query<{ got: boolean }>("select pg_try_advisory_lock($1) as got", [
    ADVISORY_LOCKS.log_lead,
  ]);
  if (!locks[0]!.got) return null;
  const { rows } = await client.query<LogState>(
    "update log_state set epoch = epoch + 1, leader_id = $1 returning epoch, size, root, required_size, required_root",
    [leader_id],
  );
  return rows[0]!;
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query("begin");
  try {
    await work();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}
