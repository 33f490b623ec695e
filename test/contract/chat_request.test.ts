import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";

const document = JSON.parse(readFileSync("generated/hosted.json", "utf8")) as Record<string, unknown>;
const ajv = new Ajv2020({ strict: false, schemas: [{ $id: "document", ...document }] });
addFormats.default(ajv);
const validate = ajv.compile({ $ref: "document#/components/schemas/chat_completion_request" });

const user = { role: "user", content: "Hello" };
const chat = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  model: "qwen/qwen3:8b",
  messages: [user],
  ...more,
});
const message = (one: Record<string, unknown>): Record<string, unknown> => chat({ messages: [one] });
const call = { id: "call_1", type: "function", function: { name: "f", arguments: "{}" } };

describe("a chat request", () => {
  it.each<[string, unknown]>([
    ["the least", chat()],
    ["a developer", message({ role: "developer", content: "Be short." })],
    ["a legacy function answer", message({ role: "function", name: "f", content: "1" })],
    [
      "parts",
      message({
        role: "user",
        content: [
          { type: "text", text: "What is it?" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } },
        ],
      }),
    ],
    [
      "a part with a mark for a cache, and a refusal",
      message({
        role: "assistant",
        content: [
          { type: "text", text: "a", cache_control: { type: "ephemeral" } },
          { type: "refusal", refusal: "No." },
        ],
      }),
    ],
    ["content null beside tool calls", message({ role: "assistant", content: null, tool_calls: [call] })],
    ["no content beside tool calls", message({ role: "assistant", tool_calls: [call] })],
    ["a tool's answer", message({ role: "tool", tool_call_id: "call_1", content: "1" })],
    ["both bounds", chat({ max_tokens: 5, max_completion_tokens: 9 })],
    [
      "nulls, as some clients send them",
      chat({ temperature: null, stop: null, tools: null, stream_options: null, seed: null, n: null }),
    ],
    ["one stop and several", chat({ stop: ["a", "b"] })],
    [
      "a tool with an open schema",
      chat({
        tools: [{ type: "function", function: { name: "f", parameters: { type: "object", $defs: {}, x: 1 } } }],
        tool_choice: { type: "function", function: { name: "f" } },
      }),
    ],
    [
      "a JSON schema",
      chat({
        response_format: { type: "json_schema", json_schema: { name: "a", schema: { type: "object" }, strict: true } },
      }),
    ],
    [
      "routing hints",
      chat({ b3iq: { model_profile_id: "a@b", job_id: "mine", max_price_wei: "0", dispatch_mode: "pooled_sync" } }),
    ],
    ["an unknown name, which is refused later by name", chat({ node_id: "node_x" })],
  ])("may be %s", (_what, body) => {
    expect(validate(body), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each<[string, unknown]>([
    ["empty", {}],
    ["without messages", { model: "a" }],
    ["without any message", { model: "a", messages: [] }],
    ["without a role", message({ content: "a" })],
    ["of an unknown role", message({ role: "robot", content: "a" })],
    ["without the user's content", message({ role: "user" })],
    ["of an assistant that says and calls nothing", message({ role: "assistant" })],
    ["a tool's answer to no call", message({ role: "tool", content: "1" })],
    ["a text part without text", message({ role: "user", content: [{ type: "text" }] })],
    [
      "a part of another kind",
      message({ role: "user", content: [{ type: "input_audio", input_audio: { data: "", format: "wav" } }] }),
    ],
    [
      "an image by its address",
      message({ role: "user", content: [{ type: "image_url", image_url: { url: "http://a/" } }] }),
    ],
    ["a part with an unlisted member", message({ role: "user", content: [{ type: "text", text: "a", uuid: "b" }] })],
    ["content as a number", message({ role: "user", content: 5 })],
    ["with an output bound of 0", chat({ max_tokens: 0 })],
    ["with a bound as text", chat({ max_tokens: "5" })],
    ["with half a token", chat({ max_completion_tokens: 1.5 })],
    ["too hot", chat({ temperature: 2.1 })],
    ["with a top_p over 1", chat({ top_p: 1.01 })],
    ["with seventeen stops", chat({ stop: Array.from({ length: 17 }, () => "a") })],
    ["with an unknown stream option", chat({ stream_options: { everything: true } })],
    ["with an unknown routing hint", chat({ b3iq: { node_id: "node_x" } })],
    ["with a dispatch mode of private jobs", chat({ b3iq: { dispatch_mode: "private_job" } })],
    ["with a price as a number", chat({ b3iq: { max_price_wei: 5 } })],
    ["with a price below zero", chat({ b3iq: { max_price_wei: "-5" } })],
    ["with a price of leading zeros", chat({ b3iq: { max_price_wei: "007" } })],
    ["with a NUL in the reference", chat({ b3iq: { job_id: "a\u0000b" } })],
    ["with an empty model", chat({ model: "" })],
    ["with a nameless tool", chat({ tools: [{ type: "function", function: {} }] })],
  ])("may not be %s", (_what, body) => {
    expect(validate(body)).toBe(false);
  });
});
