import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { charge } from "../../../../src/core/gateway/billing/settlement.ts";
import { awaitFirst } from "../../../../src/core/gateway/chat/first_frame.ts";
import { relay, type Relayed } from "../../../../src/core/gateway/chat/stream.ts";
import type { ChatTimeouts } from "../../../../src/core/gateway/chat/timeouts.ts";
import type { TunnelAnswer } from "../../../../src/core/gateway/nodes/types.ts";
import { joinAsClient } from "../../../support/answers.ts";
import { chunk, DONE, event, usage, word } from "../../../support/scripts.ts";

const TIMEOUTS = { between_tokens_ms: 60_000, client_progress_ms: 1_000 } as ChatTimeouts;
const TRAILERS = { "x-b3iq-receipt": "of the node" };
const words = ["one", " two", " three", " four"];

type Run = {
  /** Numbers are pauses in ms. The stream stays open without DONE at the end. */
  script: (string | number)[];
  completion_bound?: number;
  trailers?: boolean;
  /** An honest node ends its stream when it is told to stop; another goes on. */
  honest?: boolean;
  /** Called with all that was written so far. */
  onWrite?: (text: string, leave: () => void) => void;
};

/** Relays what a node sends to a client that keeps it. */
async function relayed({ script, completion_bound = 100, trailers = true, honest = true, onWrite }: Run) {
  const body = new PassThrough();
  const { promise, resolve } = Promise.withResolvers<Record<string, string> | undefined>();
  const close = () => {
    body.end();
    resolve(trailers ? TRAILERS : undefined);
  };
  const cancel = vi.fn(() => honest && close());
  void (async () => {
    for (const step of script) {
      await sleep(typeof step === "number" ? step : 0, undefined, { ref: false });
      if (typeof step === "string" && body.writable) body.write(step);
    }
    if (script.at(-1) === DONE) close();
  })();
  const answer = { body, trailers: promise, cancel: () => {} } as unknown as TunnelAnswer;
  const client = new AbortController();
  let text = "";
  const sink = {
    opened: true,
    open() {},
    async write(bytes: Buffer | string) {
      text += bytes.toString();
      onWrite?.(text, () => client.abort(new Error("left")));
    },
    comment() {},
    async end() {},
  };
  const start = await awaitFirst(answer, 1_000);
  const ended: Relayed = await relay(answer, start, sink, {
    completion_bound,
    deadline: performance.now() + 600_000,
    timeouts: TIMEOUTS,
    client: client.signal,
    onPassed: () => {},
    cancel,
  });
  const chunks = text
    .split("\n\n")
    .filter((frame) => frame.startsWith("data: "))
    .map((frame) => JSON.parse(frame.slice(6)));
  return { text, ended, cancel, joined: joinAsClient(chunks) };
}

/** What a node that claims a million tokens is paid for. */
function paid({ observation }: Relayed): number {
  const hold = {
    prompt_price_wei: 0n,
    completion_price_wei: 1n,
    fee_bps: 0,
    prompt_bound: 1,
    completion_bound: 1_000_000,
    amount_wei: 10n ** 9n,
    hidden_reasoning: false,
    mode: "stream" as const,
  };
  return charge(hold, { prompt_tokens: 1, completion_tokens: 1_000_000 }, observation).completion_tokens;
}

/** What the published clamp allows for a text in so many events. */
const allowed = (text: string, events: number) => Buffer.byteLength(text) + events;

describe("what follows a finish reason", () => {
  it("is delivered: four words, each with stop", async () => {
    const { ended, joined } = await relayed({ script: [...words.map((text) => word(text, "stop")), usage, DONE] });
    expect(joined).toMatchObject({ content: "one two three four", finish_reasons: [] });
    expect(ended).toMatchObject({ finish: { finish_reason: "stop" }, observation: { reason: "complete", events: 4 } });
    expect(paid(ended)).toBe(allowed("one two three four", 4));
  });

  it("is delivered: a tool call after the frame with tool_calls", async () => {
    const call = (index: number) =>
      chunk({ tool_calls: [{ index, id: `id_${index}`, function: { name: "f", arguments: "{}" } }] });
    const { ended, joined } = await relayed({ script: [call(0), chunk({}, "tool_calls"), call(1), usage, DONE] });
    expect(joined.tool_calls.map(({ id }) => id)).toEqual(["id_0", "id_1"]);
    expect(ended).toMatchObject({ finish: { finish_reason: "tool_calls" }, observation: { reason: "complete" } });
    expect(paid(ended)).toBe(allowed("f{}f{}", 2));
  });

  it("does not break an answer: garbage, an error, a second usage", async () => {
    const after = ["data: <html>\n\n", event({ error: { message: "x" } }), "event: ping\ndata:\n\n", usage, DONE];
    const { ended, joined } = await relayed({ script: [word("one"), chunk({}, "stop"), ...after] });
    expect(joined.content).toBe("one");
    expect(ended).toMatchObject({ observation: { reason: "complete" }, usage: { usage_only: true } });
  });

  it("breaks an answer that went on: an error after content after stop", async () => {
    const { ended } = await relayed({ script: [word("one", "stop"), word(" two"), event({ error: "x" }), DONE] });
    expect(ended.observation.reason).toBe("node_failed");
  });
});

describe("only what is passed on is counted", () => {
  it("not what comes after the bound", async () => {
    const many = Array.from({ length: 300 }, () => word("xxxxxxxxxx"));
    const { ended, joined, cancel } = await relayed({
      script: [many.join(""), chunk({}, "stop"), DONE],
      completion_bound: 10,
      honest: false,
    });
    expect(cancel).toHaveBeenCalledOnce();
    expect(joined.content).toHaveLength(740);
    expect(ended).toMatchObject({ finish: null, observation: { content_bytes: 740, events: 74, reason: "cut" } });
  });

  it("not what comes after the client left", async () => {
    const { ended, joined } = await relayed({
      script: [...words.map((text) => word(text)), 50, word("x".repeat(5_000)), word("y", "stop"), DONE],
      honest: false,
      onWrite: (text, leave) => text.includes(" four") && leave(),
    });
    expect(joined.content).toBe("one two three four");
    expect(ended.observation).toEqual({ content_bytes: 18, events: 4, reason: "client_left" });
    expect(paid(ended)).toBe(allowed("one two three four", 4));
  });

  it("not what comes after an error", async () => {
    const { ended, joined } = await relayed({
      script: [word("one"), event({ error: "x" }), word("x".repeat(99)), DONE],
      honest: false,
    });
    expect(joined.content).toBe("one");
    expect(ended.observation).toEqual({ content_bytes: 3, events: 1, reason: "node_failed" });
  });
});

describe("finish reasons", () => {
  it.each(["", "eos_token", "abort"])("of %j end nothing", async (reason) => {
    const { ended, joined } = await relayed({ script: [word("one", reason), word(" two"), chunk({}, "length"), DONE] });
    expect(joined).toMatchObject({ content: "one two", finish_reasons: [] });
    expect(ended).toMatchObject({ finish: { finish_reason: "length" }, observation: { reason: "complete" } });
    const without = await relayed({ script: [word("one", reason), usage, DONE] });
    expect(without.ended).toMatchObject({ finish: null, observation: { reason: "node_failed" } });
  });

  it("of a node that then stays open are waited for shortly", async () => {
    const started = performance.now();
    const { ended, cancel } = await relayed({ script: [word("one"), chunk({}, "stop"), usage, ": still here\n\n"] });
    expect(cancel).toHaveBeenCalledOnce();
    expect(ended).toMatchObject({ trailers: TRAILERS, observation: { reason: "complete" } });
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it("prove nothing without trailers", async () => {
    const { ended } = await relayed({ script: [word("one"), chunk({}, "stop"), usage, DONE], trailers: false });
    expect(ended.observation.reason).toBe("node_failed");
  });
});

it("usage before the content is held back to its place", async () => {
  const { text, ended } = await relayed({
    script: [chunk({ role: "assistant" }), usage, word("one"), chunk({}, "stop"), DONE],
  });
  expect(text).not.toContain("prompt_tokens");
  expect(ended.usage).toMatchObject({ usage: { prompt_tokens: 9 } });
});
