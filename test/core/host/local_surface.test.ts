import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testClient } from "../../support/client.ts";
import { runningHost, type TestHost } from "../../support/running_host.ts";

let host: TestHost;
const HELLO = { model: "b3iq-tiny.gguf", messages: [{ role: "user", content: "hello" }] };
const PASSWORD = "correct horse battery staple";

beforeAll(async () => {
  host = await runningHost();
});

afterAll(() => host.close());

const withKey = (key: string) => testClient(host.url, { authorization: `Bearer ${key}` }, host.fetch);

describe("health and models", () => {
  test("health is open to all and says nothing private", async () => {
    const { status, json } = await host.anyone.ask("GET", "/health");
    expect(status).toBe(200);
    expect(json).toEqual({
      status: "ok",
      mode: "local",
      agent_version: expect.any(String),
      runtime: "ready",
      tunnel: "none",
    });
  });

  test("models and profiles", async () => {
    const models = await withKey(host.key).ask("GET", "/v1/models");
    expect(models.json.data).toMatchObject([
      { id: "b3iq-tiny.gguf", owned_by: "local", b3iq: { context_length: 4096, runtime_kind: "llama_cpp" } },
    ]);
    expect(models.json.data[0].b3iq.supported_parameters).not.toContain("logprobs");
    const { json } = await host.owner.ask("GET", "/v1/model-profiles");
    expect(json.data[0]).toMatchObject({
      model_profile_id: "b3iq-tiny.gguf@llama_cpp",
      benchmark_verified: true,
      paid_route_eligible: false,
    });
    expect(json.data[0].blockers.map((blocker: { code: string }) => blocker.code)).toEqual(["not_enrolled"]);
    expect((await host.anyone.ask("GET", "/v1/model-profiles")).status).toBe(401);
  });
});

describe("chat", () => {
  test("plain and streamed, with a receipt that the owner finds", async () => {
    const plain = await withKey(host.key).ask("POST", "/v1/chat/completions", { body: HELLO });
    expect(plain.status).toBe(200);
    expect(plain.headers.get("x-b3iq-receipt-hash")).toBe(plain.json.b3iq.receipt_hash);
    const streamed = await withKey(host.key).events("/v1/chat/completions", { body: { ...HELLO, stream: true } });
    expect(streamed.headers.get("content-type")).toBe("text/event-stream");
    expect(streamed.events.at(-1)).toBe("[DONE]");
    const receipts = await host.owner.ask("GET", "/v1/receipts?limit=1");
    expect(receipts.json.data).toMatchObject([
      { kind: "local", status: "local", receipt: { type: "b3iq.local-receipt.v1" } },
    ]);
    const next = await host.owner.ask("GET", `/v1/receipts?limit=1&cursor=${receipts.json.next_cursor}`);
    expect(next.json.data[0].receipt_hash).toBe(plain.json.b3iq.receipt_hash);
    expect((await host.owner.ask("GET", "/v1/receipts?cursor=bm9wZQ")).json.error.code).toBe("invalid_request");
    const submitted = await host.owner.ask("POST", "/v1/receipts/submit", {
      body: { receipt_hash: plain.json.b3iq.receipt_hash },
    });
    expect(submitted.json.error.code).toBe("not_enrolled");
  });

  test("refusals have their code, param and envelope", async () => {
    const ask = (body: unknown, key = host.key) => withKey(key).ask("POST", "/v1/chat/completions", { body });
    for (const [body, status, code, param] of [
      [{ ...HELLO, model: "none" }, 404, "model_not_found", "model"],
      [{ ...HELLO, logprobs: true }, 400, "unsupported_parameter", "logprobs"],
      [{ ...HELLO, n: 2 }, 400, "unsupported_parameter", "n"],
      [{ ...HELLO, b3iq: { dispatch_mode: "direct" } }, 400, "unsupported_parameter", "b3iq"],
      [{ ...HELLO, b3iq: "x" }, 400, "unsupported_parameter", "b3iq"],
      [
        { ...HELLO, messages: [{ role: "user", content: "word ".repeat(6000) }] },
        400,
        "context_length_exceeded",
        "messages",
      ],
      [{ ...HELLO, messages: 3 }, 400, "invalid_request", "messages"],
      ["{", 400, "invalid_request", null],
    ] as const) {
      const refused = await ask(body);
      expect([refused.status, refused.json.error.code]).toEqual([status, code]);
      if (param !== null) expect(refused.json.error.param).toBe(param);
      expect(refused.json.error).toHaveProperty("message");
      expect(refused.headers.get("x-request-id")).toMatch(/^req_/);
    }
    const long = await ask({ ...HELLO, messages: [{ role: "user", content: "word ".repeat(6000) }] });
    expect(long.json.error.b3iq).toMatchObject({ context_length: 4096, prompt_tokens: expect.any(Number) });
    expect(await ask(HELLO, "b3iq_local_wrong")).toMatchObject({
      status: 401,
      json: { error: { code: "unauthorized" } },
    });
    expect(await host.anyone.ask("POST", "/v1/chat/completions", { body: HELLO })).toMatchObject({ status: 401 });
  });

  test("a router signature is nothing outside the tunnel", async () => {
    const headers = { "x-b3iq-router-call": "e30", "x-b3iq-router-signature": "A".repeat(43) };
    expect(await host.anyone.ask("POST", "/v1/chat/completions", { body: HELLO, headers })).toMatchObject({
      status: 401,
      json: { error: { code: "unauthorized" } },
    });
    expect((await fetch(`${host.url}/v1/tunnel/cancel`, { method: "POST", headers, body: "{}" })).status).toBe(404);
  });

  test("a client that leaves stops the model", async () => {
    const left = new AbortController();
    const schema = { type: "array", items: { type: "string", minLength: 900 }, minItems: 4 };
    const response = await fetch(`${host.url}/v1/chat/completions`, {
      method: "POST",
      signal: left.signal,
      headers: { authorization: `Bearer ${host.key}`, "content-type": "application/json" },
      body: JSON.stringify({
        ...HELLO,
        stream: true,
        max_tokens: 4000,
        response_format: { type: "json_schema", json_schema: { name: "long", schema } },
      }),
    });
    const reader = response.body!.getReader();
    for (let i = 0; i < 5; i++) await reader.read();
    left.abort();
    await expect
      .poll(async () => (await host.owner.ask("GET", "/v1/receipts?limit=1")).json.data[0].receipt)
      .toMatchObject({ outcome: "cancelled" });
    const counters = async () => (await host.owner.ask("GET", "/v1/setup/diagnostics")).json.runtime;
    const still = await counters();
    expect(still.running).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await counters()).toEqual(still);
  });
});

describe("keys", () => {
  test("are shown once, scoped, expire and are revoked at once", async () => {
    const made = await host.owner.ask("POST", "/v1/setup/local-keys", {
      body: { label: "editor", scopes: ["models:read"] },
    });
    expect(made.status).toBe(201);
    const key = made.json.key as string;
    expect(made.json.display_tail).toBe(key.slice(-4));
    expect((await withKey(key).ask("GET", "/v1/models")).status).toBe(200);
    expect(await withKey(key).ask("POST", "/v1/chat/completions", { body: HELLO })).toMatchObject({
      status: 403,
      json: { error: { code: "forbidden" } },
    });
    const listed = await host.owner.ask("GET", "/v1/setup/local-keys");
    expect(listed.text).not.toContain(key);
    const revoked = await host.owner.ask("DELETE", `/v1/setup/local-keys/${made.json.key_id}`);
    expect(revoked.json).toMatchObject({ status: "revoked", key_id: made.json.key_id });
    expect((await withKey(key).ask("GET", "/v1/models")).status).toBe(401);
    expect((await host.owner.ask("DELETE", `/v1/setup/local-keys/${made.json.key_id}`)).json.revoked_at).toBe(
      revoked.json.revoked_at,
    );
    expect((await host.owner.ask("DELETE", "/v1/setup/local-keys/key_00000000000000000000000000")).status).toBe(404);
    const past = await host.owner.ask("POST", "/v1/setup/local-keys", {
      body: { expires_at: "2020-01-01T00:00:00.000Z" },
    });
    expect(past.json.error).toMatchObject({ code: "invalid_request" });
  });
});

describe("the owner", () => {
  const cookieOf = (headers: Headers) => headers.get("set-cookie")!.split(";")[0]!;
  const login = (password: string, name = "ada") =>
    host.anyone.ask("POST", "/v1/setup/login", { body: { name, password } });

  test("claims once, logs in and out by a cookie that scripts and other sites cannot use", async () => {
    expect((await host.owner.ask("GET", "/v1/setup/status")).json).toMatchObject({
      claimed: false,
      owner_name: null,
      mode: "local",
    });
    const claimed = await host.owner.ask("POST", "/v1/setup/claim", { body: { name: "ada", password: PASSWORD } });
    expect(claimed.status).toBe(201);
    expect(claimed.headers.get("set-cookie")).toMatch(
      /^b3iq_owner=[\w-]{43}; Path=\/; Max-Age=43\d{3}; HttpOnly; SameSite=Strict$/,
    );
    expect(
      (await host.owner.ask("POST", "/v1/setup/claim", { body: { name: "eve", password: PASSWORD } })).json.error.code,
    ).toBe("setup_already_claimed");
    const session = testClient(host.url, { cookie: cookieOf(claimed.headers) }, host.fetch);
    expect((await session.ask("GET", "/v1/setup/status")).json).toMatchObject({ claimed: true, owner_name: "ada" });
    expect(
      (await session.ask("POST", "/v1/setup/local-keys", { body: {}, headers: { origin: "http://evil.example" } }))
        .status,
    ).toBe(403);
    const out = await session.ask("POST", "/v1/setup/logout");
    expect(out.headers.get("set-cookie")).toMatch(/^b3iq_owner=; .*Max-Age=0/);
    expect((await session.ask("GET", "/v1/setup/status")).status).toBe(401);
    expect((await login(PASSWORD)).status).toBe(201);
  });

  test("is not told whether name or password was wrong, and not asked for ever", async () => {
    const [name, password] = [await login(PASSWORD, "eve"), await login("something else entirely")];
    expect([name.status, password.status]).toEqual([401, 401]);
    expect(name.json.error.detail).toBe(password.json.error.detail);
    const later = await Promise.all(Array.from({ length: 8 }, () => login("something else entirely")));
    const limited = later.find(({ status }) => status === 429)!;
    expect(limited.json.error.code).toBe("rate_limited");
    expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("is replaced by who holds the setup token, and then every session is over", async () => {
    const before = await host.owner.ask("POST", "/v1/setup/claim", {
      body: { name: "ada", password: PASSWORD, recover: true },
    });
    const session = testClient(host.url, { cookie: cookieOf(before.headers) }, host.fetch);
    expect((await session.ask("GET", "/v1/setup/status")).status).toBe(200);
    expect(
      (await host.owner.ask("POST", "/v1/setup/claim", { body: { name: "grace", password: PASSWORD, recover: true } }))
        .status,
    ).toBe(201);
    expect((await session.ask("GET", "/v1/setup/status")).status).toBe(401);
    const stranger = testClient(host.url, { "x-b3iq-setup-token": "b3iq_setup_wrong" }, host.fetch);
    expect(
      (await stranger.ask("POST", "/v1/setup/claim", { body: { name: "eve", password: PASSWORD, recover: true } }))
        .status,
    ).toBe(401);
  });
});

test("only names of loopback reach the agent", async () => {
  const { port } = new URL(host.url);
  const statusFor = (name: string) =>
    new Promise<number>((resolve, reject) => {
      request({ host: "127.0.0.1", port, path: "/health", headers: { host: name } }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      })
        .on("error", reject)
        .end();
    });
  expect(await statusFor("rebound.example:8831")).toBe(400);
  expect(await statusFor(`localhost:${port}`)).toBe(200);
});

test("the owner's settings act at once, and all or nothing", async () => {
  const profile = { model_profile_id: "b3iq-tiny.gguf@llama_cpp" };
  const change = (body: object) => host.owner.ask("PATCH", "/v1/setup/node-settings", { body });
  expect((await host.owner.ask("GET", "/v1/setup/node-settings")).json).toEqual({
    paused: false,
    network_eligible: true,
    slots_kept_for_owner: 0,
    prices: [{ ...profile, prompt_price_wei_per_token: null, completion_price_wei_per_token: null }],
  });
  const asked = { ...profile, prompt_price_wei_per_token: "7", completion_price_wei_per_token: null };
  expect((await change({ paused: true, slots_kept_for_owner: 3, prices: [asked] })).json).toMatchObject({
    paused: true,
    slots_kept_for_owner: 3,
    prices: [asked],
  });
  const profiles = await host.owner.ask("GET", "/v1/model-profiles");
  expect(profiles.json.data[0]).toMatchObject({
    prompt_price_wei_per_token: "7",
    completion_price_wei_per_token: null,
  });
  expect(profiles.json.data[0].blockers.map((blocker: { code: string }) => blocker.code)).toContain("node_paused");
  expect((await withKey(host.key).ask("POST", "/v1/chat/completions", { body: HELLO })).status).toBe(200);
  expect((await change({ paused: false, prices: [{ ...asked, model_profile_id: "other@llama_cpp" }] })).status).toBe(
    404,
  );
  expect((await change({ slots_kept_for_owner: 4 })).json.error.code).toBe("conflict");
  expect((await change({ prices: [{ ...asked, prompt_price_wei_per_token: "0" }] })).status).toBe(400);
  expect((await host.owner.ask("GET", "/v1/setup/node-settings")).json).toMatchObject({
    paused: true,
    slots_kept_for_owner: 3,
  });
  expect(
    (await change({ paused: false, slots_kept_for_owner: 0, prices: [{ ...asked, prompt_price_wei_per_token: null }] }))
      .json.prices[0].prompt_price_wei_per_token,
  ).toBeNull();
});
