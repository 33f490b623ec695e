import type pg from "pg";
import { ADVISORY_LOCKS } from "../advisory_locks.ts";
import type { Database } from "../database.ts";
import { appendToLog, type LogAppend } from "./append.ts";
import { publishCheckpoint, type PublishedCheckpoint } from "./checkpoints.ts";
import { takePending } from "./pending.ts";

export type LogState = {
  epoch: number;
  size: number;
  root: Buffer;
  required_size: number | null;
  required_root: Buffer | null;
};

/**
 * Opens a database connection that can become the leader of the log. A leader writes only through the session that holds
 * the advisory lock, and each write also names the leader's epoch. So a lost session, or a pooler that mixes sessions,
 * does not give two leaders.
 */
export async function openLogCandidate(db: Database) {
  const client = await db.connect({ statement_timeout_ms: 60_000 });
  await client.query("set idle_in_transaction_session_timeout = 10000");
  return {
    /** Takes the lock and begins a new epoch; null while another session holds the lock. */
    lead: (leader_id: string) => lead(client, leader_id),
    take: (limit: number) => takePending(client, limit),
    /** Throws LeadLost unless the stored state is the one that `append` extends. */
    append: (append: LogAppend) => inTransaction(client, () => appendToLog(client, append)),
    /** Throws LeadLost when another leader has begun a new epoch. */
    publish: (checkpoint: PublishedCheckpoint) => publishCheckpoint(client, checkpoint),
    async end(): Promise<void> {
      // Unlock first: the server may notice the end of the connection late.
      await client.query("select pg_advisory_unlock_all()").catch(() => {});
      await client.end();
    },
  };
}

export type LogCandidate = Awaited<ReturnType<typeof openLogCandidate>>;

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
