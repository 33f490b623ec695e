import { readFileSync } from "node:fs";
import * as http from "node:http";
import { afterAll, expect, test } from "vitest";
import { ERRORS } from "../../generated/errors.ts";
import { testSystem } from "../e2e/support.ts";
import { FAKE_MODEL, fakeRuntime } from "../support/fake_runtime.ts";

/** Codes of the catalogue, produced over HTTP: status, type, title, envelope and retry headers as the catalogue says, and nothing charged. */

type Code = keyof typeof ERRORS;
type Ask = { method?: string; path?: string; headers?: Record<string, string>; body?: unknown };
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- error bodies of two envelopes
type Failure = { status: number; headers: http.IncomingHttpHeaders; error: any };

const fake = await fakeRuntime();
afterAll(() => fake.close());
const system = await testSystem({ agents: [{ runtime_url: fake.url }], gateway_env: { B3IQ_CHAT_BODY_MAX_BYTES: "100000" } });
const customer = await system.customer();
const admin = system.admin;

const CHAT = "/v1/chat/completions";
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const keyed = bearer(customer.key);
const own = { "x-b3iq-customer-id": customer.customer_id, "x-b3iq-customer-token": customer.customer_token };
const chat = (more: object = {}) => ({ model: FAKE_MODEL, messages: [{ role: "user", content: "hello" }], max_tokens: 4, ...more });

/** As it is on the wire: `fetch` refuses some of what a client may send. */
function send({ method = "POST", path = CHAT, headers = keyed, body }: Ask): Promise<Failure> {
  const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = http.request(system.url + path, { method, headers: { ...(text === undefined ? {} : { "content-type": "application/json" }), ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, error: JSON.parse(Buffer.concat(chunks).toString()).error }));
    });
    request.on("error", reject);
    request.end(text);
  });
}

async function keyOf(options: object): Promise<string> {
  const made = await admin.ask("POST", `/v1/admin/customers/${customer.customer_id}/keys`, { body: { label: "errors", ...options } });
  expect(made.status).toBe(201);
  return made.json.key as string;
}

const SCOPES = ["models:read", "chat:create", "billing:read"];
const POLICY = {
  max_price_wei: null, model_allowlist: null, route_tiers: null, spend_caps: [], requests_per_minute: null, tokens_per_minute: null, max_concurrent_requests: null,
};
const limited = async (policy: object) => send({ headers: bearer(await keyOf({ scopes: SCOPES, policy: { ...POLICY, ...policy } })), body: chat() });

/** How each is produced. */
const PRODUCED: Partial<Record<Code, () => Promise<Failure>>> = {
  invalid_request: () => send({ body: '{"model": ' }),
  unsupported_parameter: () => send({ body: chat({ n: 2 }) }),
  mixed_credentials: () => send({ headers: { ...keyed, ...own }, body: chat() }),
  node_targeting_rejected: () => send({ body: chat({ node_id: "node_x" }) }),
  dispatch_mode_rejected: () => send({ body: chat({ b3iq: { dispatch_mode: "private_job" } }) }),
  unauthorized: () => send({ headers: bearer("b3iq_gateway_wrong"), body: chat() }),
  insufficient_balance: async () => send({ headers: bearer((await system.customer({ credit_wei: 1n })).key), body: chat() }),
  gateway_spend_cap_exceeded: () => limited({ spend_caps: [{ window_seconds: 3600, cap_wei: "1" }] }),
  gateway_api_key_scope_denied: async () => send({ headers: bearer(await keyOf({ scopes: ["models:read"] })), body: chat() }),
  model_not_allowed: () => limited({ model_allowlist: ["another.gguf"] }),
  max_price_exceeded: () => send({ body: chat({ b3iq: { max_price_wei: "1" } }) }),
  customer_frozen: async () => {
    const frozen = await system.customer();
    expect((await admin.ask("PATCH", `/v1/admin/customers/${frozen.customer_id}`, { body: { status: "frozen" } })).status).toBe(200);
    return send({ headers: bearer(frozen.key), body: chat() });
  },
  not_found: () => send({ method: "GET", path: `/v1/receipts/${"0".repeat(64)}`, headers: {} }),
  model_not_found: () => send({ body: chat({ model: "none" }) }),
  endpoint_not_supported: () => send({ path: "/v1/embeddings", body: {} }),
  method_not_allowed: () => send({ method: "DELETE" }),
  not_acceptable: () => send({ method: "GET", path: "/v1/billing/usage", headers: { ...keyed, accept: "image/png" } }),
  idempotency_completed: async () => {
    const again = { headers: { ...keyed, "idempotency-key": "errors-1" }, body: chat({ messages: [{ role: "user", content: "charged once" }] }) };
    await send(again).catch(() => undefined);
    return send(again);
  },
  idempotency_key_reused: () => send({ headers: { ...keyed, "idempotency-key": "errors-1" }, body: chat() }),
  conflict: async () => {
    const incident = { method: "POST", path: "/v1/admin/incidents", headers: adminHeaders(), body: { scope: "model", target: "none.gguf", reason: "A test." } };
    await send(incident);
    return send(incident);
  },
  payload_too_large: () => send({ body: chat({ messages: [{ role: "user", content: "x".repeat(100_000) }] }) }),
  unsupported_media_type: () => send({ headers: { ...keyed, "content-type": "text/plain" }, body: chat() }),
  rate_limited: async () => {
    const key = bearer(await keyOf({ scopes: SCOPES, policy: { ...POLICY, requests_per_minute: 1 } }));
    await send({ headers: key, body: chat({ model: "none" }) });
    await send({ headers: key, body: chat() });
    return send({ headers: key, body: chat() });
  },
  headers_too_large: () => send({ headers: { ...keyed, "x-long": "x".repeat(200_000) }, body: chat() }),
};

/** Where the others are produced: they need a part that fails, a second program, or signatures. */
const ELSEWHERE: Partial<Record<Code, string>> = {
  context_length_exceeded: "host/local_surface", invalid_encrypted_request: "private/admission", invalid_signature: "nodes/attacks", clock_skew: "nodes/attacks",
  replayed_request: "nodes/attacks", stale_epoch: "nodes/attacks", challenge_expired: "nodes/attacks", forbidden: "surface/refusals",
  route_tier_not_allowed: "ledger/admission", node_suspended: "gateway/gates", request_timeout: "surface/refusals", idempotency_in_flight: "e2e/failures",
  model_benchmark_unverified: "private/admission", observed_benchmark_missing: "private/admission", protocol_stake_unsatisfied: "gateway/gates",
  receipt_hash_mismatch: "protocol/receipt", sequence_reused: "private/settlement", lease_superseded: "nodes/commands", not_enrolled: "host/local_surface",
  setup_already_claimed: "host/local_surface", upgrade_required: "nodes/attacks", internal_error: "surface/stream",
  router_dispatch_failed: "e2e/failures", runtime_failed: "host/dispatch", gateway_unreachable: "private/agent", no_healthy_candidates: "e2e/failures",
  admission_unavailable: "ledger/failures", draining: "surface/stream", incident_paused: "payouts/payouts", runtime_busy: "host/dispatch", router_timeout: "e2e/failures",
};

/** No test produces these over HTTP yet. */
const NOWHERE: readonly Code[] = ["database_unavailable"];

const adminHeaders = () => ({ "x-b3iq-admin-token": readFileSync(`${system.secrets_dir}/admin-token`, "utf8").trim() });
const charges = async () => (await customer.usage()).filter(({ kind }: { kind: string }) => kind !== "credit").length;

test.each(Object.keys(PRODUCED) as Code[])("%s", async (code) => {
  // Of these, an earlier call of the same case was served and paid for.
  const before = ["idempotency_completed", "rate_limited"].includes(code) ? undefined : await charges();
  const { status, headers, error } = await PRODUCED[code]!();
  const entry = ERRORS[code];
  expect({ code: error.code, status }).toEqual({ code, status: entry.status });
  const openai = error.message !== undefined;
  if (openai) expect(Object.keys(error).sort()).toEqual(["b3iq", "code", "message", "param", "type"]);
  if (openai) expect(error.type).toBe(entry.type);
  expect(openai ? error.b3iq : error).toMatchObject({ status: entry.status, title: entry.title, request_id: headers["x-request-id"] });
  expect(headers["x-should-retry"]).toBe(String(entry.retryable));
  if (status === 429) expect(Number(headers["retry-after"])).toBeGreaterThan(0);
  if (before !== undefined) expect(await charges()).toBe(before);
});

test("every code of the catalogue is accounted for", () => {
  expect([...Object.keys(PRODUCED), ...Object.keys(ELSEWHERE), ...NOWHERE].sort()).toEqual(Object.keys(ERRORS).sort());
});

test.each(Object.entries(ELSEWHERE))("%s is produced in test/%s.test.ts", (code, file) => {
  expect(readFileSync(new URL(`../${file}.test.ts`, import.meta.url), "utf8")).toContain(code);
});
