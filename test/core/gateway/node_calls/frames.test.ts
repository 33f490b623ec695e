import { describe, expect, it } from "vitest";
import { deltaBytes, type Frame, hasFinished, readFrames } from "../../../../src/core/gateway/node_calls/frames.ts";
import { chunk, DONE, event, usage, word } from "../../../support/scripts.ts";

const read = (text: string) => Array.fromAsync(readFrames(toSource(text)));
async function* toSource(text: string) {
  yield Buffer.from(text);
}
const only = async (text: string): Promise<Frame> => {
  const frames = await read(text);
  expect(frames).toHaveLength(1);
  return frames[0]!;
};
const told = ({ bytes }: Frame) => JSON.parse(bytes.toString().slice(6));

describe("frames of a node", () => {
  it("go on to the byte where they are in the published form", async () => {
    const text = `: kept\ndata: {"created":1.0, "choices":[{"index":0,"delta":{"content":"h\\u00e9"}}]}\n\n`;
    expect(await only(text)).toMatchObject({ bytes: Buffer.from(text), kind: "chunk", content_bytes: 3 });
    expect(await only(chunk({}, "stop"))).toMatchObject({
      bytes: Buffer.from(chunk({}, "stop")),
      finish_reason: "stop",
    });
    expect(await only(": kept\n\n")).toMatchObject({ bytes: Buffer.from(": kept\n\n"), kind: "comment" });
    expect(await only(word("a").replaceAll("\n", "\r\n"))).toMatchObject({ bytes: Buffer.from(word("a")) });
  });

  it.each(["", "eos_token", "abort", 5, {}])("have no finish reason where the node writes %j", async (reason) => {
    const frame = await only(word("a", reason));
    expect(frame).toMatchObject({ kind: "chunk", finish_reason: null, content_bytes: 1 });
    expect(told(frame).choices[0]).toMatchObject({ delta: { content: "a" }, finish_reason: null });
  });

  it("are two where one event has content and a finish reason", async () => {
    const [content, finish] = await read(word("abc", "length"));
    expect(content).toMatchObject({ content_bytes: 3, finish_reason: null });
    expect(told(content!).choices).toEqual([{ index: 0, delta: { content: "abc" }, finish_reason: null }]);
    expect(finish).toMatchObject({ content_bytes: 0, finish_reason: "length" });
    expect(finish!.data!["choices"]).toEqual([{ index: 0, delta: {}, finish_reason: "length" }]);
  });

  it.each(["data: [DONE]\n\n", "data: [DONE] \n\n", "data:[DONE]\r\n\r\n"])("end with %j", async (text) =>
    expect(await only(text)).toMatchObject({ kind: "done" }),
  );

  it.each([{ usage: { prompt_tokens: 1 } }, { choices: null, usage: { prompt_tokens: 1 } }])(
    "have usage in %j",
    async (value) => expect(await only(event(value))).toMatchObject({ usage_only: true, usage: { prompt_tokens: 1 } }),
  );

  it("are none where an event says nothing", async () => {
    expect(await read("event: ping\n\nevent: ping\ndata:\n\ndata: \n\nretry: 5\n\n\n\n")).toEqual([]);
  });

  it.each([
    "data: <html>\n\n",
    "data: null\n\n",
    "data: 5\n\n",
    event({ error: { message: "x" } }),
    event({ choices: [null] }),
    chunk({ tool_calls: {} }),
    chunk({ tool_calls: [null] }),
    ...[1e9, -1, 1.5, "0", null, undefined].map((index) => chunk({ tool_calls: [{ index, function: {} }] })),
  ])("are an error where the node writes %j", async (text) => {
    expect(await only(text)).toMatchObject({ kind: "error", content_bytes: 0 });
  });

  it("are no error for an error that is null", async () => {
    expect(await only(event({ error: null, choices: [{ index: 0, delta: { content: "a" } }] }))).toMatchObject({
      kind: "chunk",
    });
  });

  it("come in order", async () => {
    const kinds = (await read([word("a"), word("b", "stop"), usage, DONE].join(""))).map(
      ({ kind, content_bytes, finish_reason, usage_only }) => [kind, content_bytes, finish_reason, usage_only],
    );
    expect(kinds).toEqual([
      ["chunk", 1, null, false],
      ["chunk", 1, null, false],
      ["chunk", 0, "stop", false],
      ["chunk", 0, null, true],
      ["done", 0, null, false],
    ]);
  });
});

it("bytes are those of texts, reasoning and calls", () => {
  expect(deltaBytes({ content: "é", reasoning: "a", refusal: "b", role: "assistant" })).toBe(4);
  expect(deltaBytes({ tool_calls: [null, {}, { id: "xxxx", function: { name: "f", arguments: "{}" } }] })).toBe(3);
});

it("a plain answer has finished for a published reason only", () => {
  const ended = (finish_reason: unknown) => hasFinished({ choices: [{ finish_reason }] });
  expect(["stop", "length", "tool_calls"].map(ended)).toEqual([true, true, true]);
  expect(["", null, undefined, "abort"].map(ended)).toEqual([false, false, false, false]);
  expect([{}, { choices: "x" }, { choices: [null] }].map(hasFinished)).toEqual([false, false, false]);
});
