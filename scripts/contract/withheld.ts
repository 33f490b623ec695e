/** A payout that waits for a review: only the first release made such payouts, so this writes one into the database. */
import { ledger, unobservedJob } from "../../test/support/payouts.ts";
import { openDatabase } from "../../src/store/postgres/database.ts";
import { startPostgres } from "../../src/store/postgres/cluster/launcher.ts";

/** Returns the hash of the payout's receipt; `home` belongs to a running system with its own database. */
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
