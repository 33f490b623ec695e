import { describe, expect, it } from "vitest";
import { readChatRequest } from "../../src/core/gateway/chat/request.ts";

const read = (body: object) =>
  readChatRequest({ model: "m", messages: [{ role: "user", content: "hi" }], ...body } as never);
const refused = (body: object) => {
  try {
    read(body);
  } catch (error) {
    const { code, param } = error as { code: string; param: string };
    return [code, param];
  }
  return null;
};

describe("parameters of a chat", () => {
  it.each([
    "n_predict",
    "max_new_tokens",
    "best_of",
    "min_tokens",
    "ignore_eos",
    "echo",
    "prompt_logprobs",
    "chat_template",
    "chat_template_kwargs",
    "documents",
    "add_special_tokens",
    "never_heard_of",
  ])("refuses %s by name", (name) => expect(refused({ [name]: 1 })).toEqual(["unsupported_parameter", name]));
  it.each(["node_id", "encrypted_request"])("refuses to target by %s", (name) =>
    expect(refused({ [name]: "x" })).toEqual(["node_targeting_rejected", name]),
  );
  it("refuses n above 1 and takes n of 1", () => {
    expect(refused({ n: 2 })).toEqual(["unsupported_parameter", "n"]);
    expect(read({ n: 1 }).forwarded).not.toHaveProperty("n");
  });
  it("refuses a private dispatch", () =>
    expect(refused({ b3iq: { dispatch_mode: "private_job" } })).toEqual([
      "dispatch_mode_rejected",
      "b3iq.dispatch_mode",
    ]));
  it("refuses stream options without a stream", () =>
    expect(refused({ stream_options: { include_usage: true } })).toEqual(["invalid_request", "stream_options"]));
  it("refuses a tool choice without tools", () =>
    expect(refused({ tool_choice: "required" })).toEqual(["invalid_request", "tool_choice"]));

  it("neither forwards nor keeps what identifies a customer", () => {
    const { forwarded } = read({
      user: "u",
      metadata: { a: "b" },
      store: true,
      service_tier: "auto",
      safety_identifier: "s",
      verbosity: "low",
      prompt_cache_key: "k",
      b3iq: { job_id: "job-0001" },
    });
    expect(Object.keys(forwarded).sort()).toEqual(["messages", "model"]);
  });

  it("names the capabilities that a node must have", () => {
    const image = {
      role: "user",
      content: [
        { type: "text", text: "see" },
        { type: "image_url", image_url: { url: "data:," } },
      ],
    };
    const { needs } = read({
      tools: [{ type: "function", function: { name: "f" } }],
      tool_choice: "auto",
      response_format: { type: "json_object" },
      logprobs: true,
      top_k: 4,
      messages: [image],
    });
    expect(needs.sort()).toEqual(["images", "logprobs", "response_format", "tool_choice", "tools", "top_k"]);
    expect(
      read({
        response_format: { type: "text" },
        logprobs: false,
        logit_bias: {},
        tools: [],
        parallel_tool_calls: true,
        reasoning_effort: null,
      }).needs,
    ).toEqual([]);
  });

  it("counts bytes, not characters, of everything that a template could show", () => {
    const plain = read({}).size;
    expect(plain).toEqual({ text_bytes: 2, messages: 1, tools: 0, images: 0 });
    expect(read({ messages: [{ role: "user", content: "漢" }] }).size.text_bytes).toBe(3);
    const called = {
      role: "assistant",
      tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
    };
    expect(read({ messages: [called] }).size.text_bytes).toBeGreaterThanOrEqual(
      JSON.stringify(called.tool_calls).length,
    );
  });
});
