import { type AuditOf, auditedTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

export type BenchmarkRow = {
  node_id: string;
  model_profile_id: string;
  ttft_ms: number;
  tokens_per_second: number;
  prompt_tokens: number;
  completion_tokens: number;
  gateway_id: string;
};

/** The newest observation of a node's profile replaces the one before. */
export async function putBenchmark(db: Database, row: BenchmarkRow, audit?: AuditOf<Date>): Promise<Date> {
  return auditedTransaction(db, audit, async (trx) => {
    const [saved] = await trx("observed_benchmarks")
      .insert({ ...row, observed_at: trx.raw("clock_timestamp()") })
      .onConflict(["node_id", "model_profile_id"])
      .merge()
      .returning("observed_at");
    return (saved as { observed_at: Date }).observed_at;
  });
}
