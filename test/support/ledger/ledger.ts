import { expect } from "vitest";
import { verifyLedger } from "../../../src/core/gateway/billing/verify.ts";
import { createLedgerWriter } from "../../../src/core/gateway/billing/writer.ts";
import { testDatabase } from "../database.ts";
import type { TestDatabase } from "../database.ts";

export type TestLedger = {
  db: TestDatabase;
  writer: ReturnType<typeof createLedgerWriter>;
  /** Checks that every invariant of the books still holds, and removes the database. */
  close(): Promise<void>;
};

/** A database of its own with a writer of its ledger. */
export async function testLedger(): Promise<TestLedger> {
  const db = await testDatabase();
  const writer = createLedgerWriter(db);
  return {
    db,
    writer,
    async close() {
      expect((await verifyLedger(db)).violations).toEqual([]);
      await writer.close();
      await db.drop();
    },
  };
}
