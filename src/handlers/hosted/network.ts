import type { HostedHandler } from "./hosted_handler.ts";

export const getNetworkStatus: HostedHandler<"getNetworkStatus"> = async (_input, _call, core) => ({
  status: 200,
  body: await core.publicViews.network(),
});

export const listPublicModelProfiles: HostedHandler<"listPublicModelProfiles"> = async ({ query }, _call, core) => ({
  status: 200,
  body: core.publicViews.profiles(query),
});

export const listPublicNodes: HostedHandler<"listPublicNodes"> = async ({ query }, _call, core) => ({
  status: 200,
  body: core.publicViews.nodes(query),
});

export const getPublicNode: HostedHandler<"getPublicNode"> = async ({ path }, _call, core) => ({
  status: 200,
  body: core.publicViews.node(path.node_id),
});

export const getRouteReadiness: HostedHandler<"getRouteReadiness"> = async ({ path, query }, _call, core) => ({
  status: 200,
  body: core.routeReadiness(path.node_id, query.model),
});

export const getNodeTransportKey: HostedHandler<"getNodeTransportKey"> = async ({ path }, _call, core) => ({
  status: 200,
  body: await core.publicViews.transportKey(path.node_id),
});
