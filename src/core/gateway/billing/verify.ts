import type { Database } from "../../../store/postgres/database.ts";
import { findViolations, INVARIANTS, type Violation } from "../../../store/postgres/ledger/invariants.ts";

/**
 * Checks the books of a live database in one snapshot. Returns the number of invariants and each row that breaks one.
 */
export async function verifyLedger(db: Database): Promise<{ checked: number; violations: Violation[] }> {
  return { checked: INVARIANTS.length, violations: await findViolations(db) };
}

/** The lines that `ledger verify` prints. */
export function verificationLines({ checked, violations }: Awaited<ReturnType<typeof verifyLedger>>): string[] {
  if (violations.length === 0) return [`the books are right: ${checked} invariants hold`];
  return violations.map(({ invariant, sentence, row }) => `${invariant} broken at ${row}: ${sentence}`);
}
