import { ApiError } from "../../errors.ts";
import { PREVIOUS_PROTOCOL_VERSION, PROTOCOL_VERSION } from "../../protocol/calls/node_protocol.ts";

/**
 * Versions of the protocol between gateway and agent that are served: the current and the one before
 * (docs/design/nodes.md).
 */
export type ServedVersions = { current: number; oldest: number };

/** The versions of this release; `oldest_allowed` (B3IQ_PROTOCOL_VERSION_MIN) can exclude the previous one. */
export function servedVersions(oldest_allowed = 1): ServedVersions {
  return {
    current: PROTOCOL_VERSION,
    oldest: Math.min(PROTOCOL_VERSION, Math.max(PREVIOUS_PROTOCOL_VERSION, oldest_allowed)),
  };
}

/**
 * The version that both ends speak: a newer agent comes down to ours. Throws 426 `upgrade_required` for an agent whose
 * protocol is not served any more.
 */
export function agreedVersion(protocol_version: number, served: ServedVersions): number {
  if (protocol_version >= served.oldest) return Math.min(protocol_version, served.current);
  const range =
    served.oldest === served.current ? `version ${served.current}` : `versions ${served.oldest} to ${served.current}`;
  throw new ApiError(
    "upgrade_required",
    `This agent speaks version ${protocol_version} of the node protocol; served are ${range}. Update the agent.`,
    {
      param: "protocol_version",
    },
  );
}
