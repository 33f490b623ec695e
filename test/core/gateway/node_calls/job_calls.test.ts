import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { cancelJob, countPrompt, readAll } from "../../../../src/core/gateway/node_calls/job_calls.ts";
import { sendChat } from "../../../../src/core/gateway/node_calls/send_chat.ts";
import type { NodeTunnel, TunnelAnswer, TunnelCall } from "../../../../src/core/gateway/nodes/types.ts";
import { nodeAnswer } from "../../../support/chat.ts";

/** A tunnel that answers so, and the calls that it got. */
function tunnelOf(answer: () => TunnelAnswer) {
  const calls: TunnelCall[] = [];
  const call = async (one: TunnelCall) => (calls.push(one), answer());
  return { calls, tunnel: { node_id: "node_a", epoch: 1, call } as unknown as NodeTunnel };
}
const down = () => {
  throw new Error("down");
};

it("a chat is sent with its dispatch and limits", async () => {
  const { calls, tunnel } = tunnelOf(() => nodeAnswer(200));
  const signal = new AbortController().signal;
  const dispatch = { job_id: "job_a" } as never;
  const onAccepted = () => {};
  await sendChat(tunnel, { body: { model: "m" }, dispatch, signal, connect_timeout_ms: 7, onAccepted });
  expect(calls[0]).toMatchObject({ path: "/v1/chat/completions", dispatch, signal, connect_timeout_ms: 7 });
  expect([calls[0]!.on_accepted, calls[0]!.body.toString()]).toEqual([onAccepted, '{"model":"m"}']);
});

it("a cancel names job and fence, and is confirmed by a 200 alone", async () => {
  const { calls, tunnel } = tunnelOf(() => nodeAnswer(200));
  expect(await cancelJob(tunnel, "job_a", 3)).toBe(true);
  expect(calls[0]!.path).toBe("/v1/tunnel/cancel");
  expect(JSON.parse(calls[0]!.body.toString())).toEqual({ job_id: "job_a", fence: 3 });
  expect(await cancelJob(tunnelOf(() => nodeAnswer(404)).tunnel, "job_a", 3)).toBe(false);
  expect(await cancelJob(tunnelOf(down).tunnel, "job_a", 3)).toBe(false);
});

describe("a count of a prompt", () => {
  const counted = (answer: () => TunnelAnswer) => countPrompt(tunnelOf(answer).tunnel, { model: "m", messages: [] });
  it("is the node's whole number", async () => {
    expect(await counted(() => nodeAnswer(200, { prompt_tokens: 12 }))).toBe(12);
    expect(await counted(() => nodeAnswer(200, { prompt_tokens: 0 }))).toBe(0);
  });
  it.each([{ prompt_tokens: -1 }, { prompt_tokens: 1.5 }, { prompt_tokens: "9" }, {}, "<html>"])(
    "is nothing where the node says %j",
    async (body) => expect(await counted(() => nodeAnswer(200, body))).toBeUndefined(),
  );
  it("is nothing without an answer", async () => {
    expect(await counted(() => nodeAnswer(404, { prompt_tokens: 1 }))).toBeUndefined();
    expect(await counted(down)).toBeUndefined();
  });
});

it("a body is read whole, or not at all where it is longer than allowed", async () => {
  const parts = () => Readable.from(["ab", "cd"].map((text) => Buffer.from(text)));
  expect(await readAll(nodeAnswer(200, parts()), 4)).toBe("abcd");
  let cancelled = false;
  const answer = { ...nodeAnswer(200, parts()), cancel: () => void (cancelled = true) };
  await expect(readAll(answer, 3)).rejects.toThrow("larger than allowed");
  expect(cancelled).toBe(true);
});
