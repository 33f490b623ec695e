import { ApiError } from "../../errors.ts";
import { sha256Hex } from "../../protocol/bytes/encoding.ts";
import { replayWindow, type ReplayWindow } from "../../protocol/calls/replay_window.ts";
import { EMPTY_SHA256, verifyRouterCall, type RouterCall } from "../../protocol/calls/router_call.ts";
import type { ServerClock } from "../gateway_link/server_clock.ts";

export type ReceivedCall = {
  method: string;
  /** Path and query, exactly as they came. */
  target: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
};

/** The checked call from the gateway; `dispatch.tunnel_epoch` is the epoch that goes into the receipt. */
export type RouterPrincipal = { kind: "router"; dispatch: RouterCall };

/**
 * Checks that a call over a tunnel was signed by the gateway for this node, this tunnel and these bytes, and once
 * (docs/design/nodes.md).
 */
export function createRouterCheck(deps: { clock: ServerClock }) {
  const tunnels = new Map<number, { secret: string; window: ReplayWindow }>();
  return {
    /**
     * A tunnel with this epoch serves from now on, under the router secret (base64url) that was in force when it
     * opened.
     */
    open(epoch: number, secret: string): void {
      tunnels.set(epoch, { secret, window: replayWindow() });
    },
    close(epoch: number): void {
      tunnels.delete(epoch);
    },
    /** Throws `unauthorized`, `clock_skew`, `stale_epoch`, `replayed_request`. */
    authenticate({ method, target, headers, body }: ReceivedCall): RouterPrincipal {
      const expected = {
        method,
        path: target,
        headers,
        now_ms: deps.clock.now_ms(),
        body_sha256: body.length === 0 ? EMPTY_SHA256 : sha256Hex(body),
      };
      // While one tunnel is left for the next, calls come through both: each epoch has its own counter, and may have
      // its own secret.
      let refused: { code: "unauthorized" | "clock_skew" | "stale_epoch" | "replayed_request"; reason: string } = {
        code: "stale_epoch",
        reason: "no tunnel is open",
      };
      for (const [tunnel_epoch, { secret, window }] of tunnels) {
        const checked = verifyRouterCall(secret, { ...expected, tunnel_epoch, window });
        if (checked.ok) return { kind: "router", dispatch: checked.value };
        refused = checked;
        if (checked.code === "clock_skew" || checked.code === "replayed_request") break;
      }
      throw new ApiError(refused.code, `The call over the tunnel is refused: ${refused.reason}.`);
    },
  };
}

export type RouterCheck = ReturnType<typeof createRouterCheck>;
