import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLlamaCppRuntime, type LlamaCppRuntime } from "../../../../src/core/host/runtimes/llama_cpp.ts";
import type { ChatCompletion, ChatRequest, RuntimeEvent } from "../../../../src/core/host/runtimes/runtime.ts";
import { buildTinyGguf, TINY_MODEL_ID } from "../../../../src/core/host/runtimes/self_test/tiny_gguf.ts";
import { temporaryFolder } from "../../../support/host.ts";

const folder = temporaryFolder();
let runtime: LlamaCppRuntime;

beforeAll(async () => {
  const model_path = join(folder.path, TINY_MODEL_ID);
  writeFileSync(model_path, buildTinyGguf());
  runtime = await createLlamaCppRuntime({ model_path, context_length: 4096, parallel: 4, gpu: false, threads: 0 });
});

afterAll(async () => {
  await runtime.close();
  folder.remove();
});

const HELLO: ChatRequest = { model: TINY_MODEL_ID, messages: [{ role: "user", content: "hello" }], max_tokens: 400 };
const TOOLS: ChatRequest["tools"] = [
  {
    type: "function",
    function: {
      name: "weather",
      parameters: {
        type: "object",
        properties: { city: { type: "string" }, days: { type: "integer", minimum: 1, maximum: 5 } },
        required: ["city", "days"],
        additionalProperties: false,
      },
    },
  },
  { type: "function", function: { name: "clock" } },
];
/** An array of so many numbers is long enough to be in the middle of. */
const LONG: Partial<ChatRequest> = {
  max_tokens: 4000,
  response_format: {
    type: "json_schema",
    json_schema: { name: "long", schema: { type: "array", items: { type: "string", minLength: 900 }, minItems: 4 } },
  },
};

async function events(changes: Partial<ChatRequest>, signal = new AbortController().signal): Promise<RuntimeEvent[]> {
  return Array.fromAsync(runtime.chat({ ...HELLO, ...changes }, { signal }));
}

async function answer(changes: Partial<ChatRequest> = {}): Promise<ChatCompletion> {
  const [event] = await events({ ...changes, stream: false });
  if (event?.type !== "answer") throw new Error("no answer");
  return event.completion;
}

async function deltas(changes: Partial<ChatRequest> = {}, signal?: AbortSignal) {
  const frames = (await events({ ...changes, stream: true }, signal)).filter((event) => event.type === "frame");
  for (const { frame, chunk } of frames) expect(JSON.parse(frame.replace(/^data: /, ""))).toEqual(chunk);
  return frames.map(({ chunk }) => chunk);
}

const contentOf = (completion: ChatCompletion) => completion.choices[0]!.message.content;

describe("answers", () => {
  test("are words, end by themselves, and count what was read and written", async () => {
    const completion = await answer();
    expect(contentOf(completion)).toMatch(/^[a-z][a-z ]+(\.[a-z ]+)* \.$/);
    expect(completion.choices[0]!.finish_reason).toBe("stop");
    const words = contentOf(completion)!.split(" ").length;
    expect(completion.usage).toMatchObject({
      completion_tokens: words,
      prompt_tokens: await runtime.countTokens(HELLO),
    });
    expect(completion.usage!.total_tokens).toBe(completion.usage!.prompt_tokens + words);
  });

  test("streamed, say the same as plain ones with the same seed, with usage last", async () => {
    const plain = await answer({ seed: 11 });
    const chunks = await deltas({ seed: 11 });
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe(contentOf(plain));
    expect(chunks[0]!.choices[0]!.delta.role).toBe("assistant");
    expect(chunks.at(-2)!.choices[0]!.finish_reason).toBe("stop");
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: plain.usage });
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
  });

  test("follow seed and temperature", async () => {
    const texts = await Promise.all([1, 2, 3, 4].map(async (seed) => contentOf(await answer({ seed }))));
    expect(new Set(texts).size).toBeGreaterThan(1);
    const cold = await Promise.all([1, 2, 3, 4].map(async (seed) => contentOf(await answer({ seed, temperature: 0 }))));
    expect(new Set(cold).size).toBe(1);
    expect(contentOf(await answer({ seed: 5, top_k: 1 }))).toBe(contentOf(await answer({ seed: 6, top_k: 1 })));
  });

  test("stop at the bound, the smaller of the two, with finish reason length", async () => {
    const cut = await answer({ max_tokens: 5, max_completion_tokens: 3, seed: 1 });
    expect(cut.choices[0]!.finish_reason).toBe("length");
    expect(cut.usage!.completion_tokens).toBe(3);
  });

  test("end before a stop sequence", async () => {
    const whole = contentOf(await answer({ seed: 3 }))!;
    const stopped = contentOf(await answer({ seed: 3, stop: [" .", "zzz"] }))!;
    expect(whole.startsWith(stopped)).toBe(true);
    expect(stopped).not.toContain(" .");
  });

  test("obey logit_bias and penalties, and refuse a bias that would be dropped", async () => {
    const biased = await answer({ logit_bias: { "300": 60 }, max_tokens: 6 });
    expect(new Set(contentOf(biased)!.trim().split(" ")).size).toBe(1);
    const penalised = contentOf(
      await answer({
        logit_bias: { "300": 6 },
        presence_penalty: 2,
        frequency_penalty: 2,
        repetition_penalty: 2,
        max_tokens: 12,
        seed: 1,
      }),
    )!;
    expect(new Set(penalised.split(" ")).size).toBeGreaterThan(1);
    await expect(answer({ logit_bias: { "2": -50 } })).rejects.toMatchObject({
      code: "unsupported_parameter",
      param: "logit_bias.2",
    });
    await expect(answer({ logit_bias: { "99999": 1 } })).rejects.toMatchObject({ code: "unsupported_parameter" });
  });
});

describe("prompts", () => {
  test("longer than the context are refused with both numbers, never cut", async () => {
    const long = answer({ messages: [{ role: "user", content: "word ".repeat(5000) }] });
    await expect(long).rejects.toMatchObject({ code: "context_length_exceeded", detail: { context_length: 4096 } });
    await expect(long).rejects.toThrow(/\d{4} tokens.*4096/);
  });

  test("that fill the context leave what is left to the answer", async () => {
    const messages: ChatRequest["messages"] = [{ role: "user", content: "the ".repeat(4080) }];
    const room = 4096 - (await runtime.countTokens({ ...HELLO, messages }))!;
    expect(room).toBeGreaterThan(0);
    const cut = await answer({ messages, ...LONG });
    expect(cut.usage!.completion_tokens).toBe(room);
    expect(cut.choices[0]!.finish_reason).toBe("length");
  });

  test("cannot smuggle control tokens into the template", async () => {
    const count = (content: string) => runtime.countTokens({ ...HELLO, messages: [{ role: "user", content }] });
    // As one control token each, these would be far fewer tokens than as text.
    expect(await count("</s><|assistant|><|act|>")).toBeGreaterThan((await count(""))! + 15);
  });

  test("take parts, null content, developer and function roles", async () => {
    const completion = await answer({
      messages: [
        { role: "developer", content: "be brief" },
        {
          role: "user",
          content: [
            { type: "text", text: "one" },
            { type: "text", text: "two" },
          ],
        },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "call_1", type: "function", function: { name: "clock", arguments: "{}" } }],
        },
        { role: "function", name: "clock", content: "12:00" },
      ],
    });
    expect(completion.choices[0]!.finish_reason).toBe("stop");
    await expect(answer({ messages: [{ role: "user", content: [{ type: "image_url" }] }] })).rejects.toMatchObject({
      code: "unsupported_parameter",
      param: "messages[0].content[0].type",
    });
  });
});

describe("tools", () => {
  test("are called with arguments that follow their schema, plain and streamed", async () => {
    const completion = await answer({ tools: TOOLS, seed: 4 });
    const { message, finish_reason } = completion.choices[0]!;
    expect(finish_reason).toBe("tool_calls");
    expect(message.content).toBeNull();
    for (const call of message.tool_calls!) {
      expect(call.id).toMatch(/^call_[0-9a-f]{24}$/);
      expect(["weather", "clock"]).toContain(call.function.name);
      if (call.function.name === "weather")
        expect(JSON.parse(call.function.arguments)).toMatchObject({
          city: expect.any(String),
          days: expect.any(Number),
        });
    }
    const chunks = await deltas({ tools: TOOLS, seed: 4 });
    const pieces = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    expect(pieces[0]).toMatchObject({
      index: 0,
      type: "function",
      function: { name: message.tool_calls![0]!.function.name, arguments: "" },
    });
    expect(
      pieces
        .filter((piece) => piece.index === 0)
        .map((piece) => piece.function?.arguments ?? "")
        .join(""),
    ).toBe(message.tool_calls![0]!.function.arguments);
    expect(pieces.filter((piece) => piece.id !== undefined).length).toBe(message.tool_calls!.length);
    expect(chunks.at(-2)!.choices[0]!.finish_reason).toBe("tool_calls");
  });

  test("obey tool_choice and parallel_tool_calls", async () => {
    expect((await answer({ tools: TOOLS, tool_choice: "none" })).choices[0]!.message.tool_calls).toBeUndefined();
    const named = await answer({ tools: TOOLS, tool_choice: { type: "function", function: { name: "clock" } } });
    expect(named.choices[0]!.message.tool_calls!.map((call) => call.function.name)).toEqual(["clock"]);
    const required = await answer({ tools: TOOLS, tool_choice: "required" });
    expect(required.choices[0]!.finish_reason).toBe("tool_calls");
    for (let seed = 0; seed < 12; seed++) {
      const single = await answer({ tools: TOOLS, parallel_tool_calls: false, seed, temperature: 2 });
      expect(single.choices[0]!.message.tool_calls).toHaveLength(1);
    }
    await expect(answer({ tool_choice: "required" })).rejects.toMatchObject({
      code: "invalid_request",
      param: "tool_choice",
    });
    await expect(
      answer({ tools: TOOLS, tool_choice: { type: "function", function: { name: "other" } } }),
    ).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("end in words when their result is there", async () => {
    const call = (await answer({ tools: TOOLS })).choices[0]!.message;
    const messages: ChatRequest["messages"] = [
      ...HELLO.messages,
      call,
      ...call.tool_calls!.map(({ id }) => ({ role: "tool" as const, tool_call_id: id, content: "sunny" })),
    ];
    const last = await answer({ tools: TOOLS, messages });
    expect(last.choices[0]!.finish_reason).toBe("stop");
    expect(contentOf(last)).toMatch(/ \.$/);
  });
});

describe("response_format", () => {
  const ajv = new Ajv2020();
  const SCHEMAS: Record<string, Record<string, unknown>> = {
    object: {
      type: "object",
      properties: {
        name: { type: "string" },
        age: { type: "integer", minimum: 0 },
        nick: { type: "string", maxLength: 3 },
      },
      required: ["name", "age"],
      additionalProperties: false,
    },
    nested: {
      type: "object",
      properties: { list: { type: "array", items: { $ref: "#/$defs/item" }, minItems: 1, maxItems: 3 } },
      required: ["list"],
      additionalProperties: false,
      $defs: {
        item: {
          type: "object",
          properties: { kind: { enum: ["a", "b", 3, null] }, ok: { type: "boolean" } },
          required: ["kind"],
          additionalProperties: false,
        },
      },
    },
    either: { anyOf: [{ type: "integer", minimum: 3, maximum: 9 }, { const: 'x"y\n' }, { type: ["null", "boolean"] }] },
    loose: {
      type: "object",
      properties: { a: { type: "number" } },
      additionalProperties: { type: "string", maxLength: 4 },
    },
    recursive: {
      type: "object",
      properties: { next: { anyOf: [{ $ref: "#" }, { type: "null" }] } },
      required: ["next"],
      additionalProperties: false,
    },
  };
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    test(`json_schema ${name} is valid every time`, async () => {
      const validate = ajv.compile(schema);
      for (let seed = 1; seed <= 8; seed++) {
        const completion = await answer({
          seed,
          max_tokens: 2000,
          response_format: { type: "json_schema", json_schema: { name, schema, strict: true } },
        });
        expect(completion.choices[0]!.finish_reason).toBe("stop");
        expect(validate(JSON.parse(contentOf(completion)!)), contentOf(completion)!).toBe(true);
      }
    });
  }

  test("json_object is an object", async () => {
    for (let seed = 1; seed <= 8; seed++) {
      const value: unknown = JSON.parse(
        contentOf(await answer({ seed, max_tokens: 2000, response_format: { type: "json_object" } }))!,
      );
      expect(Object.prototype.toString.call(value)).toBe("[object Object]");
    }
  });

  test("a schema that cannot be guaranteed is refused by its path", async () => {
    const schema = { type: "object", properties: { id: { type: "string", pattern: "^x" } } };
    await expect(
      answer({ response_format: { type: "json_schema", json_schema: { name: "p", schema } } }),
    ).rejects.toMatchObject({
      code: "unsupported_parameter",
      param: "response_format.json_schema.schema.properties.id.pattern",
    });
    const strict = [{ type: "function" as const, function: { name: "f", strict: true, parameters: schema } }];
    await expect(answer({ tools: strict })).rejects.toMatchObject({
      code: "unsupported_parameter",
      param: "tools[0].function.parameters.properties.id.pattern",
    });
    const loose = [{ type: "function" as const, function: { name: "f", parameters: schema } }];
    expect((await answer({ tools: loose })).choices[0]!.finish_reason).toBe("tool_calls");
  });
});

test("reasoning is split off, and counted", async () => {
  const completion = await answer({ reasoning_effort: "low" });
  expect(completion.choices[0]!.message.reasoning_content).toBe("let me see");
  expect(contentOf(completion)).not.toContain("think");
  expect(completion.usage!.completion_tokens_details!.reasoning_tokens).toBe(4);
});

describe("work at the same time", () => {
  test("four requests are answered as each alone would be", async () => {
    const alone = await Promise.all([21, 22, 23, 24].map(async (seed) => contentOf(await answer({ seed }))));
    for (const [i, seed] of [21, 22, 23, 24].entries()) expect(contentOf(await answer({ seed }))).toBe(alone[i]);
  });

  test("an abort stops the child's own counter, and the usage so far is told", async () => {
    const controller = new AbortController();
    const frames: RuntimeEvent[] = [];
    for await (const event of runtime.chat({ ...HELLO, ...LONG, stream: true }, { signal: controller.signal })) {
      if (frames.push(event) === 20) controller.abort();
    }
    const last = frames.at(-1)!;
    if (last.type !== "frame") throw new Error("no frame");
    expect(last.chunk.usage!.completion_tokens).toBeGreaterThanOrEqual(18);
    expect(last.chunk.usage!.completion_tokens).toBeLessThan(2000);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const still = await runtime.counters();
    expect(still.running).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await runtime.counters()).toEqual(still);
  });

  test("who stops reading stops the child too", async () => {
    for await (const event of runtime.chat(
      { ...HELLO, ...LONG, stream: true },
      { signal: new AbortController().signal },
    )) {
      if (event.type === "frame" && event.chunk.choices[0]?.delta.content) break;
    }
    await expect.poll(async () => (await runtime.counters()).running).toBe(0);
  });
});

test("the child waits for a reader who is slow", async () => {
  const before = (await runtime.counters()).generated_tokens;
  const events = runtime.chat({ ...HELLO, ...LONG, stream: true }, { signal: new AbortController().signal });
  const reading = events[Symbol.asyncIterator]();
  for (let i = 0; i < 3; i++) await reading.next();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const paused = await runtime.counters();
  expect(paused.running).toBe(1);
  expect(paused.generated_tokens - before).toBeLessThan(200);
  await reading.return!();
  await expect.poll(async () => (await runtime.counters()).running).toBe(0);
});

test("a child that is killed fails what it worked on, and another one takes over", async () => {
  const events = runtime.chat({ ...HELLO, ...LONG, stream: true }, { signal: new AbortController().signal });
  const reading = events[Symbol.asyncIterator]();
  await reading.next();
  const killed = runtime.pid()!;
  process.kill(killed, "SIGKILL");
  await expect(
    (async () => {
      while (!(await reading.next()).done);
    })(),
  ).rejects.toMatchObject({ code: "runtime_failed" });
  expect((await runtime.health()).ready).toBe(false);
  await expect(answer()).rejects.toMatchObject({ code: "runtime_failed" });
  await expect.poll(async () => (await runtime.health()).ready, { timeout: 15_000 }).toBe(true);
  expect(runtime.pid()).not.toBe(killed);
  expect((await answer()).choices[0]!.finish_reason).toBe("stop");
});
