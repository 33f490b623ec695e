import { readTreasury } from "../../../store/postgres/billing_treasury.ts";
import type { Database } from "../../../store/postgres/database.ts";

const DEFAULT_DAYS = 30;
const DEFAULT_LIMIT = 100;

/** Fees and payouts in a window. The fees are the debits less the payouts, before refunds; refunds and withheld payouts are counted apart. */
export async function treasuryReport(db: Database, query: { window_days?: number | undefined; limit?: number | undefined }, maturity_seconds = 86_400) {
  const window_days = query.window_days ?? DEFAULT_DAYS;
  const { totals, statuses, fees } = await readTreasury(db, window_days, query.limit ?? DEFAULT_LIMIT, maturity_seconds);
  const withheld = statuses.find((status) => status.settlement_status === "withheld");
  return {
    status: "ok" as const,
    generated_at: new Date().toISOString(),
    window_days,
    totals: { ...totals, withheld_wei: withheld?.total_payout_wei ?? "0", set_off_wei: "0" },
    settlement_statuses: statuses,
    recent_protocol_fees: fees.map((fee) => ({ ...fee, created_at: fee.created_at.toISOString() })),
  };
}
