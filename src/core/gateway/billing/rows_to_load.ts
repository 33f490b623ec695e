import type { Hold } from "../../../store/postgres/ledger/rows.ts";
import type { HoldMemory } from "./hold_memory.ts";
import type { LedgerOperation, VerifiedReceipt } from "./operations.ts";
import { unpayable } from "./settlement.ts";

export type Names = ReturnType<typeof namesOf>;

/**
 * Everything that the operations of a batch name, for the statements that lock and load. `again`: those that were in a
 * batch before; the ids of a new hold are looked up only then, since nobody else can have them.
 */
export function namesOf(
  operations: readonly LedgerOperation[],
  memory: HoldMemory,
  again: { has(operation: LedgerOperation): boolean },
) {
  const customer_ids = new Set<string>();
  const hold_ids = new Set<string>();
  const job_ids = new Set<string>();
  /** Holds that need not be read, since what is decided on them is checked when they are closed. */
  const remembered: Hold[] = [];
  // Holds that must be there, and whose account this process does not know: they are looked up to be locked.
  const unknown = { hold_ids: new Set<string>(), job_ids: new Set<string>() };
  const credential_ids = new Set<string>();
  const key_hashes = new Set<string>();
  const refund_ids = new Set<string>();
  const refunded_hold_ids = new Set<string>();
  const client_jobs: { customer_id: string; client_job_id: string }[] = [];
  const references = new Set<string>();
  const receipts = new Map<string, { receipt_hash: string; node_id: string; node_epoch: number; node_seq: number }>();
  let unobserved = false;
  function touch(by: "hold_ids" | "job_ids", id: string, settled_by?: VerifiedReceipt): void {
    const known = memory.of(id);
    if (known === undefined) {
      unknown[by].add(id);
      (by === "hold_ids" ? hold_ids : job_ids).add(id);
      return;
    }
    // Found by its own id even if it was named by its job's: the newest lie together in that index.
    if (settled_by === undefined || known.open === null || unpayable(known.open, settled_by) !== undefined)
      hold_ids.add(known.hold_id);
    else remembered.push(known.open);
    customer_ids.add(known.customer_id);
    if (known.credential_id !== null) credential_ids.add(known.credential_id);
  }
  for (const operation of operations) {
    switch (operation.kind) {
      case "hold": {
        const { quote, idempotency } = operation;
        customer_ids.add(quote.customer_id);
        if (again.has(operation)) {
          hold_ids.add(quote.hold_id);
          job_ids.add(quote.job_id);
        }
        if (quote.credential_id !== null) credential_ids.add(quote.credential_id);
        if (quote.client_job_id !== null)
          client_jobs.push({ customer_id: quote.customer_id, client_job_id: quote.client_job_id });
        if (idempotency !== null) key_hashes.add(idempotency.key_hash.toString("hex"));
        break;
      }
      case "settle": {
        const { receipt_hash, node_id, node_epoch, node_seq, job_id } = operation.receipt;
        touch("job_ids", job_id, operation.observation === null ? undefined : operation.receipt);
        receipts.set(receipt_hash, { receipt_hash, node_id, node_epoch, node_seq });
        if (operation.observation === null) unobserved = true;
        break;
      }
      case "credit":
        customer_ids.add(operation.customer_id);
        references.add(operation.reference);
        break;
      case "refund":
        customer_ids.add(operation.customer_id);
        touch("hold_ids", operation.hold_id);
        refund_ids.add(operation.refund_id);
        refunded_hold_ids.add(operation.hold_id);
        break;
      case "undo":
        touch("hold_ids", operation.hold_id);
        refunded_hold_ids.add(operation.hold_id);
        break;
      default:
        touch("hold_ids", operation.hold_id);
    }
  }
  return {
    customer_ids: [...customer_ids],
    remembered,
    hold_ids: [...hold_ids],
    unknown: { hold_ids: [...unknown.hold_ids], job_ids: [...unknown.job_ids] },
    job_ids: [...job_ids],
    credential_ids: [...credential_ids],
    key_hashes: [...key_hashes],
    refund_ids: [...refund_ids],
    refunded_hold_ids: [...refunded_hold_ids],
    client_jobs,
    references: [...references],
    receipts: [...receipts.values()],
    unobserved,
  };
}
