/** A command as the table holds it. */
export type CommandRow = {
  command_id: string;
  node_id: string;
  kind: string;
  payload: Record<string, unknown>;
  state: "queued" | "leased" | "succeeded" | "failed" | "cancelled" | "dead";
  lease_token: number;
  lease_until: Date | null;
  attempts: number;
  result: Record<string, unknown> | null;
  failure: { code: string; message: string } | null;
  result_hash: Buffer | null;
  created_by: string;
  created_at: Date;
  closed_at: Date | null;
};

export const COMMAND_COLUMNS = `command_id, node_id, kind, payload, state, lease_token, lease_until, attempts, result, failure, result_hash,
  created_by, created_at, closed_at`;

/** The end of a lease of $4 milliseconds. A private job's lease ends by its deadline, so that the hold outlasts it. */
export const LEASE_UNTIL = `case when kind = 'private_job' then least(not_after, clock_timestamp() + $4 * interval '1 millisecond')
  else clock_timestamp() + $4 * interval '1 millisecond' end`;
