/** A server that speaks OpenAI's chat completions over HTTP. A named kind of server is a variant of this runtime. */
import { Agent, type Dispatcher } from "undici";
import { ApiError } from "../../errors.ts";
import { chatEvents } from "./openai_stream.ts";
import { refusal } from "./openai_refusal.ts";
import { readCompletion } from "./published_form.ts";
import type { ChatRequest, Runtime, RuntimeEvent, RuntimeKind, RuntimeModel } from "./runtime.ts";

export type UrlRuntimeOptions = {
  /** Ends in /v1 for OpenAI kinds. */
  base_url: string;
  key: string | null;
  parallel: number;
  /** The context length of servers that state none. */
  context_length: number;
  /** Whether the models take images; null or absent: only where the server states it. */
  images?: boolean | null;
};

/** Facts of a model that its server may state. */
export type Stated = { context_length?: number | undefined; images?: boolean | undefined };

/** The differences of one kind of server. */
export type Variant = {
  kind: RuntimeKind;
  supported_parameters: readonly string[];
  /** The facts of a model, given its entry in `/models`; may ask the server for more. */
  stated?(entry: Record<string, unknown>, ask: Ask): Promise<Stated>;
  /** Changes the body before it is sent. */
  body?(body: Record<string, unknown>): Record<string, unknown>;
  countTokens?(request: ChatRequest, ask: Ask): Promise<number | undefined>;
};

/**
 * Sends JSON to a path below the server's root (the base URL without /v1) and reads JSON. Rejects unless the answer is
 * 200.
 */
export type Ask = (method: "GET" | "POST", path: string, body?: unknown) => Promise<Record<string, unknown>>;

export const OPENAI: Variant = {
  kind: "openai",
  supported_parameters: [
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "response_format",
    "logprobs",
    "top_logprobs",
    "logit_bias",
  ],
  /** llama-server states at /props whether its model takes images. */
  async stated({ owned_by }, ask) {
    if (owned_by !== "llamacpp") return {};
    const { modalities } = await ask("GET", "/props");
    return { images: (modalities as { vision?: unknown } | undefined)?.vision === true };
  },
};

const SIDE_TIMEOUT_MS = 5_000;
const TOKEN_TIMEOUT_MS = 120_000;
const ANSWER_BYTES = 32 * 1024 * 1024;

/** The `openai` kind, or a variant of it. */
export function createUrlRuntime(options: UrlRuntimeOptions, variant: Variant = OPENAI): Runtime {
  const base = options.base_url.replace(/\/+$/, "");
  const root = base.replace(/\/v1$/, "");
  const agent = new Agent({
    connections: 256,
    headersTimeout: TOKEN_TIMEOUT_MS,
    bodyTimeout: TOKEN_TIMEOUT_MS,
    pipelining: 1,
  });
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...(options.key === null ? {} : { authorization: `Bearer ${options.key}` }),
  };
  const request = (
    method: "GET" | "POST",
    url: string,
    body: unknown,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> => {
    const { origin, pathname, search } = new URL(url);
    return agent.request({
      origin,
      path: pathname + search,
      method,
      headers,
      signal,
      body: body === undefined ? null : JSON.stringify(body),
    });
  };
  const askUrl = async (method: "GET" | "POST", url: string, body?: unknown) => {
    const answer = await request(method, url, body, AbortSignal.timeout(SIDE_TIMEOUT_MS));
    const text = await limitedText(answer.body);
    if (answer.statusCode !== 200) throw new SideCallRefused(answer.statusCode);
    return JSON.parse(text) as Record<string, unknown>;
  };
  const ask: Ask = (method, path, body) => askUrl(method, root + path, body);

  return {
    kind: variant.kind,
    url: base,
    async models() {
      const { data } = (await askUrl("GET", `${base}/models`)) as { data?: Record<string, unknown>[] };
      return Promise.all(
        (data ?? [])
          .filter((entry) => typeof entry["id"] === "string")
          .map((entry) => toModel(entry, options, variant, ask)),
      );
    },
    chat: (chat, { signal }) =>
      run(chat, signal, (body) => request("POST", `${base}/chat/completions`, variant.body?.(body) ?? body, signal)),
    countTokens: async (chat) => variant.countTokens?.(chat, ask),
    async health() {
      try {
        await askUrl("GET", `${base}/models`);
        return { ready: true, reason: null };
      } catch (error) {
        return { ready: false, reason: unreachable(error) };
      }
    },
    counters: async () => null,
    close: () => agent.destroy(),
  };
}

class SideCallRefused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the runtime answered ${status}`);
    this.status = status;
  }
}

const CAUSES: Record<string, string> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the host's name cannot be resolved",
  ECONNRESET: "the connection was cut",
  UND_ERR_SOCKET: "the connection was cut",
  EHOSTUNREACH: "no way to this host",
  ENETUNREACH: "no way to this network",
  UND_ERR_CONNECT_TIMEOUT: "no answer in time",
};

/** The reason why the server's models could not be listed. A library's own message would quote the address. */
function unreachable(error: unknown): string {
  if (error instanceof SideCallRefused) {
    const hint = error.status === 401 || error.status === 403 ? "; check B3IQ_RUNTIME_KEY_FILE" : "";
    return `it answers ${error.status} when it is asked for its models${hint}`;
  }
  if (error instanceof SyntaxError || error instanceof ApiError) return "what it answers is no list of models";
  const { name, code } = error as Error & { code?: string };
  if (name === "TimeoutError") return `it did not answer within ${SIDE_TIMEOUT_MS / 1_000} s`;
  const causes = [CAUSES[code ?? ""], code].filter((part) => part !== undefined);
  return `it cannot be reached${causes.length === 0 ? "" : ` (${causes.join(", ")})`}`;
}

async function toModel(
  entry: Record<string, unknown>,
  options: UrlRuntimeOptions,
  variant: Variant,
  ask: Ask,
): Promise<RuntimeModel> {
  const stated = await variant.stated?.(entry, ask).catch(() => undefined);
  const images = options.images ?? stated?.images ?? false;
  return {
    id: entry["id"] as string,
    context_length: stated?.context_length ?? statedContext(entry) ?? options.context_length,
    parallel: options.parallel,
    supported_parameters: images ? [...variant.supported_parameters, "images"] : variant.supported_parameters,
    // The server's template is not known: this leaves room for a system text of its own and for a preamble of tools.
    template_tokens: 256,
    tokens_per_message: 16,
    growth_factor_milli: 1000,
    hidden_reasoning: false,
  };
}

/** `max_model_len` (vLLM, SGLang), `context_length` (several gateways), `meta.n_ctx` (llama-server). */
function statedContext(entry: Record<string, unknown>): number | undefined {
  const meta = (entry["meta"] ?? {}) as Record<string, unknown>;
  return [entry["max_model_len"], entry["context_length"], meta["n_ctx"], meta["n_ctx_train"]].find(
    (value): value is number => Number.isSafeInteger(value) && (value as number) > 0,
  );
}

async function* run(
  chat: ChatRequest,
  signal: AbortSignal,
  send: (body: Record<string, unknown>) => Promise<Dispatcher.ResponseData>,
): AsyncGenerator<RuntimeEvent> {
  const body: Record<string, unknown> = { ...chat };
  if (chat.stream) body["stream_options"] = { include_usage: true };
  const answer = await send(body).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new ApiError("runtime_failed", "The model runtime cannot be reached.", {
      retry_after_ms: 2000,
      cause: error,
    });
  });
  if (answer.statusCode !== 200) throw refusal(answer.statusCode, parseJson(await limitedText(answer.body)));
  if (chat.stream) {
    yield* chatEvents(answer.body);
    return;
  }
  const text = await limitedText(answer.body);
  yield { type: "answer", completion: readCompletion(parseJson(text)) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function limitedText(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > ANSWER_BYTES) throw new ApiError("runtime_failed", "The model runtime's answer is too large.");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
