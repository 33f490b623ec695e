import type { GatewayConfig } from "../../../config.ts";

/** A chat's time-outs as they are configured, in milliseconds (docs/design/chat.md, Answer). */
export function chatTimeouts(config: GatewayConfig) {
  return {
    tunnel_connect_ms: config.tunnel_connect_timeout_ms,
    candidate_accepts_ms: config.candidate_accept_timeout_ms,
    first_token_ms: config.first_token_timeout_ms,
    between_tokens_ms: config.between_tokens_timeout_ms,
    client_progress_ms: config.client_progress_timeout_ms,
    hold_status_ms: config.status_hold_ms,
    keep_alive_ms: config.keep_alive_ms,
    settle_wait_ms: config.settle_wait_ms,
  };
}

export type ChatTimeouts = ReturnType<typeof chatTimeouts>;
