import type { RequestListener } from "node:http";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** These metrics walk through every open connection at each scrape, which takes 100 ms with ten thousand nodes. */
const WALKS_ALL = ["handles", "requests", "resources"].flatMap((what) => [
  `nodejs_active_${what}`,
  `nodejs_active_${what}_total`,
]);

/**
 * Every metric of the gateway. Labels are closed lists (operationIds, statuses, codes): never a customer, key, node,
 * model or address, which would be private, or without bound.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const name of WALKS_ALL) registry.removeSingleMetric(name);
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `b3iq_${name}`, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name: `b3iq_${name}`, help, labelNames, registers });
  const histogram = <Label extends string>(name: string, help: string, buckets: number[], ...labelNames: Label[]) =>
    new Histogram({ name: `b3iq_${name}`, help, buckets, labelNames, registers });
  return {
    registry,
    http_requests: counter("http_requests_total", "Requests answered, by operation and status", "operation", "status"),
    http_request_seconds: histogram(
      "http_request_seconds",
      "From request to the end of its answer",
      SECONDS,
      "operation",
    ),
    http_errors: counter("http_errors_total", "Error answers by code", "operation", "code"),
    connections_dropped: counter("connections_dropped_total", "Connections closed at once: there were too many"),
    contract_violations: counter("contract_violations_total", "Answers that are not as the document says", "operation"),
    gateway_overhead_seconds: histogram(
      "gateway_overhead_seconds",
      "Time that the gateway itself added to a chat before its first byte",
      SECONDS,
    ),
    streams: gauge("streams", "Chats that are being answered", "mode"),
    dispatches: counter("dispatches_total", "Dispatches to nodes by what became of them", "outcome"),
    client_aborts: counter("client_aborts_total", "Clients that left before the end of their answer", "mode"),
    ledger_batch_operations: histogram(
      "ledger_batch_operations",
      "Operations in one batch",
      [1, 2, 4, 8, 16, 32, 64, 128, 256],
    ),
    ledger_batch_seconds: histogram("ledger_batch_seconds", "One batch from its start to its commit", SECONDS),
    ledger_queue: gauge("ledger_queue", "Operations that wait for a batch"),
    ledger_retries: counter("ledger_retries_total", "Batches sent again, by reason", "reason"),
    admissions_refused: counter("admissions_refused_total", "Refused admissions by code", "code"),
    usage_recounts: counter(
      "usage_recounts_total",
      "Chats whose tokens the gateway counted again, by verdict",
      "outcome",
    ),
    takeovers: counter("hold_takeovers_total", "Holds taken over from a gateway that fell silent", "outcome"),
    private_jobs: counter("private_jobs_total", "Private jobs that ended, by how", "outcome"),
    private_job_seconds: histogram(
      "private_job_seconds",
      "From the admission of a private job to its end",
      SECONDS,
      "outcome",
    ),
    tunnels: gauge("tunnels", "Open node tunnels", "carrier"),
    tunnel_closes: counter("tunnel_closes_total", "Tunnels that ended, by reason", "reason"),
    heartbeats: counter("heartbeats_total", "Heartbeats by verdict", "outcome"),
    nodes: gauge("nodes", "Nodes by state", "state"),
    relays: counter("relays_total", "Requests relayed between gateways", "outcome"),
    database_up: gauge("database_up", "1 when the last readiness check reached the database"),
    draining: gauge("draining", "1 while draining"),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;

/** Serves `GET /metrics` as Prometheus text, on an address of its own, which should be loopback. */
export function metricsListener({ registry }: Metrics): RequestListener {
  return (request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics")
      return void response.writeHead(404, { "content-type": "text/plain" }).end("GET /metrics\n");
    registry.metrics().then(
      (text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  };
}
