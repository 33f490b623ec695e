import { context, type Tracer } from "@opentelemetry/api";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { Logger } from "../log.ts";
import { within } from "../time.ts";

const SEND_EVERY_MS = 2_000;
const MOST_IN_BATCH = 512;
const MOST_WAITING = 4_096;
const SEND_MS = 5_000;
/** How long a stop waits for the last spans to be sent. */
const STOP_MS = 2_000;

export type TracerOptions = {
  /** A collector that takes OTLP over HTTP with JSON, below `/v1/traces`. */
  endpoint: string;
  service_name: string;
  service_version: string;
  log: Logger;
};

/**
 * OpenTelemetry's tracer, with its batches and its exporter. The SDK is loaded here, so that a program that makes no
 * spans does not load it. A collector that is away costs the spans, never a chat: spans that do not fit into the queue
 * are dropped. Spans have no events and no links: the message of an exception may quote a caller's data.
 */
export async function openTracer(options: TracerOptions): Promise<{ tracer: Tracer; stop(): Promise<void> }> {
  const [sdk, { OTLPTraceExporter }, { AsyncLocalStorageContextManager }, { resourceFromAttributes }] =
    await Promise.all([
      import("@opentelemetry/sdk-trace"),
      import("@opentelemetry/exporter-trace-otlp-http"),
      import("@opentelemetry/context-async-hooks"),
      import("@opentelemetry/resources"),
    ]);
  const { endpoint, service_name, service_version, log } = options;
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: SEND_MS });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ "service.name": service_name, "service.version": service_version }),
    sampler: new sdk.AlwaysOnSampler(),
    spanLimits: { eventCountLimit: 0, linkCountLimit: 0 },
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: logDropped(exporter, log),
        maxExportBatchSize: MOST_IN_BATCH,
        maxQueueSize: MOST_WAITING,
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: SEND_MS,
      }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return {
    tracer: provider.getTracer("b3iq", service_version),
    async stop() {
      await within(
        provider.shutdown().catch(() => {}),
        STOP_MS,
        undefined,
      );
      context.disable();
    },
  };
}

/** The exporter, with a line in the log for each batch that the collector did not take. */
function logDropped(exporter: SpanExporter, log: Logger): SpanExporter {
  let dropped = 0;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined) log.warn("spans_dropped", { count: (dropped += spans.length) });
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
