import type { Database } from "../database.ts";

export type CommandOutcome = {
  command_id: string;
  node_id: string;
  lease_token: number;
  state: "succeeded" | "failed";
  result: Record<string, unknown> | null;
  failure: { code: string; message: string } | null;
  result_hash: Buffer;
};

/**
 * Closes a command under its newest lease, even an expired one; false when a newer lease exists or the command is
 * closed.
 */
export async function finishCommand(db: Database, outcome: CommandOutcome): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `
    update commands set state = $4, result = $5, failure = $6, result_hash = $7, closed_at = clock_timestamp(), lease_until = null
    where command_id = $1 and node_id = $2 and lease_token = $3 and state = 'leased'`,
    [
      outcome.command_id,
      outcome.node_id,
      outcome.lease_token,
      outcome.state,
      outcome.result,
      outcome.failure,
      outcome.result_hash,
    ],
  );
  return rowCount === 1;
}
