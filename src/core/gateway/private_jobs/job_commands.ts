import type { PollInput } from "../nodes/node_commands.ts";
import type { NodeCaller, NodeCommandPorts, NodeResult } from "./job_context.ts";
import { pollCommands } from "./job_lease.ts";
import { takeResult } from "./job_result.ts";

/** The calls by which nodes get commands and report results, bound to the gateway's ports. */
export function createNodeCommands(ports: NodeCommandPorts) {
  return {
    poll: (caller: NodeCaller, input: PollInput, signal: AbortSignal) => pollCommands(ports, caller, input, signal),
    result: (caller: NodeCaller, command_id: string, input: NodeResult) => takeResult(ports, caller, command_id, input),
  };
}

export type NodeCommands = ReturnType<typeof createNodeCommands>;
