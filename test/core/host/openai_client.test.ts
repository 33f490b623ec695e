import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { runningHost, type TestHost } from "../../support/running_host.ts";

let host: TestHost;
let client: OpenAI;
const model = "b3iq-tiny.gguf";
const messages = [{ role: "user" as const, content: "hello" }];

beforeAll(async () => {
  host = await runningHost();
  client = new OpenAI({ baseURL: `${host.url}/v1`, apiKey: host.key, fetch: host.fetch, maxRetries: 0 });
});

afterAll(() => host.close());

describe("the official client, unmodified", () => {
  test("lists models, and gets plain and streamed answers", async () => {
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual([model]);
    const plain = await client.chat.completions.create({ model, messages });
    expect(plain.choices[0]!.message.content).toMatch(/ \.$/);
    let text = "";
    let usage = 0;
    for await (const chunk of await client.chat.completions.create({
      model,
      messages,
      stream: true,
      stream_options: { include_usage: true },
    })) {
      text += chunk.choices[0]?.delta.content ?? "";
      usage = chunk.usage?.total_tokens ?? usage;
    }
    expect(text).toMatch(/ \.$/);
    expect(usage).toBeGreaterThan(0);
  });

  test("runs its tool loop, plain and streamed", async () => {
    const tools = [
      {
        type: "function" as const,
        function: {
          name: "weather",
          description: "The weather of a city",
          parse: JSON.parse,
          function: ({ city }: { city: string }) => {
            asked.push(city);
            return "sunny";
          },
          parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
        },
      },
    ];
    const asked: string[] = [];
    const last = await client.chat.completions.runTools({ model, messages, tools }).finalContent();
    expect(last).toMatch(/ \.$/);
    expect(asked.length).toBeGreaterThan(0);
    const before = asked.length;
    const streamed = client.chat.completions.runTools({ model, messages, tools, stream: true });
    expect(await streamed.finalContent()).toMatch(/ \.$/);
    expect(asked.length).toBeGreaterThan(before);
  });

  test("parses structured output by its helper", async () => {
    const Event = z.object({
      name: z.string(),
      people: z.array(z.string()).max(3),
      kind: z.enum(["party", "work"]),
      count: z.number().int(),
      note: z.string().nullable(),
    });
    const parsed = await client.chat.completions.parse({
      model,
      messages,
      response_format: zodResponseFormat(Event, "event"),
      max_completion_tokens: 1000,
    });
    expect(Event.parse(parsed.choices[0]!.message.parsed)).toBeDefined();
  });

  test("raises its error classes", async () => {
    const wrong = new OpenAI({
      baseURL: `${host.url}/v1`,
      apiKey: "b3iq_local_wrong",
      fetch: host.fetch,
      maxRetries: 0,
    });
    await expect(wrong.chat.completions.create({ model, messages })).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    await expect(client.chat.completions.create({ model: "none", messages })).rejects.toBeInstanceOf(
      OpenAI.NotFoundError,
    );
    await expect(client.chat.completions.create({ model, messages, n: 2 })).rejects.toBeInstanceOf(
      OpenAI.BadRequestError,
    );
    await expect(client.chat.completions.create({ model, messages, n: 2 })).rejects.toMatchObject({
      code: "unsupported_parameter",
      param: "n",
      type: "invalid_request_error",
    });
  });
});
