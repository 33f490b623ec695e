import { ApiError } from "../../errors.ts";

/** Versions of the protocol between gateway and agent that are served: the current and the one before (design: nodes.md). */
export type ServedVersions = { current: number; oldest: number };

export const SERVED_VERSIONS: ServedVersions = { current: 1, oldest: 1 };

/** Throws 426 `upgrade_required` for an agent whose protocol is not served any more. */
export function assertServed(protocol_version: number, served: ServedVersions): void {
  if (protocol_version >= served.oldest) return;
  const range = served.oldest === served.current ? `version ${served.current}` : `versions ${served.oldest} to ${served.current}`;
  throw new ApiError("upgrade_required", `This agent speaks version ${protocol_version} of the node protocol; served are ${range}. Update the agent.`, {
    param: "protocol_version",
  });
}
