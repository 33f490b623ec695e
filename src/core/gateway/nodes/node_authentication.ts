import type { Database } from "../../../store/postgres/database.ts";
import { readCaller } from "../../../store/postgres/nodes/read_caller.ts";
import { isUnreachable } from "../../../store/postgres/unreachable.ts";
import { ApiError, type ErrorCode } from "../../errors.ts";
import { readNodeClaim, verifyNodeCall, type NodeClaim } from "../../protocol/calls/node_call.ts";
import type { CallSequences } from "./call_sequences.ts";
import type { Clock, NodePrincipal } from "./types.ts";

/** Header of every answer to a node, also of refusals: Unix milliseconds, by which the agent corrects its clock. */
export const SERVER_TIME_HEADER = "x-b3iq-server-time";

export type KnownCaller = { status: string; ed25519_public_key: string };

export type AuthenticateDeps = {
  db: Database;
  clock: Clock;
  sequences: CallSequences;
  /** Status and key of a node from this gateway's memory. */
  known(node_id: string): KnownCaller | undefined;
};

type Headers = Record<string, string | string[] | undefined>;

/** Checks node calls: signature and time here, epoch and sequence in the shared database (docs/design/nodes.md). */
export function createNodeAuthentication(deps: AuthenticateDeps) {
  const refusal = (code: ErrorCode, message: string, detail: Record<string, unknown> = {}): ApiError => {
    const now_ms = deps.clock.now_ms();
    return new ApiError(code, message, {
      detail: { ...detail, server_time: new Date(now_ms).toISOString() },
      headers: { [SERVER_TIME_HEADER]: String(now_ms) },
    });
  };

  /** Checks signature and time, not epoch and sequence. Throws `unauthorized`, `invalid_signature`, `clock_skew`. */
  async function checkSignature(
    headers: Headers,
    method: string,
    path: string,
    body_sha256: string,
  ): Promise<NodeClaim> {
    const claim = readNodeClaim(headers);
    if (!claim.ok) throw refusal("unauthorized", `The node call is refused: ${claim.reason}.`);
    const { node_id, epoch, seq, time_ms } = claim.value;
    const caller = deps.known(node_id) ?? (await reachable(readCaller(deps.db, node_id)));
    if (!caller || caller.status === "retired")
      throw refusal("unauthorized", "The node is not enrolled here, or was retired.");
    const now_ms = deps.clock.now_ms();
    const checked = verifyNodeCall(claim.value, {
      method,
      path,
      body_sha256,
      public_key: caller.ed25519_public_key,
      now_ms,
      epoch,
      last_seq: seq - 1,
    });
    if (!checked.ok) {
      const detail = checked.code === "clock_skew" ? { clock_offset_ms: now_ms - time_ms } : {};
      throw refusal(checked.code, `The node call is refused: ${checked.reason}.`, detail);
    }
    return claim.value;
  }

  return {
    checkSignature,
    refusal,
    /** Checks signature, time, epoch and sequence. Throws the same, and `stale_epoch`, `replayed_request`. */
    async authenticate(headers: Headers, method: string, path: string, body_sha256: string): Promise<NodePrincipal> {
      const { node_id, epoch, seq } = await checkSignature(headers, method, path, body_sha256);
      const verdict = await reachable(deps.sequences.claim({ node_id, epoch, seq }));
      if (!verdict) throw refusal("unauthorized", "The node is not enrolled here.");
      if (!verdict.accepted && verdict.epoch !== epoch) {
        throw refusal(
          "stale_epoch",
          `The call was signed under epoch ${epoch}; the newest epoch of this node is ${verdict.epoch}.`,
        );
      }
      if (!verdict.accepted)
        throw refusal("replayed_request", "The sequence number does not rise; sign the call anew with the next one.");
      return { kind: "node", node_id, epoch, seq };
    },
  };
}

/** Turns the error of an unreachable database into 503: the node repeats its call. */
export async function reachable<Value>(query: Promise<Value>): Promise<Value> {
  try {
    return await query;
  } catch (cause) {
    if (!isUnreachable(cause)) throw cause;
    throw new ApiError(
      "admission_unavailable",
      "The gateway cannot reach its database. Send the call again, signed anew.",
      { cause, retry_after_ms: 1_000 },
    );
  }
}
