import type { Database } from "../../../store/postgres/database.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { readAccount } from "./account.ts";
import { readBillingJob } from "./job.ts";
import type { LedgerWriter } from "./operations.ts";
import { recoverReservations, type AskNode } from "./recovery.ts";
import { treasuryReport } from "./treasury.ts";
import { readUsage, type UsageQuery } from "./usage.ts";

/** The reads of the books for handlers, and the recovery that an admin starts. */
export function createBilling(ports: {
  db: Database;
  writer: LedgerWriter;
  askNode: AskNode;
  payout_maturity_ms: number;
}) {
  const { db, payout_maturity_ms } = ports;
  return {
    account: (customer_id: string, credential_id: string | null) => readAccount(db, customer_id, credential_id),
    usage: (customer_id: string, query: UsageQuery) => readUsage(db, customer_id, query),
    job: (customer_id: string, job_id: string) => readBillingJob(db, customer_id, job_id),
    treasury: (query: { window_days?: number | undefined; limit?: number | undefined }) =>
      treasuryReport(db, query, payout_maturity_ms / 1000),
    recover: (request: { dry_run: boolean; older_than_seconds?: number; limit?: number }, audit: AuditContext) =>
      recoverReservations(ports, request, audit),
  };
}
