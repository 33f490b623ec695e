import { expect, test } from "vitest";
import { createMetrics, metricsListener } from "../../src/core/metrics.ts";
import { listen } from "../../src/surface/http/server.ts";

test("serves Prometheus text on its own address, and nothing else", async () => {
  const metrics = createMetrics();
  metrics.http_requests.inc({ operation: "listModels", status: "200" });
  metrics.contract_violations.inc({ operation: "listModels" }, 2);
  const server = await listen({ host: "127.0.0.1", port: 0 }, metricsListener(metrics));
  const response = await fetch(`${server.url}/metrics`);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  expect(text).toContain('b3iq_http_requests_total{operation="listModels",status="200"} 1');
  expect(text).toContain('b3iq_contract_violations_total{operation="listModels"} 2');
  expect((await fetch(new URL("/", server.url))).status).toBe(404);
  expect((await fetch(`${server.url}/metrics`, { method: "POST" })).status).toBe(404);
  await server.close();
});

test("labels are names and codes, never customers, keys, nodes, models or addresses", async () => {
  const found = await createMetrics().registry.getMetricsAsJSON();
  const own = found.filter((metric) => metric.name.startsWith("b3iq_"));
  expect(own.length).toBeGreaterThan(20);
  const { registry: _, ...metrics } = createMetrics();
  const labels = Object.values(metrics).flatMap((metric) => (metric as unknown as { labelNames: string[] }).labelNames);
  expect([...new Set(labels)].sort()).toEqual([
    "carrier",
    "code",
    "mode",
    "operation",
    "outcome",
    "reason",
    "state",
    "status",
  ]);
});
