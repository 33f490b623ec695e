import type { LocalKey } from "../../../generated/local.ts";
import { LOCAL_SCOPES, type LocalScope } from "../../core/host/access/local_keys.ts";
import type { Session } from "../../core/host/access/owner.ts";
import { type LocalCore, modeOf } from "../../core/host/access/local_callers.ts";
import type { Call } from "../operation.ts";
import type { LocalHandler } from "./local_handler.ts";

const COOKIE = "b3iq_owner";

export const getSetupStatus: LocalHandler<"getSetupStatus"> = async (_input, _call, core) => {
  const { access, node_id, runtime, profiles } = core.agent;
  const owner = access.owner();
  const heard = core.managed?.heard ?? null;
  return {
    status: 200,
    body: {
      claimed: owner !== undefined,
      owner_name: owner?.name ?? null,
      mode: modeOf(core),
      node_id,
      gateway_url: core.managed?.gateway_url ?? null,
      agent_version: core.agent_version,
      latest_agent_version: heard?.answer.latest_agent_version ?? null,
      gateway_answered_at: heard === null ? null : new Date(heard.at_ms).toISOString(),
      node_status: heard?.answer.status ?? null,
      runtime_kind: runtime.kind,
      runtime_ready: profiles.ready,
      ...core.agent.runtimeState(),
      local_keys: access.keys().filter((row) => access.statusOf(row) === "active").length,
    },
  };
};

export const claimOwner: LocalHandler<"claimOwner"> = async ({ body }, _call, core) =>
  loggedIn(await core.agent.access.claim(body.name, body.password, body.recover ?? false));

export const createOwnerSession: LocalHandler<"createOwnerSession"> = async ({ body }, _call, core) =>
  loggedIn(await core.agent.access.login(body.name, body.password));

export const deleteOwnerSession: LocalHandler<"deleteOwnerSession"> = async (_input, call, core) => {
  const token = cookieOf(call);
  if (token !== undefined) core.agent.access.endSession(token);
  return { status: 200, body: { status: "ok" }, headers: { "set-cookie": cookie("", 0) } };
};

export const listLocalKeys: LocalHandler<"listLocalKeys"> = async (_input, _call, core) => ({
  status: 200,
  body: { data: core.agent.access.keys().map((row) => keyView(row, core)) },
});

export const createLocalKey: LocalHandler<"createLocalKey"> = async ({ body }, _call, core) => {
  const { row, key } = core.agent.access.createKey({
    label: body.label ?? null,
    scopes: (body.scopes as LocalScope[] | undefined) ?? LOCAL_SCOPES,
    expires_at_ms: body.expires_at === undefined ? null : Date.parse(body.expires_at),
  });
  return { status: 201, body: { ...keyView(row, core), key } };
};

export const revokeLocalKey: LocalHandler<"revokeLocalKey"> = async ({ path }, _call, core) => ({
  status: 200,
  body: keyView(core.agent.access.revokeKey(path.key_id), core),
});

function keyView(row: ReturnType<LocalCore["agent"]["access"]["keys"]>[number], core: LocalCore): LocalKey {
  const time = (at_ms: number | null) => (at_ms === null ? null : new Date(at_ms).toISOString());
  return {
    key_id: row.key_id,
    label: row.label,
    scopes: row.scopes.split(" ") as LocalScope[],
    display_tail: row.display_tail,
    status: core.agent.access.statusOf(row),
    created_at: time(row.created_at_ms)!,
    expires_at: time(row.expires_at_ms),
    revoked_at: time(row.revoked_at_ms),
  };
}

function loggedIn({ name, token, expires_at_ms }: Session) {
  const max_age_s = Math.floor((expires_at_ms - Date.now()) / 1000);
  return {
    status: 201 as const,
    body: { name, expires_at: new Date(expires_at_ms).toISOString() },
    headers: { "set-cookie": cookie(token, max_age_s) },
  };
}

function cookie(token: string, max_age_s: number): string {
  return `${COOKIE}=${token}; Path=/; Max-Age=${max_age_s}; HttpOnly; SameSite=Strict`;
}

function cookieOf(call: Call): string | undefined {
  const pairs = (call.header("cookie") ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}
