export type TunnelErrorCode =
  /** No session: never opened, closed, draining, or lost while the answer was awaited. */
  | "tunnel_down"
  /** The call could not be put on the wire in `connect_timeout_ms`. */
  | "tunnel_timeout"
  /** The agent or the carrier reset this stream; the session itself may live on. */
  | "tunnel_reset"
  /** The caller's signal fired, or it called `cancel`. */
  | "aborted"
  /** Another gateway has the tunnel: the caller's copy of the owner row is old (docs/design/nodes.md, Tunnel). */
  | "not_owner";

/**
 * The error of a tunnel call without an answer. `sent`: the agent may have begun to work, so the caller sends a cancel.
 */
export class TunnelError extends Error {
  readonly code: TunnelErrorCode;
  readonly sent: boolean;

  constructor(code: TunnelErrorCode, message: string, sent: boolean, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "TunnelError";
    this.code = code;
    this.sent = sent;
  }
}
