import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { awaitFirst, isFirstTokenLate } from "../../../../src/core/gateway/chat/first_frame.ts";
import { nodeAnswer } from "../../../support/chat.ts";
import { chunk, DONE, event, usage, word } from "../../../support/scripts.ts";

const first = (...events: string[]) =>
  awaitFirst(nodeAnswer(200, Readable.from(events.map((text) => Buffer.from(text))), {}), 1_000);
const role = chunk({ role: "assistant" });

describe("the first frame", () => {
  it.each([
    ["content", word("one")],
    ["reasoning", chunk({ reasoning_content: "hm" })],
    ["a tool delta", chunk({ tool_calls: [{ index: 0, function: { name: "f" } }] })],
    ["a finish reason", chunk({}, "stop")],
  ])("has %s; what came before is held back", async (_what, text) => {
    const { held, first: found, frames } = await first(": hello\n\n", role, usage, text, word("next"), DONE);
    expect(found.bytes.toString()).toBe(text);
    expect(held.map(({ kind }) => kind)).toEqual(["comment", "chunk", "chunk"]);
    expect((await frames.next()).value).toMatchObject({ content_bytes: 4 });
  });

  it.each([
    ["the stream ends", [role]],
    ["it says that it is done", [role, DONE]],
    ["its runtime fails", [role, event({ error: { message: "x" } })]],
    ["it sends 64 kB without a token", Array.from({ length: 700 }, () => role)],
  ])("is missed when %s before it, which is not for lateness", async (_what, events) => {
    const error = await first(...events).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(Error);
    expect(isFirstTokenLate(error)).toBe(false);
  });

  it("is late after its time, whatever else came meanwhile", async () => {
    const body = new Readable({ read() {} });
    body.push(Buffer.from(role));
    const started = performance.now();
    const error = await awaitFirst(nodeAnswer(200, body, {}), 50).catch((failure: unknown) => failure);
    expect(isFirstTokenLate(error)).toBe(true);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
