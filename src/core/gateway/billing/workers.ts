import { randomUUID } from "node:crypto";
import type { Database } from "../../../store/postgres/database.ts";
import { pruneGatewayLeases, renewGatewayLease } from "../../../store/postgres/gateways/leases.ts";
import { pruneIdempotency } from "../../../store/postgres/ledger/idempotency.ts";
import { listDueHolds } from "../../../store/postgres/ledger/open_holds.ts";
import { rollUpTransfers } from "../../../store/postgres/ledger/roll_up.ts";
import { type Repeated, repeat } from "../../repeat.ts";
import type { LedgerWriter } from "./operations.ts";
import { createTakeOver, type AskNode } from "./recovery.ts";

export type BillingWorkersPorts = {
  db: Database;
  writer: LedgerWriter;
  gateway: { gateway_id: string; epoch: number };
  /** This gateway's address for other gateways. */
  peer_address: string;
  askNode: AskNode;
  /** Called for each round that failed; the round is repeated at its next time. */
  onFailure: (worker: "lease" | "take_over" | "sweep" | "roll_up" | "prune", error: unknown) => void;
  onTakeOver?: (counts: { settled: number; released: number; left: number }) => void;
};

const RENEW_MS = 5_000;
const TAKE_OVER_MS = 1_000;
/** After an outage of the database, all leases look expired until their gateways renew them. */
const LONGEST_GAP_MS = 3 * RENEW_MS;
const SWEEP_MS = 2_000;
const ROLL_UP_MS = 30_000;
const PRUNE_MS = 600_000;
const SWEEP_LIMIT = 256;

/** The lease of this gateway, in its own monotonic time. */
type OwnLease = {
  renewed_ms: number;
  /** The first renewal after the last gap above LONGEST_GAP_MS. */
  back_ms: number;
};

/**
 * The ledger's loops in this gateway: its lease, the take-over of orphans, the expiry sweep, the roll-up and the
 * pruning. Resolves after the first renewal: before that, no hold may be taken, since it would look like an orphan.
 */
export async function startBillingWorkers(ports: BillingWorkersPorts): Promise<{ stop(): Promise<void> }> {
  const { db, writer, onFailure, onTakeOver } = ports;
  const takeOver = createTakeOver(ports);
  await renewLease(ports);
  const lease: OwnLease = { renewed_ms: performance.now(), back_ms: -Infinity };

  const every = (
    ms: number,
    worker: Parameters<BillingWorkersPorts["onFailure"]>[0],
    round: () => Promise<unknown>,
  ): Repeated => repeat(ms, round, (error) => onFailure(worker, error));

  const loops = [
    every(RENEW_MS, "lease", async () => {
      await renewLease(ports);
      if (performance.now() - lease.renewed_ms > LONGEST_GAP_MS) lease.back_ms = performance.now();
      lease.renewed_ms = performance.now();
    }),
    every(TAKE_OVER_MS, "take_over", async () => {
      if (mayTakeOver(lease, performance.now())) onTakeOver?.(await takeOver());
    }),
    every(SWEEP_MS, "sweep", () => sweepExpired(db, writer)),
    every(ROLL_UP_MS, "roll_up", () => rollUpTransfers(db)),
    every(PRUNE_MS, "prune", async () => {
      await pruneIdempotency(db, 10_000);
      await pruneGatewayLeases(db);
    }),
  ];
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

const renewLease = ({ db, gateway, peer_address }: BillingWorkersPorts): Promise<void> =>
  renewGatewayLease(db, gateway.gateway_id, gateway.epoch, peer_address);

/** False while an outage that delayed this gateway's lease may have delayed the leases of others. */
const mayTakeOver = ({ renewed_ms, back_ms }: OwnLease, now_ms: number): boolean =>
  now_ms - renewed_ms <= LONGEST_GAP_MS && now_ms - back_ms >= 2 * RENEW_MS;

/**
 * Gives back the holds that are past their expiry, and returns how many. A hold that was settled meanwhile stays
 * settled.
 */
export async function sweepExpired(db: Database, writer: LedgerWriter): Promise<number> {
  const due = await listDueHolds(db, SWEEP_LIMIT);
  const verdicts = await Promise.all(
    due.map((hold_id) => writer.apply({ kind: "expire", operation_id: randomUUID(), hold_id })),
  );
  return verdicts.filter((verdict) => verdict.ok).length;
}
