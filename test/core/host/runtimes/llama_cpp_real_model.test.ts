import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLlamaCppRuntime, type LlamaCppRuntime } from "../../../../src/core/host/runtimes/llama_cpp.ts";
import type { ChatCompletion, ChatRequest } from "../../../../src/core/host/runtimes/runtime.ts";
import { realModel } from "../../../support/real_model.ts";
import { describeUnless } from "../../../support/unless.ts";

const found = await realModel();

describeUnless(found.missing)("a real instruct model, SmolLM2-135M", { timeout: 180_000 }, () => {
  let runtime: LlamaCppRuntime;
  beforeAll(async () => {
    runtime = await createLlamaCppRuntime({
      model_path: found.path!,
      context_length: 2048,
      parallel: 2,
      gpu: false,
      threads: 0,
    });
  }, 120_000);
  afterAll(() => runtime?.close());

  async function answer(changes: Partial<ChatRequest>, signal = new AbortController().signal): Promise<ChatCompletion> {
    const request: ChatRequest = {
      model: "m",
      messages: [{ role: "user", content: "What is 2+2?" }],
      temperature: 0,
      max_tokens: 24,
      ...changes,
    };
    for await (const event of runtime.chat(request, { signal })) if (event.type === "answer") return event.completion;
    throw new Error("no answer");
  }
  const textOf = (completion: ChatCompletion) => completion.choices[0]!.message.content ?? "";

  test("answers through its own chat template, and ends by itself", async () => {
    const completion = await answer({});
    expect(textOf(completion)).toContain("4");
    expect(textOf(completion)).not.toContain("<|im_end|>");
    expect(completion.choices[0]!.finish_reason).toBe("stop");
    expect(completion.usage!.prompt_tokens).toBe(
      await runtime.countTokens({ model: "m", messages: [{ role: "user", content: "What is 2+2?" }] }),
    );
  });

  test("hears the system's words, also as developer", async () => {
    const plain = await runtime.countTokens({ model: "m", messages: [{ role: "user", content: "x" }] });
    const told = (role: "system" | "developer") =>
      runtime.countTokens({
        model: "m",
        messages: [
          { role, content: "Answer with one word only, in capital letters, please." },
          { role: "user", content: "x" },
        ],
      });
    expect(await told("system")).not.toBe(plain);
    expect(await told("developer")).toBe(await told("system"));
  });

  test("writes JSON that follows a schema, and arguments that follow a tool's", async () => {
    const schema = {
      type: "object",
      properties: { city: { type: "string", maxLength: 20 }, population: { type: "integer", minimum: 0 } },
      required: ["city", "population"],
      additionalProperties: false,
    };
    const structured = await answer({
      max_tokens: 120,
      response_format: { type: "json_schema", json_schema: { name: "city", schema, strict: true } },
    });
    expect(new Ajv2020().validate(schema, JSON.parse(textOf(structured))), textOf(structured)).toBe(true);
    const called = await answer({
      max_tokens: 160,
      tool_choice: { type: "function", function: { name: "describe" } },
      tools: [
        { type: "function", function: { name: "describe", description: "Describes a city", parameters: schema } },
      ],
    });
    const call = called.choices[0]!.message.tool_calls![0]!;
    expect(call.function.name).toBe("describe");
    expect(new Ajv2020().validate(schema, JSON.parse(call.function.arguments)), call.function.arguments).toBe(true);
  });

  test("writes characters of several tokens whole", async () => {
    const chunks: string[] = [];
    const request: ChatRequest = {
      model: "m",
      stream: true,
      max_tokens: 40,
      seed: 3,
      messages: [{ role: "user", content: "Write five emoji and the words 日本語 and Ünïcödé." }],
      response_format: { type: "json_schema", json_schema: { name: "e", schema: { enum: ["日本語 😀🎉 Ünïcödé"] } } },
    };
    for await (const event of runtime.chat(request, { signal: new AbortController().signal }))
      if (event.type === "frame") chunks.push(event.chunk.choices[0]?.delta.content ?? "");
    expect(chunks.join("")).toBe('"日本語 😀🎉 Ünïcödé"');
    expect(chunks.join("")).not.toContain("\ufffd");
  });

  test("stops reading a long prompt when it is cancelled", async () => {
    const before = await runtime.counters();
    const messages: ChatRequest["messages"] = [{ role: "user", content: "word ".repeat(1900) }];
    const cancelled = await answer({ messages, max_tokens: 1 }, AbortSignal.timeout(300));
    expect(cancelled.choices[0]!.finish_reason).toBeNull();
    const after = await runtime.counters();
    expect(after.running).toBe(0);
    expect(after.generated_tokens - before.generated_tokens).toBeLessThanOrEqual(1);
  });
});
