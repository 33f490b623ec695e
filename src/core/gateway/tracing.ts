import { AsyncLocalStorage } from "node:async_hooks";
import {
  context,
  type Context,
  type ContextManager,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import type { Logger } from "../log.ts";
import { createOtlpExporter } from "../tracing/otlp.ts";
import { createTracer } from "../tracing/span.ts";
import { ApiError } from "../errors.ts";
import type { HoldQuote, LedgerOperation, LedgerWriter, Verdict } from "./billing/operations.ts";
import type { ChatCall } from "./chat_call.ts";
import type { NodeTunnel } from "./nodes/types.ts";

/** Spans of chats. Each function gives back what it got when tracing is off, so that nothing stands in the way. */
export type Tracing = {
  chat<Answer>(call: ChatCall, work: () => Promise<Answer>): Promise<Answer>;
  writer(writer: LedgerWriter): LedgerWriter;
  tunnel<Get extends (node_id: string) => NodeTunnel | undefined>(get: Get): Get;
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
 * conventions. They hold what logs may hold: model, node, counts and codes; never a prompt, an output, a key or a
 * customer.
 */
export function createTracing({ endpoint, release, log }: { endpoint: string; release: string; log: Logger }): Tracing {
  const exporter = createOtlpExporter({ endpoint, service_name: "b3iq-gateway", service_version: release, log });
  const tracer = createTracer(exporter.add);
  context.setGlobalContextManager(contextManager());
  return {
    chat: (call, work) => traceChat(tracer, call, work),
    writer: (writer) => ({
      ...writer,
      apply: (operation, signal) => traceOperation(tracer, operation, () => writer.apply(operation, signal)),
    }),
    tunnel<Get extends (node_id: string) => NodeTunnel | undefined>(get: Get): Get {
      return ((node_id: string) => {
        const tunnel = get(node_id);
        return tunnel && currentSpan() ? tracedTunnel(tracer, tunnel) : tunnel;
      }) as Get;
    },
    async stop() {
      await exporter.stop();
      context.disable();
    },
  };
}

function beginSpan(tracer: Tracer, name: string, kind: SpanKind): Span {
  return tracer.startSpan(name, { kind }, context.active());
}

function currentSpan(): Span | undefined {
  return trace.getSpan(context.active());
}

/** Runs the work with the span as the current one, and ends the span. */
async function inSpan<Result>(span: Span, work: () => Promise<Result>): Promise<Result> {
  try {
    return await context.with(trace.setSpan(context.active(), span), work);
  } catch (error) {
    fail(span, error instanceof ApiError ? error.code : "internal_error");
    throw error;
  } finally {
    span.end();
  }
}

function traceChat<Answer>(tracer: Tracer, call: ChatCall, work: () => Promise<Answer>): Promise<Answer> {
  const span = beginSpan(tracer, "chat", SpanKind.SERVER);
  span.setAttributes({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "b3iq",
    "b3iq.stream": call.body.stream === true,
  });
  return inSpan(span, work);
}

/** A span for an operation of a chat on the ledger; operations outside a chat have none. */
function traceOperation<Result extends Verdict<LedgerOperation>>(
  tracer: Tracer,
  operation: LedgerOperation,
  apply: () => Promise<Result>,
): Promise<Result> {
  const chat = currentSpan();
  const name = SPAN_OF[operation.kind];
  if (!chat || !name) return apply();
  const span = beginSpan(tracer, name, SpanKind.INTERNAL);
  if (operation.kind === "hold") nameChat(chat, operation.quote);
  return inSpan(span, async () => {
    const verdict = await apply();
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

/** The model's name is the customer's text until a node is found that serves the model; a quote comes after that. */
function nameChat(chat: Span, { model_id, completion_bound, job_id }: HoldQuote): void {
  chat.updateName(`chat ${model_id}`).setAttributes({
    "gen_ai.request.model": model_id,
    "gen_ai.request.max_tokens": completion_bound,
    "b3iq.job_id": job_id,
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
function tracedTunnel(tracer: Tracer, tunnel: NodeTunnel): NodeTunnel {
  return {
    node_id: tunnel.node_id,
    epoch: tunnel.epoch,
    kind: tunnel.kind,
    get in_flight() {
      return tunnel.in_flight;
    },
    async call(call) {
      if (!call.dispatch) return tunnel.call(call);
      const span = beginSpan(tracer, "dispatch", SpanKind.CLIENT);
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

function contextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, work, that, ...args) => storage.run(active, () => work.call(that as never, ...args)),
    bind(active, target) {
      if (typeof target !== "function") return target;
      const bound = target as unknown as (...args: unknown[]) => unknown;
      return ((...args: unknown[]) => storage.run(active, () => bound(...args))) as never;
    },
    enable: () => manager,
    disable: () => {
      storage.disable();
      return manager;
    },
  };
  return manager;
}
