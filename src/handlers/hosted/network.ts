import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";

export const getNetworkStatus: Handler<operations["getNetworkStatus"], GatewayCore> = async (_input, _call, core) => ({
  status: 200,
  body: await core.publicViews.network(),
});

export const listPublicModelProfiles: Handler<operations["listPublicModelProfiles"], GatewayCore> = async (
  { query },
  _call,
  core,
) => ({ status: 200, body: core.publicViews.profiles(query) });

export const listPublicNodes: Handler<operations["listPublicNodes"], GatewayCore> = async ({ query }, _call, core) => ({
  status: 200,
  body: core.publicViews.nodes(query),
});

export const getPublicNode: Handler<operations["getPublicNode"], GatewayCore> = async ({ path }, _call, core) => ({
  status: 200,
  body: core.publicViews.node(path.node_id),
});

export const getRouteReadiness: Handler<operations["getRouteReadiness"], GatewayCore> = async (
  { path, query },
  _call,
  core,
) => ({ status: 200, body: core.routeReadiness(path.node_id, query.model) });

export const getNodeTransportKey: Handler<operations["getNodeTransportKey"], GatewayCore> = async (
  { path },
  _call,
  core,
) => ({ status: 200, body: await core.publicViews.transportKey(path.node_id) });
