import { type AuditOf, auditedTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

export type StakeRow = {
  stake_registered: boolean;
  stake_active: boolean;
  stake_wei: bigint;
  stake_observed_at: Date;
  stake_max_open_exposure_wei: bigint | null;
  stake_observed_block: number | null;
};

/** Replaces the observation of a node's stake; an observation older than the stored one changes nothing. */
export async function putStake(
  db: Database,
  node_id: string,
  row: StakeRow,
  audit?: AuditOf<"changed" | "unknown" | "older">,
): Promise<"changed" | "unknown" | "older"> {
  return auditedTransaction(db, audit, async (trx) => {
    const node = (await trx("nodes").where({ node_id }).forUpdate().first("stake_observed_at")) as
      { stake_observed_at: Date | null } | undefined;
    if (!node) return "unknown";
    if (node.stake_observed_at !== null && node.stake_observed_at > row.stake_observed_at) return "older";
    await trx("nodes")
      .where({ node_id })
      .update({
        ...row,
        stake_wei: row.stake_wei.toString(),
        stake_max_open_exposure_wei: row.stake_max_open_exposure_wei?.toString() ?? null,
      });
    return "changed";
  });
}
