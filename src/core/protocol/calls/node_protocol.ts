/**
 * The version of the protocol between gateway and agent: challenge, heartbeat, tunnel, dispatch. A change that the other
 * end must know of raises the version. Each release speaks this version and the one before, so that gateways and agents
 * can be replaced one by one, in any order (docs/design/nodes.md, Identity and calls).
 */
export const PROTOCOL_VERSION = 1;
export const PREVIOUS_PROTOCOL_VERSION = Math.max(1, PROTOCOL_VERSION - 1);

/** The header with the version of a tunnel: the lower one of the gateway's and the agent's. */
export const PROTOCOL_HEADER = "x-b3iq-protocol-version";
