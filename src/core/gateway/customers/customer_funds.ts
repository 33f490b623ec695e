import { createHash, randomUUID } from "node:crypto";
import type { Database } from "../../../store/postgres/database.ts";
import { formatWei, parseWei } from "../../protocol/bytes/wei.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { auditEntry } from "../audit/audit.ts";
import { holdOfJob } from "../billing/job.ts";
import type { LedgerWriter } from "../billing/operations.ts";
import { refusal } from "../billing/refusals.ts";

/** Books a credit once: a repeated reference gets the first booking. */
export async function bookCredit(
  writer: LedgerWriter,
  customer_id: string,
  { amount_wei, reference }: { amount_wei: string; reference: string },
  audit: AuditContext,
) {
  const verdict = await writer.apply({
    kind: "credit",
    operation_id: randomUUID(),
    customer_id,
    amount_wei: parseWei(amount_wei),
    reference,
    audit: auditEntry(audit, customer_id, { amount_wei }),
  });
  if (!verdict.ok) throw refusal(verdict);
  const { entry_id, balance_wei, repeated } = verdict;
  return { entry_id, customer_id, amount_wei, reference, balance_wei: formatWei(balance_wei), repeated };
}

/**
 * Refunds part of a settled charge; all refunds of a job together are at most its charge. A repeated refund_id gets the
 * first booking.
 */
export async function bookRefund(
  { db, writer }: { db: Database; writer: LedgerWriter },
  customer_id: string,
  { refund_id, job_id, amount_wei, reason }: { refund_id: string; job_id: string; amount_wei: string; reason: string },
  audit: AuditContext,
) {
  const verdict = await writer.apply({
    kind: "refund",
    operation_id: randomUUID(),
    refund_id: refundKey(customer_id, refund_id),
    customer_id,
    hold_id: await holdOfJob(db, customer_id, job_id),
    amount_wei: parseWei(amount_wei),
    reason,
    audit: auditEntry(audit, customer_id, { refund_id, amount_wei, reason }),
  });
  if (!verdict.ok) throw refusal(verdict);
  const { entry_id, balance_wei, repeated } = verdict;
  return { refund_id, entry_id, customer_id, job_id, amount_wei, balance_wei: formatWei(balance_wei), repeated };
}

/**
 * The ledger's key of a refund, as a UUID (RFC 9562 §5.8): two customers may use the same refund_id for two refunds.
 */
function refundKey(customer_id: string, refund_id: string): string {
  const hex = createHash("sha256").update(`b3iq-refund-v1\0${customer_id}\0${refund_id}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
