import { LRUCache } from "lru-cache";
import type { components } from "../../../../generated/hosted.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { putPayoutAddress, readPayoutAddress } from "../../../store/postgres/payouts/addresses.ts";
import { listLines, listNodeLines } from "../../../store/postgres/payouts/list.ts";
import { payoutStates } from "../../../store/postgres/payouts/states.ts";
import type { PayoutStateSum } from "../../../store/postgres/payouts/states.ts";
import { ApiError } from "../../errors.ts";
import { isPayoutAddress, payoutTree, verifyPayoutAddress } from "../../protocol/receipt/payout.ts";
import { parseUtcSeconds } from "../../protocol/envelope/transport_key.ts";
import type { NodeKey } from "../nodes/types.ts";
import { pageBounds, toPage } from "../page.ts";
import type { PageQuery } from "../page.ts";
import { toLine } from "./payouts.ts";
import { batchPosition, positionOf } from "./positions.ts";

type Schemas = components["schemas"];

/** A new address applies after this, so that the owner has time to see a change that he did not make. */
const ADDRESS_DELAY_MS = 24 * 3_600_000;
/** How far a node's clock may be ahead when it signs. */
const SKEW_MS = 5 * 60_000;
/** Trees of batches whose proofs were asked for last. */
const CACHED_TREES = 64;

export type NodeReportPorts = {
  db: Database;
  keys: (node_id: string) => readonly NodeKey[];
  /** Reads the keys again: a node that has just enrolled is not in every gateway's copy yet. */
  refresh: () => Promise<void>;
  maturity_ms: number;
};

/** What a node earned and where it goes: its own side of payouts. */
export function createNodePayouts({ db, keys, refresh, maturity_ms }: NodeReportPorts) {
  const trees = new LRUCache<string, ReturnType<typeof payoutTree>>({ max: CACHED_TREES });

  async function treeOf(batch_id: string): Promise<ReturnType<typeof payoutTree>> {
    const known = trees.get(batch_id);
    if (known) return known;
    const tree = payoutTree((await listLines(db, batch_id)).map(toLine));
    trees.set(batch_id, tree);
    return tree;
  }

  async function addressOf(node_id: string): Promise<Schemas["payout_address_state"]> {
    const { payout_address, pending_payout_address, applies_at, server_time } = await readPayoutAddress(db, node_id);
    return {
      payout_address,
      pending_payout_address,
      applies_at: applies_at?.toISOString() ?? null,
      server_time: server_time.toISOString(),
    };
  }

  async function currentKey(node_id: string): Promise<NodeKey | undefined> {
    const find = () => keys(node_id).find(({ to }) => to === null);
    const known = find();
    if (known) return known;
    await refresh();
    return find();
  }

  return {
    addressOf,
    /** Totals, address, and the node's line in each batch with its path to the batch's root. */
    async report(node_id: string, query: PageQuery): Promise<Schemas["node_payout_list"]> {
      const { limit, after } = pageBounds(query);
      const rows = await listNodeLines(db, { node_id, before: batchPosition(after), limit: limit + 1 });
      const proofs = new Map<string, string[]>();
      for (const { batch_id, line_index } of rows.slice(0, limit)) {
        proofs.set(
          batch_id,
          (await treeOf(batch_id)).proof(line_index).map((hash) => hash.toString("hex")),
        );
      }
      const page = toPage(rows, limit, positionOf, (row): Schemas["node_payout"] => ({
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
        proof: proofs.get(row.batch_id)!,
        commitment_signature: row.commitment_signature.toString("base64url"),
        payout_address: row.payout_address,
        transaction_hash: row.transaction_hash,
        created_at: row.created_at.toISOString(),
        finalized_at: row.finalized_at?.toISOString() ?? null,
      }));
      return {
        totals: totalsOf(await payoutStates(db, { node_id, since: null, maturity_ms })),
        ...(await addressOf(node_id)),
        ...page,
      };
    },

    /**
     * Takes an address that the node's identity signed. Throws `invalid_request`, `invalid_signature`, `clock_skew`,
     * `conflict`.
     */
    async putAddress(
      node_id: string,
      body: Schemas["payout_address_request"],
    ): Promise<Schemas["payout_address_state"]> {
      const { payout_address, signed_at, signature_ed25519 } = body;
      if (!isPayoutAddress(payout_address))
        throw new ApiError(
          "invalid_request",
          "payout_address: its mixed case is not the checksum of EIP-55, or it is the zero address.",
          { param: "payout_address" },
        );
      const signed_ms = parseUtcSeconds(signed_at);
      if (signed_ms === null)
        throw new ApiError("invalid_request", "signed_at: expected RFC 3339 UTC with whole seconds.", {
          param: "signed_at",
        });
      const key = await currentKey(node_id);
      if (
        !key ||
        !verifyPayoutAddress({ node_id, payout_address, signed_at }, signature_ed25519, key.ed25519_public_key)
      ) {
        throw new ApiError("invalid_signature", "The address is not signed by this node's identity.", {
          param: "signature_ed25519",
        });
      }
      const offset_ms = signed_ms - Date.now();
      if (offset_ms > SKEW_MS)
        throw new ApiError("clock_skew", "signed_at lies ahead of the gateway's clock.", { detail: { offset_ms } });
      const kept = await putPayoutAddress(db, {
        node_id,
        payout_address,
        signed_at: new Date(signed_ms),
        signature: Buffer.from(signature_ed25519, "base64url"),
        delay_ms: ADDRESS_DELAY_MS,
      });
      if (!kept)
        throw new ApiError("conflict", "An address with the same or a later signed_at was set before.", {
          param: "signed_at",
        });
      return addressOf(node_id);
    },
  };
}

export type NodePayouts = ReturnType<typeof createNodePayouts>;

/** Every settled wei of a node in exactly one of them. */
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
