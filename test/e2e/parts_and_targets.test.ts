/** What a hosted chat and a private job may hold and ask for, through gateway and agent to a runtime that keeps all it got. */
import { readFileSync } from "node:fs";
import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { PARAMETERS } from "../../generated/parameters.ts";
import { newJobId, seal, transportKeyOf, waitFor } from "../support/private_jobs/path.ts";
import { testClient } from "../support/client.ts";
import { contractFetch } from "../support/contract_client.ts";
import { FAKE_MODEL, fakeRuntime } from "../support/fake_runtime.ts";
import { FETCHED, IMAGE, MARK } from "../support/fetched_parts.ts";
import { testSystem } from "../support/e2e.ts";

const fake = await fakeRuntime();
afterAll(() => fake.close());
const system = await testSystem({
  agents: [{ runtime_url: fake.url, env: { B3IQ_RUNTIME_IMAGES: "on" } }, {}],
});
const TEXT_ONLY = "b3iq-tiny.gguf";
const checked = await contractFetch(
  JSON.parse(readFileSync(new URL("../../generated/hosted.json", import.meta.url), "utf8")),
);
const customer = await system.customer();
const client = testClient(system.url, { authorization: `Bearer ${customer.key}` }, checked);
const messages = [{ role: "user", content: "hello" }];
const chat = (body: object) =>
  client.ask("POST", "/v1/chat/completions", { body: { model: FAKE_MODEL, messages, ...body } });
const chats = () => fake.requests.filter(({ path }) => path === "/v1/chat/completions").map(({ body }) => body);
// The gateway's own measurements are chats too, and come when they come.
const marked = () => chats().filter((body) => JSON.stringify(body).includes(MARK));

beforeEach(() => void fake.requests.splice(0));

describe("the parts of a hosted chat", () => {
  test.each(FETCHED)("%s: 400 with the place, and no node gets it", async (_what, list, param) => {
    const refused = await chat({ messages: list });
    expect(refused).toMatchObject({ status: 400, json: { error: { code: "invalid_request", param } } });
    expect(refused.text).not.toContain(MARK);
    expect(marked()).toEqual([]);
  });

  test("an image reaches a model that has images, through the official client and unchanged", async () => {
    const official = new OpenAI({ baseURL: `${system.url}/v1`, apiKey: customer.key, fetch: checked, maxRetries: 0 });
    const answer = await official.chat.completions.create({ model: FAKE_MODEL, messages: [IMAGE] });
    expect(answer.choices[0]!.message.content).toBe("Hello from the fake.");
    expect(chats().map((body) => body["messages"])).toContainEqual([IMAGE]);
  });

  test("what the official client parsed is taken when it comes back, and the runtime gets the message alone", async () => {
    const official = new OpenAI({
      baseURL: `${system.url}/v1`,
      apiKey: (await system.customer()).key,
      fetch: checked,
      maxRetries: 0,
    });
    const usual = fake.behaviour.tokens;
    Object.assign(fake.behaviour, { tokens: ['{"city":"Bern"}'] });
    try {
      const response_format = zodResponseFormat(z.object({ city: z.string() }), "place");
      const asked = { role: "user" as const, content: "Where?" };
      const first = await official.chat.completions.parse({ model: FAKE_MODEL, messages: [asked], response_format });
      const message = first.choices[0]!.message;
      expect(message.parsed).toEqual({ city: "Bern" });
      const again = [asked, message, { role: "user" as const, content: "And now?" }];
      await official.chat.completions.create({ model: FAKE_MODEL, messages: again });
      expect(chats().at(-1)!["messages"]).toMatchObject([asked, { content: '{"city":"Bern"}' }, again[2]]);
      expect(JSON.stringify(chats().at(-1))).not.toContain("parsed");
    } finally {
      Object.assign(fake.behaviour, { tokens: usual });
    }
  });

  test("an image for a model that no node serves with images is refused at the image", async () => {
    const refused = await chat({ model: TEXT_ONLY, messages: [...messages, IMAGE] });
    expect(refused).toMatchObject({
      status: 400,
      json: { error: { code: "unsupported_parameter", param: "messages[1].content[1].type" } },
    });
  });
});

describe("what a hosted chat asks of the router", () => {
  test.each(["private_job", "PRIVATE_JOB", "private_job ", "direct", "foo", "", "toString", null, 5, true, {}])(
    "the dispatch mode %j is refused as such",
    async (dispatch_mode) => {
      const { status, json } = await chat({ b3iq: { dispatch_mode } });
      expect({ status, ...json.error }).toMatchObject({
        status: 400,
        code: "dispatch_mode_rejected",
        param: "b3iq.dispatch_mode",
        message: expect.stringMatching(/ must be .*\/v1\/private-inference\/jobs/) as unknown,
      });
    },
  );

  const targets = [...PARAMETERS].filter(([, { code }]) => code === "node_targeting_rejected").map(([name]) => name);
  test.each(targets)("%s chooses no node, at the top or in the b3iq object", async (name) => {
    expect((await chat({ [name]: "x" })).json.error).toMatchObject({ code: "node_targeting_rejected", param: name });
    expect((await chat({ b3iq: { [name]: "x" } })).json.error).toMatchObject({
      code: "node_targeting_rejected",
      param: `b3iq.${name}`,
    });
  });

  test.each(["toString", "constructor", "hasOwnProperty", "valueOf", "isPrototypeOf"])(
    "%s, which every object inherits, is an unknown name",
    async (name) => {
      expect((await chat({ [name]: 7 })).json.error).toMatchObject({ code: "unsupported_parameter", param: name });
      expect((await chat({ b3iq: { [name]: 7 } })).json.error).toMatchObject({
        code: "invalid_request",
        param: `b3iq.${name}`,
      });
    },
  );

  test("__proto__ is no name that a body may have", async () => {
    const body = `{"model":"${FAKE_MODEL}","messages":[{"role":"user","content":"hi"}],"__proto__":{}}`;
    expect((await client.ask("POST", "/v1/chat/completions", { body })).json.error).toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("__proto__") as unknown,
    });
  });

  test("nothing of all that was held or charged", async () => {
    const kinds = (await customer.usage()).map(({ kind }) => kind);
    // The one chat with an image.
    expect(kinds.filter((kind) => kind === "reserve")).toHaveLength(1);
    expect(await customer.reserved()).toBe(0n);
  });
});

describe("the runtime's name", () => {
  const profile = `${FAKE_MODEL}@openai`;

  test("is in the answer where the customer's policy exposes the node, plain and streamed", async () => {
    const exposed = await system.customer({ policy: { expose_node: true } });
    const asking = testClient(system.url, { authorization: `Bearer ${exposed.key}` }, checked);
    const body = { model: FAKE_MODEL, messages };
    const plain = await asking.ask("POST", "/v1/chat/completions", { body });
    expect(plain.json.b3iq.runtime_id).toBe(profile);
    expect(plain.headers.get("x-b3iq-router-node-id")).toBe(system.agents[0]!.node_id);
    const { events } = await asking.events("/v1/chat/completions", { body: { ...body, stream: true } });
    expect(JSON.parse(events.at(-2)!).b3iq.runtime_id).toBe(profile);
  });

  test("is in no other", async () => {
    const plain = await chat({});
    expect(plain.status).toBe(200);
    expect(plain.json.b3iq).not.toHaveProperty("runtime_id");
    const { events } = await client.events("/v1/chat/completions", {
      body: { model: FAKE_MODEL, messages, stream: true },
    });
    expect(JSON.parse(events.at(-2)!).b3iq).not.toHaveProperty("runtime_id");
    expect(plain.headers.get("x-b3iq-router-node-id")).toBeNull();
  });
});

describe("a private job", () => {
  const owner = testClient(
    system.url,
    { "x-b3iq-customer-id": customer.customer_id, "x-b3iq-customer-token": customer.customer_token },
    checked,
  );
  async function run(agent: number, list: object[]) {
    const { node_id, model } = system.agents[agent]!;
    const key = await transportKeyOf(system.anyone, node_id);
    const job_id = newJobId();
    const sealed = seal(key, { node_id, model_id: model, job_id, body: { messages: list, max_tokens: 8 } });
    expect((await owner.ask("POST", "/v1/private-inference/jobs", { body: sealed.body })).status).toBe(202);
    const job = await waitFor(owner, job_id);
    return { status: job.status, reason: (await owner.ask("GET", `/v1/billing/jobs/${job_id}`)).json.reason };
  }

  test("with an image by its address is refused, and its money comes back", async () => {
    const before = await customer.balance();
    const [, list] = FETCHED.find(([what]) => what === "an image by http")!;
    expect(await run(0, list)).toEqual({ status: "failed", reason: "request_refused" });
    expect(marked()).toEqual([]);
    expect(await customer.balance()).toBe(before);
  }, 60_000);

  test("with the image itself is run where the model has images, and refused where it has none", async () => {
    expect(await run(0, [IMAGE])).toMatchObject({ status: "completed" });
    expect(chats().map((body) => body["messages"])).toContainEqual([IMAGE]);
    expect(await run(1, [IMAGE])).toEqual({ status: "failed", reason: "request_refused" });
  }, 60_000);
});
