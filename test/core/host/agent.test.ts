import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "../../../src/core/errors.ts";
import type { ChatRequest, Runtime, RuntimeEvent } from "../../../src/core/host/runtimes/runtime.ts";
import { ask, testAgent, type TestAgent } from "../../support/host.ts";

const MODEL = "m";
const answer: RuntimeEvent = {
  type: "answer",
  completion: {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: MODEL,
    choices: [{ index: 0, message: { role: "assistant", content: "yes" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  },
};

const health = vi.fn(async () => ({ ready: true, reason: null }));
/** By the text of a chat's message: what it waits for before its answer; a chat that rejects fails. */
let waits: Map<string, Promise<void>>;
let agent: TestAgent;

const runtime: Runtime = {
  kind: "openai",
  url: "http://127.0.0.1:9/v1",
  models: async () => [
    {
      id: MODEL,
      context_length: 100,
      supported_parameters: [],
      parallel: 4,
      template_tokens: 1,
      tokens_per_message: 1,
      growth_factor_milli: 1000,
      hidden_reasoning: false,
    },
  ],
  async *chat(request: ChatRequest) {
    await waits.get(String(request.messages[0]!.content));
    yield answer;
  },
  countTokens: async () => undefined,
  health,
  counters: async () => null,
  close: async () => {},
};

beforeEach(async () => {
  waits = new Map();
  agent = await testAgent(runtime);
  health.mockClear();
});

afterEach(() => agent.close());

const chat = (content: string) => ask(agent, { model: MODEL, messages: [{ role: "user", content }] });

test("a chat that the runtime fails has the runtime asked at once; another that runs meanwhile and ends well does not", async () => {
  const end = Promise.withResolvers<void>();
  waits.set("good", end.promise);
  waits.set("bad", Promise.reject(new ApiError("runtime_failed", "The runtime broke.")));
  const good = chat("good");
  await expect(chat("bad")).rejects.toMatchObject({ code: "runtime_failed" });
  expect(health).toHaveBeenCalledTimes(1);
  end.resolve();
  await good;
  expect(agent.counters).toMatchObject({ jobs_ok: 1, jobs_failed: 1 });
  expect(health).toHaveBeenCalledTimes(1);
});
