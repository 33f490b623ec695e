import type pg from "pg";
import type { Database } from "../../../store/postgres/database.ts";
import { newestCheckpoint } from "../../../store/postgres/log/checkpoints.ts";
import { type NewBatch, type PayoutPlan, createPayoutBatch } from "../../../store/postgres/payouts/create.ts";
import { maturedRows, payoutDebts } from "../../../store/postgres/payouts/due.ts";
import { ApiError } from "../../errors.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import { PAYOUT_DOMAIN, payoutCommitmentText, payoutTree } from "../../protocol/receipt/payout.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { audited } from "../audit/audit.ts";
import type { ControlView } from "../control.ts";
import { planPayouts } from "./lines.ts";
import { type Schemas, toBatch } from "./payout_views.ts";

export type PayoutPorts = {
  db: Database;
  control: ControlView;
  /** The transparency log, whose key signs the commitment of a batch. */
  receiptLog: { signFor(domain: string, text: string, client: pg.PoolClient): Promise<Buffer> };
  /** The time after its settlement before a payout can be in a batch. */
  maturity_ms: number;
};

type DatedPlan = PayoutPlan & { period_end: Date; tree_size: number };

/** Throws `incident_paused` while an incident pauses payouts, and while this gateway's view of incidents is too old. */
export function assertPayoutsOpen(control: ControlView): void {
  const { fresh, incidents } = control.current();
  if (!fresh || incidents.some(({ scope }) => scope === "payouts" || scope === "global"))
    throw new ApiError("incident_paused", "Payouts are paused by an incident.");
}

/** What a batch would contain; changes nothing. */
export async function previewBatch(
  ports: PayoutPorts,
  { period_end: asked }: Schemas["payout_batch_request"],
): Promise<Schemas["payout_preview"]> {
  const planned = await planBatch(ports, ports.db.pool, asked);
  const { lines } = planned;
  return {
    period_end: planned.period_end.toISOString(),
    tree_size: planned.tree_size,
    payout_count: lines.length,
    total_amount_wei: String(planned.total_amount_wei),
    withheld_wei: String(planned.withheld_wei),
    set_off_wei: String(planned.set_off_wei),
    merkle_root: lines.length === 0 ? null : payoutTree(lines).root.toString("hex"),
    lines,
  };
}

/** Stores a batch of what can be paid. Throws `conflict` when there is nothing to pay, and while the log may not sign. */
export async function createBatch(
  ports: PayoutPorts,
  { period_end: asked }: Schemas["payout_batch_request"],
  audit: AuditContext,
): Promise<Schemas["payout_batch"]> {
  assertPayoutsOpen(ports.control);
  const row = await createPayoutBatch(
    ports.db,
    async (client) => commitTo(ports, client, audit.actor, await planBatch(ports, client, asked)),
    ({ batch_id, payout_count, total_amount_wei, merkle_root }) =>
      audited(audit, batch_id, { payout_count, total_amount_wei, merkle_root: merkle_root.toString("hex") }),
  );
  return toBatch(row);
}

/** The payouts of all settled holds that matured by `asked`, or by now, and are in the published log. */
async function planBatch(
  { maturity_ms }: PayoutPorts,
  client: pg.Pool | pg.PoolClient,
  asked: string | undefined,
): Promise<DatedPlan> {
  const { rows } = await client.query<{ now: Date }>("select clock_timestamp() as now");
  const now = rows[0]!.now;
  const period_end = asked === undefined ? now : new Date(asked);
  if (period_end > now)
    throw new ApiError("invalid_request", "period_end lies in the future.", { param: "period_end" });
  const tree_size = (await newestCheckpoint(client))?.tree_size ?? 0;
  const matured = await maturedRows(client, { period_end, maturity_ms, tree_size });
  return { ...planPayouts(matured, await payoutDebts(client)), period_end, tree_size };
}

/** The batch with its Merkle root, and the commitment that the log's key signs. */
async function commitTo(
  { receiptLog }: PayoutPorts,
  client: pg.PoolClient,
  actor: string,
  planned: DatedPlan,
): Promise<NewBatch> {
  const { lines, period_end, tree_size, total_amount_wei } = planned;
  if (lines.length === 0) throw new ApiError("conflict", "There is nothing to pay up to then.");
  const batch_id = mintId("pay");
  const merkle_root = payoutTree(lines).root;
  const commitment = payoutCommitmentText({
    batch_id,
    merkle_root: merkle_root.toString("hex"),
    payout_count: lines.length,
    total_amount_wei: String(total_amount_wei),
    tree_size,
    period_end: period_end.toISOString(),
  });
  return {
    ...planned,
    batch_id,
    merkle_root,
    commitment,
    commitment_signature: await receiptLog.signFor(PAYOUT_DOMAIN, commitment, client),
    created_by: actor,
  };
}
