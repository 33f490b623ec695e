/** What of a chat's content reaches a runtime: kind `openai`, with a fake server that keeps all that it was sent. */
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { requestCommitment } from "../../../../src/core/protocol/receipt/commitments.ts";
import { answerTunnelCall } from "../../../../src/core/host/gateway_link/tunnel_calls.ts";
import { createVllmRuntime } from "../../../../src/core/host/runtimes/vllm.ts";
import { testClient } from "../../../support/client.ts";
import { FAKE_MODEL, fakeRuntime, type FakeRuntime } from "../../../support/fake_runtime.ts";
import { FETCHED, IMAGE, MARK } from "../../../support/fetched_parts.ts";
import { ask, testAgent, type TestAgent } from "../../../support/host.ts";
import { runningHost, type TestHost } from "../../../support/running_host.ts";

let fake: FakeRuntime;
const hosts: Record<"seeing" | "blind", TestHost> = {} as never;
const CHAT = "/v1/chat/completions";

beforeAll(async () => {
  fake = await fakeRuntime();
  for (const [name, images] of [
    ["seeing", "on"],
    ["blind", "off"],
  ] as const)
    hosts[name] = await runningHost({ B3IQ_RUNTIME_URL: fake.url, B3IQ_RUNTIME_IMAGES: images });
}, 60_000);
beforeEach(() => void fake.requests.splice(0));
afterAll(async () => {
  await Promise.all(Object.values(hosts).map((host) => host.close()));
  await fake.close();
});

const clientOf = (host: TestHost) => testClient(host.url, { authorization: `Bearer ${host.key}` }, host.fetch);
const local = (host: TestHost, body: object) =>
  clientOf(host).ask("POST", CHAT, { body: { model: FAKE_MODEL, ...body } });
const chats = () => fake.requests.filter(({ path }) => path !== "/v1/models");

describe("a local chat", () => {
  test.each(FETCHED)(
    "with %s is 400 with the place, and the runtime sees nothing of it",
    async (_what, messages, param) => {
      for (const host of Object.values(hosts)) {
        const refused = await local(host, { messages });
        expect(refused).toMatchObject({ status: 400, json: { error: { code: "invalid_request", param } } });
        expect(refused.headers.get("x-should-retry")).toBe("false");
        expect(refused.text).not.toContain(MARK);
      }
      expect(chats()).toEqual([]);
    },
  );

  test("with an image reaches a model that has images, through the official client and unchanged", async () => {
    const { url, key, fetch } = hosts.seeing;
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, fetch, maxRetries: 0 });
    const answer = await client.chat.completions.create({ model: FAKE_MODEL, messages: [IMAGE] });
    expect(answer.choices[0]!.message.content).toBe("Hello from the fake.");
    expect(chats().map(({ body }) => body["messages"])).toEqual([[IMAGE]]);
    const [model] = (await clientOf(hosts.seeing).ask("GET", "/v1/models")).json.data;
    expect(model.b3iq.supported_parameters).toContain("images");
  });

  test("with an image for a model that reads text only is 400 at the image, and not to be sent again", async () => {
    const refused = await local(hosts.blind, { messages: [{ role: "user", content: "hi" }, IMAGE] });
    expect(refused).toMatchObject({
      status: 400,
      json: { error: { code: "unsupported_parameter", param: "messages[1].content[1].type" } },
    });
    expect(refused.json.error.message).toMatch(/reads no images/);
    expect(refused.headers.get("x-should-retry")).toBe("false");
    expect(chats()).toEqual([]);
  });

  test("keeps a mark for a cache to itself, and a refusal goes as text", async () => {
    const cache_control = { type: "ephemeral" };
    const messages = [
      { role: "assistant", content: [{ type: "refusal", refusal: "No.", cache_control }] },
      { role: "user", content: [{ type: "text", text: "Why?", cache_control }] },
    ];
    expect((await local(hosts.blind, { messages })).status).toBe(200);
    expect(chats().map(({ body }) => body["messages"])).toEqual([
      [
        { role: "assistant", content: [{ type: "text", text: "No." }] },
        { role: "user", content: [{ type: "text", text: "Why?" }] },
      ],
    ]);
  });

  test.each(["toString", "constructor", "hasOwnProperty", "valueOf"])(
    "with %s, which every object inherits, is refused by name",
    async (name) => {
      const refused = await local(hosts.blind, { messages: [{ role: "user", content: "hi" }], [name]: 7 });
      expect(refused).toMatchObject({
        status: 400,
        json: { error: { code: "unsupported_parameter", param: name } },
      });
      expect(chats()).toEqual([]);
    },
  );

  test("with names of the table is refused with their codes and other names", async () => {
    const messages = [{ role: "user", content: "hi" }];
    expect((await local(hosts.blind, { messages, tunnel_id: "a" })).json.error).toMatchObject({
      code: "node_targeting_rejected",
      param: "tunnel_id",
    });
    expect((await local(hosts.blind, { messages, functions: [] })).json.error.message).toMatch(/Use tools instead/);
    expect((await local(hosts.blind, { messages, n: 2 })).json.error.message).toMatch(/n must be 1/);
  });
});

describe("an agent without a surface before it", () => {
  let agent: TestAgent;
  beforeAll(async () => {
    agent = await testAgent(
      createVllmRuntime({ base_url: fake.url, key: null, parallel: 4, context_length: 8192, images: true }),
    );
  });
  afterAll(() => agent.close());

  test("hands no runtime a part that it would fetch, neither to answer nor to count", async () => {
    const deps = { jobs: agent.jobs, profiles: agent.profiles, runtime: agent.runtime, receipts: agent.receipts };
    for (const [what, messages, param] of FETCHED) {
      const body = { model: FAKE_MODEL, messages };
      const error = { code: "invalid_request", param };
      await expect(ask(agent, body), what).rejects.toMatchObject(error);
      await expect(answerTunnelCall("countPrompt", body, deps), what).rejects.toMatchObject(error);
    }
    expect(chats()).toEqual([]);
    expect(await answerTunnelCall("countPrompt", { model: FAKE_MODEL, messages: [IMAGE] }, deps)).toEqual({
      prompt_tokens: 9,
    });
  });

  test("signs for the messages as they were sent", async () => {
    const messages = [{ role: "user", content: [{ type: "text", text: "hi", cache_control: { type: "ephemeral" } }] }];
    const { result } = await ask(agent, { model: FAKE_MODEL, messages });
    if (result.kind !== "plain") throw new Error("streamed");
    const { b3iq } = result.completion as unknown as { b3iq: { receipt_hash: string; commitment_salt: string } };
    const receipt = JSON.parse(agent.receipts.find(b3iq.receipt_hash)!.payload);
    expect(receipt.request_commitment).toBe(requestCommitment(b3iq.commitment_salt, messages));
  });
});
