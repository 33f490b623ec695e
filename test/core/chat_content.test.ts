import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkChatContent, messageForRuntime, toolForRuntime } from "../../src/core/chat_content.ts";
import { FETCHED, IMAGE, IMAGE_URL } from "../support/fetched_parts.ts";

const refused = (body: object) => {
  try {
    checkChatContent(body as Record<string, unknown>);
  } catch (error) {
    const { code, param, message } = error as { code: string; param: string; message: string };
    return { code, param, message };
  }
  return null;
};
const image = (url: unknown) => ({
  messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }],
});

describe("the content of a chat", () => {
  it.each(FETCHED)("is refused with its place: %s", (_what, messages, param) =>
    expect(refused({ messages })).toMatchObject({ code: "invalid_request", param }),
  );

  it("says what is allowed", () => {
    expect(refused(image("http://a/"))!.message).toBe(
      '"messages[0].content[0].image_url.url" must be a data URL of a PNG, JPEG, WebP or GIF image in base64 (data:image/png;base64,...); nothing is fetched.',
    );
    expect(refused({ messages: [{ role: "user", content: [{ type: "video_url" }] }] })!.message).toBe(
      '"messages[0].content[0].type" must be "text", "image_url" or "refusal".',
    );
  });

  it.each([
    [{ messages: "hi" }, "messages"],
    [{ messages: ["hi"] }, "messages[0]"],
    [{ messages: [{ role: "user", content: { type: "image_url" } }] }, "messages[0].content"],
    [{ messages: [{ role: "user", content: ["http://a/"] }] }, "messages[0].content[0]"],
    [{ messages: [{ role: "user", content: [{ type: "text", text: 5 }] }] }, "messages[0].content[0].text"],
    [image(undefined), "messages[0].content[0].image_url.url"],
    [image("data:image/png;base64,"), "messages[0].content[0].image_url.url"],
    [image("data:image/png;base64,AAA"), "messages[0].content[0].image_url.url"],
    [image("data:image/png;base64,A==="), "messages[0].content[0].image_url.url"],
    [image("data:image/png;base64,AA==AAAA"), "messages[0].content[0].image_url.url"],
    [image("data:image/png;base64,AA-_"), "messages[0].content[0].image_url.url"],
  ])("is held to its form without a document too: %j", (body, param) =>
    expect(refused(body)).toMatchObject({ code: "invalid_request", param }),
  );

  it("may be what clients send, and tells where the first image is", () => {
    const cached = { type: "text", text: "hi", cache_control: { type: "ephemeral" } };
    const messages = [
      { role: "system", content: [cached] },
      { role: "user", content: "" },
      { role: "assistant", content: null, audio: null, annotations: [], tool_calls: [], images: null },
      {
        role: "assistant",
        content: "",
        reasoning: "r",
        provider_specific_fields: { a: 1 },
        parsed: { city: "Bern" },
        thinking_blocks: [{ type: "thinking" }],
        metadata: {},
        prefix: false,
        tool_calls: [
          {
            index: 0,
            id: "c",
            type: "function",
            extra_content: { google: {} },
            function: { name: "f", arguments: "{}", parsed_arguments: { city: "Bern" } },
          },
        ],
      },
      { role: "assistant", content: [{ type: "refusal", refusal: "No." }] },
      IMAGE,
      { role: "tool", tool_call_id: "c", content: [cached, IMAGE.content[1]] },
    ];
    expect(checkChatContent({ messages })).toEqual({ image: "messages[5].content[1].type" });
    expect(checkChatContent({ messages: messages.slice(0, 5) })).toEqual({ image: null });
    expect(messageForRuntime(messages[3]!)).toEqual({
      role: "assistant",
      content: "",
      reasoning: "r",
      tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
    });
    const cache_control = { type: "ephemeral" };
    const tool = { type: "function", cache_control, function: { name: "f", strict: true, cache_control } };
    expect(checkChatContent({ messages: [], tools: [tool] })).toEqual({ image: null });
    expect(toolForRuntime(tool)).toEqual({ type: "function", function: { name: "f", strict: true } });
  });

  it("may hold an image as large as a body", () =>
    expect(refused(image(`data:image/png;base64,${"A".repeat(8 * 1024 * 1024)}`))).toBeNull());

  it("lets no other URL through, whatever it is", () => {
    const url = fc.oneof(
      fc.webUrl(),
      fc.string(),
      fc.string().map((text) => `data:image/png;base64,${text}`),
    );
    fc.assert(
      fc.property(url, (text) => {
        const sound = /^data:image\/(png|jpeg|webp|gif);base64,(.+)$/s.exec(text)?.[2];
        const whole =
          sound !== undefined &&
          Buffer.from(sound, "base64").length === Math.floor((sound.replace(/=+$/, "").length * 3) / 4);
        if (refused(image(text)) === null) expect(whole).toBe(true);
      }),
    );
  });

  it("has no schema that refers to something outside itself", () => {
    const tools = (parameters: object) => ({
      messages: [],
      tools: [{ type: "function", function: { name: "f", parameters } }],
    });
    const remote = { type: "object", properties: { a: { items: [{ $ref: "https://a.example/schema.json" }] } } };
    expect(refused(tools(remote))).toMatchObject({
      code: "unsupported_parameter",
      param: "tools[0].function.parameters",
    });
    expect(
      refused({
        messages: [],
        response_format: { type: "json_schema", json_schema: { name: "a", schema: remote } },
      }),
    ).toMatchObject({ code: "unsupported_parameter", param: "response_format.json_schema.schema" });
    expect(
      refused(
        tools({
          $schema: "https://json-schema.org/draft/2020-12/schema",
          $defs: { a: {} },
          properties: { a: { $ref: "#/$defs/a" }, $ref: { type: "string" } },
        }),
      ),
    ).toBeNull();
  });

  it.each([
    { $ref: ["http://a.example/"] },
    { $recursiveRef: "http://a.example/" },
    { $schema: "http://a.example/" },
    { $schema: "https://json-schema.org.a.example/draft" },
    { $id: "http://a.example/" },
    { $ref: ["#/a"] },
    { properties: { a: { default: { $ref: "http://a.example/" } } } },
    { properties: { a: { $id: "//a.example/" } } },
  ])("has no schema that leads out of itself: %j", (parameters) =>
    expect(refused({ messages: [], tools: [{ type: "function", function: { name: "f", parameters } }] })).toMatchObject(
      { code: "unsupported_parameter", param: "tools[0].function.parameters" },
    ),
  );

  it.each([
    [{ tools: [{ type: "function", server_url: "http://a/", function: { name: "f" } }] }, "tools[0].server_url"],
    [{ tools: [{ type: "function", function: { name: "f", url: "http://a/" } }] }, "tools[0].function.url"],
    [{ tool_choice: { type: "function", function: { name: "f", url: "u" } } }, "tool_choice.function.url"],
    [{ response_format: { type: "json_object", schema: { $ref: "http://a/" } } }, "response_format.schema"],
    [
      { response_format: { type: "json_schema", json_schema: { name: "a", url: "u" } } },
      "response_format.json_schema.url",
    ],
    [
      { response_format: { type: "json_schema", json_schema: { name: "a", extra_content: { url: "u" } } } },
      "response_format.json_schema.extra_content",
    ],
    [
      { tool_choice: { type: "function", function: { name: "f", extra_content: { url: "u" } } } },
      "tool_choice.function.extra_content",
    ],
  ])("has no member beside those of the documents: %j", (body, param) =>
    expect(refused({ messages: [], ...body })).toMatchObject({ code: "invalid_request", param }),
  );

  const url = { image_url: "http://a.example/" };
  const called = (call: object) => [
    { role: "assistant", content: null, tool_calls: [{ id: "a", type: "function", ...call }] },
  ];
  it.each([
    [[{ role: "assistant", content: null, function_call: { name: url } }], "messages[0].function_call.name"],
    [
      [{ role: "assistant", content: null, function_call: { arguments: [url] } }],
      "messages[0].function_call.arguments",
    ],
    [[{ role: "assistant", content: null, function_call: "f" }], "messages[0].function_call"],
    [called({ index: url, function: { name: "f", arguments: "{}" } }), "messages[0].tool_calls[0].index"],
    [called({ function: { name: "f", arguments: url } }), "messages[0].tool_calls[0].function.arguments"],
    [[{ role: "assistant", tool_calls: url }], "messages[0].tool_calls"],
    [[{ role: "user", content: "x", name: url }], "messages[0].name"],
    [[{ role: "assistant", content: "x", reasoning_content: [url] }], "messages[0].reasoning_content"],
  ])("has no part in the place of a text or a number: %j", (messages, param) =>
    expect(refused({ messages })).toMatchObject({ code: "invalid_request", param }),
  );

  it("says what is not known, also where it cannot be named", () => {
    expect(refused({ messages: [{ role: "user", content: "x", id: "a" }] })!.message).toMatch(
      /^"messages\[0\]\.id" is not known\. Allowed: role, content, .*\.$/,
    );
    expect(refused({ messages: [{ role: "user", content: "x", "image-url": "a" }] })!.message).toMatch(
      /^"messages\[0\]" has a member that is not known\. Allowed: role, content, .*\.$/,
    );
  });

  it("keeps the pixel that tests send", () => expect(refused(image(IMAGE_URL))).toBeNull());
});
