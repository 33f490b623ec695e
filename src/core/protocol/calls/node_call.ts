import { canonicalize } from "../bytes/canonical.ts";
import { sign, verify } from "../bytes/ed25519.ts";
import { isBase64url } from "../bytes/encoding.ts";
import { isId } from "../bytes/ids.ts";
import { failure, success, type Outcome } from "../bytes/outcome.ts";
import { MAX_SKEW_MS } from "./router_call.ts";

/** A call of a node to the gateway (docs/design/nodes.md, Identity and calls). */
export type NodeCall = {
  method: string;
  /** Path with query, exactly as sent. */
  path: string;
  /** Hex SHA-256 of the body's bytes; of no bytes without a body. */
  body_sha256: string;
  node_id: string;
  /** The epoch assigned at the opening of the newest tunnel; 0 before the first. */
  epoch: number;
  /** Rises with each call within the epoch; starts at 1. */
  seq: number;
  /** Unix milliseconds. */
  time_ms: number;
};

export type NodeCallHeaders = {
  "x-b3iq-node-id": string;
  "x-b3iq-node-epoch": string;
  "x-b3iq-node-seq": string;
  "x-b3iq-node-time": string;
  "x-b3iq-node-signature": string;
};

/** The values of the five headers, not verified yet. */
export type NodeClaim = Pick<NodeCall, "node_id" | "epoch" | "seq" | "time_ms"> & { signature: string };

export type NodeCallFailure = "unauthorized" | "invalid_signature" | "clock_skew" | "stale_epoch" | "replayed_request";

export const NODE_CALL_DOMAIN = "b3iq-node-call-v1";

/** The five headers of a signed call. */
export function signNodeCall(call: NodeCall, private_key: string): NodeCallHeaders {
  return {
    "x-b3iq-node-id": call.node_id,
    "x-b3iq-node-epoch": String(call.epoch),
    "x-b3iq-node-seq": String(call.seq),
    "x-b3iq-node-time": String(call.time_ms),
    "x-b3iq-node-signature": sign(NODE_CALL_DOMAIN, preimageOf(call), private_key),
  };
}

/** Reads the headers, so that the node's key can be looked up. */
export function readNodeClaim(
  headers: Record<string, string | string[] | undefined>,
): Outcome<NodeClaim, "unauthorized"> {
  const node_id = headers["x-b3iq-node-id"];
  const signature = headers["x-b3iq-node-signature"];
  const epoch = readCount(headers["x-b3iq-node-epoch"]);
  const seq = readCount(headers["x-b3iq-node-seq"]);
  const time_ms = readCount(headers["x-b3iq-node-time"]);
  if (!isId("node", node_id)) return failure("unauthorized", "X-B3IQ-Node-ID: expected a node id");
  if (epoch === null) return failure("unauthorized", "X-B3IQ-Node-Epoch: expected an integer");
  if (seq === null || seq < 1) return failure("unauthorized", "X-B3IQ-Node-Seq: expected an integer from 1");
  if (time_ms === null) return failure("unauthorized", "X-B3IQ-Node-Time: expected Unix milliseconds");
  if (!isBase64url(signature, 64)) {
    return failure("unauthorized", "X-B3IQ-Node-Signature: expected 64 bytes as base64url");
  }
  return success({ node_id, epoch, seq, time_ms, signature });
}

export type NodeCallExpectation = {
  method: string;
  path: string;
  body_sha256: string;
  public_key: string;
  now_ms: number;
  /** The node's epoch as the gateway last assigned it. */
  epoch: number;
  /** The highest seq accepted within that epoch; 0 when none was. */
  last_seq: number;
};

/**
 * Checks a claim against the call as it arrived. The signature is checked first, so a caller without the key learns
 * nothing of clock, epoch or seq. Two equal calls at once may both pass here: the caller then writes the seq by
 * compare-and-set, which only one of them passes.
 */
export function verifyNodeCall(claim: NodeClaim, expected: NodeCallExpectation): Outcome<NodeCall, NodeCallFailure> {
  const call: NodeCall = {
    method: expected.method,
    path: expected.path,
    body_sha256: expected.body_sha256,
    node_id: claim.node_id,
    epoch: claim.epoch,
    seq: claim.seq,
    time_ms: claim.time_ms,
  };
  if (!verify(NODE_CALL_DOMAIN, preimageOf(call), claim.signature, expected.public_key)) {
    return failure("invalid_signature", "the signature does not verify for this method, path, body and node");
  }
  if (Math.abs(claim.time_ms - expected.now_ms) > MAX_SKEW_MS) {
    const offset_ms = claim.time_ms - expected.now_ms;
    return failure("clock_skew", `the node's clock is off by ${offset_ms} ms, allowed are ${MAX_SKEW_MS} ms`);
  }
  if (claim.epoch !== expected.epoch) return failure("stale_epoch", `the epoch of this node is ${expected.epoch}`);
  if (claim.seq <= expected.last_seq) return failure("replayed_request", "the sequence number does not rise");
  return success(call);
}

/** JCS of {method, path, body_sha256, node_id, epoch, seq, time}. */
function preimageOf(call: NodeCall): string {
  const { time_ms, ...rest } = call;
  return canonicalize({ ...rest, time: time_ms });
}

function readCount(text: string | string[] | undefined): number | null {
  if (typeof text !== "string" || !/^(?:0|[1-9][0-9]{0,15})$/.test(text)) return null;
  const count = Number(text);
  return Number.isSafeInteger(count) ? count : null;
}
