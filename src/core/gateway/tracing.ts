import { context, type Span, SpanKind, SpanStatusCode, trace, type Tracer } from "@opentelemetry/api";
import { ApiError } from "../errors.ts";
import { openTracer, type TracerOptions } from "../tracing/provider.ts";
import type { LedgerOperation, LedgerWriter, Verdict } from "./billing/operations.ts";
import type { ChatCall } from "./chat_call.ts";
import type { NodeTunnel } from "./nodes/types.ts";

type GetTunnel = (node_id: string) => NodeTunnel | undefined;

/** Spans of chats. When tracing is off, each function returns its argument unchanged. */
export type Tracing = {
  chat<Answer>(call: ChatCall, work: () => Promise<Answer>): Promise<Answer>;
  writer(writer: LedgerWriter): LedgerWriter;
  tunnel<Get extends GetTunnel>(get: Get): Get;
  stop(): Promise<void>;
};

export const NO_TRACING: Tracing = {
  chat: (_call, work) => work(),
  writer: (writer) => writer,
  tunnel: (get) => get,
  stop: async () => {},
};

/**
 * Spans for a chat, its admission, each dispatch and its settlement, with the names of OpenTelemetry's GenAI
 * conventions. They contain only model, node, counts and codes, as logs do; never a prompt, an output, a key or a
 * customer.
 */
export async function createTracing(options: Omit<TracerOptions, "service_name">): Promise<Tracing> {
  const { tracer, stop } = await openTracer({ ...options, service_name: "b3iq-gateway" });
  return {
    chat: (call, work) => tracedChat(tracer, call, work),
    writer: (writer) => ({ ...writer, apply: (operation, signal) => tracedApply(tracer, writer, operation, signal) }),
    tunnel: <Get extends GetTunnel>(get: Get) =>
      ((node_id) => {
        const tunnel = get(node_id);
        return tunnel && currentSpan() ? withSpans(tunnel, () => begin(tracer, "dispatch", SpanKind.CLIENT)) : tunnel;
      }) as Get,
    stop,
  };
}

const currentSpan = (): Span | undefined => trace.getSpan(context.active());

const begin = (tracer: Tracer, name: string, kind: SpanKind): Span =>
  tracer.startSpan(name, { kind }, context.active());

/** Runs `work` within the span, and ends the span with it. */
async function traced<Result>(span: Span, work: () => Promise<Result>): Promise<Result> {
  try {
    return await context.with(trace.setSpan(context.active(), span), work);
  } catch (error) {
    fail(span, error instanceof ApiError ? error.code : "internal_error");
    throw error;
  } finally {
    span.end();
  }
}

function tracedChat<Result>(tracer: Tracer, { body }: ChatCall, work: () => Promise<Result>): Promise<Result> {
  const span = begin(tracer, "chat", SpanKind.SERVER);
  span.setAttributes({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "b3iq",
    "b3iq.stream": body.stream === true,
  });
  return traced(span, work);
}

function tracedApply<Operation extends LedgerOperation>(
  tracer: Tracer,
  writer: LedgerWriter,
  operation: Operation,
  signal: AbortSignal | undefined,
): Promise<Verdict<Operation>> {
  const chat = currentSpan();
  const name = SPAN_OF[operation.kind];
  if (!chat || !name) return writer.apply(operation, signal);
  const span = begin(tracer, name, SpanKind.INTERNAL);
  if (operation.kind === "hold") nameChat(chat, operation);
  return traced(span, async () => {
    const verdict = await writer.apply(operation, signal);
    if (!verdict.ok) fail(span, codeOf(verdict));
    else if (operation.kind === "settle" && "prompt_tokens" in verdict) {
      const usage = {
        "gen_ai.usage.input_tokens": verdict.prompt_tokens,
        "gen_ai.usage.output_tokens": verdict.completion_tokens,
      };
      span.setAttributes(usage);
      chat.setAttributes(usage);
    }
    return verdict;
  });
}

/** The model's name is unchecked text of the caller until a node serves it, so a chat is named only with its hold. */
function nameChat(chat: Span, { quote }: Extract<LedgerOperation, { kind: "hold" }>): void {
  chat.updateName(`chat ${quote.model_id}`).setAttributes({
    "gen_ai.request.model": quote.model_id,
    "gen_ai.request.max_tokens": quote.completion_bound,
    "b3iq.job_id": quote.job_id,
  });
}

const SPAN_OF: Partial<Record<LedgerOperation["kind"], string>> = {
  hold: "admission",
  redispatch: "redispatch",
  settle: "settle",
  release: "release",
  observe: "observe",
};

function fail(span: Span, code: string): void {
  span.setAttribute("error.type", code).setStatus({ code: SpanStatusCode.ERROR });
}

function codeOf(verdict: object): string {
  return "code" in verdict ? String(verdict.code) : "reason" in verdict ? String(verdict.reason) : "refused";
}

/** The tunnel with a span for each dispatch, from the call to the end of the node's answer. */
function withSpans(tunnel: NodeTunnel, begin: () => Span): NodeTunnel {
  return {
    node_id: tunnel.node_id,
    epoch: tunnel.epoch,
    kind: tunnel.kind,
    get in_flight() {
      return tunnel.in_flight;
    },
    async call(call) {
      if (!call.dispatch) return tunnel.call(call);
      const span = begin();
      span.setAttributes({
        "gen_ai.operation.name": "chat",
        "b3iq.node_id": tunnel.node_id,
        "b3iq.node_epoch": tunnel.epoch,
        "b3iq.fence": call.dispatch.fence,
        "b3iq.tunnel": tunnel.kind,
      });
      try {
        const answer = await tunnel.call(call);
        span.setAttribute("http.response.status_code", answer.status);
        void answer.trailers.then((trailers) => {
          if (answer.status !== 200 || !trailers)
            fail(span, answer.status === 200 ? "answer_cut" : String(answer.status));
          span.end();
        });
        return answer;
      } catch (error) {
        fail(span, (error as { code?: string }).code ?? "failed");
        span.end();
        throw error;
      }
    },
  };
}
