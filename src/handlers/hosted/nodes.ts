import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import { tunnelUpgradeRequired } from "../../core/gateway/nodes/tunnel_opening.ts";
import type { Handler } from "../operation.ts";
import { nodeOf } from "./principals.ts";

export const createEnrollmentChallenge: Handler<operations["createEnrollmentChallenge"], GatewayCore> = async (
  { body },
  _call,
  core,
) => ({ status: 201, body: await core.nodes.challenge(body) });

export const enrollNode: Handler<operations["enrollNode"], GatewayCore> = async ({ body }, _call, core) => ({
  status: 201,
  body: await core.nodes.enroll(body),
});

export const publishHeartbeat: Handler<operations["publishHeartbeat"], GatewayCore> = async ({ body }, call, core) => {
  const node = nodeOf(call);
  const { epoch, server_time } = core.nodes.heartbeat(node, body);
  const { latest_agent_version } = core;
  const said = core.nodeState(node.node_id);
  return { status: 200, body: { epoch, server_time, latest_agent_version, ...said } };
};

export const submitNodeReceipt: Handler<operations["submitNodeReceipt"], GatewayCore> = async (
  { body },
  call,
  core,
) => ({ status: 200, body: await core.receipts.submit(nodeOf(call).node_id, body) });

export const publishTransportKey: Handler<operations["publishTransportKey"], GatewayCore> = async (
  { body },
  call,
  core,
) => ({ status: 201, body: await core.transportKeys.publish(nodeOf(call).node_id, body) });

/** The server's upgrade event opens tunnels; a request that arrives here lost its Upgrade header on the way. */
export const openNodeTunnel: Handler<operations["openNodeTunnel"], GatewayCore> = async () => {
  throw tunnelUpgradeRequired();
};
