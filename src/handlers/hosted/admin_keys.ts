import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";
import { adminOf } from "./principals.ts";

export const listGatewayKeys: Handler<operations["listGatewayKeys"], GatewayCore> = async (
  { path, query },
  call,
  core,
) => {
  adminOf(call, "read");
  await core.customers.get(path.customer_id);
  return { status: 200, body: await core.keys.list(path.customer_id, query) };
};

export const createGatewayKey: Handler<operations["createGatewayKey"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => {
  const actor = adminOf(call, "keys");
  const created = await core.keys.create(path.customer_id, body);
  await core.audit.record(actor, "createGatewayKey", created.key_id, { scopes: created.scopes });
  return { status: 201, body: created };
};

export const updateGatewayKey: Handler<operations["updateGatewayKey"], GatewayCore> = async (
  { path, body },
  call,
  core,
) => {
  const actor = adminOf(call, "keys");
  const updated = await core.keys.update(path.key_id, null, body);
  await core.audit.record(actor, "updateGatewayKey", path.key_id, {
    scopes: updated.scopes,
    expires_at: updated.expires_at,
  });
  return { status: 200, body: updated };
};

export const revokeGatewayKey: Handler<operations["revokeGatewayKey"], GatewayCore> = async (
  { path, query },
  call,
  core,
) => {
  const actor = adminOf(call, "keys");
  const revoked = await core.keys.revoke(path.key_id, null, query.abort ?? false);
  await core.audit.record(actor, "revokeGatewayKey", path.key_id, { abort: query.abort ?? false });
  return { status: 200, body: revoked };
};

export const putKeyPolicy: Handler<operations["putKeyPolicy"], GatewayCore> = async ({ path, body }, call, core) => {
  const actor = adminOf(call, "keys");
  const policy = await core.keys.putPolicy(path.key_id, body);
  await core.audit.record(actor, "putKeyPolicy", path.key_id, { version: policy.version });
  return { status: 200, body: policy };
};
