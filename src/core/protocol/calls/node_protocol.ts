/**
 * The version of the protocol between gateway and agent: challenge, heartbeat, tunnel, dispatch. It rises when one of
 * them changes so that the other end must know. Each release speaks this one and the one before it, so that gateways
 * and agents can be replaced one by one, in any order (docs/design/nodes.md, Identity and calls).
 */
export const PROTOCOL_VERSION = 1;
export const PREVIOUS_PROTOCOL_VERSION = Math.max(1, PROTOCOL_VERSION - 1);

/** Names the version that a gateway speaks over a tunnel that it opens: the lower one of its own and the agent's. */
export const PROTOCOL_HEADER = "x-b3iq-protocol-version";
