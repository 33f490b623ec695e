import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { attempt } from "../../../../src/core/gateway/chat/attempt.ts";
import type { TunnelAnswer } from "../../../../src/core/gateway/nodes/types.ts";
import { TunnelError } from "../../../../src/tunnel/tunnel_error.ts";
import { admittedChat, fakeChat, nodeAnswer, type SeenCall } from "../../../support/chat.ts";

type Does = (call: SeenCall) => TunnelAnswer | Promise<TunnelAnswer>;

async function attempted(does: Does, body: object = {}, signal = new AbortController().signal) {
  const fake = fakeChat({ does, body });
  const chat = admittedChat(fake);
  const candidate = chat.candidates[0]!;
  const bounds = { prompt_bound: 11, completion_bound: 22 };
  const sending = { candidate, bounds, tunnel: fake.ports.tunnel(candidate.node_id)!, fence: 3 };
  const result = await attempt(fake.ports, { ...chat, signal }, sending);
  return { result, call: fake.calls[0]! };
}

/** Takes a call up or not, and never answers. */
const silent =
  (accepts: boolean): Does =>
  ({ onAccepted, signal }) => {
    if (accepts) onAccepted!();
    return new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason as Error)));
  };
const refusing = (status: number, error: object) => async () =>
  (await attempted(() => nodeAnswer(status, { error }))).result;

describe("what a node is sent", () => {
  it("is the request with the bounds of the dispatch, and usage asked for in every stream", async () => {
    const { result, call } = await attempted(() => nodeAnswer(200), { stream: true, max_tokens: 900, temperature: 0 });
    expect(result).toMatchObject({ answer: { status: 200 } });
    expect(call.body).toEqual({
      model: "m",
      messages: [{ role: "user", content: "hi" }],
      stream: true,
      temperature: 0,
      max_tokens: 22,
      max_completion_tokens: 22,
      stream_options: { include_usage: true },
    });
    expect(call.dispatch).toMatchObject({ fence: 3, prompt_bound: 11, completion_bound: 22, prompt_price_wei: "10" });
    const plain = await attempted(() => nodeAnswer(200), { stream: false });
    expect(plain.call.body).not.toHaveProperty("stream_options");
  });
});

describe("an attempt without an answer", () => {
  it("is refused, in the gateway's words, where the request is at fault", async () => {
    const too_long = {
      code: "context_length_exceeded",
      message: "secret",
      b3iq: { prompt_tokens: 9, context_length: 8 },
    };
    expect(await refusing(400, too_long)()).toMatchObject({
      failure: { kind: "refused", error: { code: "context_length_exceeded", detail: { prompt_tokens: 9 } } },
    });
    const malformed = { code: "invalid_request", message: "secret", param: "messages[0]" };
    const refused = await refusing(400, malformed)();
    expect(refused).toMatchObject({ failure: { kind: "refused", error: { param: "messages[0]" } } });
    expect(JSON.stringify(refused)).not.toContain("secret");
    const named = await refusing(400, { ...malformed, param: "<script>" })();
    expect(named).toMatchObject({ failure: { error: { param: null } } });
  });

  it("has failed where the node is at fault", async () => {
    expect(await refusing(503, {})()).toEqual({ failure: { kind: "busy" } });
    expect(await refusing(500, { code: "invalid_request" })()).toEqual({ failure: { kind: "failed" } });
    expect(await refusing(400, { code: "context_length_exceeded" })()).toEqual({ failure: { kind: "failed" } });
    expect((await attempted(() => nodeAnswer(400, "<html>"))).result).toEqual({ failure: { kind: "failed" } });
  });

  it("is lost with its tunnel, and says whether the chat was sent", async () => {
    for (const sent of [true, false]) {
      const { result } = await attempted(() => {
        throw new TunnelError("tunnel_down", "gone", sent);
      });
      expect(result).toEqual({ failure: { kind: "lost", sent } });
    }
  });

  it("is late where the node does not take the chat up in time, or then sends no first token", async () => {
    const started = performance.now();
    expect((await attempted(silent(false))).result).toEqual({ failure: { kind: "timeout" } });
    expect(performance.now() - started).toBeLessThan(450);
    const accepted = performance.now();
    expect((await attempted(silent(true))).result).toEqual({ failure: { kind: "timeout" } });
    expect(performance.now() - accepted).toBeGreaterThanOrEqual(490);
  });

  it("is lost when the client leaves while the gateway waits", async () => {
    const leaving = new AbortController();
    void sleep(20).then(() => leaving.abort(new Error("left")));
    const { result } = await attempted(silent(true), {}, leaving.signal);
    expect(result).toEqual({ failure: { kind: "lost", sent: true } });
  });
});
