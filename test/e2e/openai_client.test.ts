import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { afterAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { FAKE_MODEL, fakeRuntime } from "../support/fake_runtime.ts";
import { testSystem } from "../support/e2e.ts";

const fake = await fakeRuntime();
afterAll(() => fake.close());
const system = await testSystem({ agents: [{ runtime_url: fake.url }, {}] });
const customer = await system.customer();
const TINY = "b3iq-tiny.gguf";
const messages = [{ role: "user" as const, content: "hello" }];

/** A client as its users make it, and how often it asked. */
function openai(apiKey = customer.key, maxRetries = 0) {
  const asked: string[] = [];
  const counting: typeof fetch = (input, init) => {
    asked.push(String(input));
    return fetch(input, init);
  };
  return Object.assign(new OpenAI({ baseURL: `${system.url}/v1`, apiKey, fetch: counting, maxRetries }), { asked });
}

/** A tool as `runTools` takes it; it notes what it was called with. */
function weatherTool() {
  const cities: unknown[] = [];
  const tool = {
    type: "function" as const,
    function: {
      name: "weather",
      description: "The weather of a city",
      parse: JSON.parse,
      function: ({ city }: { city: unknown }) => {
        cities.push(city);
        return "sunny";
      },
      parameters: {
        type: "object",
        properties: { city: { type: "string", maxLength: 12 } },
        required: ["city"],
        additionalProperties: false,
      },
    },
  };
  return { cities, tool };
}

describe.each([
  ["llama.cpp", TINY],
  ["a server by URL", FAKE_MODEL],
])("the official client, unmodified, with %s", (_kind, model) => {
  const client = openai();

  test("lists and retrieves models", async () => {
    const ids = (await client.models.list()).data.map(({ id }) => id);
    expect(ids).toContain(model);
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, object: "model" });
  });

  test("gets a plain answer with its request id and usage", async () => {
    const answer = await client.chat.completions.create({ model, messages, max_completion_tokens: 16 });
    expect(answer._request_id).toMatch(/^req_[0-9a-z]{26}$/);
    expect(answer.model).toBe(model);
    expect(answer.choices[0]!.message.content!.length).toBeGreaterThan(0);
    expect(answer.usage!.total_tokens).toBe(answer.usage!.prompt_tokens + answer.usage!.completion_tokens);
    expect(answer.usage!.completion_tokens).toBeLessThanOrEqual(16);
  });

  test("streams; the usage frame comes only when it is asked for", async () => {
    for (const include_usage of [false, true]) {
      const stream = await client.chat.completions.create({
        model,
        messages,
        stream: true,
        max_tokens: 16,
        ...(include_usage ? { stream_options: { include_usage } } : {}),
      });
      const chunks = await Array.fromAsync(stream);
      const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
      expect(text.length).toBeGreaterThan(0);
      const withChoice = chunks.filter((chunk) => chunk.choices.length > 0);
      expect(
        withChoice.map((chunk) => chunk.choices[0]!.finish_reason).filter((reason) => reason !== null),
      ).toHaveLength(1);
      expect(chunks.length - withChoice.length).toBe(include_usage ? 1 : 0);
      if (include_usage) expect(chunks.at(-1)!.usage!.completion_tokens).toBeGreaterThan(0);
      const b3iq = withChoice
        .map((chunk) => (chunk as unknown as { b3iq?: { receipt_hash: string } }).b3iq)
        .filter((facts) => facts !== undefined);
      expect(b3iq).toHaveLength(1);
    }
  });
});

describe("tools and structured output with llama.cpp, forced by grammar", () => {
  const client = openai();

  test("a named tool is called with arguments of its schema, plain and streamed alike", async () => {
    const { tool } = weatherTool();
    const request = {
      model: TINY,
      messages,
      tools: [tool],
      tool_choice: { type: "function" as const, function: { name: "weather" } },
      seed: 3,
    };
    const { parse: _parse, function: _function, ...definition } = tool.function;
    const tools = [{ type: "function" as const, function: definition }];
    const plain = await client.chat.completions.create({ ...request, tools });
    expect(plain.choices[0]!.finish_reason).toBe("tool_calls");
    const [call] = plain.choices[0]!.message.tool_calls as OpenAI.ChatCompletionMessageFunctionToolCall[];
    expect(call!.id).toMatch(/^call_/);
    expect(JSON.parse(call!.function.arguments)).toEqual({ city: expect.any(String) as unknown });
    const streamed = await client.chat.completions.stream({ ...request, tools, stream: true }).finalChatCompletion();
    expect(streamed.choices[0]!.finish_reason).toBe("tool_calls");
    expect(
      JSON.parse(
        (streamed.choices[0]!.message.tool_calls![0] as OpenAI.ChatCompletionMessageFunctionToolCall).function
          .arguments,
      ),
    ).toHaveProperty("city");
  });

  test("the tool loop runs to an answer", async () => {
    const { tool, cities } = weatherTool();
    const content = await client.chat.completions.runTools({ model: TINY, messages, tools: [tool] }).finalContent();
    expect(content!.length).toBeGreaterThan(0);
    expect(cities.length).toBeGreaterThan(0);
    const before = cities.length;
    const streamed = client.chat.completions.runTools({ model: TINY, messages, tools: [tool], stream: true });
    expect((await streamed.finalContent())!.length).toBeGreaterThan(0);
    expect(cities.length).toBeGreaterThan(before);
  });

  test("the structured-output helper parses what the grammar made, plain and streamed", async () => {
    const Event = z.object({
      name: z.string().max(20),
      kind: z.enum(["party", "work"]),
      count: z.number().int(),
      note: z.string().nullable(),
    });
    const request = {
      model: TINY,
      messages,
      response_format: zodResponseFormat(Event, "event"),
      max_completion_tokens: 1000,
    };
    const parsed = await client.chat.completions.parse(request);
    expect(Event.parse(parsed.choices[0]!.message.parsed).kind).toMatch(/party|work/);
    const streamed = await client.chat.completions.stream(request).finalChatCompletion();
    expect(Event.parse(streamed.choices[0]!.message.parsed)).toBeDefined();
    const object = await client.chat.completions.create({
      model: TINY,
      messages,
      response_format: { type: "json_object" },
      max_completion_tokens: 1000,
    });
    expect(typeof JSON.parse(object.choices[0]!.message.content!)).toBe("object");
  });
});

describe("tool deltas of a server by URL", () => {
  const client = openai();

  test("arguments that come in pieces, of two calls at once, are joined by index; the loop ends with the answer", async () => {
    fake.behaviour = {
      ...fake.behaviour,
      tool_calls: [
        { name: "weather", arguments: ['{"ci', 'ty":"Os', 'lo"}'] },
        { name: "weather", arguments: ['{"city":', '"Rom"}'] },
      ],
    };
    const { tool, cities } = weatherTool();
    const runner = client.chat.completions.runTools({ model: FAKE_MODEL, messages, tools: [tool], stream: true });
    runner.on("message", (message) => {
      if (message.role === "tool") delete fake.behaviour.tool_calls;
    });
    expect(await runner.finalContent()).toBe("Hello from the fake.");
    expect(cities).toEqual(["Oslo", "Rom"]);
    const sent = fake.requests.at(-1)!.body["messages"] as { role: string; tool_call_id?: string }[];
    expect(sent.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "tool"]);
    expect(sent.slice(2).map(({ tool_call_id }) => tool_call_id)).toEqual(["call_fake_0", "call_fake_1"]);
  });

  test("reasoning passes through under the name that the node uses, and is counted", async () => {
    for (const reasoning_field of ["reasoning_content", "reasoning"] as const) {
      fake.behaviour = { ...fake.behaviour, reasoning: ["Let me", " think."], reasoning_field };
      const plain = await client.chat.completions.create({ model: FAKE_MODEL, messages });
      expect((plain.choices[0]!.message as unknown as Record<string, string>)[reasoning_field]).toBe("Let me think.");
      const chunks = await Array.fromAsync(
        await client.chat.completions.create({
          model: FAKE_MODEL,
          messages,
          stream: true,
          stream_options: { include_usage: true },
        }),
      );
      expect(
        chunks
          .map((chunk) => (chunk.choices[0]?.delta as Record<string, string> | undefined)?.[reasoning_field] ?? "")
          .join(""),
      ).toBe("Let me think.");
      expect(chunks.at(-1)!.usage!.completion_tokens).toBe(7);
    }
    delete fake.behaviour.reasoning;
  });
});

describe("its error classes, and what it repeats", () => {
  async function refused(
    client: OpenAI,
    request: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming> = {},
  ): Promise<InstanceType<typeof OpenAI.APIError>> {
    const error: unknown = await client.chat.completions.create({ model: FAKE_MODEL, messages, ...request }).then(
      () => new Error("was answered"),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(OpenAI.APIError);
    const failure = error as InstanceType<typeof OpenAI.APIError>;
    expect(failure.requestID).toMatch(/^req_/);
    for (const key of ["message", "type", "param", "code"]) expect(failure.error).toHaveProperty(key);
    return failure;
  }

  test("wrong key, unknown model, n: 2, a scope that is missing", async () => {
    const wrong = await refused(openai("b3iq_gateway_wrong"));
    expect(wrong).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(wrong.code).toBe("unauthorized");
    const unknown = await refused(openai(), { model: "none/such" });
    expect(unknown).toBeInstanceOf(OpenAI.NotFoundError);
    expect(unknown).toMatchObject({ code: "model_not_found", param: "model" });
    const two = await refused(openai(), { n: 2 });
    expect(two).toBeInstanceOf(OpenAI.BadRequestError);
    expect(two).toMatchObject({ code: "unsupported_parameter", param: "n" });
    const reader = await system.customer({ scopes: ["models:read"] });
    const scope = await refused(openai(reader.key));
    expect(scope).toBeInstanceOf(OpenAI.PermissionDeniedError);
    expect(scope.code).toBe("gateway_api_key_scope_denied");
  });

  test("an empty balance: 402 once, with what would be affordable", async () => {
    const poor = await system.customer({ credit_wei: 0n });
    const client = openai(poor.key, 3);
    const error = await refused(client);
    expect(error).toMatchObject({ status: 402, code: "insufficient_balance" });
    expect(error.headers!.get("x-should-retry")).toBe("false");
    expect((error.error as { b3iq: Record<string, unknown> }).b3iq).toMatchObject({
      available_wei: "0",
      affordable_max_tokens: 0,
    });
    expect(client.asked).toHaveLength(1);
  });

  test("409 is not repeated, 503 is, and succeeds when a node is free again", async () => {
    const keyed = openai(customer.key, 3);
    const options = { headers: { "Idempotency-Key": "e2e-once" } };
    await keyed.chat.completions.create({ model: FAKE_MODEL, messages }, options);
    const again: unknown = await keyed.chat.completions
      .create({ model: FAKE_MODEL, messages }, options)
      .catch((reason: unknown) => reason);
    expect(again).toBeInstanceOf(OpenAI.ConflictError);
    expect((again as InstanceType<typeof OpenAI.APIError>).code).toBe("idempotency_completed");
    expect(keyed.asked).toHaveLength(2);
    fake.behaviour.status = 503;
    const free = setTimeout(() => {
      delete fake.behaviour.status;
    }, 500);
    const retrying = openai(customer.key, 3);
    const answer = await retrying.chat.completions.create({ model: FAKE_MODEL, messages });
    clearTimeout(free);
    expect(answer.choices[0]!.message.content).toBe("Hello from the fake.");
    expect(retrying.asked.length).toBeGreaterThan(1);
  });
});
