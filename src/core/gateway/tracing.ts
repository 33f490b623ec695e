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
} from "@opentelemetry/api";
import type { Logger } from "../log.ts";
import { createOtlpExporter } from "../tracing/otlp.ts";
import { createTracer } from "../tracing/span.ts";
import { ApiError } from "../errors.ts";
import type { LedgerOperation, LedgerWriter } from "./billing/operations.ts";
import type { ChatAnswer, ChatCall, ChatCaller } from "./chat/context.ts";
import type { NodeTunnel } from "./nodes/types.ts";

type Complete = (caller: ChatCaller, call: ChatCall) => Promise<ChatAnswer | null>;

/** Spans of chats; each function gives back what it got when tracing is off, so that nothing is in the way. */
export type Tracing = {
  complete(complete: Complete): Complete;
  writer(writer: LedgerWriter): LedgerWriter;
  tunnel<Get extends (node_id: string) => NodeTunnel | undefined>(get: Get): Get;
  stop(): Promise<void>;
};

export const NO_TRACING: Tracing = {
  complete: (complete) => complete,
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
  const begin = (name: string, kind: SpanKind): Span => tracer.startSpan(name, { kind }, context.active());
  const current = (): Span | undefined => trace.getSpan(context.active());

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

  return {
    complete: (complete) => (caller, call) => {
      const span = begin("chat", SpanKind.SERVER);
      span.setAttributes({
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "b3iq",
        "b3iq.stream": call.body["stream"] === true,
      });
      return traced(span, () => complete(caller, call));
    },

    writer: (writer) => ({
      ...writer,
      apply(operation, signal) {
        const chat = current();
        const name = SPAN_OF[operation.kind];
        if (!chat || !name) return writer.apply(operation, signal);
        const span = begin(name, SpanKind.INTERNAL);
        // The model's name is the caller's text until a node was found that serves it.
        if (operation.kind === "hold") {
          chat
            .setAttribute("gen_ai.request.model", operation.quote.model_id)
            .updateName(`chat ${operation.quote.model_id}`);
          chat.setAttributes({
            "gen_ai.request.max_tokens": operation.quote.completion_bound,
            "b3iq.job_id": operation.quote.job_id,
          });
        }
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
      },
    }),

    tunnel<Get extends (node_id: string) => NodeTunnel | undefined>(get: Get): Get {
      return ((node_id: string) => {
        const tunnel = get(node_id);
        return tunnel && current() ? withSpans(tunnel, () => begin("dispatch", SpanKind.CLIENT)) : tunnel;
      }) as Get;
    },

    async stop() {
      await exporter.stop();
      context.disable();
    },
  };
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
