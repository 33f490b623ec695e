/** Asks the gateway what this node earned and where payouts go, by calls that the node's identity signs. */
import { setTimeout as sleep } from "node:timers/promises";
import type { NodePayoutList, PayoutAddressState } from "../../../../generated/local.ts";
import { ApiError } from "../../errors.ts";
import { isPayoutAddress, signPayoutAddress } from "../../protocol/receipt/payout.ts";
import { utcSeconds } from "../../protocol/envelope/transport_key.ts";
import { GatewayCallError } from "./gateway_client.ts";
import type { LocalCore } from "../access/local_callers.ts";

/** Totals by state, in wei, and a page of this node's lines in payout batches. Throws as `asked`. */
export async function listEarnings(
  core: LocalCore,
  query: { limit?: number; cursor?: string },
): Promise<NodePayoutList> {
  return asked(core, (call) => call("listNodePayouts", { query }));
}

/** The address in force and the one that waits. Throws as `asked`. */
export async function readPayoutAddress(core: LocalCore): Promise<PayoutAddressState> {
  const { payout_address, pending_payout_address, applies_at, server_time } = await listEarnings(core, { limit: 1 });
  return { payout_address, pending_payout_address, applies_at, server_time };
}

/**
 * Signs an address with the node's identity and sends it (docs/design/evidence.md, Payouts). Throws `invalid_request`
 * for one that fails EIP-55, before any call; else as `asked`.
 */
export async function updatePayoutAddress(core: LocalCore, payout_address: string): Promise<PayoutAddressState> {
  if (!isPayoutAddress(payout_address)) {
    throw new ApiError(
      "invalid_request",
      "payout_address: its mixed case is not the checksum of EIP-55, or it is the zero address.",
      { param: "payout_address" },
    );
  }
  const { node_id, identity, clock } = core.agent;
  const signedNow = () => {
    const signed_at = utcSeconds(clock.now_ms());
    const signature_ed25519 = signPayoutAddress({ node_id, payout_address, signed_at }, identity.private_key);
    return { payout_address, signed_at, signature_ed25519 };
  };
  return asked(core, async (call) => {
    const put = () => call("putPayoutAddress", { body: signedNow() });
    return put().catch(async (error: unknown) => {
      if (!(error instanceof GatewayCallError) || error.code !== "conflict") throw error;
      // A later address needs a later time, and signed times have whole seconds.
      await sleep(1000);
      return put();
    });
  });
}

type GatewayCall = NonNullable<LocalCore["managed"]>["call"];

/** Throws `not_enrolled`, `gateway_unreachable`, `invalid_request` or `conflict`, with what the owner can do. */
async function asked<Answer>({ managed }: LocalCore, work: (call: GatewayCall) => Promise<Answer>): Promise<Answer> {
  if (managed === null) {
    throw new ApiError(
      "not_enrolled",
      "This agent works alone (Local Mode). Start it with b3iq-host serve --gateway URL to earn.",
    );
  }
  if (!managed.enrolled) throw unenrolled(managed.refusal);
  try {
    return await work(managed.call);
  } catch (error) {
    if (!(error instanceof GatewayCallError)) throw error;
    throw refused(error);
  }
}

function unenrolled(refusal: string | null): ApiError {
  if (refusal === null || refusal === "gateway_unreachable") {
    return new ApiError(
      "gateway_unreachable",
      "The gateway was not reached, so this node is not enrolled. Check its URL and the network; the agent retries.",
    );
  }
  return new ApiError("not_enrolled", `The gateway refused the enrollment (${refusal}). The agent goes on trying.`);
}

function refused({ code, status, message }: GatewayCallError): ApiError {
  if (code === "gateway_unreachable") {
    return new ApiError(code, "The gateway cannot be reached now. Check the network, then try again.");
  }
  if (status >= 500 || status === 429) {
    return new ApiError("gateway_unreachable", `The gateway cannot answer now (${code}). Try again in a while.`);
  }
  if (status === 400) return new ApiError("invalid_request", message);
  return new ApiError("conflict", `The gateway refused it (${code}): ${message}`);
}
