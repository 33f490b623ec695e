import { listAudit } from "../../../store/postgres/control/audit_list.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { pageBounds, type PageQuery, toPage, wrongCursor } from "../page.ts";

/** The rows of the audit log as an admin reads them, newest first. */
export async function readAuditLog(
  db: Database,
  query: PageQuery & { actor?: string | undefined; action?: string | undefined },
) {
  const { limit, after } = pageBounds(query);
  const before = after === null ? null : Number(after);
  if (before !== null && !Number.isSafeInteger(before)) throw wrongCursor();
  const { actor, action } = query;
  const rows = await listAudit(db, {
    before,
    limit: limit + 1,
    ...(actor === undefined ? {} : { actor }),
    ...(action === undefined ? {} : { action }),
  });
  return toPage(
    rows,
    limit,
    (row) => String(row.seq),
    (row) => ({
      ...row,
      at: row.at.toISOString(),
      previous_hash: row.previous_hash.toString("hex"),
      hash: row.hash.toString("hex"),
    }),
  );
}
