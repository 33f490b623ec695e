import { PassThrough, Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { responseCommitment } from "../../../../src/core/protocol/receipt/commitments.ts";
import { createJoinedAnswer } from "../../../../src/core/host/runtimes/join.ts";
import { readCompletion } from "../../../../src/core/host/runtimes/published_form.ts";
import { chatEvents } from "../../../../src/core/host/runtimes/openai_stream.ts";
import { commitmentOf, joinAsClient } from "../../../support/answers.ts";
import { BROKEN, chunk, DONE, type Script, usage, WHOLE, word } from "../../../support/scripts.ts";

function played(script: Script["script"]): PassThrough {
  const body = new PassThrough();
  const play = async () => {
    for (const step of script) {
      await sleep(typeof step === "number" ? step : 0, undefined, { ref: false });
      if (step === "RESET") return body.destroy(new Error("read ECONNRESET"));
      if (typeof step === "string") body.write(step);
    }
    return body.end();
  };
  void play();
  return body;
}

async function read(script: Script["script"]) {
  const agent = createJoinedAnswer();
  const chunks = [];
  let broken: unknown = null;
  try {
    for await (const event of chatEvents(played(script))) {
      if (event.type !== "frame") throw new Error("no frame");
      agent.push(event.chunk);
      expect(event.frame).toMatch(/^(: .*\n)?data: .*\n\n$/);
      chunks.push(JSON.parse(event.frame.slice(event.frame.indexOf("data: ") + 6)));
    }
  } catch (error) {
    broken = error;
  }
  return { chunks, agent, broken, client: joinAsClient(chunks) };
}

const salt = Buffer.alloc(32, 7).toString("base64url");

describe("an answer ends well in spite of", () => {
  test.each(WHOLE)("$name", { timeout: 10_000 }, async (script) => {
    const { chunks, agent, broken, client } = await read(script.script);
    expect(broken).toBeNull();
    expect(client.content).toBe(script.content ?? "one two three four");
    expect(client.finish_reasons).toEqual([script.finish ?? "stop"]);
    expect(client.tool_calls.map((call) => [call.id, call.function.name, call.function.arguments])).toEqual(
      script.tool_calls ?? [],
    );
    const last = chunks.findIndex(({ choices }) => choices[0]?.finish_reason);
    expect(chunks.slice(last + 1).every(({ choices, usage: counted }) => choices.length === 0 && counted)).toBe(true);
    expect(responseCommitment(salt, agent.committed())).toBe(commitmentOf(salt, client));
  });
});

describe("an answer is broken by", () => {
  test.each(BROKEN)("$name", async (script) => {
    const { broken, client } = await read(script.script);
    expect(broken).toBeInstanceOf(Error);
    expect(client.content).toBe("one two three four");
    expect(client.finish_reasons).toEqual([]);
  });
});

test("tool calls cannot be numbered without end", async () => {
  const tool_calls = Array.from({ length: 2_000 }, (_, at) => ({ index: 0, id: `id_${at}`, function: { name: "f" } }));
  const { broken } = await read([chunk({ tool_calls }), chunk({}, "tool_calls"), DONE]);
  expect(broken).toMatchObject({ code: "runtime_failed" });
});

test("two calls of one event are two, though nothing numbers them", async () => {
  const [f, g] = ["f", "g"].map((name) => ({ function: { name, arguments: "{}" } }));
  const { client } = await read([chunk({ tool_calls: [f, g] }), chunk({}, "tool_calls"), DONE]);
  expect(client.tool_calls.map((call) => [call.function.name, call.function.arguments])).toEqual([
    ["f", "{}"],
    ["g", "{}"],
  ]);
});

test("a plain answer has no more tool calls than a stream", () => {
  const tool_calls = Array.from({ length: 2_000 }, () => ({ function: { name: "f" } }));
  const choices = [{ index: 0, message: { tool_calls }, finish_reason: "tool_calls" }];
  expect(() => readCompletion({ choices })).toThrow("too many tool calls");
});

test("joining does not walk through the numbers between two calls", () => {
  const joined = createJoinedAnswer();
  for (const index of [1e9, -1, 1.5, NaN]) {
    const tool_calls = [{ index, id: `id_${index}`, function: { name: "f" } }];
    const choices = [{ index: 0, delta: { tool_calls }, finish_reason: null }];
    joined.push({ id: "x", object: "chat.completion.chunk", created: 1, model: "m", choices });
  }
  const started = performance.now();
  expect(joined.tool_calls).toHaveLength(4);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test("a slow word after a finish reason that came with content is waited for", async () => {
  const { client, broken } = await read([
    word("one", "stop"),
    word(" two", "stop"),
    6_000,
    word(" three", "stop"),
    usage,
  ]);
  expect(broken).toBeNull();
  expect(client.content).toBe("one two three");
});

test("a chunk in the published form goes on to the byte", async () => {
  const written = `: kept\ndata: {"id":"x", "created":1.0,"choices":[ {"index":0,"delta":{"content":"h\\u00e9"}} ]}`;
  const events = await Array.fromAsync(chatEvents(Readable.from([Buffer.from(`${written}\n\n${chunk({}, "stop")}`)])));
  expect(events[0]).toMatchObject({ frame: `${written}\n\n` });
});

test.each([[null], ["x"], [5], [[]], [{}], [{ choices: "x" }], [{ choices: [null] }], [{ choices: [{ delta: "x" }] }]])(
  "%j is no chunk",
  async (value) => {
    const { broken } = await read([`data: ${JSON.stringify(value)}\n\n`, word("one"), chunk({}, "stop"), DONE]);
    expect(broken).toMatchObject({ code: "runtime_failed" });
  },
);
