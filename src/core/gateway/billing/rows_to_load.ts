import type { WantedFunds } from "../../../store/postgres/ledger/load_funds.ts";
import type { WantedHolds } from "../../../store/postgres/ledger/load_holds.ts";
import type { WantedReceipt } from "../../../store/postgres/ledger/load_receipts.ts";
import type { WantedAccounts } from "../../../store/postgres/ledger/lock_accounts.ts";
import { takeRow, type HoldMemory } from "./hold_memory.ts";
import type { Hold } from "./model.ts";
import type { LedgerOperation, VerifiedReceipt } from "./operations.ts";
import { unpayable } from "./settlement.ts";

/** The ids of all rows that the operations of a batch need, for the statements that lock and read. */
export type RowsToLoad = WantedAccounts &
  WantedHolds &
  WantedFunds & {
    credential_ids: string[];
    /** The Idempotency-Keys. */
    key_hashes: string[];
    receipts: WantedReceipt[];
    /** Holds that are not read: the update that closes one checks that its row is still as it was decided on. */
    remembered: Hold[];
    /** Whether to read the leases of gateways: a settlement without an observation depends on them. */
    live_owners: boolean;
  };

/** The sets that a batch's operations add to, one after the other. */
type Wanted = {
  customer_ids: Set<string>;
  hold_ids: Set<string>;
  job_ids: Set<string>;
  /** Holds whose customer this process does not know: their accounts are looked up before they are locked. */
  unknown: { hold_ids: Set<string>; job_ids: Set<string> };
  remembered: Hold[];
  credential_ids: Set<string>;
  key_hashes: Set<string>;
  refund_ids: Set<string>;
  refunded_hold_ids: Set<string>;
  client_jobs: WantedHolds["client_jobs"];
  references: Set<string>;
  receipts: Map<string, WantedReceipt>;
  live_owners: boolean;
};

/**
 * The rows that a batch needs. `retried`: the operations that were in a batch before. The ids of a new hold are looked up
 * only for these: only an earlier attempt of the same operation can have written them.
 */
export function rowsToLoad(
  operations: readonly LedgerOperation[],
  memory: HoldMemory,
  retried: Pick<WeakSet<LedgerOperation>, "has">,
): RowsToLoad {
  const wanted: Wanted = {
    customer_ids: new Set(),
    hold_ids: new Set(),
    job_ids: new Set(),
    unknown: { hold_ids: new Set(), job_ids: new Set() },
    remembered: [],
    credential_ids: new Set(),
    key_hashes: new Set(),
    refund_ids: new Set(),
    refunded_hold_ids: new Set(),
    client_jobs: [],
    references: new Set(),
    receipts: new Map(),
    live_owners: false,
  };
  for (const operation of operations) want(wanted, operation, memory, retried.has(operation));
  return {
    customer_ids: [...wanted.customer_ids],
    hold_ids: [...wanted.hold_ids],
    job_ids: [...wanted.job_ids],
    unknown: { hold_ids: [...wanted.unknown.hold_ids], job_ids: [...wanted.unknown.job_ids] },
    remembered: wanted.remembered,
    credential_ids: [...wanted.credential_ids],
    key_hashes: [...wanted.key_hashes],
    refund_ids: [...wanted.refund_ids],
    refunded_hold_ids: [...wanted.refunded_hold_ids],
    client_jobs: wanted.client_jobs,
    references: [...wanted.references],
    receipts: [...wanted.receipts.values()],
    live_owners: wanted.live_owners,
  };
}

function want(wanted: Wanted, operation: LedgerOperation, memory: HoldMemory, is_retried: boolean): void {
  switch (operation.kind) {
    case "hold":
      return wantForHold(wanted, operation, is_retried);
    case "settle":
      return wantForSettle(wanted, operation, memory);
    case "credit":
      wanted.customer_ids.add(operation.customer_id);
      wanted.references.add(operation.reference);
      return;
    case "refund":
      wanted.customer_ids.add(operation.customer_id);
      wanted.refund_ids.add(operation.refund_id);
      wanted.refunded_hold_ids.add(operation.hold_id);
      return wantHold(wanted, memory, "hold_ids", operation.hold_id);
    case "undo":
      wanted.refunded_hold_ids.add(operation.hold_id);
      return wantHold(wanted, memory, "hold_ids", operation.hold_id);
    default:
      return wantHold(wanted, memory, "hold_ids", operation.hold_id);
  }
}

function wantForHold(
  wanted: Wanted,
  { quote, idempotency }: Extract<LedgerOperation, { kind: "hold" }>,
  is_retried: boolean,
): void {
  const { hold_id, job_id, customer_id, credential_id, client_job_id } = quote;
  wanted.customer_ids.add(customer_id);
  if (is_retried) {
    wanted.hold_ids.add(hold_id);
    wanted.job_ids.add(job_id);
  }
  if (credential_id !== null) wanted.credential_ids.add(credential_id);
  if (client_job_id !== null) wanted.client_jobs.push({ customer_id, client_job_id });
  if (idempotency !== null) wanted.key_hashes.add(idempotency.key_hash.toString("hex"));
}

function wantForSettle(
  wanted: Wanted,
  { receipt, observation }: Extract<LedgerOperation, { kind: "settle" }>,
  memory: HoldMemory,
): void {
  const { receipt_hash, node_id, node_epoch, node_seq, job_id } = receipt;
  wanted.receipts.set(receipt_hash, { receipt_hash, node_id, node_epoch, node_seq });
  if (observation === null) wanted.live_owners = true;
  wantHold(wanted, memory, "job_ids", job_id, observation === null ? undefined : receipt);
}

/** `receipt`: one that settles the hold with an observation, for which a remembered row is enough. */
function wantHold(
  wanted: Wanted,
  memory: HoldMemory,
  by: "hold_ids" | "job_ids",
  id: string,
  receipt?: VerifiedReceipt,
): void {
  const known = memory.get(id);
  if (known === undefined) {
    wanted.unknown[by].add(id);
    wanted[by].add(id);
    return;
  }
  if (receipt !== undefined && known.row !== null && unpayable(known.row, receipt) === undefined)
    wanted.remembered.push(takeRow(known));
  // The newest hold ids lie together in their index, so a hold that is named by its job is found by its hold id.
  else wanted.hold_ids.add(known.hold_id);
  wanted.customer_ids.add(known.customer_id);
  if (known.credential_id !== null) wanted.credential_ids.add(known.credential_id);
}
