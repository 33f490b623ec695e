import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { HumanMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { generateText, streamText } from "ai";
import { afterAll, describe, expect, test } from "vitest";
import { FAKE_MODEL, fakeRuntime } from "../support/fake_runtime.ts";
import { testSystem } from "../support/e2e.ts";

const fake = await fakeRuntime();
afterAll(() => fake.close());
const system = await testSystem({ agents: [{ runtime_url: fake.url }] });
const customer = await system.customer();
const SAID = "Hello from the fake.";

describe("LangChain by base URL", () => {
  const model = new ChatOpenAI({
    model: FAKE_MODEL,
    apiKey: customer.key,
    configuration: { baseURL: `${system.url}/v1` },
    maxRetries: 0,
  });

  test("a plain answer with its usage", async () => {
    const answer = await model.invoke([new HumanMessage("hello")]);
    expect(answer.content).toBe(SAID);
    expect(answer.usage_metadata).toMatchObject({ input_tokens: 9, output_tokens: 5, total_tokens: 14 });
  });

  test("a stream with its usage", async () => {
    let text = "";
    let tokens = 0;
    for await (const chunk of await model.stream("hello", { stream_options: { include_usage: true } })) {
      text += chunk.content as string;
      tokens += chunk.usage_metadata?.output_tokens ?? 0;
    }
    expect(text).toBe(SAID);
    expect(tokens).toBe(5);
  });

  test("a tool call", async () => {
    fake.behaviour.tool_calls = [{ name: "add", arguments: ['{"a":1,', '"b":2}'] }];
    const tool = {
      type: "function" as const,
      function: {
        name: "add",
        description: "adds",
        parameters: { type: "object", properties: { a: { type: "number" }, b: { type: "number" } } },
      },
    };
    const answer = await model.bindTools([tool]).invoke("add them");
    delete fake.behaviour.tool_calls;
    expect(answer.tool_calls).toMatchObject([{ name: "add", args: { a: 1, b: 2 }, id: "call_fake_0" }]);
  });
});

describe("the Vercel AI SDK by base URL", () => {
  const model = createOpenAICompatible({
    name: "b3iq",
    baseURL: `${system.url}/v1`,
    apiKey: customer.key,
    includeUsage: true,
  })(FAKE_MODEL);

  test("generateText", async () => {
    const { text, usage, finishReason } = await generateText({ model, prompt: "hello", maxRetries: 0 });
    expect(text).toBe(SAID);
    expect(finishReason).toBe("stop");
    expect(usage).toMatchObject({ inputTokens: 9, outputTokens: 5 });
  });

  test("streamText", async () => {
    const result = streamText({ model, prompt: "hello", maxRetries: 0 });
    expect((await Array.fromAsync(result.textStream)).join("")).toBe(SAID);
    expect(await result.usage).toMatchObject({ inputTokens: 9, outputTokens: 5 });
    expect(await result.finishReason).toBe("stop");
  });
});

test("all of it was charged, one debit an answer", async () => {
  const entries = await customer.usage();
  expect(entries.filter(({ kind }) => kind === "debit").length).toBe(5);
  expect(await customer.reserved()).toBe(0n);
});
