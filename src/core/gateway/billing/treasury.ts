import { readTreasury } from "../../../store/postgres/billing/treasury.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { treasuryPayouts } from "../payouts/payout_totals.ts";

const DEFAULT_DAYS = 30;
const DAY_MS = 86_400_000;
const DEFAULT_LIMIT = 100;

/**
 * Fees and payouts in a window. Fees are debits less payouts, before refunds; refunds and withheld payouts have fields
 * of their own.
 */
export async function treasuryReport(
  db: Database,
  query: { window_days?: number | undefined; limit?: number | undefined },
  maturity_seconds = 86_400,
) {
  const window_days = query.window_days ?? DEFAULT_DAYS;
  const { totals, fees } = await readTreasury(db, window_days, query.limit ?? DEFAULT_LIMIT);
  const { settlement_statuses, withheld_wei, refused_wei, set_off_wei } = await treasuryPayouts(db, {
    since: new Date(Date.now() - window_days * DAY_MS),
    maturity_ms: maturity_seconds * 1000,
  });
  return {
    status: "ok" as const,
    generated_at: new Date().toISOString(),
    window_days,
    totals: { ...totals, withheld_wei, refused_wei, set_off_wei },
    settlement_statuses,
    recent_protocol_fees: fees.map((fee) => ({ ...fee, created_at: fee.created_at.toISOString() })),
  };
}
