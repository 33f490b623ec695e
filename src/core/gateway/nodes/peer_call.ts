import { createHmac } from "node:crypto";
import { canonicalize, parseStrict } from "../../protocol/bytes/canonical.ts";
import { domainPreimage, equalBytes, fromBase64url, isBase64url, toBase64url } from "../../protocol/bytes/encoding.ts";
import { failure, success, type Outcome } from "../../protocol/bytes/outcome.ts";
import { replayWindow, type ReplayWindow } from "../../protocol/calls/replay_window.ts";
import { MAX_SKEW_MS, type RouterDispatch } from "../../protocol/calls/router_call.ts";

/** A call that one gateway has another relay over the tunnel that ends there (docs/design/nodes.md, Tunnel). */
export type PeerCall = {
  version: 1;
  from: string;
  from_epoch: number;
  /** The receiving process: a restarted gateway is another process. */
  to: string;
  to_epoch: number;
  /** Rises with each call of the calling process. */
  counter: number;
  time_ms: number;
  node_id: string;
  tunnel_epoch: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  body_sha256: string;
  dispatch: RouterDispatch | null;
};

export type PeerHeaders = { "x-b3iq-peer-call": string; "x-b3iq-peer-signature": string };

export type PeerFailure = "unauthorized" | "clock_skew" | "replayed_request" | "not_owner";

/** The header that tells the node's answer (`answer`) from the relaying gateway's error (`failure`). */
export const KIND_HEADER = "x-b3iq-peer";
export const RELAY_PATH = "/v1/peer/call";
/** The `path` of a call to the gateway itself: no node is called. */
export const ALIVE_PATH = "/v1/peer/alive";

const DOMAIN = "b3iq-peer-v1";

/**
 * The two headers of a relayed call: HMAC-SHA256 under the gateways' shared `peer-key` over domain || 0x00 ||
 * JCS(call).
 */
export function signPeerCall(peer_key: Uint8Array, call: PeerCall): PeerHeaders {
  const text = canonicalize(call);
  return {
    "x-b3iq-peer-call": toBase64url(Buffer.from(text, "utf8")),
    "x-b3iq-peer-signature": toBase64url(mac(peer_key, text)),
  };
}

export type PeerCheckDeps = { peer_key: Uint8Array; gateway_id: string; gateway_epoch: number; now_ms(): number };

export type PeerCheck = (
  headers: Record<string, string | string[] | undefined>,
  body_sha256: string,
) => Outcome<PeerCall, PeerFailure>;

/** Checks relayed calls, and accepts each once. */
export function createPeerCheck(deps: PeerCheckDeps): PeerCheck {
  const windows = new Map<string, ReplayWindow>();
  return function check(headers, body_sha256) {
    const encoded = headers["x-b3iq-peer-call"];
    const signature = headers["x-b3iq-peer-signature"];
    if (typeof encoded !== "string" || !isBase64url(signature, 32))
      return failure("unauthorized", "the peer signature is missing or malformed");
    let text: string;
    try {
      text = fromBase64url(encoded).toString("utf8");
    } catch {
      return failure("unauthorized", "the peer call is malformed");
    }
    if (!equalBytes(mac(deps.peer_key, text), Buffer.from(signature, "base64url")))
      return failure("unauthorized", "the peer signature does not match");
    // The MAC is right, so a gateway wrote this text by `signPeerCall`.
    const call = parseStrict(text, { max_bytes: 16_384, max_depth: 3, max_keys: 64 }) as PeerCall;
    if (call.version !== 1) return failure("unauthorized", "the peer speaks another version");
    if (call.body_sha256 !== body_sha256) return failure("unauthorized", "the body is not the one that was signed");
    if (call.to !== deps.gateway_id || call.to_epoch !== deps.gateway_epoch)
      return failure("not_owner", "the call is meant for another gateway");
    if (Math.abs(call.time_ms - deps.now_ms()) > MAX_SKEW_MS)
      return failure("clock_skew", "the gateways' clocks differ");
    if (!windowOf(windows, call).accept(call.counter))
      return failure("replayed_request", "the counter was used already");
    return success(call);
  };
}

const MAX_PEERS = 256;

function windowOf(windows: Map<string, ReplayWindow>, { from, from_epoch }: PeerCall): ReplayWindow {
  const name = `${from} ${from_epoch}`;
  let window = windows.get(name);
  if (!window) {
    // Forgets the oldest processes: their calls are too old to be accepted.
    for (const oldest of windows.keys()) {
      if (windows.size < MAX_PEERS) break;
      windows.delete(oldest);
    }
    windows.set(name, (window = replayWindow(4_096)));
  }
  return window;
}

function mac(peer_key: Uint8Array, text: string): Buffer {
  return createHmac("sha256", peer_key).update(domainPreimage(DOMAIN, text)).digest();
}
