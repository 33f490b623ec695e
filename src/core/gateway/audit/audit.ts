import { createHash } from "node:crypto";
import type { AuditRow, MakeAuditRow } from "../../../store/postgres/control/audit_append.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { canonicalize } from "../../protocol/bytes/canonical.ts";

const DOMAIN = "b3iq-audit-v1\0";
const FIRST = Buffer.alloc(32);

/** One act, before the chain gives the row its number and its hash. */
export type AuditEntry = { actor: string; action: string; target: string; detail: Record<string, unknown> };

export type AuditedFact = Omit<AuditRow, "previous_hash" | "hash">;

/** SHA-256(domain || previous hash || JCS(entry)): a changed or missing entry breaks every hash after it. */
export function auditHash(previous: Buffer, fact: AuditedFact): Buffer {
  return createHash("sha256").update(DOMAIN).update(previous).update(canonicalize(fact)).digest();
}

/** The entry of an act upon `target`. `detail` must hold no secret. */
export function auditEntry(
  { actor, action, request_id }: AuditContext,
  target: string,
  detail: Record<string, unknown> = {},
): AuditEntry {
  return { actor, action, target, detail: request_id === null ? detail : { ...detail, request_id } };
}

/** Makes the row of an entry upon the last row of the chain; the store calls it in the transaction of the act. */
export function auditRow({ detail, ...entry }: AuditEntry): MakeAuditRow {
  // Round trip: the hash covers what JSON keeps of the detail.
  const kept = JSON.parse(JSON.stringify(detail)) as Record<string, unknown>;
  return (last, at) => {
    const fact = { seq: (last?.seq ?? 0) + 1, at, ...entry, detail: kept };
    const previous_hash = last?.hash ?? FIRST;
    return { ...fact, previous_hash, hash: auditHash(previous_hash, fact) };
  };
}

/** The row of an act upon `target`, for the transaction of the act. */
export function audited(context: AuditContext, target: string, detail?: Record<string, unknown>): MakeAuditRow {
  return auditRow(auditEntry(context, target, detail));
}
