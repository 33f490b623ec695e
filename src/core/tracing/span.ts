import { randomBytes } from "node:crypto";
import { SpanKind, SpanStatusCode, trace, TraceFlags } from "@opentelemetry/api";
import type {
  Attributes,
  AttributeValue,
  Context,
  Span,
  SpanContext,
  SpanOptions,
  SpanStatus,
  Tracer,
} from "@opentelemetry/api";

/** A span that has ended, with what the exporter writes. Times are Unix milliseconds. */
export type EndedSpan = {
  context: SpanContext;
  parent_span_id: string | null;
  name: string;
  kind: SpanKind;
  started_ms: number;
  ended_ms: number;
  attributes: Map<string, AttributeValue>;
  status: SpanStatus;
};

const nowMs = (): number => performance.timeOrigin + performance.now();

/**
 * The part of the OpenTelemetry API that this program uses: spans with a parent, attributes, a status and an end.
 * Events, links and exceptions are taken and dropped: an exception's message may quote what a caller sent.
 */
export function createTracer(onEnd: (span: EndedSpan) => void): Tracer {
  function startSpan(name: string, options: SpanOptions = {}, parent_context?: Context): Span {
    const parent = parent_context && !options.root ? trace.getSpanContext(parent_context) : undefined;
    const record: EndedSpan = {
      context: {
        traceId: parent?.traceId ?? randomBytes(16).toString("hex"),
        spanId: randomBytes(8).toString("hex"),
        traceFlags: TraceFlags.SAMPLED,
      },
      parent_span_id: parent?.spanId ?? null,
      name,
      kind: options.kind ?? SpanKind.INTERNAL,
      started_ms: nowMs(),
      ended_ms: 0,
      attributes: new Map(),
      status: { code: SpanStatusCode.UNSET },
    };
    let ended = false;
    const set = (attributes: Attributes = {}): void => {
      for (const [key, value] of Object.entries(attributes))
        if (value !== undefined && !ended) record.attributes.set(key, value);
    };
    set(options.attributes);
    const span: Span = {
      spanContext: () => record.context,
      setAttribute(key, value) {
        set({ [key]: value });
        return span;
      },
      setAttributes(attributes) {
        set(attributes);
        return span;
      },
      addEvent: () => span,
      addLink: () => span,
      addLinks: () => span,
      setStatus(status) {
        if (!ended) record.status = { code: status.code };
        return span;
      },
      updateName(next) {
        if (!ended) record.name = next;
        return span;
      },
      isRecording: () => !ended,
      recordException() {},
      end() {
        if (ended) return;
        ended = true;
        record.ended_ms = nowMs();
        onEnd(record);
      },
    };
    return span;
  }
  return {
    startSpan,
    startActiveSpan() {
      throw new Error("spans are begun with startSpan and passed on by context.with");
    },
  };
}
