import { LRUCache } from "lru-cache";
import type { Database } from "../../../store/postgres/database.ts";
import { listLines, listNodeLines } from "../../../store/postgres/payouts/batches.ts";
import type { PayoutBatchRow, PayoutLineRow } from "../../../store/postgres/payouts/batches.ts";
import { payoutStates, type PayoutStateSum } from "../../../store/postgres/payouts/states.ts";
import { payoutTree } from "../../protocol/receipt/payout.ts";
import { pageBounds, toPage, type PageQuery } from "../page.ts";
import { type AddressPorts, addressOf, putAddress } from "./payout_address.ts";
import { type Schemas, toLine } from "./payout_views.ts";
import { batchPosition, positionOf } from "./positions.ts";

/** The number of batches whose trees are kept, those used last. */
const CACHED_TREES = 64;

type PayoutTree = ReturnType<typeof payoutTree>;
type Trees = LRUCache<string, PayoutTree>;

export type NodeReportPorts = AddressPorts & { maturity_ms: number };

/** A node's earnings and the address of its payouts. */
export function createNodePayouts(ports: NodeReportPorts) {
  const trees: Trees = new LRUCache({ max: CACHED_TREES });
  return {
    addressOf: (node_id: string) => addressOf(ports.db, node_id),
    putAddress: (node_id: string, body: Schemas["payout_address_request"]) => putAddress(ports, node_id, body),
    report: (node_id: string, query: PageQuery) => nodeReport(ports, trees, node_id, query),
  };
}

/** A node's totals and address, and its line in each batch with the proof of the line. */
async function nodeReport(
  { db, maturity_ms }: NodeReportPorts,
  trees: Trees,
  node_id: string,
  query: PageQuery,
): Promise<Schemas["node_payout_list"]> {
  const { limit, after } = pageBounds(query);
  const rows = await listNodeLines(db, { node_id, before: batchPosition(after), limit: limit + 1 });
  const proofs = new Map<string, string[]>();
  for (const { batch_id, line_index } of rows.slice(0, limit)) {
    const proof = (await treeOf(db, trees, batch_id)).proof(line_index);
    proofs.set(
      batch_id,
      proof.map((hash) => hash.toString("hex")),
    );
  }
  return {
    totals: totalsOf(await payoutStates(db, { node_id, since: null, maturity_ms })),
    ...(await addressOf(db, node_id)),
    ...toPage(rows, limit, positionOf, (row) => toNodePayout(row, proofs.get(row.batch_id)!)),
  };
}

async function treeOf(db: Database, trees: Trees, batch_id: string): Promise<PayoutTree> {
  const known = trees.get(batch_id);
  if (known) return known;
  const tree = payoutTree((await listLines(db, batch_id)).map(toLine));
  trees.set(batch_id, tree);
  return tree;
}

function toNodePayout(row: PayoutBatchRow & PayoutLineRow, proof: string[]): Schemas["node_payout"] {
  return {
    batch_id: row.batch_id,
    status: row.status,
    index: row.line_index,
    amount_wei: row.amount_wei,
    receipt_count: row.receipt_count,
    payout_count: row.payout_count,
    total_amount_wei: row.total_amount_wei,
    tree_size: row.tree_size,
    period_end: row.period_end.toISOString(),
    merkle_root: row.merkle_root.toString("hex"),
    proof,
    commitment_signature: row.commitment_signature.toString("base64url"),
    payout_address: row.payout_address,
    transaction_hash: row.transaction_hash,
    created_at: row.created_at.toISOString(),
    finalized_at: row.finalized_at?.toISOString() ?? null,
  };
}

/** Sums by state; every settled wei of the node is in exactly one of them. */
export function totalsOf(states: readonly PayoutStateSum[]): Schemas["node_payout_list"]["totals"] {
  const sum = (of: (row: PayoutStateSum) => bigint, ...wanted: PayoutStateSum["state"][]) =>
    String(
      states
        .filter(({ state }) => wanted.length === 0 || wanted.includes(state))
        .reduce((total, row) => total + of(row), 0n),
    );
  return {
    maturing_wei: sum((row) => row.payout_wei, "maturing"),
    matured_wei: sum((row) => row.payout_wei, "matured"),
    withheld_wei: sum((row) => row.withheld_wei),
    set_off_wei: sum((row) => row.set_off_wei),
    batched_wei: sum((row) => row.payout_wei, "created", "submitted"),
    paid_wei: sum((row) => row.payout_wei, "finalized"),
  };
}
