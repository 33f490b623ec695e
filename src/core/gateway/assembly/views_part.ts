import type { components } from "../../../../generated/hosted.ts";
import { RELEASE } from "../../../release.ts";
import { explainRoute, type ExplainPorts } from "../chat/explain_route.ts";
import { routingPolicy } from "../keys/policies.ts";
import { createPublicViews } from "../network/public.ts";
import { createModels } from "../routing/models.ts";
import { createReadiness, nodeState } from "../routing/route_readiness.ts";
import type { ChatPart } from "./chat_part.ts";
import type { CoreContext } from "./core_context.ts";
import type { EvidencePart } from "./evidence_part.ts";
import type { NetworkPart } from "./network_part.ts";

/** The views of the network: for the public, for customers, and for a node about itself. */
export function assembleViews(
  { db }: CoreContext,
  { control, nodes, served, transportKeys }: NetworkPart,
  { receiptLog }: EvidencePart,
  { routing }: ChatPart,
) {
  const explainPorts: ExplainPorts = {
    routing,
    control,
    demandOf: (customer_id, key_id) => routingPolicy(db, customer_id, key_id),
  };
  return {
    publicViews: createPublicViews({
      db,
      nodes: nodes.snapshot,
      node: nodes.view,
      control,
      release: RELEASE,
      protocol_versions: [...new Set([served.oldest, served.current])],
      transport_key: transportKeys.current,
      transport_key_leaf: receiptLog.transportKeyLeaf,
    }),
    models: createModels({ nodes: nodes.snapshot, control }),
    explain: (body: components["schemas"]["route_explain_request"]) => explainRoute(explainPorts, body),
    routeReadiness: createReadiness({ node: nodes.view, control }),
    nodeState: (node_id: string) => nodeState(nodes.view(node_id), control.current()),
    /** The newest agent has the gateway's version, since both are released together. */
    latest_agent_version: RELEASE,
  };
}
