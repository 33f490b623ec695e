import type { Database } from "../database.ts";

export type AuditListRow = {
  seq: number;
  at: Date;
  actor: string;
  action: string;
  target: string;
  detail: Record<string, unknown>;
  previous_hash: Buffer;
  hash: Buffer;
};

/** Audit rows with a number below `before`, newest first. */
export async function listAudit(
  db: Database,
  { before, limit, actor, action }: { before: number | null; limit: number; actor?: string; action?: string },
): Promise<AuditListRow[]> {
  const query = db.knex("audit_log").select("*").orderBy("seq", "desc").limit(limit);
  if (before !== null) query.where("seq", "<", before);
  if (actor !== undefined) query.where({ actor });
  if (action !== undefined) query.where({ action });
  return (await query) as AuditListRow[];
}
