import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createOllamaRuntime } from "../../../../src/core/host/runtimes/ollama.ts";
import { createUrlRuntime } from "../../../../src/core/host/runtimes/openai.ts";
import type { ChatRequest, Runtime } from "../../../../src/core/host/runtimes/runtime.ts";
import { createSglangRuntime } from "../../../../src/core/host/runtimes/sglang.ts";
import { createVllmRuntime } from "../../../../src/core/host/runtimes/vllm.ts";
import { FAKE_MODEL, fakeRuntime, type FakeRuntime } from "../../../support/fake_runtime.ts";

let fake: FakeRuntime;
const opened: Runtime[] = [];

beforeEach(async () => {
  fake = await fakeRuntime();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((runtime) => runtime.close()));
  await fake.close();
});

function open(create: typeof createUrlRuntime | typeof createOllamaRuntime, key: string | null = null): Runtime {
  const runtime = create({ base_url: fake.url, key, parallel: 3, context_length: 4096 });
  opened.push(runtime);
  return runtime;
}

const REQUEST: ChatRequest = {
  model: FAKE_MODEL,
  messages: [{ role: "user", content: "hi" }],
  max_tokens: 20,
  max_completion_tokens: 20,
};
const run = (runtime: Runtime, changes: Partial<ChatRequest> = {}) =>
  Array.fromAsync(runtime.chat({ ...REQUEST, ...changes }, { signal: new AbortController().signal }));

test("the key goes along, and both names of the bound", async () => {
  const runtime = open(createUrlRuntime, "secret");
  const [answer] = await run(runtime);
  expect(answer).toMatchObject({
    type: "answer",
    completion: { choices: [{ message: { content: "Hello from the fake." } }] },
  });
  const { headers, body } = fake.requests.at(-1)!;
  expect(headers.authorization).toBe("Bearer secret");
  expect(body).toMatchObject({ max_tokens: 20, max_completion_tokens: 20 });
  expect(body).not.toHaveProperty("stream_options");
});

test("each kind states its models, context length and parameters", async () => {
  for (const [create, kind, has, lacks] of [
    [createUrlRuntime, "openai", "logprobs", "top_k"],
    [createVllmRuntime, "vllm", "top_k", "reasoning_effort"],
    [createSglangRuntime, "sglang", "min_p", "reasoning_effort"],
    [createOllamaRuntime, "ollama", "tools", "tool_choice"],
  ] as const) {
    const runtime = open(create);
    expect(runtime.kind).toBe(kind);
    const [model] = await runtime.models();
    expect(model).toMatchObject({ id: FAKE_MODEL, context_length: 8192, parallel: 3 });
    expect(model!.supported_parameters).toContain(has);
    expect(model!.supported_parameters).not.toContain(lacks);
    expect(await runtime.counters()).toBeNull();
  }
});

test("images are claimed where the server says so, or where the operator does", async () => {
  const claims = async (
    create: typeof createUrlRuntime | typeof createOllamaRuntime,
    images: boolean | null = null,
  ) => {
    const runtime = create({ base_url: fake.url, key: null, parallel: 1, context_length: 4096, images });
    opened.push(runtime);
    return (await runtime.models())[0]!.supported_parameters.includes("images");
  };
  for (const create of [createUrlRuntime, createVllmRuntime, createSglangRuntime, createOllamaRuntime]) {
    expect(await claims(create)).toBe(false);
    expect(await claims(create, true)).toBe(true);
  }
  fake.says = {
    "/props": { modalities: { vision: true } },
    "/get_model_info": { has_image_understanding: true },
    "/api/show": { capabilities: ["completion", "vision"] },
  };
  expect(await claims(createSglangRuntime)).toBe(true);
  expect(await claims(createOllamaRuntime)).toBe(true);
  // Only llama-server is asked at /props.
  expect(await claims(createUrlRuntime)).toBe(false);
  fake.owned_by = "llamacpp";
  expect(await claims(createUrlRuntime)).toBe(true);
  expect(await claims(createUrlRuntime, false)).toBe(false);
  fake.says = { "/props": { modalities: { vision: false } } };
  expect(await claims(createUrlRuntime)).toBe(false);
});

test("vLLM is asked to count, Ollama gets the one name that it knows", async () => {
  const vllm = open(createVllmRuntime);
  expect(await vllm.countTokens({ ...REQUEST, tools: [{ type: "function", function: { name: "f" } }] })).toBe(9);
  expect(fake.requests.at(-1)).toMatchObject({ path: "/tokenize", body: { add_generation_prompt: true, tools: [{}] } });
  expect(await open(createUrlRuntime).countTokens(REQUEST)).toBeUndefined();
  await run(open(createOllamaRuntime));
  expect(fake.requests.at(-1)!.body).not.toHaveProperty("max_completion_tokens");
  expect(fake.requests.at(-1)!.body).toMatchObject({ max_tokens: 20 });
});

test("a server that is away or strange is not ready, and says nothing of its address", async () => {
  const runtime = open(createUrlRuntime);
  expect(await runtime.health()).toEqual({ ready: true, reason: null });
  await fake.close();
  const { ready, reason } = await runtime.health();
  expect(ready).toBe(false);
  expect(reason).not.toContain("127.0.0.1");
  await expect(run(runtime)).rejects.toMatchObject({
    code: "runtime_failed",
    message: expect.not.stringContaining("127.0.0.1"),
  });
  fake = await fakeRuntime();
});

test.each<[string, RequestListener, string]>([
  [
    "refuses the key",
    (_ask, answer) => answer.writeHead(401).end(),
    "it answers 401 when it is asked for its models; check B3IQ_RUNTIME_KEY_FILE",
  ],
  ["has no such path", (_ask, answer) => answer.writeHead(404).end(), "it answers 404 when it is asked for its models"],
  ["answers a page", (_ask, answer) => answer.end("<html>"), "what it answers is no list of models"],
  [
    "cuts the connection",
    (ask) => ask.socket.destroy(),
    "it cannot be reached (the connection was cut, UND_ERR_SOCKET)",
  ],
])("a server that %s is told in words, without its address", async (_name, listener, reason) => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const runtime = createUrlRuntime({
    base_url: `http://127.0.0.1:${port}/v1`,
    key: null,
    parallel: 1,
    context_length: 1,
  });
  opened.push(runtime);
  expect(await runtime.health()).toEqual({ ready: false, reason });
  await new Promise((resolve) => server.close(resolve));
});

test("frames are kept to the byte, whatever ends their lines", async () => {
  fake.behaviour = { ...fake.behaviour, tokens: ["é", "日本", "\u2028", "😀"], comments: true };
  const frames = (await run(open(createUrlRuntime), { stream: true })).filter((event) => event.type === "frame");
  expect(frames.map(({ chunk }) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("é日本\u2028😀");
  for (const { frame, chunk } of frames)
    expect(frame.slice(frame.indexOf("data: "))).toBe(`data: ${JSON.stringify(chunk)}\n\n`);
});
