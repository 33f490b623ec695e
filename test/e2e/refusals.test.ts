import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { contractFetch } from "../support/contract_client.ts";
import { FAKE_MODEL, fakeRuntime } from "../support/fake_runtime.ts";
import { testSystem } from "../support/e2e.ts";

const fake = await fakeRuntime();
afterAll(() => fake.close());
const system = await testSystem({
  agents: [{ runtime_url: fake.url }],
  gateway_env: { B3IQ_CHAT_BODY_MAX_BYTES: "100000" },
});
const customer = await system.customer();
const checked = await contractFetch(
  JSON.parse(readFileSync(new URL("../../generated/hosted.json", import.meta.url), "utf8")),
);

const CHAT = "/v1/chat/completions";
const bearer = { authorization: `Bearer ${customer.key}` };
const own = { "x-b3iq-customer-id": customer.customer_id, "x-b3iq-customer-token": customer.customer_token };
const messages = [{ role: "user", content: "hello" }];
const json = { "content-type": "application/json" };
const chat = (more: object) => JSON.stringify({ model: FAKE_MODEL, messages, ...more });

type Case = [
  what: string,
  ask: { method?: string; path?: string; headers?: Record<string, string>; body?: string },
  status: number,
  code: string,
  envelope?: "native",
];
const cases: Case[] = [
  ["malformed JSON", { body: '{"model": ' }, 400, "invalid_request"],
  ["a wrong type", { body: chat({ temperature: "hot" }) }, 400, "invalid_request"],
  ["a missing field", { body: JSON.stringify({ model: FAKE_MODEL }) }, 400, "invalid_request"],
  ["deep nesting", { body: `{"model":"m","messages":${"[".repeat(200)}${"]".repeat(200)}}` }, 400, "invalid_request"],
  [
    "a body over the limit",
    { body: chat({ messages: [{ role: "user", content: "x".repeat(100_000) }] }) },
    413,
    "payload_too_large",
  ],
  [
    "a wrong content type",
    { headers: { ...bearer, "content-type": "text/plain" }, body: chat({}) },
    415,
    "unsupported_media_type",
  ],
  ["a wrong method", { method: "DELETE" }, 405, "method_not_allowed"],
  ["an unknown OpenAI path", { path: "/v1/embeddings", body: "{}" }, 404, "endpoint_not_supported"],
  ["an unknown path", { path: "/v2/nothing", body: "{}" }, 404, "not_found", "native"],
  ["an absent key", { headers: json, body: chat({}) }, 401, "unauthorized"],
  [
    "a wrong key",
    { headers: { ...json, authorization: "Bearer b3iq_gateway_wrong" }, body: chat({}) },
    401,
    "unauthorized",
  ],
  ["customer headers alone", { headers: { ...json, ...own }, body: chat({}) }, 401, "unauthorized"],
  ["both credentials", { headers: { ...json, ...bearer, ...own }, body: chat({}) }, 400, "mixed_credentials"],
  ["n: 2", { body: chat({ n: 2 }) }, 400, "unsupported_parameter"],
  ["an unknown parameter", { body: chat({ colour: "red" }) }, 400, "unsupported_parameter"],
  ["a parameter that changes the count", { body: chat({ ignore_eos: true }) }, 400, "unsupported_parameter"],
  ["a parameter that no node of the model has", { body: chat({ top_k: 5 }) }, 400, "unsupported_parameter"],
  ["a chosen node", { body: chat({ node_id: "node_x" }) }, 400, "node_targeting_rejected"],
  ["a private job by chat", { body: chat({ b3iq: { dispatch_mode: "private_job" } }) }, 400, "dispatch_mode_rejected"],
  ["a ceiling below the price", { body: chat({ b3iq: { max_price_wei: "1" } }) }, 403, "max_price_exceeded"],
  ["an unknown model", { body: chat({ model: "none" }) }, 404, "model_not_found"],
  [
    "a receipt that nobody signed",
    { method: "GET", path: `/v1/receipts/${"0".repeat(64)}` },
    404,
    "not_found",
    "native",
  ],
  [
    "an admin's call without a token",
    { method: "GET", path: "/v1/admin/customers", headers: {} },
    401,
    "unauthorized",
    "native",
  ],
  ["a job of nobody", { method: "GET", path: "/v1/billing/jobs/none" }, 404, "not_found", "native"],
];

test.each(cases)(
  "%s",
  async (_what, { method = "POST", path = CHAT, headers = { ...json, ...bearer }, body }, status, code, envelope) => {
    const unlisted = path.startsWith("/v2/") || path === "/v1/embeddings" || method === "DELETE";
    const response = await (unlisted ? fetch : checked)(system.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const { error } = (await response.json()) as {
      error: Record<string, unknown> & { b3iq?: Record<string, unknown> };
    };
    expect({ status: response.status, code: error["code"] }).toEqual({ status, code });
    expect(response.headers.get("x-request-id")).toMatch(/^req_[0-9a-z]{26}$/);
    expect(response.headers.get("content-type")).toBe("application/json");
    if (envelope === "native")
      expect(error).toMatchObject({
        status,
        title: expect.any(String) as unknown,
        detail: expect.any(String) as unknown,
      });
    else expect(Object.keys(error).sort()).toEqual(["b3iq", "code", "message", "param", "type"]);
    if (status === 405) expect(response.headers.get("allow")).toContain("POST");
  },
);

test("nothing of that was held, charged or sent to a node", async () => {
  expect((await customer.usage()).map(({ kind }) => kind)).toEqual(["credit"]);
  expect(fake.requests.filter(({ body }) => JSON.stringify(body["messages"]) === JSON.stringify(messages))).toEqual([]);
});

test("an operator's key smokes a customer: with the customer's headers it chats and bills it, without them no customer follows", async () => {
  const payer = await system.customer();
  const scopes = ["models:read", "chat:create", "billing:read"];
  const made = await system.admin.ask("POST", `/v1/admin/customers/${payer.customer_id}/keys`, {
    body: { label: "smoke", scopes, operator: true },
  });
  expect(made.json).toMatchObject({ customer_id: null, operator: true });
  const operator = { ...json, authorization: `Bearer ${made.json.key}` };
  const named = { "x-b3iq-customer-id": payer.customer_id, "x-b3iq-customer-token": payer.customer_token };
  const answer = await checked(system.url + CHAT, {
    method: "POST",
    headers: { ...operator, ...named },
    body: chat({}),
  });
  expect(answer.status).toBe(200);
  const { b3iq } = (await answer.json()) as { b3iq: { charged_wei: string } };
  expect(10n ** 18n - (await payer.balance())).toBe(BigInt(b3iq.charged_wei));
  const alone = await checked(system.url + CHAT, { method: "POST", headers: operator, body: chat({}) });
  expect(alone.status).toBe(403);
  expect(await alone.json()).toMatchObject({ error: { code: "gateway_api_key_scope_denied" } });
});

test("a key that is revoked is refused within a second", async () => {
  const gone = await system.customer();
  const ask = () => gone.client.ask("POST", CHAT, { body: { model: FAKE_MODEL, messages } });
  const read = () => gone.client.ask("GET", "/v1/billing/account");
  expect((await ask()).status).toBe(200);
  expect((await read()).status).toBe(200);
  expect((await system.admin.ask("DELETE", `/v1/admin/keys/${gone.key_id}`)).status).toBeLessThan(300);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect((await ask()).json.error.code).toBe("unauthorized");
  // The ledger refuses a revoked key by itself; a read depends on what the gateway remembers of it.
  expect((await read()).status).toBe(401);
});
