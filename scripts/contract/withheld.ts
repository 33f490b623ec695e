/**
 * A payout that no gateway saw settled: no documented call makes one, so it is settled in the books of the system
 * themselves.
 */
import { ledger, settledJob } from "../../test/payouts/support.ts";
import { openDatabase } from "../../src/store/postgres/database.ts";
import { startPostgres } from "../../src/store/postgres/launcher.ts";

/** The hash of its receipt; `home` is that of a running system with a database of its own. */
export async function withheldReceipt(home: string, node_id: string): Promise<string> {
  const db = openDatabase(await startPostgres(home), { application_name: "contract" });
  try {
    const { writer, payer } = await ledger(db);
    const { receipt_hash } = await settledJob(writer, payer, node_id, { unobserved: true });
    await writer.close();
    return receipt_hash;
  } finally {
    await db.close();
  }
}
