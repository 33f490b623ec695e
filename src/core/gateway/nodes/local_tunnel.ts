import { EMPTY_SHA256, signRouterCall } from "../../protocol/calls/router_call.ts";
import { sha256Hex } from "../../protocol/bytes/encoding.ts";
import type { GatewayEnd } from "../../../tunnel/gateway_end.ts";
import type { Clock, NodeTunnel, TunnelAnswer, TunnelCall } from "./types.ts";

export const TUNNEL_CONNECT_MS = 2_000;

export type LocalTunnelDeps = {
  node_id: string;
  epoch: number;
  /** The node's router secret, base64url. */
  secret: string;
  end: GatewayEnd;
  clock: Clock;
};

/** Signs each call with the node's router secret and puts it on this gateway's own tunnel. */
export function localTunnel({ node_id, epoch, secret, end, clock }: LocalTunnelDeps): NodeTunnel {
  let counter = 0;
  return {
    node_id,
    epoch,
    kind: "local",
    get in_flight() {
      return end.in_flight;
    },
    call({
      method = "POST",
      path,
      body,
      headers = {},
      dispatch,
      signal,
      onAccepted,
      connect_timeout_ms = TUNNEL_CONNECT_MS,
    }: TunnelCall): Promise<TunnelAnswer> {
      counter += 1;
      const signed = signRouterCall(secret, {
        method,
        path,
        body_sha256: body.length === 0 ? EMPTY_SHA256 : sha256Hex(body),
        time_ms: clock.now_ms(),
        tunnel_epoch: epoch,
        counter,
        dispatch: dispatch ?? null,
      });
      return end.call({
        method,
        path,
        headers: { ...headers, ...signed },
        body,
        signal,
        onAccepted,
        connect_timeout_ms,
      });
    },
  };
}
