import { afterAll, expect, test } from "vitest";
import { readSecret } from "../../src/core/secrets.ts";
import { runningHost, type TestHost } from "../support/running_host.ts";
import { localWorld, PASSWORD, schemesOf } from "./statuses/local_world.ts";
import { documentedPairs } from "./statuses/wire.ts";
import { writeAnswers } from "./statuses/report.ts";

const world = await localWorld();
const { wire, agent, runtime, send } = world;
const find = (id: string) => wire.operations.find(({ operationId }) => operationId === id)!;
const named = wire.operations.map((operation) => [operation.operationId, operation] as const);
const chat = find("createLocalChatCompletion");
const CHAT = { model: agent.model, messages: [{ role: "user", content: "hello" }], max_tokens: 4 };
const limited = await runningHost({ B3IQ_FAILED_KEYS_PER_MINUTE: "1", B3IQ_RUNTIME_URL: runtime.url });
const unenrolled = await runningHost({ B3IQ_RUNTIME_URL: runtime.url });
const cut_off = await runningHost({ B3IQ_RUNTIME_URL: runtime.url, B3IQ_GATEWAY_URL: "http://127.0.0.1:9" });
afterAll(() => Promise.all([limited, unenrolled, cut_off].map((host) => host.close())));

const stalled = wire.operations
  .filter(({ responses }) => responses["408"])
  .map(async (operation) => [
    operation.operationId,
    (await send(operation, schemesOf(operation)[0], "good", { body: undefined, announced_bytes: 100 })).status,
  ]);

test.each(named)("%s refuses what it must", async (_id, operation) => {
  const [scheme] = schemesOf(operation);
  const unknown = await send(operation, scheme, "good", {
    url: `${operation.path.replace("{key_id}", `key_${"0".repeat(26)}`)}?unknown_parameter=1`,
  });
  expect(unknown.status).toBe(400);
  for (const one of schemesOf(operation)) {
    expect([one, (await send(operation, one, "wrong")).status, (await send(operation)).status]).toEqual([
      one,
      401,
      401,
    ]);
  }
  if (operation.requestBody !== undefined) {
    expect((await send(operation, scheme, "good", { body: undefined, announced_bytes: 100_000_000 })).status).toBe(413);
    expect(
      (await send(operation, scheme, "good", { body: "text", headers: { "content-type": "text/plain" } })).status,
    ).toBe(415);
  }
  if (scheme === "ownerSession" && operation.responses["403"] && operation.method !== "get") {
    expect((await send(operation, scheme, "good", { headers: { origin: "http://elsewhere.example" } })).status).toBe(
      403,
    );
  }
});

test("a body that stops on its way is given up", async () => {
  expect((await Promise.all(stalled)).filter(([, status]) => status !== 408)).toEqual([]);
});

test("scopes, and what is not there", async () => {
  const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
  expect((await send(chat, undefined, "good", bearer(world.scoped.models))).status).toBe(403);
  expect((await send(find("listLocalModels"), undefined, "good", bearer(world.scoped.chat))).status).toBe(403);
  expect((await send(chat, "localKey", "good", { body: { ...CHAT, model: "none" } })).status).toBe(404);
  expect(
    (await send(find("revokeLocalKey"), "setupToken", "good", { url: `/v1/setup/local-keys/key_${"0".repeat(26)}` }))
      .status,
  ).toBe(404);
  expect(
    (
      await send(find("updateNodeSettings"), "setupToken", "good", {
        body: {
          prices: [{ model_profile_id: "none", prompt_price_wei_per_token: "1", completion_price_wei_per_token: "1" }],
        },
      })
    ).status,
  ).toBe(404);
  expect(
    (await send(find("updateNodeSettings"), "setupToken", "good", { body: { slots_kept_for_owner: 255 } })).status,
  ).toBe(409);
});

test("chats: whole, as a stream, of a runtime that fails, of one that is busy", async () => {
  expect((await send(chat, "localKey", "good", { body: CHAT })).status).toBe(200);
  expect((await send(chat, "localKey", "good", { body: { ...CHAT, stream: true } })).status).toBe(200);
  runtime.behaviour.status = 500;
  expect((await send(chat, "localKey", "good", { body: CHAT })).status).toBe(502);
  delete runtime.behaviour.status;
  runtime.behaviour.first_delay_ms = 300;
  const many = await Promise.all(Array.from({ length: 20 }, () => send(chat, "localKey", "good", { body: CHAT })));
  delete runtime.behaviour.first_delay_ms;
  expect(new Set(many.map(({ status }) => status))).toEqual(new Set([200, 503]));
});

const login = (password: string) =>
  send(find("createOwnerSession"), undefined, "good", { body: { name: "ada", password } });

test("the owner: a second claim, a login, a wrong password", async () => {
  expect(
    (await send(find("claimOwner"), "setupToken", "good", { body: { name: "ada", password: PASSWORD } })).status,
  ).toBe(409);
  expect((await login(PASSWORD)).status).toBe(201);
  expect((await login("wrong wrong wrong")).status).toBe(401);
});

const OWN = ["submitLocalReceipt", "createOwnerSession", "createLocalChatCompletion"];
test.each(named.filter(([id]) => !OWN.includes(id)))("%s succeeds", async (_id, operation) => {
  const answer = await send(operation, schemesOf(operation)[0]);
  expect(answer.status, answer.text).toBeLessThan(300);
  if (["deleteOwnerSession", "claimOwner"].includes(operation.operationId)) await world.renew();
});

test("limits of refused credentials", async () => {
  await fetch(`${limited.url}/v1/models`, { headers: { authorization: "Bearer b3iq_local_wrong" } });
  const asked = named.filter(([id, { responses }]) => responses["429"] && id !== "createOwnerSession");
  const answers = await Promise.all(
    asked.map(async ([id, operation]) => [
      id,
      (await send(operation, schemesOf(operation)[0], "good", { at: limited.url })).status,
    ]),
  );
  expect(answers.filter(([, status]) => status !== 429)).toEqual([]);
});

test("a receipt is submitted; to a gateway that is away it is not", async () => {
  const customer = await world.system.customer();
  const { b3iq } = (await customer.client.ask("POST", "/v1/chat/completions", { body: CHAT })).json;
  const submit = (receipt_hash: string) =>
    send(find("submitLocalReceipt"), "setupToken", "good", { body: { receipt_hash } });
  expect((await submit(b3iq.receipt_hash)).status).toBe(200);
  expect((await submit("0".repeat(64))).status).toBe(404);
  const local = (await send(chat, "localKey", "good", { body: CHAT })).json.b3iq.receipt_hash;
  expect((await submit(local)).status).toBe(409);
  const alone = await runningHost({ B3IQ_RUNTIME_URL: runtime.url, B3IQ_GATEWAY_URL: "http://127.0.0.1:9" });
  world.inStore(`attach '${alone.home}/host/host.sqlite' as alone;
    insert into alone.receipts select * from main.receipts where receipt_hash = '${b3iq.receipt_hash}';
    update alone.receipts set status = 'pending', submitted_at_ms = null`);
  const headers = { "x-b3iq-setup-token": readSecret(`${alone.home}/secrets`, "setup-token")! };
  const answer = await send(find("submitLocalReceipt"), undefined, "good", {
    at: alone.url,
    headers,
    body: { receipt_hash: b3iq.receipt_hash },
  });
  await alone.close();
  expect(answer.status, answer.text).toBe(502);
});

const OF_THE_GATEWAY = ["listEarnings", "getPayoutAddress", "updatePayoutAddress"];
test.each(OF_THE_GATEWAY)("%s of an agent alone, and of one whose gateway is away", async (id) => {
  const ask = (host: TestHost) => {
    const headers = { "x-b3iq-setup-token": readSecret(`${host.home}/secrets`, "setup-token")! };
    return send(find(id), undefined, "good", { at: host.url, headers });
  };
  expect(await ask(unenrolled)).toMatchObject({ status: 409, json: { error: { code: "not_enrolled" } } });
  expect(await ask(cut_off)).toMatchObject({ status: 502, json: { error: { code: "gateway_unreachable" } } });
});

test("a store whose tables are gone is a failure of ours", async () => {
  const tables = ["local_keys", "owner", "sessions"];
  for (const table of tables) world.inStore(`alter table ${table} rename to ${table}_gone`);
  const answers = [];
  for (const [id, operation] of named)
    if (operation.responses["500"]) answers.push([id, (await send(operation, schemesOf(operation)[0])).status]);
  for (const table of tables) world.inStore(`alter table ${table}_gone rename to ${table}`);
  expect(answers.filter(([, status]) => status !== 500)).toEqual([]);
});

test("too many wrong passwords", async () => {
  const tries = [];
  for (let i = 0; i < 7; i++) tries.push((await login("wrong wrong wrong")).status);
  expect(new Set(tries)).toEqual(new Set([401, 429]));
});

test("every documented answer", () => {
  expect(wire.problems).toEqual([]);
  expect(writeAnswers("local", wire)).toEqual([]);
  expect(documentedPairs(wire.operations).length).toBeGreaterThan(100);
});
