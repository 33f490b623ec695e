/**
 * An OpenAI-compatible model server for tests: real HTTP, plain and streamed answers, tools, usage, delays and failures
 * on request. It counts the tokens that it has sent, so that a test sees whether it was really stopped.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type FakeBehaviour = {
  /** The answer's tokens; each is one delta. */
  tokens: string[];
  /** Reasoning deltas before the content. */
  reasoning?: string[];
  reasoning_field?: "reasoning_content" | "reasoning";
  /** Answered instead of content when the request has tools. */
  tool_calls?: { name: string; arguments: string[] }[];
  delay_ms?: number;
  first_delay_ms?: number;
  finish_reason?: string;
  /** `none`: the server knows no usage; `onFinish`: it rides on the frame with the finish reason. */
  usage?: "frame" | "onFinish" | "none";
  prompt_tokens?: number;
  /** An HTTP error instead of an answer. */
  status?: number;
  error?: object;
  /** Cuts the connection after so many tokens. */
  cut_after?: number;
  /** Sends an error event after so many tokens. */
  error_after?: number;
  /** Comment lines between the frames. */
  comments?: boolean;
  /** Ignores the bounds of the request. */
  unbounded?: boolean;
  /** What a stream is made of, to the byte, instead of all the above; numbers are pauses in ms. */
  script?: (string | number | "RESET")[];
  /** The body of a plain answer instead of all the above. */
  completion?: object;
};

export type SeenRequest = { path: string; headers: IncomingMessage["headers"]; body: Record<string, unknown> };

export type FakeRuntime = {
  url: string;
  /** What the next answers look like; may be changed between requests. */
  behaviour: FakeBehaviour;
  requests: SeenRequest[];
  /** Whose server it claims to be. */
  owned_by: string;
  /** Its answers at other paths. */
  says: Record<string, object>;
  /** Called with each chat before it is answered; may still change the behaviour. */
  onChat?: () => void;
  /** Called with the request before each of its tokens is sent. */
  onToken?: (body: Record<string, unknown>) => void;
  /** How one chat is answered, where that differs from `behaviour`. */
  behaviour_of?: (body: Record<string, unknown>) => Partial<FakeBehaviour>;
  readonly tokens_sent: number;
  readonly open: number;
  close(): Promise<void>;
};

export const FAKE_MODEL = "fake/model:1b";

/** Listens on loopback, on a free port unless one is given. */
export async function fakeRuntime(behaviour: Partial<FakeBehaviour> = {}, port = 0): Promise<FakeRuntime> {
  const state = { tokens_sent: 0, open: 0 };
  const runtime: FakeRuntime = {
    url: "",
    requests: [] as SeenRequest[],
    owned_by: "fake",
    says: {},
    behaviour: { tokens: ["Hello", " from", " the", " fake", "."], prompt_tokens: 9, ...behaviour } as FakeBehaviour,
    get tokens_sent() {
      return state.tokens_sent;
    },
    get open() {
      return state.open;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const server = createServer((request, response) => {
    state.open++;
    response.once("close", () => state.open--);
    serve(request, response, runtime, () => state.tokens_sent++).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  runtime.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return runtime;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  runtime: FakeRuntime,
  onToken: () => void,
): Promise<void> {
  const text: Buffer[] = [];
  for await (const part of request) text.push(part as Buffer);
  const path = request.url ?? "";
  const body = text.length === 0 ? {} : (JSON.parse(Buffer.concat(text).toString("utf8")) as Record<string, unknown>);
  runtime.requests.push({ path, headers: request.headers, body });
  const json = (status: number, value: object) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  if (path === "/v1/models")
    return void json(200, {
      object: "list",
      data: [{ id: FAKE_MODEL, object: "model", created: 0, owned_by: runtime.owned_by, max_model_len: 8192 }],
    });
  if (path === "/tokenize")
    return void json(200, { count: runtime.behaviour.prompt_tokens, max_model_len: 8192, tokens: [] });
  if (Object.hasOwn(runtime.says, path)) return void json(200, runtime.says[path]!);
  if (path !== "/v1/chat/completions") return void json(404, { error: { message: "no such path", code: "not_found" } });
  runtime.onChat?.();
  const own = runtime.behaviour_of?.(body) ?? {};
  const { status, error } = { ...runtime.behaviour, ...own };
  if (status !== undefined)
    return void json(status, error ?? { error: { message: "failed as told", type: "server_error", code: null } });
  await pause(runtime.behaviour.first_delay_ms ?? 0);
  // In place where there is nothing of its own: a test may still change what is being answered.
  const behaviour = runtime.behaviour_of === undefined ? runtime.behaviour : { ...runtime.behaviour, ...own };
  const onEach = () => {
    runtime.onToken?.(body);
    onToken();
  };
  if (body["stream"] === true && behaviour.script) await play(response, behaviour.script);
  else if (body["stream"] !== true && behaviour.completion) json(200, behaviour.completion);
  else if (body["stream"] === true) await stream(body, response, behaviour, onEach);
  else await plain(body, json, behaviour, onEach);
}

async function play(response: ServerResponse, script: (string | number)[]): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const step of script) {
    if (response.destroyed) return;
    if (typeof step === "number")
      await Promise.race([pause(step), new Promise((left) => response.once("close", left))]);
    else if (step === "RESET") {
      await pause(50); // what was written arrives first
      return void response.socket?.resetAndDestroy();
    } else response.write(step);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.once("drain", done).once("close", done);
  });
}

type Delta = Record<string, unknown>;

function deltasOf(body: Record<string, unknown>, behaviour: FakeBehaviour): { deltas: Delta[]; finish_reason: string } {
  const bound = Math.min(
    ...[body["max_tokens"], body["max_completion_tokens"]].filter(
      (value): value is number => typeof value === "number",
    ),
  );
  if (behaviour.tool_calls && Array.isArray(body["tools"])) {
    const deltas = behaviour.tool_calls.flatMap((call, index) => [
      {
        tool_calls: [
          { index, id: `call_fake_${index}`, type: "function", function: { name: call.name, arguments: "" } },
        ],
      },
      ...call.arguments.map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ]);
    return { deltas, finish_reason: "tool_calls" };
  }
  const reasoning = (behaviour.reasoning ?? []).map((text) => ({
    [behaviour.reasoning_field ?? "reasoning_content"]: text,
  }));
  const all: Delta[] = [...reasoning, ...behaviour.tokens.map((content) => ({ content }))];
  const cut = !behaviour.unbounded && all.length > bound;
  return {
    deltas: cut ? all.slice(0, bound) : all,
    finish_reason: cut ? "length" : (behaviour.finish_reason ?? "stop"),
  };
}

function usageOf(behaviour: FakeBehaviour, completion_tokens: number) {
  const prompt_tokens = behaviour.prompt_tokens ?? 9;
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

async function stream(
  body: Record<string, unknown>,
  response: ServerResponse,
  behaviour: FakeBehaviour,
  onToken: () => void,
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const base = {
    id: "chatcmpl-fake",
    object: "chat.completion.chunk",
    created: 1,
    model: body["model"],
    system_fingerprint: "fp_fake",
  };
  const send = (value: object) => response.write(`data: ${JSON.stringify(value)}\n\n`);
  const choice = (delta: Delta, finish_reason: string | null = null) => ({
    index: 0,
    delta,
    logprobs: null,
    finish_reason,
  });
  send({ ...base, choices: [choice({ role: "assistant", content: "" })] });
  const { deltas, finish_reason } = deltasOf(body, behaviour);
  for (const [i, delta] of deltas.entries()) {
    if (response.destroyed) return;
    if (behaviour.cut_after === i) return void response.destroy();
    if (behaviour.error_after === i)
      return void response.end(`data: ${JSON.stringify({ error: { message: "failed as told" } })}\n\n`);
    if (behaviour.comments) response.write(": a comment\n\n");
    onToken();
    // As real servers do: who reads slowly is written to slowly.
    if (!send({ ...base, choices: [choice(delta)] })) await drained(response);
    await pause(behaviour.delay_ms ?? 0);
  }
  const usage = usageOf(behaviour, deltas.length);
  const asked = (body["stream_options"] as { include_usage?: boolean } | undefined)?.include_usage === true;
  send({ ...base, choices: [choice({}, finish_reason)], ...(behaviour.usage === "onFinish" ? { usage } : {}) });
  if (asked && (behaviour.usage ?? "frame") === "frame") send({ ...base, choices: [], usage });
  response.end("data: [DONE]\n\n");
}

async function plain(
  body: Record<string, unknown>,
  json: (status: number, value: object) => unknown,
  behaviour: FakeBehaviour,
  onToken: () => void,
): Promise<void> {
  const { deltas, finish_reason } = deltasOf(body, behaviour);
  for (const _delta of deltas) {
    onToken();
    await pause(behaviour.delay_ms ?? 0);
  }
  const joined = (field: string) => deltas.map((delta) => (delta[field] as string | undefined) ?? "").join("");
  const calls =
    finish_reason !== "tool_calls"
      ? undefined
      : behaviour.tool_calls!.map((call, index) => ({
          id: `call_fake_${index}`,
          type: "function",
          function: { name: call.name, arguments: call.arguments.join("") },
        }));
  const field = behaviour.reasoning_field ?? "reasoning_content";
  json(200, {
    id: "chatcmpl-fake",
    object: "chat.completion",
    created: 1,
    model: body["model"],
    system_fingerprint: "fp_fake",
    choices: [
      {
        index: 0,
        logprobs: null,
        finish_reason,
        message: {
          role: "assistant",
          content: calls ? null : joined("content"),
          ...(behaviour.reasoning ? { [field]: joined(field) } : {}),
          ...(calls ? { tool_calls: calls } : {}),
        },
      },
    ],
    ...(behaviour.usage === "none" ? {} : { usage: usageOf(behaviour, deltas.length) }),
  });
}

function pause(ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
