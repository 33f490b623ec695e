/** What a node says of itself bounds what it is paid, so hostile agents say what they like here (docs/money.md). */
import { afterEach, describe, expect, test } from "vitest";
import { NO_PRICE_BOUNDS } from "../../src/core/gateway/prices/effective.ts";
import { type Hostile, type HostileAgent, hostileAgent } from "../support/hostile_agent.ts";
import { eventually, type TestCustomer } from "../support/system.ts";
import { testSystem } from "../support/e2e.ts";

const system = await testSystem({ gateway_env: { B3IQ_NODE_APPROVAL: "0" } });
const PRICE_WEI = 1_000n;
const EVERYTHING = {
  growth_factor_milli: 100_000,
  template_tokens: 1_000_000,
  tokens_per_message: 1_000_000,
  context_length: 1_000_000,
  max_completion_tokens: 1_000_000,
  default_max_tokens: 1_000_000,
};
const MILLION = { prompt_tokens: 1_000_000, completion_tokens: 1_000_000 };
/** Bytes of "ok", and its one event. */
const SEEN = 3;

const open: HostileAgent[] = [];
afterEach(async () => {
  for (const agent of open.splice(0)) await agent.close();
});

let models = 0;
const newModel = () => `claims-${++models}`;

async function node(model_id: string, profile: object = {}, more: Partial<Hostile> = {}): Promise<HostileAgent> {
  const agent = await hostileAgent(system.url, {
    profile: {
      model_id,
      asking_prompt_price_wei: `${PRICE_WEI}`,
      asking_completion_price_wei: `${PRICE_WEI}`,
      ...profile,
    },
    usage: MILLION,
    ...more,
  });
  open.push(agent);
  return agent;
}

const explained = async (model: string, more: object = {}) =>
  (await system.admin.ask("POST", "/v1/admin/routing/explain", { body: { model, ...more } })).json;

/** Until so many nodes of the model were measured: all of their gates are open but that of their price. */
const measured = (model: string, count: number) =>
  eventually(async () => {
    const { candidates } = await explained(model);
    const open = candidates.filter(({ gates }: { gates: { gate: string; passed: boolean }[] }) =>
      gates.every(({ gate, passed }) => passed || gate === "price"),
    );
    return open.length === count;
  }, 20_000);

/** One chat, and what its receipt was settled at. */
async function chat(customer: TestCustomer, model: string, stream: boolean, more: object = {}) {
  const body = { model, messages: [{ role: "user", content: "hi" }], max_tokens: 16, stream, ...more };
  const asked = await customer.client.ask("POST", "/v1/chat/completions", { body });
  expect(asked.status, asked.text).toBe(200);
  const b3iq = stream
    ? asked.text
        .split("\n\n")
        .filter((line) => line.startsWith("data: {"))
        .map((line) => JSON.parse(line.slice(6)))
        .find((chunk) => chunk.b3iq).b3iq
    : asked.json.b3iq;
  const receipt = (await system.anyone.ask("GET", `/v1/receipts/${b3iq.receipt_hash}`)).json;
  return { charged_wei: BigInt(b3iq.charged_wei), node_id: receipt.node_id as string, ...receipt };
}

test.each([false, true])(
  "a million tokens for `hi` are paid up to the ceilings of what a node may claim (stream %s)",
  async (stream) => {
    const model = newModel();
    const liar = await node(model, EVERYTHING);
    await measured(model, 1);
    const customer = await system.customer();
    const before = await customer.balance();
    const { charged_wei, signed, settled } = await chat(customer, model, stream);
    // Two bytes four times, the template, the message.
    const prompt_tokens = 2 * 4 + 256 + 16;
    expect(signed).toMatchObject({ prompt_tokens: 1_000_000 });
    expect(settled).toMatchObject({ prompt_tokens, completion_tokens: SEEN });
    expect(charged_wei).toBe(BigInt(prompt_tokens + SEEN) * PRICE_WEI);
    expect(before - (await customer.balance())).toBe(charged_wei);
    expect(liar.dispatches[0]).toMatchObject({ prompt_bound: prompt_tokens, completion_bound: 16 });
  },
);

test("a context above the setting does not count, nor a default or an answer above that; an exact count at most as the bytes", async () => {
  const model = newModel();
  const liar = await node(model, EVERYTHING, { count: 1_000_000_000 });
  await measured(model, 1);
  const shown = await eventually(async () => {
    const customer = await system.customer();
    const { json, status } = await customer.client.ask("GET", `/v1/models/${model}`);
    return status === 200 && json.b3iq;
  });
  expect(shown).toMatchObject({ context_length: 131_072, max_completion_tokens: 131_072 });
  const rich = await system.customer();
  await chat(rich, model, false, { max_tokens: undefined });
  expect(liar.dispatches.at(-1)).toMatchObject({ completion_bound: 131_072 });
  // What the byte bound does not fit is counted by the node itself.
  const needed = (280n + 16n) * PRICE_WEI;
  const poor = await system.customer({ credit_wei: needed - 1n });
  const body = { model, messages: [{ role: "user", content: "hi" }], max_tokens: 16 };
  const refused = await poor.client.ask("POST", "/v1/chat/completions", { body });
  expect(refused).toMatchObject({ status: 402, json: { error: { b3iq: { required_wei: `${needed}` } } } });
});

test("hidden reasoning is paid only where an admin allowed it for the model, until that is taken back", async () => {
  const model = newModel();
  await node(model, { hidden_reasoning: true });
  await measured(model, 1);
  const customer = await system.customer();
  const completion = async () => (await chat(customer, model, true, { max_tokens: 500 })).settled.completion_tokens;
  const price = { default_prompt_price_wei: null, default_completion_price_wei: null, ...NO_PRICE_BOUNDS };
  const put = async (more: object) => {
    const { status, json } = await system.admin.ask("PUT", `/v1/admin/prices/${model}`, {
      body: { ...price, ...more },
    });
    expect(status).toBe(200);
    return json.hidden_reasoning;
  };
  expect(await completion()).toBe(SEEN);
  expect(await put({})).toBe(false);
  expect(await put({ hidden_reasoning: true })).toBe(true);
  expect(await put({}), "left out, it stays").toBe(true);
  expect(await completion()).toBe(500);
  const listed = (await system.admin.ask("GET", "/v1/admin/prices?limit=1000")).json.data;
  expect(listed).toContainEqual(expect.objectContaining({ model_id: model, hidden_reasoning: true }));
  const audited = (await system.admin.ask("GET", "/v1/admin/audit-log?limit=1000")).json;
  expect(JSON.stringify(audited)).toContain('"hidden_reasoning":true');
  expect(await put({ hidden_reasoning: false })).toBe(false);
  expect(await completion()).toBe(SEEN);
});

test.each([false, true])(
  "the node that serves is clamped by its own bounds, whichever was asked first (stream %s)",
  async (stream) => {
    const model = newModel();
    const content = "x".repeat(200);
    const refuses = ({ fence }: { fence: number }) => fence === 1;
    const large = await node(model, { template_tokens: 200, tokens_per_message: 0 }, { refuses });
    const small = await node(model, { template_tokens: 10, tokens_per_message: 0 }, { refuses });
    await measured(model, 2);
    const customer = await system.customer({ policy: { tokens_per_minute: 1_000_000 } });
    const seen = new Set<string>();
    for (let chats = 0; chats < 20 && seen.size < 2; chats += 1) {
      const { node_id, settled, charged_wei } = await chat(customer, model, stream, {
        messages: [{ role: "user", content }],
      });
      const prompt_tokens = node_id === large.node_id ? 400 : 210;
      expect(settled).toMatchObject({ prompt_tokens, completion_tokens: SEEN });
      expect(charged_wei).toBe(BigInt(prompt_tokens + SEEN) * PRICE_WEI);
      seen.add(node_id);
    }
    expect([...seen].sort()).toEqual([large.node_id, small.node_id].sort());
    expect(await customer.reserved()).toBe(0n);
  },
);

describe("one node's price", () => {
  const ask = (model: string) => async (customer: TestCustomer) =>
    customer.client.ask("POST", "/v1/chat/completions", {
      body: { model, messages: [{ role: "user", content: "hi" }], max_tokens: 16 },
    });

  test.each([
    ["that no quote can hold", 2n ** 255n],
    ["above four times the cheapest", 4n * PRICE_WEI + 1n],
  ])("%s is left out of the quotes of the model and of the prices that are shown", async (_, wei) => {
    const model = newModel();
    const absurd = { asking_prompt_price_wei: `${wei}`, asking_completion_price_wei: `${wei}` };
    const [honest, hostile] = [await node(model), await node(model, absurd)];
    await measured(model, 2);
    const least = (2n + 8n + 8n + 16n) * PRICE_WEI;
    const { candidates, quote } = await explained(model, { prompt_bytes: 2, max_completion_tokens: 16 });
    expect(quote.amount_wei).toBe(`${least}`);
    expect(candidates.find(({ node_id }: { node_id: string }) => node_id === hostile.node_id)).toMatchObject({
      eligible: false,
      rank: null,
      gates: expect.arrayContaining([{ gate: "price", passed: false, blocker: "price_out_of_bounds" }]) as unknown,
    });
    const customer = await system.customer({ credit_wei: least });
    expect((await chat(customer, model, false)).node_id).toBe(honest.node_id);
    expect(hostile.dispatches).toEqual([]);
    const shown = (await customer.client.ask("GET", `/v1/models/${model}`)).json.b3iq;
    expect(shown.prompt_price_wei_per_token_highest).toBe(`${PRICE_WEI}`);
  });

  test("that no quote can hold is never the caller's fault, also where nobody else serves", async () => {
    const model = newModel();
    const absurd = { asking_prompt_price_wei: `${2n ** 255n}`, asking_completion_price_wei: "9".repeat(78) };
    await node(model, absurd);
    await measured(model, 1);
    const answer = await ask(model)(await system.customer());
    expect(answer).toMatchObject({
      status: 503,
      json: { error: { code: "no_healthy_candidates", b3iq: { blockers: { price_out_of_bounds: 1 } } } },
    });
  });

  test("of next to nothing does not push out those who ask the operator's default", async () => {
    const model = newModel();
    const none = { asking_prompt_price_wei: "1", asking_completion_price_wei: "1" };
    const [honest, cheap] = [await node(model), await node(model, none, { refuses: () => true })];
    await measured(model, 2);
    const price = {
      default_prompt_price_wei: `${PRICE_WEI}`,
      default_completion_price_wei: `${PRICE_WEI}`,
      ...NO_PRICE_BOUNDS,
    };
    await system.admin.ask("PUT", `/v1/admin/prices/${model}`, { body: price });
    expect((await chat(await system.customer(), model, false)).node_id).toBe(honest.node_id);
    expect(cheap.dispatches.length).toBeGreaterThan(0);
  });
});
