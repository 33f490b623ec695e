/** How each code of the catalogue is produced over HTTP. */
import type { ErrorCode } from "../../../src/core/errors.ts";
import { NO_LIMITS } from "../../../src/core/gateway/billing/policy.ts";
import { heartbeatBody } from "../../support/nodes/network.ts";
import { rawExchange } from "../../support/surface.ts";
import { withoutDatabase, withoutTables } from "./hosted_faults.ts";
import { stalled } from "./hosted_refusals.ts";
import type { HostedWorld } from "./hosted_world.ts";
import { rawNode } from "./node.ts";
import type { Answer } from "./wire.ts";

export type Cases = Partial<Record<ErrorCode, () => Promise<Answer>>>;

const WHY = { reason: "A test of codes." };
const SCOPES = ["models:read", "chat:create", "billing:read"];
/** Calls as the customer, the admin, a node of the world. */
export function callers(world: HostedWorld) {
  const { wire, seeds, admin_token, runtime, send, plan } = world;
  const asAdmin = (method: string, url: string, body?: object) =>
    wire.ask({ method, url: `/v1/admin${url}`, headers: { "x-b3iq-admin-token": admin_token }, body });
  const chat = (body: object | string = {}, headers: Record<string, string> = {}) =>
    send(plan("createChatCompletion"), "good", {
      body: typeof body === "string" ? body : { ...(plan("createChatCompletion").body as object), ...body },
      headers,
    });
  const key = async (more: object = {}, customer_id = seeds.customer_id) =>
    (await asAdmin("POST", `/customers/${customer_id}/keys`, { label: "codes", scopes: SCOPES, ...more })).json
      .key as string;
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const limited = async (policy: object) => chat({}, bearer(await key({ policy: { ...NO_LIMITS, ...policy } })));
  async function failing(behaviour: object, work: () => Promise<Answer>): Promise<Answer> {
    const before = runtime.behaviour;
    runtime.behaviour = { ...before, ...behaviour };
    return work().finally(() => {
      runtime.behaviour = before;
    });
  }
  return { asAdmin, chat, key, bearer, limited, failing };
}

/** With a request line that Node's client does not write. */
async function asHttp2(base: string): Promise<Answer> {
  const { host, port } = new URL(base);
  const sent = `POST /v1/chat/completions HTTP/2.0\r\nhost: ${host}\r\ncontent-length: 0\r\n\r\n`;
  const [head, text] = (await rawExchange(Number(port), sent)).split("\r\n\r\n") as [string, string];
  const [line, ...headers] = head.split("\r\n");
  const status = Number(line!.split(" ")[1]);
  return { status, headers: Object.fromEntries(headers.map((one) => one.split(": "))), text, json: JSON.parse(text) };
}

/** What a customer's chats and reads can be answered. */
export function customerCases(world: HostedWorld): Cases {
  const { wire, seeds, agent, send, plan } = world;
  const { asAdmin, chat, key, bearer, limited, failing } = callers(world);
  const own = { "x-b3iq-customer-id": seeds.customer_id, "x-b3iq-customer-token": seeds.customer_token };
  const completed = { "idempotency-key": "codes-completed" };
  return {
    invalid_request: () => chat('{"model": '),
    unsupported_parameter: () => chat({ n: 2 }),
    mixed_credentials: () => chat({}, own),
    node_targeting_rejected: () => chat({ node_id: "node_x" }),
    dispatch_mode_rejected: () => chat({ b3iq: { dispatch_mode: "private_job" } }),
    context_length_exceeded: () =>
      failing(
        {
          status: 400,
          error: { error: { code: "context_length_exceeded", message: "9000 tokens are more than 8192" } },
        },
        () => chat(),
      ),
    unauthorized: () => chat({}, bearer("b3iq_gateway_wrong")),
    insufficient_balance: () => chat({}, bearer(seeds.poor_gateway_key)),
    gateway_spend_cap_exceeded: () => limited({ spend_caps: [{ window_seconds: 3600, cap_wei: "1" }] }),
    gateway_api_key_scope_denied: async () => chat({}, bearer(await key({ scopes: ["models:read"] }))),
    model_not_allowed: () => limited({ model_allowlist: ["another.gguf"] }),
    route_tier_not_allowed: () => limited({ route_tiers: ["fleet_orchestrated"] }),
    max_price_exceeded: () => chat({ b3iq: { max_price_wei: "1" } }),
    customer_frozen: async () => {
      const { customer_id } = (await asAdmin("POST", "/customers", { label: "frozen" })).json;
      const token = await key({}, customer_id);
      await asAdmin("PATCH", `/customers/${customer_id}`, { status: "closed" });
      return chat({}, bearer(token));
    },
    not_found: () => wire.ask({ method: "GET", url: `/v1/receipts/${"0".repeat(64)}` }),
    model_not_found: () => chat({ model: "none" }),
    endpoint_not_supported: () => wire.ask({ method: "POST", url: "/v1/embeddings", body: {} }),
    method_not_allowed: () => wire.ask({ method: "DELETE", url: "/v1/chat/completions" }),
    not_acceptable: () => send(plan("exportBillingUsage"), "good", { headers: { accept: "image/png" } }),
    request_timeout: () => stalled(world, plan("createChatCompletion").operation),
    idempotency_completed: async () => {
      await chat({}, completed);
      return chat({}, completed);
    },
    idempotency_key_reused: () => chat({ seed: 7 }, completed),
    // Whichever comes second is refused while the other is answered.
    idempotency_in_flight: () =>
      failing({ first_delay_ms: 700 }, async () => {
        const both = await Promise.all([1, 2].map(() => chat({}, { "idempotency-key": "codes-in-flight" })));
        return both.find(({ status }) => status === 409)!;
      }),
    payload_too_large: () =>
      send(plan("createChatCompletion"), "good", { body: undefined, announced_bytes: 100_000_000 }),
    unsupported_media_type: () => chat("text", { "content-type": "text/plain" }),
    rate_limited: async () => {
      const token = bearer(await key({ policy: { ...NO_LIMITS, requests_per_minute: 1 } }));
      await chat({ model: "none" }, token);
      await chat({}, token);
      return chat({}, token);
    },
    http_version_not_supported: () => asHttp2(world.system.url),
    headers_too_large: () => chat({}, { "x-long": "x".repeat(50_000) }),
    settlement_unavailable: async () => {
      const session = await world.system.db.connect();
      await session.query("begin");
      world.runtime.onChat = () => {
        delete world.runtime.onChat;
        void session.query("select from accounts where owner_kind = 'customer' for update");
      };
      const answer = await failing({ first_delay_ms: 200 }, () => chat());
      await session.query("rollback");
      await session.end();
      return answer;
    },
    router_dispatch_failed: () => failing({ status: 500 }, () => chat()),
    router_timeout: () => failing({ first_delay_ms: 3_000 }, () => chat()),
    no_healthy_candidates: async () => {
      const { incident_id } = (await asAdmin("POST", "/incidents", { scope: "model", target: agent.model, ...WHY }))
        .json;
      const answer = await chat();
      await asAdmin("POST", `/incidents/${incident_id}/clear`, WHY);
      return answer;
    },
  };
}

/** What nodes and admins can be answered. */
export function networkCases(world: HostedWorld): Cases {
  const { wire, node, send, plan, privateJob } = world;
  const { asAdmin } = callers(world);
  const beat = (changes: object) => {
    const text = JSON.stringify(heartbeatBody());
    return wire.ask({
      method: "POST",
      url: "/v1/node/heartbeats",
      body: text,
      headers: { ...node.sign("POST", "/v1/node/heartbeats", text, changes) },
    });
  };
  return {
    invalid_encrypted_request: () =>
      send(plan("createPrivateJob"), "good", { body: { ...privateJob(), max_price_wei: "7" } }),
    invalid_signature: () => send(plan("publishHeartbeat"), "wrong"),
    clock_skew: () => beat({ time_ms: Date.now() - 3_600_000 }),
    replayed_request: () => beat({}).then(() => beat({ seq: 1 })),
    stale_epoch: () => beat({ epoch: node.node.epoch - 1 }),
    challenge_expired: async () => {
      const stranger = rawNode(wire);
      const enrollment = stranger.enrollment((await wire.ask(stranger.challenge())).json);
      await wire.ask(enrollment);
      return wire.ask(enrollment);
    },
    forbidden: () => send(plan("listCustomers"), "weak"),
    node_suspended: async () => {
      const other = rawNode(wire);
      await other.enroll();
      await asAdmin("PATCH", `/nodes/${other.node_id}`, { status: "suspended", ...WHY });
      return other.openTunnel();
    },
    conflict: () =>
      asAdmin("POST", "/incidents", { scope: "model", target: "twice.gguf", ...WHY }).then(() =>
        asAdmin("POST", "/incidents", { scope: "model", target: "twice.gguf", ...WHY }),
      ),
    receipt_hash_mismatch: async () => {
      const { hostedSteps } = await import("./hosted_steps.ts");
      const answers = await hostedSteps(world).find(([name]) => name === "what a node sends")![1]();
      return answers.find(([, { json }]) => json?.error?.code === "receipt_hash_mismatch")![1];
    },
    lease_superseded: async () => {
      const { command_id } = (
        await asAdmin("POST", "/commands", {
          node_id: node.node_id,
          kind: "runtime_probe",
          payload: { model_profile_id: "p1" },
          ...WHY,
        })
      ).json;
      return node.call("POST", `/v1/node/commands/${command_id}/result`, {
        lease_token: 9,
        status: "failed",
        failure: { code: "probe_failed", message: "no" },
      });
    },
    upgrade_required: () => wire.ask(rawNode(wire).challenge({ protocol_version: 0 })),
    incident_paused: async () => {
      const { incident_id } = (await asAdmin("POST", "/incidents", { scope: "payouts", ...WHY })).json;
      const answer = await asAdmin("POST", "/payout-batches", {});
      await asAdmin("POST", `/incidents/${incident_id}/clear`, WHY);
      return answer;
    },
    internal_error: async () => (await withoutTables(world)).find(([id]) => id === "getBillingAccount")![1],
    database_unavailable: async () => (await withoutDatabase(world)).find(([id]) => id === "listCustomers")![1],
    admission_unavailable: async () => (await withoutDatabase(world)).find(([id]) => id === "createChatCompletion")![1],
  };
}
