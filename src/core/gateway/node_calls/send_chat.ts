import type { RouterDispatch } from "../../protocol/calls/router_call.ts";
import { DISPATCH } from "../nodes/agent_api.ts";
import type { NodeTunnel, TunnelAnswer } from "../nodes/types.ts";

export type ChatSending = {
  body: Record<string, unknown>;
  dispatch: RouterDispatch;
  signal: AbortSignal;
  connect_timeout_ms?: number;
  /** Called when the node has accepted the chat; its answer may come much later. */
  onAccepted?: () => void;
};

/** Sends a chat to a node. Resolves with the open answer at its status line; rejects with a TunnelError. */
export function sendChat(
  tunnel: NodeTunnel,
  { body, dispatch, signal, connect_timeout_ms, onAccepted }: ChatSending,
): Promise<TunnelAnswer> {
  return tunnel.call({
    ...DISPATCH,
    body: Buffer.from(JSON.stringify(body)),
    dispatch,
    signal,
    ...(connect_timeout_ms === undefined ? {} : { connect_timeout_ms }),
    ...(onAccepted === undefined ? {} : { onAccepted: onAccepted }),
  });
}
