import { type AuditOf, auditedTransaction } from "../control/audit_append.ts";
import type { Database } from "../database.ts";

export type NodeChange = { status?: string; route_tier_override?: string | null; portable_paid_route?: boolean };

/** Changes the columns of a node that admins set; `retired` is final. */
export async function updateNode(
  db: Database,
  node_id: string,
  change: NodeChange,
  audit?: AuditOf<"changed" | "unknown" | "retired">,
): Promise<"changed" | "unknown" | "retired"> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return auditedTransaction(db, audit, async (trx) => {
    const node = (await trx("nodes").where({ node_id }).forUpdate().first("status")) as { status: string } | undefined;
    if (!node) return "unknown";
    if (node.status === "retired" && change.status !== undefined && change.status !== "retired") return "retired";
    if (Object.keys(given).length > 0) await trx("nodes").where({ node_id }).update(given);
    return "changed";
  });
}
