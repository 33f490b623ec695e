import { tunnelUpgradeRequired } from "../../core/gateway/nodes/tunnel_opening.ts";
import { nodeOf } from "./principals.ts";
import type { HostedHandler } from "./hosted_handler.ts";

export const createEnrollmentChallenge: HostedHandler<"createEnrollmentChallenge"> = async ({ body }, _call, core) => ({
  status: 201,
  body: await core.nodes.challenge(body),
});

export const enrollNode: HostedHandler<"enrollNode"> = async ({ body }, _call, core) => ({
  status: 201,
  body: await core.nodes.enroll(body),
});

export const publishHeartbeat: HostedHandler<"publishHeartbeat"> = async ({ body }, call, core) => {
  const node = nodeOf(call);
  const { epoch, server_time } = core.nodes.heartbeat(node, body);
  const { latest_agent_version } = core;
  const said = core.nodeState(node.node_id);
  return { status: 200, body: { epoch, server_time, latest_agent_version, ...said } };
};

export const submitNodeReceipt: HostedHandler<"submitNodeReceipt"> = async ({ body }, call, core) => ({
  status: 200,
  body: await core.receipts.submit(nodeOf(call).node_id, body),
});

export const publishTransportKey: HostedHandler<"publishTransportKey"> = async ({ body }, call, core) => ({
  status: 201,
  body: await core.transportKeys.publish(nodeOf(call).node_id, body),
});

/** The server's upgrade event opens tunnels; a request that arrives here lost its Upgrade header on the way. */
export const openNodeTunnel: HostedHandler<"openNodeTunnel"> = async () => {
  throw tunnelUpgradeRequired();
};
