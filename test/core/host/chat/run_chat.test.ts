import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { requestCommitment, responseCommitment } from "../../../../src/core/protocol/receipt/commitments.ts";
import {
  parseReceiptTrailers,
  verifyReceipt,
  type SignedReceipt,
} from "../../../../src/core/protocol/receipt/receipt.ts";
import { verifyLocalReceipt } from "../../../../src/core/protocol/receipt/local_receipt.ts";
import type { RouterDispatch } from "../../../../src/core/protocol/calls/router_call.ts";
import { answerTunnelCall } from "../../../../src/core/host/gateway_link/tunnel_calls.ts";
import { FAKE_MODEL, fakeRuntime, type FakeRuntime } from "../../../support/fake_runtime.ts";
import {
  ask,
  type AskOptions,
  type Collected,
  dataOf,
  testAgent,
  type TestAgent,
  testDispatch,
} from "../../../support/host.ts";

let fake: FakeRuntime;
let agent: TestAgent;
const MESSAGES = [{ role: "user", content: "Hällo" }];
const BODY = { model: FAKE_MODEL, messages: MESSAGES };
const EPOCH = 7;

beforeEach(async () => {
  fake = await fakeRuntime();
  agent = await testAgent(fake.url);
});

afterEach(async () => {
  await agent.close();
  await fake.close();
});

function routed(changes: Partial<RouterDispatch> = {}) {
  const dispatch = testDispatch(agent.profiles.byModel(FAKE_MODEL).model_profile_id, changes);
  return { kind: "routed" as const, dispatch, node_epoch: EPOCH };
}

/** The receipt of the trailers, checked with the node's public key. */
function receiptOf(trailers: Record<string, string> | undefined): SignedReceipt {
  const parsed = parseReceiptTrailers(trailers!);
  if (!parsed.ok) throw new Error(parsed.reason);
  expect(verifyReceipt(parsed.value, agent.identity.public_key).ok).toBe(true);
  return parsed.value;
}

async function stream(
  options: AskOptions = {},
  body: Record<string, unknown> = {},
): Promise<Collected & { origin: ReturnType<typeof routed> }> {
  const origin = routed();
  return { origin, ...(await ask(agent, { ...BODY, stream: true, ...body }, { origin, ...options })) };
}

describe("a routed stream", () => {
  test("is the runtime's frames unchanged, usage, [DONE], and a receipt in the trailers that was on disk before", async () => {
    fake.behaviour = { ...fake.behaviour, reasoning: ["hm", "m"], comments: true };
    const { frames, trailers, origin } = await stream();
    const data = dataOf(frames);
    expect(frames[0]).toBe(
      `data: ${JSON.stringify({ id: "chatcmpl-fake", object: "chat.completion.chunk", created: 1, model: FAKE_MODEL, system_fingerprint: "fp_fake", choices: [{ index: 0, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null }] })}\n\n`,
    );
    expect(data.at(-1)).toBe("[DONE]");
    expect(data.at(-2)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 9, completion_tokens: 7, total_tokens: 16 },
    });
    const { receipt, receipt_hash } = receiptOf(trailers);
    expect(receipt).toMatchObject({
      type: "b3iq.receipt.v1",
      node_id: agent.node_id,
      node_epoch: EPOCH,
      node_seq: 1,
      job_id: origin.dispatch.job_id,
      fence: 1,
      outcome: "ok",
      dispatch_mode: "pooled_sync",
      model_id: FAKE_MODEL,
      runtime_kind: "openai",
      prompt_tokens: 9,
      completion_tokens: 7,
      total_tokens: 16,
      prompt_price_wei: "1000",
      completion_price_wei: "2000",
      fee_bps: 500,
    });
    expect(receipt.finished_at).toMatch(/:00Z$/);
    const salt = trailers!["x-b3iq-commitment-salt"]!;
    expect(receipt.request_commitment).toBe(requestCommitment(salt, MESSAGES));
    expect(receipt.response_commitment).toBe(
      responseCommitment(salt, {
        content: "Hello from the fake.",
        reasoning: "hmm",
        tool_calls: null,
        finish_reason: "stop",
      }),
    );
    expect(agent.receipts.find(receipt_hash)).toMatchObject({
      status: "pending",
      kind: "network",
      job_id: origin.dispatch.job_id,
    });
  });

  test("numbers receipts from 1 in each epoch, without gaps, also when several end at once", async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => stream()));
    const numbers = results.map(({ trailers }) => receiptOf(trailers).receipt.node_seq).sort((a, b) => a - b);
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const next = await stream({ origin: { ...routed(), node_epoch: 8 } });
    expect(receiptOf(next.trailers).receipt).toMatchObject({ node_epoch: 8, node_seq: 1 });
  });

  test("commits to tool calls as they were joined", async () => {
    fake.behaviour = {
      ...fake.behaviour,
      tool_calls: [
        { name: "weather", arguments: ['{"ci', 'ty":"x"}'] },
        { name: "clock", arguments: ["{}"] },
      ],
    };
    const { trailers, frames } = await stream({}, { tools: [{ type: "function", function: { name: "weather" } }] });
    const tool_calls = [
      { id: "call_fake_0", type: "function", function: { name: "weather", arguments: '{"city":"x"}' } },
      { id: "call_fake_1", type: "function", function: { name: "clock", arguments: "{}" } },
    ];
    expect(receiptOf(trailers).receipt.response_commitment).toBe(
      responseCommitment(trailers!["x-b3iq-commitment-salt"]!, {
        content: null,
        reasoning: null,
        tool_calls,
        finish_reason: "tool_calls",
      }),
    );
    expect(frames.join("")).toContain("call_fake_1");
  });

  test("has usage also where the runtime has none, or puts it elsewhere", async () => {
    fake.behaviour = { ...fake.behaviour, usage: "none" };
    const none = await stream();
    expect(receiptOf(none.trailers).receipt).toMatchObject({ completion_tokens: 5, outcome: "ok" });
    expect(dataOf(none.frames).at(-2).usage.completion_tokens).toBe(5);
    fake.behaviour = { ...fake.behaviour, usage: "onFinish" };
    const onFinish = await stream();
    expect(receiptOf(onFinish.trailers).receipt).toMatchObject({ prompt_tokens: 9, completion_tokens: 5 });
    expect(dataOf(onFinish.frames).at(-2)).toMatchObject({ choices: [], usage: { prompt_tokens: 9 } });
  });

  test("passes the bound on under both names, and stops a runtime that ignores it", async () => {
    const bounded = await stream({ origin: routed({ completion_bound: 3 }) }, { max_tokens: 50 });
    expect(fake.requests.at(-1)!.body).toMatchObject({
      max_tokens: 3,
      max_completion_tokens: 3,
      stream_options: { include_usage: true },
    });
    expect(receiptOf(bounded.trailers).receipt).toMatchObject({ completion_tokens: 3, outcome: "truncated" });
    fake.behaviour = {
      ...fake.behaviour,
      unbounded: true,
      tokens: Array.from({ length: 5000 }, () => "x"),
      delay_ms: 1,
    };
    const endless = await stream({ origin: routed({ completion_bound: 3 }) });
    expect(receiptOf(endless.trailers).receipt.outcome).toBe("truncated");
    expect(endless.frames.length).toBeLessThan(200);
  });
});

describe("a stream that is cut", () => {
  const slow = { tokens: Array.from({ length: 2000 }, (_, i) => ` ${i}`), delay_ms: 5 };

  test("by cancel stops the runtime and ends in order with the partial usage, signed", async () => {
    fake.behaviour = { ...fake.behaviour, ...slow };
    const origin = routed();
    const { job_id } = origin.dispatch;
    const cancel = (fence: number) => answerTunnelCall("cancelJob", { job_id, fence }, agent);
    const cut = await ask(
      agent,
      { ...BODY, stream: true },
      {
        origin,
        onFrame: (_text, count) => {
          if (count !== 6) return;
          void cancel(2).then((answer) => expect(answer).toEqual({ cancelled: false }));
          void cancel(1).then((answer) => expect(answer).toEqual({ cancelled: true }));
          void answerTunnelCall("getJob", { job_id }, agent).then((answer) =>
            expect(answer).toEqual({ state: "running", receipts: [] }),
          );
        },
      },
    );
    const { receipt, receipt_hash } = receiptOf(cut.trailers);
    const data = dataOf(cut.frames);
    const deltas = data.filter((chunk) => chunk.choices?.[0]?.delta.content).length;
    expect(receipt).toMatchObject({ outcome: "cancelled", completion_tokens: deltas });
    expect(data.at(-2)).toMatchObject({ choices: [], usage: { completion_tokens: deltas } });
    expect(data.at(-1)).toBe("[DONE]");
    const sent = fake.tokens_sent;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(fake.tokens_sent).toBeLessThanOrEqual(sent + 1);
    expect(fake.open).toBe(0);
    expect(await cancel(1)).toEqual({ cancelled: false });
    expect(await answerTunnelCall("getJob", { job_id }, agent)).toMatchObject({
      state: "finished",
      receipts: [{ receipt_hash }],
    });
    expect(agent.counters.jobs_cancelled).toBe(1);
    expect(agent.receipts.ofJob(job_id)).toMatchObject([{ status: "pending" }]);
    expect(await answerTunnelCall("acknowledgeReceipts", { receipt_hashes: [receipt_hash] }, agent)).toEqual({
      acknowledged: 1,
    });
    expect(agent.receipts.ofJob(job_id)).toMatchObject([{ status: "settled" }]);
    await expect(answerTunnelCall("acknowledgeReceipts", { receipt_hashes: ["x"] }, agent)).rejects.toMatchObject({
      code: "invalid_request",
    });
  });

  test("because the gateway is gone leaves a receipt for the outbox", async () => {
    fake.behaviour = { ...fake.behaviour, ...slow };
    const left = new AbortController();
    const origin = routed();
    await ask(
      agent,
      { ...BODY, stream: true },
      { origin, signal: left.signal, onFrame: (_text, count) => count === 5 && left.abort(new Error("left")) },
    );
    expect(agent.receipts.ofJob(origin.dispatch.job_id)).toMatchObject([{ status: "pending" }]);
    expect(JSON.parse(agent.receipts.ofJob(origin.dispatch.job_id)[0]!.payload)).toMatchObject({
      outcome: "cancelled",
    });
  });

  test("by the deadline is a cancel too", async () => {
    fake.behaviour = { ...fake.behaviour, ...slow };
    const cut = await stream({ origin: routed({ deadline_ms: 60 }) });
    expect(receiptOf(cut.trailers).receipt.outcome).toBe("cancelled");
  });

  test("by a later fence of the same job", async () => {
    fake.behaviour = { ...fake.behaviour, ...slow };
    const first = routed();
    const second = { ...first, dispatch: { ...first.dispatch, fence: 2 } };
    let later: Promise<Collected> | undefined;
    const cut = await ask(
      agent,
      { ...BODY, stream: true },
      {
        origin: first,
        onFrame: (_text, count) => {
          if (count === 3) {
            fake.behaviour = { ...fake.behaviour, tokens: ["b"], delay_ms: 0 };
            later = ask(agent, { ...BODY, stream: true }, { origin: second });
          }
        },
      },
    );
    expect(receiptOf(cut.trailers).receipt).toMatchObject({ fence: 1, outcome: "cancelled" });
    expect(receiptOf((await later!).trailers).receipt).toMatchObject({ fence: 2, outcome: "ok" });
  });

  test("by the runtime says so, and ends in order with a receipt of outcome error", async () => {
    for (const failure of [{ cut_after: 3 }, { error_after: 3 }]) {
      fake.behaviour = {
        ...fake.behaviour,
        cut_after: undefined,
        error_after: undefined,
        delay_ms: 2,
        ...failure,
      } as typeof fake.behaviour;
      const cut = await stream();
      const data = dataOf(cut.frames);
      expect(receiptOf(cut.trailers).receipt).toMatchObject({ outcome: "error", completion_tokens: 3 });
      expect(data.some((chunk) => chunk.error?.code === "runtime_failed")).toBe(true);
      expect(data.at(-1)).toBe("[DONE]");
    }
  });
});

describe("a plain answer", () => {
  test("is the runtime's, with the receipt in the trailers", async () => {
    const { result } = await ask(agent, BODY, { origin: routed() });
    if (result.kind !== "plain") throw new Error("streamed");
    expect(result.completion).toMatchObject({
      id: "chatcmpl-fake",
      system_fingerprint: "fp_fake",
      usage: { total_tokens: 14 },
    });
    // The gateway cannot see when the first token of a plain answer came.
    expect(result.completion).toHaveProperty("b3iq.ttft_ms");
    const { receipt, receipt_hash } = receiptOf(result.trailers);
    expect(result.headers["x-b3iq-receipt-hash"]).toBe(receipt_hash);
    expect(receipt.response_commitment).toBe(
      responseCommitment(result.trailers!["x-b3iq-commitment-salt"]!, {
        content: "Hello from the fake.",
        finish_reason: "stop",
      }),
    );
  });

  test("on this machine carries a receipt of the other kind and counter", async () => {
    await ask(agent, BODY, { origin: routed() });
    const { result } = await ask(agent, BODY);
    if (result.kind !== "plain") throw new Error("streamed");
    expect(result.trailers).toBeUndefined();
    const { b3iq } = result.completion as unknown as {
      b3iq: { receipt_hash: string; commitment_salt: string; runtime_kind: string };
    };
    const row = agent.receipts.find(b3iq.receipt_hash)!;
    expect(row).toMatchObject({ kind: "local", status: "local" });
    const receipt = JSON.parse(row.payload);
    expect(receipt).toMatchObject({ type: "b3iq.local-receipt.v1", local_seq: 1, prompt_tokens: 9 });
    expect(receipt.request_commitment).toBe(requestCommitment(b3iq.commitment_salt, MESSAGES));
    expect(
      verifyLocalReceipt(
        { receipt, receipt_hash: row.receipt_hash, signature_ed25519: row.signature_ed25519 },
        agent.identity.public_key,
      ).ok,
    ).toBe(true);
  });
});

test("a local stream has its receipt on the finish frame, and usage only when asked for", async () => {
  const quiet = dataOf((await ask(agent, { ...BODY, stream: true })).frames);
  expect(quiet.at(-1)).toBe("[DONE]");
  expect(quiet.at(-2)).toMatchObject({
    choices: [{ finish_reason: "stop" }],
    b3iq: { receipt_hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  const asked = dataOf((await ask(agent, { ...BODY, stream: true, stream_options: { include_usage: true } })).frames);
  expect(asked.at(-2)).toMatchObject({ id: "chatcmpl-fake", choices: [], usage: { total_tokens: 14 } });
});

describe("what cannot be done", () => {
  test("is refused by name before the runtime is asked", async () => {
    const refused = async (fields: Record<string, unknown>) =>
      ask(agent, { ...BODY, ...fields }).then(
        () => null,
        (error: unknown) => error,
      );
    const asked = fake.requests.length;
    for (const [name, value] of Object.entries({
      top_k: 4,
      reasoning_effort: "low",
      n: 2,
      best_of: 2,
      ignore_eos: true,
      chat_template: "x",
      something: 1,
    })) {
      expect(await refused({ [name]: value }), name).toMatchObject({ code: "unsupported_parameter", param: name });
    }
    expect(fake.requests.length).toBe(asked);
    expect(await refused({ model: "other" })).toMatchObject({ code: "model_not_found" });
    const strange = { ...routed(), dispatch: testDispatch("other@openai") };
    await expect(ask(agent, BODY, { origin: strange })).rejects.toMatchObject({ code: "model_not_found" });
    await expect(ask(agent, { ...BODY, messages: [{ role: "user", content: "\ud800" }] })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });

  test("harmless fields stay here", async () => {
    await ask(agent, {
      ...BODY,
      user: "u",
      metadata: { a: "b" },
      store: false,
      service_tier: "auto",
      safety_identifier: "s",
      verbosity: "low",
      prompt_cache_key: "k",
      n: 1,
      temperature: null,
    });
    expect(Object.keys(fake.requests.at(-1)!.body).sort()).toEqual([
      "max_completion_tokens",
      "max_tokens",
      "messages",
      "model",
      "stream",
    ]);
  });

  test("by the runtime keeps its code and loses its words", async () => {
    const secret = "the prompt was Hällo at http://10.0.0.1";
    const cases: [number, object, string][] = [
      [
        400,
        {
          error: {
            message: `This model's maximum context length is 8192 tokens, however you requested 9000 tokens`,
            code: "context_length_exceeded",
          },
        },
        "context_length_exceeded",
      ],
      [400, { error: { message: secret, param: "temperature" } }, "invalid_request"],
      [404, { error: { message: secret } }, "model_not_found"],
      [429, { error: { message: secret } }, "runtime_busy"],
      [401, { error: { message: secret } }, "runtime_failed"],
      [500, { error: { message: secret } }, "runtime_failed"],
    ];
    for (const stream of [true, false]) {
      for (const [status, error, code] of cases) {
        fake.behaviour = { ...fake.behaviour, status, error };
        const refusal = await ask(agent, { ...BODY, stream }, { origin: routed() }).then(
          () => null,
          (thrown: unknown) => thrown as Error & { code: string; detail: object },
        );
        expect(refusal?.code).toBe(code);
        expect(refusal!.message).not.toContain("Hällo");
        expect(refusal!.message).not.toContain("10.0.0.1");
        if (code === "context_length_exceeded")
          expect(refusal!.detail).toEqual({ prompt_tokens: 9000, context_length: 8192 });
      }
    }
    expect(agent.receipts.waiting().count).toBe(0);
  });

  test("because all slots are taken is runtime_busy in time, and cancelled waiting is no receipt", async () => {
    fake.behaviour = { ...fake.behaviour, delay_ms: 50, tokens: Array.from({ length: 60 }, () => "x") };
    const left = new AbortController();
    const running = Array.from({ length: 4 }, () => ask(agent, { ...BODY, stream: true }, { signal: left.signal }));
    const origin = routed();
    const waiting = ask(agent, { ...BODY, stream: true }, { origin });
    await expect.poll(() => agent.slots.state.queued).toBe(1);
    expect(await answerTunnelCall("cancelJob", { job_id: origin.dispatch.job_id, fence: 1 }, agent)).toEqual({
      cancelled: true,
    });
    await expect(waiting).rejects.toMatchObject({ code: "runtime_busy" });
    expect(agent.receipts.ofJob(origin.dispatch.job_id)).toEqual([]);
    left.abort(new Error("left"));
    await Promise.all(running);
    expect(agent.slots.state.active).toBe(0);
  });
});
