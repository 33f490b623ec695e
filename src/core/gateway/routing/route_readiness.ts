import { ApiError } from "../../errors.ts";
import type { Control, ControlView } from "../control.ts";
import type { NodeView } from "../nodes/types.ts";
import { type BlockerCode, BLOCKERS } from "./blockers.ts";
import { blockersOf, evaluateGates } from "./gates.ts";

/** "Why am I not earning yet?": the gates of routing, shown for one node and model, without anything private. */
export function createReadiness(ports: { node: (node_id: string) => NodeView | undefined; control: ControlView }) {
  return function readiness(node_id: string, model: string) {
    const node = ports.node(node_id);
    if (!node) throw new ApiError("not_found", "There is no node with this id.", { param: "node_id" });
    const profile = node.profiles.find(({ model_id }) => model_id === model);
    if (!profile) throw new ApiError("model_not_found", "The node has no profile for this model.", { param: "model" });
    const gates = evaluateGates(node, profile, ports.control.current());
    const codes = gates.flatMap(({ blocker }) => (blocker ? [blocker] : []));
    return {
      node_id,
      model,
      route_ready: codes.length === 0,
      blockers: codes.map(describeBlocker),
      gates: gates.map(({ gate, blocker }) => ({ gate, passed: blocker === null })),
      checked_at: new Date().toISOString(),
    };
  };
}

/** A blocker with its sentence and what the operator does next. */
export function describeBlocker(code: BlockerCode): { code: BlockerCode; message: string; next_action: string } {
  return { code, ...BLOCKERS[code] };
}

/** A node's status and the blockers of each profile, for the answer to its heartbeat. */
export function nodeState(node: NodeView | undefined, control: Control) {
  const blockers = (node?.profiles ?? []).flatMap((profile) =>
    blockersOf(node!, profile, control).map((code) => ({
      model_profile_id: profile.model_profile_id,
      ...describeBlocker(code),
    })),
  );
  return { ...(node === undefined ? {} : { status: node.status }), blockers };
}
