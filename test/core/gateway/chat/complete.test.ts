import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { complete } from "../../../../src/core/gateway/chat/complete.ts";
import { NO_TRACING } from "../../../../src/core/gateway/tracing.ts";
import {
  COMPLETION,
  type FakeChat,
  fakeChat,
  nodeAnswer,
  type SeenCall,
  signedTrailers,
} from "../../../support/chat.ts";
import { chunk, DONE, usage, word } from "../../../support/scripts.ts";

const plain = ({ dispatch }: SeenCall) => nodeAnswer(200, COMPLETION, signedTrailers(dispatch!));
const streamed = ({ dispatch }: SeenCall) => {
  const events = [word("one"), chunk({}, "stop"), usage, DONE].map((text) => Buffer.from(text));
  return nodeAnswer(200, Readable.from(events), signedTrailers(dispatch!));
};

function run(given: FakeChat) {
  const fake = fakeChat(given);
  return {
    ...fake,
    answered: complete(fake.ports, fake.caller, fake.call),
    kinds: () => fake.operations.map(({ kind }) => kind),
  };
}

describe("a chat", () => {
  it("is held, dispatched, settled and answered", async () => {
    const { answered, kinds, ended, client } = run({ does: plain });
    expect(await answered).toMatchObject({ body: { b3iq: { charged_wei: "50" }, usage: { total_tokens: 3 } } });
    expect([kinds(), ended.map(([, outcome]) => outcome), client.text]).toEqual([["hold", "settle"], ["ok"], ""]);
  });

  it("as a stream ends with what was settled", async () => {
    const { answered, kinds, ended, client } = run({ does: streamed, body: { stream: true } });
    expect(await answered).toBeNull();
    expect([kinds(), ended.map(([, outcome]) => outcome)]).toEqual([["hold", "settle"], ["ok"]]);
    expect(client.text.indexOf('"charged_wei":"50"')).toBeGreaterThan(client.text.indexOf('"one"'));
    expect(client.text.endsWith(DONE)).toBe(true);
  });

  it.each([false, true])("that no node answers gives its hold back; stream: %s", async (stream) => {
    const { answered, kinds, ports } = run({ does: () => nodeAnswer(500), body: { stream } });
    await expect(answered).rejects.toMatchObject({ code: "router_dispatch_failed" });
    expect(kinds()).toEqual(["hold", "release"]);
    const { values } = await ports.metrics.streams.get();
    expect(values.map(({ value }) => value)).toEqual([0]);
  });

  it("whose settlement fails gives a plain answer's hold back, and keeps a stream's", async () => {
    const verdicts = { settle: () => Promise.reject(new Error("away")) };
    const one = run({ does: plain, verdicts });
    await expect(one.answered).rejects.toMatchObject({ code: "settlement_unavailable" });
    expect(one.kinds()).toEqual(["hold", "settle", "release"]);
    const other = run({ does: streamed, verdicts, body: { stream: true } });
    await expect(other.answered).rejects.toMatchObject({ code: "settlement_unavailable" });
    expect(other.kinds()).toEqual(["hold", "settle"]);
  });
});

describe("around the steps", () => {
  it("a chat is traced, then audited, then counted as running, until it ends", async () => {
    const order: string[] = [];
    const { answered } = run({
      does: (call) => (order.push("dispatch"), plain(call)),
      ports: {
        tracing: { ...NO_TRACING, chat: (_call, work) => (order.push("trace"), work()) },
        token_audit: {
          chat: (call, work) => (order.push("audit"), work(call)),
          penalty: () => 0,
          stop: async () => {},
        },
        running: {
          begin: () => (
            order.push("begin"),
            { revoked: new AbortController().signal, end: () => void order.push("end") }
          ),
          idle: async () => {},
        },
      },
    });
    await answered;
    expect(order).toEqual(["trace", "audit", "begin", "dispatch", "end"]);
  });

  it("a gateway that drains takes no chat", async () => {
    const { answered, kinds } = run({ does: plain, ports: { draining: () => true } });
    await expect(answered).rejects.toMatchObject({ code: "draining" });
    expect(kinds()).toEqual([]);
  });

  it("a key that is revoked cuts its chat, whatever the error was", async () => {
    const revoking = new AbortController();
    const running = { begin: () => ({ revoked: revoking.signal, end() {} }), idle: async () => {} };
    const does = () => (revoking.abort(new Error("revoked")), nodeAnswer(500));
    const { answered, kinds } = run({ does, ports: { running } });
    await expect(answered).rejects.toMatchObject({ code: "unauthorized" });
    expect(kinds()).toEqual(["hold", "release"]);
  });
});
