import { type AttributeValue, SpanStatusCode } from "@opentelemetry/api";
import { request } from "undici";
import type { Logger } from "../log.ts";
import type { EndedSpan } from "./span.ts";

const SEND_EVERY_MS = 2_000;
const MOST_IN_BATCH = 512;
const MOST_WAITING = 4_096;
const SEND_MS = 5_000;

export type OtlpOptions = {
  endpoint: string;
  service_name: string;
  service_version: string;
  log: Logger;
  send_every_ms?: number;
};

/**
 * Sends ended spans to a collector in batches, as OTLP over HTTP with JSON (opentelemetry.io/docs/specs/otlp,
 * OTLP/HTTP). A collector that is away costs the spans, never a chat: what does not fit into the queue is dropped.
 */
export function createOtlpExporter({
  endpoint,
  service_name,
  service_version,
  log,
  send_every_ms = SEND_EVERY_MS,
}: OtlpOptions) {
  const waiting: EndedSpan[] = [];
  let dropped = 0;
  let sending: Promise<void> | null = null;

  async function send(): Promise<void> {
    const batch = waiting.splice(0, MOST_IN_BATCH);
    try {
      const answer = await request(`${endpoint}/v1/traces`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(payload(batch)),
        headersTimeout: SEND_MS,
        bodyTimeout: SEND_MS,
        signal: AbortSignal.timeout(SEND_MS),
      });
      await answer.body.dump();
      if (answer.statusCode >= 300) throw new Error("the collector refused the spans");
    } catch {
      dropped += batch.length;
      log.warn("spans_dropped", { count: dropped });
    }
  }

  async function flush(): Promise<void> {
    sending ??= send().finally(() => {
      sending = null;
    });
    await sending;
  }

  const timer = setInterval(() => {
    if (waiting.length > 0) void flush();
  }, send_every_ms);
  timer.unref();

  function payload(spans: EndedSpan[]) {
    const resource = {
      attributes: [attribute("service.name", service_name), attribute("service.version", service_version)],
    };
    const scope = { name: "b3iq", version: service_version };
    return { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: spans.map(toOtlp) }] }] };
  }

  return {
    add(span: EndedSpan): void {
      if (waiting.length >= MOST_WAITING) dropped += 1;
      else waiting.push(span);
      if (waiting.length >= MOST_IN_BATCH) void flush();
    },
    /** Sends what is left, once. */
    async stop(): Promise<void> {
      clearInterval(timer);
      await sending;
      while (waiting.length > 0) await flush();
    },
  };
}

function toOtlp(span: EndedSpan) {
  return {
    traceId: span.context.traceId,
    spanId: span.context.spanId,
    ...(span.parent_span_id ? { parentSpanId: span.parent_span_id } : {}),
    name: span.name,
    // The wire counts kinds from 1, the API from 0.
    kind: span.kind + 1,
    startTimeUnixNano: nanoseconds(span.started_ms),
    endTimeUnixNano: nanoseconds(span.ended_ms),
    attributes: [...span.attributes].map(([key, value]) => attribute(key, value)),
    status: span.status.code === SpanStatusCode.UNSET ? {} : { code: span.status.code },
  };
}

function attribute(key: string, value: AttributeValue) {
  return { key, value: valueOf(value) };
}

function valueOf(value: AttributeValue): object {
  if (Array.isArray(value)) return { arrayValue: { values: value.map((one) => valueOf(one as AttributeValue)) } };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { stringValue: String(value) };
}

function nanoseconds(ms: number): string {
  return (BigInt(Math.round(ms * 1_000)) * 1_000n).toString();
}
