import type { components } from "../../../../generated/hosted.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { payoutStates } from "../../../store/postgres/payouts/states.ts";

type Statuses = components["schemas"]["treasury_report"]["settlement_statuses"];

/** The payouts in the treasury report, for holds settled since a time (docs/design/money.md, Refunds). */
export async function treasuryPayouts(
  db: Database,
  given: { since: Date; maturity_ms: number },
): Promise<{ settlement_statuses: Statuses; withheld_wei: string; refused_wei: string; set_off_wei: string }> {
  const states = await payoutStates(db, { node_id: null, since: given.since, maturity_ms: given.maturity_ms });
  const withheld_wei = states.reduce((sum, row) => sum + row.withheld_wei, 0n);
  const refused_wei = states.reduce((sum, row) => sum + row.refused_wei, 0n);
  const set_off_wei = states.reduce((sum, row) => sum + row.set_off_wei, 0n);
  const settlement_statuses: Statuses = states.map(
    ({ state, rows, payout_wei, charged_wei, withheld_wei: held_wei }) => ({
      settlement_status: state,
      payout_count: rows,
      total_payout_wei: String(state === "withheld" ? held_wei : payout_wei),
      total_amount_wei: String(charged_wei),
    }),
  );
  if (set_off_wei > 0n)
    settlement_statuses.push({
      settlement_status: "set_off",
      payout_count: 0,
      total_payout_wei: String(set_off_wei),
      total_amount_wei: "0",
    });
  return {
    settlement_statuses,
    withheld_wei: String(withheld_wei),
    refused_wei: String(refused_wei),
    set_off_wei: String(set_off_wei),
  };
}
