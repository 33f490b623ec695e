import { createHash } from "node:crypto";
import { appendAudit, type AuditRow } from "../../../store/postgres/control/audit_append.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { canonicalize } from "../../protocol/bytes/canonical.ts";

const DOMAIN = "b3iq-audit-v1\0";
const FIRST = Buffer.alloc(32);

export type AuditedFact = Omit<AuditRow, "previous_hash" | "hash">;

/** SHA-256(domain || previous hash || JCS(entry)): a changed or missing entry breaks every hash after it. */
export function auditHash(previous: Buffer, fact: AuditedFact): Buffer {
  return createHash("sha256").update(DOMAIN).update(previous).update(canonicalize(fact)).digest();
}

/** Who did what as an admin, hash-chained and append-only. `detail` must hold no secret. */
export function createAudit(db: Database) {
  return {
    async record(actor: string, action: string, target: string, detail: Record<string, unknown> = {}): Promise<void> {
      // Round trip: what is hashed is what JSON keeps.
      const kept = JSON.parse(JSON.stringify(detail)) as Record<string, unknown>;
      await appendAudit(db, (last, at) => {
        const fact = { seq: (last?.seq ?? 0) + 1, at, actor, action, target, detail: kept };
        const previous_hash = last?.hash ?? FIRST;
        return { ...fact, previous_hash, hash: auditHash(previous_hash, fact) };
      });
    },
  };
}

export type Audit = ReturnType<typeof createAudit>;
