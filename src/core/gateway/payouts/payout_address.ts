import type { Database } from "../../../store/postgres/database.ts";
import { putPayoutAddress, readPayoutAddress } from "../../../store/postgres/payouts/addresses.ts";
import { ApiError } from "../../errors.ts";
import { parseUtcSeconds } from "../../protocol/envelope/transport_key.ts";
import { isPayoutAddress, verifyPayoutAddress } from "../../protocol/receipt/payout.ts";
import type { NodeKey } from "../nodes/types.ts";
import type { Schemas } from "./payout_views.ts";

/** A new address applies after this time, in which the owner can notice a change by somebody else. */
const ADDRESS_DELAY_MS = 24 * 3_600_000;
/** How far a node's clock may be ahead when it signs. */
const SKEW_MS = 5 * 60_000;

export type AddressPorts = {
  db: Database;
  keys: (node_id: string) => readonly NodeKey[];
  /** Loads the nodes again: a node that has just enrolled may not be in this gateway's copy yet. */
  refresh: () => Promise<void>;
};

/** The present address of a node's payouts, and the one that applies later. */
export async function addressOf(db: Database, node_id: string): Promise<Schemas["payout_address_state"]> {
  const { payout_address, pending_payout_address, applies_at, server_time } = await readPayoutAddress(db, node_id);
  return {
    payout_address,
    pending_payout_address,
    applies_at: applies_at?.toISOString() ?? null,
    server_time: server_time.toISOString(),
  };
}

/**
 * Stores an address that the node's identity signed. Throws `invalid_request`, `invalid_signature`, `clock_skew`,
 * `conflict`.
 */
export async function putAddress(
  ports: AddressPorts,
  node_id: string,
  body: Schemas["payout_address_request"],
): Promise<Schemas["payout_address_state"]> {
  const signed_ms = await verifiedTime(ports, node_id, body);
  const offset_ms = signed_ms - Date.now();
  if (offset_ms > SKEW_MS)
    throw new ApiError("clock_skew", "signed_at lies ahead of the gateway's clock.", { detail: { offset_ms } });
  const stored = await putPayoutAddress(ports.db, {
    node_id,
    payout_address: body.payout_address,
    signed_at: new Date(signed_ms),
    signature: Buffer.from(body.signature_ed25519, "base64url"),
    delay_ms: ADDRESS_DELAY_MS,
  });
  if (!stored)
    throw new ApiError("conflict", "An address with the same or a later signed_at was set before.", {
      param: "signed_at",
    });
  return addressOf(ports.db, node_id);
}

/** The time at which the node signed the address; form and signature are checked. */
async function verifiedTime(
  ports: AddressPorts,
  node_id: string,
  { payout_address, signed_at, signature_ed25519 }: Schemas["payout_address_request"],
): Promise<number> {
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
  const key = await currentKey(ports, node_id);
  if (!key || !verifyPayoutAddress({ node_id, payout_address, signed_at }, signature_ed25519, key.ed25519_public_key))
    throw new ApiError("invalid_signature", "The address is not signed by this node's identity.", {
      param: "signature_ed25519",
    });
  return signed_ms;
}

async function currentKey({ keys, refresh }: AddressPorts, node_id: string): Promise<NodeKey | undefined> {
  const find = () => keys(node_id).find(({ to }) => to === null);
  const known = find();
  if (known) return known;
  await refresh();
  return find();
}
