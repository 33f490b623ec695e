/**
 * A payout that waits for a review: only the first release made them, so it is made in the books of the system
 * themselves.
 */
import { ledger, unobservedJob } from "../../test/support/payouts.ts";
import { openDatabase } from "../../src/store/postgres/database.ts";
import { startPostgres } from "../../src/store/postgres/cluster/launcher.ts";

/** The hash of its receipt; `home` is that of a running system with a database of its own. */
export async function withheldReceipt(home: string, node_id: string): Promise<string> {
  const db = openDatabase(await startPostgres(home), { application_name: "contract" });
  try {
    const { writer, payer } = await ledger(db);
    const { receipt_hash } = await unobservedJob(db, writer, payer, node_id);
    await writer.close();
    return receipt_hash;
  } finally {
    await db.close();
  }
}
