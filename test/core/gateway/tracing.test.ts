import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { NO_TRACING } from "../../../src/core/gateway/tracing.ts";
import { openTracer } from "../../../src/core/tracing/provider.ts";
import { log } from "../../support/nodes/network.ts";
import { testDatabase, type TestDatabase } from "../../support/database.ts";
import { FAKE_MODEL, type FakeRuntime, fakeRuntime } from "../../support/fake_runtime.ts";
import { eventually, startSystem, type System } from "../../support/system.ts";

const MARKER = "tracemarker5521";

type Value = { stringValue?: string; intValue?: string; boolValue?: boolean };
type WireSpan = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Value }[];
  status: { code?: number };
};

const bodies: string[] = [];
let collector: Server;
let endpoint: string;
let db: TestDatabase;
let system: System;
let runtime: FakeRuntime;

beforeAll(async () => {
  collector = createServer((request, response) => {
    const parts: Buffer[] = [];
    request
      .on("data", (part: Buffer) => parts.push(part))
      .on("end", () => {
        if (request.url === "/v1/traces" && request.method === "POST")
          bodies.push(Buffer.concat(parts).toString("utf8"));
        response.writeHead(200, { "content-type": "application/json" }).end("{}");
      });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  db = await testDatabase();
  runtime = await fakeRuntime({ tokens: [" one", ` ${MARKER}`] });
  system = await startSystem({
    database_url: db.url,
    agents: [{ runtime_url: runtime.url }],
    gateway_env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
  });
}, 120_000);
afterAll(async () => {
  await system?.stop();
  await runtime.close();
  await db.drop();
  await new Promise((resolve) => collector.close(resolve));
});

const spans = (): WireSpan[] =>
  bodies.flatMap((body) =>
    (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: WireSpan[] }[] }[] }).resourceSpans.flatMap(
      ({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans),
    ),
  );
const attributes = (span: WireSpan) =>
  Object.fromEntries(
    span.attributes.map(({ key, value }) => [
      key,
      value.intValue === undefined ? (value.stringValue ?? value.boolValue) : Number(value.intValue),
    ]),
  );

it("sends spans of a chat with GenAI names to a collector, and nothing private", async () => {
  const customer = await system.customer();
  const ask = (more: object) =>
    customer.client.ask("POST", "/v1/chat/completions", {
      body: { model: FAKE_MODEL, messages: [{ role: "user", content: MARKER }], max_tokens: 8, ...more },
    });
  expect((await ask({ stream: true })).status).toBe(200);
  expect((await ask({})).status).toBe(200);
  expect((await ask({ model: `no-${MARKER}` })).status).toBe(404);
  const poor = await system.customer({ credit_wei: 0n });
  expect(
    (
      await poor.client.ask("POST", "/v1/chat/completions", {
        body: { model: FAKE_MODEL, messages: [{ role: "user", content: MARKER }] },
      })
    ).status,
  ).toBe(402);
  const chats = await eventually(() => {
    const found = spans().filter(({ name }) => name.startsWith("chat"));
    return found.length === 4 && found;
  });
  const [streamed, plain, unknown, refused] = chats.sort((one, other) =>
    BigInt(one.startTimeUnixNano) < BigInt(other.startTimeUnixNano) ? -1 : 1,
  ) as [WireSpan, WireSpan, WireSpan, WireSpan];
  for (const chat of [streamed, plain]) {
    expect(chat).toMatchObject({ name: `chat ${FAKE_MODEL}`, kind: 2, status: {} });
    expect(chat.parentSpanId).toBeUndefined();
    expect(attributes(chat)).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": FAKE_MODEL,
      "gen_ai.request.max_tokens": 8,
      "gen_ai.usage.input_tokens": 9,
      "gen_ai.usage.output_tokens": 2,
    });
    const children = spans().filter(({ traceId, spanId }) => traceId === chat.traceId && spanId !== chat.spanId);
    expect(children.map(({ name }) => name).sort()).toEqual(["admission", "dispatch", "settle"]);
    for (const child of children) {
      expect(child.parentSpanId).toBe(chat.spanId);
      expect(BigInt(child.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(chat.startTimeUnixNano));
      expect(BigInt(child.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(child.startTimeUnixNano));
    }
    expect(attributes(children.find(({ name }) => name === "dispatch")!)).toMatchObject({
      "b3iq.node_id": system.agents[0]!.node_id,
      "http.response.status_code": 200,
    });
  }
  expect(unknown).toMatchObject({ name: "chat", status: { code: 2 } });
  expect(attributes(unknown)["error.type"]).toBe("model_not_found");
  expect(attributes(refused)["error.type"]).toBe("insufficient_balance");
  const sent = bodies.join("\n");
  for (const secret of [MARKER, customer.key, customer.customer_id, customer.customer_token, poor.customer_id])
    expect(sent).not.toContain(secret);
});

it("counts tunnels, nodes and heartbeats in the metrics", async () => {
  expect(await system.metric("b3iq_tunnels", "upgrade")).toBe(1);
  expect(await system.metric("b3iq_tunnels", "websocket")).toBe(0);
  expect(await system.metric("b3iq_nodes", "online")).toBe(1);
  expect(await system.metric("b3iq_nodes", 'state="tunnel"')).toBe(1);
  expect(await system.metric("b3iq_heartbeats_total", "accepted")).toBeGreaterThan(0);
  await system.agents[0]!.program.stop();
  await eventually(async () => (await system.metric("b3iq_tunnels", "upgrade")) === 0);
  expect(await system.metric("b3iq_tunnel_closes_total")).toBeGreaterThan(0);
});

it("is nothing but the chat itself when it is off", () => {
  const [answer, writer, tunnel] = [Promise.resolve(null), {} as never, () => undefined];
  expect(NO_TRACING.chat({} as never, () => answer)).toBe(answer);
  expect(NO_TRACING.writer(writer)).toBe(writer);
  expect(NO_TRACING.tunnel(tunnel)).toBe(tunnel);
});

it("lets a collector that is away cost spans only, and a stop no longer than its cap", async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const endpoints = ["http://127.0.0.1:9", `http://127.0.0.1:${(silent.address() as AddressInfo).port}`];
  for (const away of endpoints) {
    const { tracer, stop } = await openTracer({ endpoint: away, service_name: "test", service_version: "0", log });
    for (let i = 0; i < 10_000; i += 1) tracer.startSpan("one").end();
    const from = performance.now();
    await stop();
    expect(performance.now() - from).toBeLessThan(3_000);
  }
  silent.closeAllConnections();
  await new Promise((resolve) => silent.close(resolve));
});

it("sends neither events nor links nor the message of an exception", async () => {
  const { tracer, stop } = await openTracer({ endpoint, service_name: "test", service_version: "0", log });
  const span = tracer.startSpan("private");
  span.recordException(new Error(MARKER));
  span.addEvent(MARKER);
  span.addLink({ context: span.spanContext(), attributes: { prompt: MARKER } });
  span.end();
  await stop();
  expect(spans().filter(({ name }) => name === "private")).toHaveLength(1);
  expect(bodies.join("\n")).not.toContain(MARKER);
});
