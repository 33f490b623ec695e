import { describe, expect, it } from "vitest";
import { PARAMETERS } from "../../../../generated/parameters.ts";
import { readChatRequest } from "../../../../src/core/gateway/chat/request.ts";
import { FETCHED, IMAGE } from "../../../support/fetched_parts.ts";

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
  it("refuses by the table every name that would choose a node, and gives the other name of one that has one", () => {
    const targets = [...PARAMETERS].filter(([, { code }]) => code === "node_targeting_rejected").map(([name]) => name);
    expect(targets).toEqual(expect.arrayContaining(["node_id", "target_node_id", "endpoint_url", "tunnel_id"]));
    for (const name of targets) expect(refused({ [name]: "x" })).toEqual(["node_targeting_rejected", name]);
    expect(() => read({ functions: [] })).toThrow("Use tools instead");
  });
  it.each(["toString", "constructor", "hasOwnProperty", "valueOf", "__proto__"])(
    "refuses %s, which every object inherits, as any unknown name",
    (name) => expect(refused(JSON.parse(`{"${name}": 7}`))).toEqual(["unsupported_parameter", name]),
  );
  it("refuses n above 1 and takes n of 1", () => {
    expect(refused({ n: 2 })).toEqual(["unsupported_parameter", "n"]);
    expect(read({ n: 1 }).forwarded).not.toHaveProperty("n");
  });
  it.each(["private_job", "PRIVATE_JOB", "private_job ", "direct", "foo", "", "toString", 5, false, {}])(
    "refuses the dispatch mode %j",
    (dispatch_mode) =>
      expect(refused({ b3iq: { dispatch_mode } })).toEqual(["dispatch_mode_rejected", "b3iq.dispatch_mode"]),
  );
  it("takes the one mode of a hosted chat", () =>
    expect(read({ b3iq: { dispatch_mode: "pooled_sync" } }).needs).toEqual([]));
  it.each(FETCHED)("refuses %s", (_what, messages, param) =>
    expect(refused({ messages })).toEqual(["invalid_request", param]),
  );
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
    const { needs, first_image, size } = read({
      tools: [{ type: "function", function: { name: "f" } }],
      tool_choice: "auto",
      response_format: { type: "json_object" },
      logprobs: true,
      top_k: 4,
      messages: [IMAGE],
    });
    expect(first_image).toBe("messages[0].content[1].type");
    expect(size.images).toBe(1);
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
