import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Observation } from "../../../../src/core/gateway/billing/model.ts";
import { STREAM } from "../../../../src/core/gateway/chat/deliver_stream.ts";
import { admittedChat, dispatchedChat, type FakeChat, fakeChat, nodeAnswer } from "../../../support/chat.ts";
import { chunk, DONE, usage, word } from "../../../support/scripts.ts";

const streamOf = (...events: string[]) => nodeAnswer(200, Readable.from(events.map((text) => Buffer.from(text))), {});
const whole = () => streamOf(word("one"), word(" two"), chunk({}, "stop"), usage, DONE);

async function setup(given: FakeChat = {}, answer = whole()) {
  const fake = fakeChat({ ...given, body: { stream: true, ...given.body } });
  const chat = admittedChat(fake);
  const first = await STREAM.accept(fake.ports, chat, dispatchedChat(fake.ports, chat, answer, null));
  const dispatched = dispatchedChat(fake.ports, chat, answer, first);
  return { ...fake, chat, dispatched };
}
const PAYMENT = {
  settled: { charged_wei: 50n, prompt_tokens: 1, completion_tokens: 2 },
  receipt: { receipt: { receipt_hash: "ff" }, commitment_salt: "salt" },
} as never;

describe("a stream's start", () => {
  it("is cancelled at the node, once, when the client leaves before the first frame", async () => {
    const fake = fakeChat({ body: { stream: true } });
    const chat = admittedChat(fake);
    const body = new Readable({ read() {} });
    const accepted = STREAM.accept(fake.ports, chat, dispatchedChat(fake.ports, chat, nodeAnswer(200, body, {}), null));
    fake.client.leave();
    body.push(Buffer.from(word("one")));
    (await accepted).cancel();
    expect(fake.calls.map(({ path }) => path)).toEqual(["/v1/tunnel/cancel"]);
  });
});

describe("a stream", () => {
  it("goes out as it comes, and keeps its end back", async () => {
    const { ports, chat, dispatched, client } = await setup();
    const delivered = await STREAM.deliver(ports, chat, dispatched);
    expect(chat.delivering).toBe(true);
    expect(client.opened).toEqual({ "x-b3iq-router-dispatch-mode": "pooled_sync" });
    expect(client.text).toBe(word("one") + word(" two"));
    expect(delivered).toMatchObject({ observation: { content_bytes: 7, events: 2, reason: "complete" }, trailers: {} });
  });

  it("shows its node only where the customer's policy exposes it", async () => {
    const { ports, chat, dispatched, client } = await setup({ expose_node: true });
    await STREAM.deliver(ports, chat, dispatched);
    expect(client.opened).toMatchObject({ "x-b3iq-router-node-id": dispatched.candidate.node_id });
  });

  it.each([true, false])("ends with the settled figures, and with usage if asked: %s", async (include_usage) => {
    const { ports, chat, dispatched, client } = await setup({ body: { stream_options: { include_usage } } });
    const delivered = await STREAM.deliver(ports, chat, dispatched);
    client.text = "";
    expect(await STREAM.finish(ports, chat, dispatched, delivered, PAYMENT)).toBeNull();
    const frames = client.text.split("\n\n").slice(0, -1);
    expect([frames.length, frames.at(-1), client.ended]).toEqual([include_usage ? 3 : 2, "data: [DONE]", true]);
    const finish = JSON.parse(frames[0]!.slice(6));
    expect(finish).toMatchObject({
      choices: [{ finish_reason: "stop" }],
      b3iq: { charged_wei: "50", receipt_hash: "ff", commitment_salt: "salt" },
    });
    if (include_usage)
      expect(JSON.parse(frames[1]!.slice(6))).toMatchObject({ choices: [], usage: { total_tokens: 3 } });
  });

  it("keeps the requests of one conversation at its node, once it has ended well", async () => {
    const { ports, chat, dispatched, routing } = await setup({ body: { prompt_cache_key: "k" } });
    const delivered = await STREAM.deliver(ports, chat, dispatched);
    const stuck: string[] = [];
    const observed = {
      ...ports,
      routing: { ...routing, stick: (_key: string, node_id: string) => void stuck.push(node_id) },
    };
    await STREAM.finish(observed, chat, dispatched, delivered, PAYMENT);
    expect(stuck).toEqual([dispatched.candidate.node_id]);
  });

  it.each([
    ["node_failed", "router_dispatch_failed"],
    ["timeout", "router_timeout"],
  ] as [Observation["reason"], string][])(
    "that broke with %s ends as an error without [DONE]",
    async (reason, code) => {
      const { ports, chat, dispatched, client } = await setup();
      const broken = { observation: { content_bytes: 1, events: 1, reason }, trailers: {}, finish: null, usage: null };
      await expect(STREAM.finish(ports, chat, dispatched, broken, null)).rejects.toMatchObject({ code });
      expect(client.text).not.toContain("[DONE]");
    },
  );

  it("whose client left ends without another byte", async () => {
    const { ports, chat, dispatched, client } = await setup();
    const delivered = await STREAM.deliver(ports, chat, dispatched);
    client.leave();
    client.text = "";
    expect(await STREAM.finish(ports, chat, dispatched, delivered, PAYMENT)).toBeNull();
    expect([client.text, client.ended]).toEqual(["", true]);
  });
});
