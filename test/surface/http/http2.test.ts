import { once } from "node:events";
import * as http2 from "node:http2";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startSurface } from "../../support/surface.ts";
import type { Started } from "../../support/surface.ts";

let started: Started;
let server: http2.Http2Server;
let session: http2.ClientHttp2Session;

beforeEach(async () => {
  started = await startSurface();
  server = http2.createServer(
    (request, response) => void started.surface.handle(request, response, { transport: "tunnel" }),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(async () => {
  session.destroy();
  server.close();
  await started.close();
});

async function call(path: string, body: string | undefined, headers: Record<string, string> = {}) {
  const stream = session.request({
    ":method": body === undefined ? "GET" : "POST",
    ":path": path,
    "content-type": "application/json",
    ...headers,
  });
  let trailers: http2.IncomingHttpHeaders | undefined;
  stream.on("trailers", (received) => (trailers = received));
  stream.end(body);
  const [answered] = (await once(stream, "response")) as [http2.IncomingHttpHeaders];
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return { headers: answered, status: answered[":status"], text, trailers };
}

const router = { "x-b3iq-router-signature": "signed" };

test("a plain answer carries its trailers", async () => {
  const answer = await call("/v1/tunnel/call", "{}", router);
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toMatchObject({ operation: "tunnelCall", principal: { kind: "router" } });
  expect(answer.trailers?.["x-b3iq-receipt"]).toBe("signed");
  expect(answer.headers["x-request-id"]).toMatch(/^req_/);
  expect(answer.headers).not.toHaveProperty("connection");
});

test("a stream carries its trailers after its frames", async () => {
  const answer = await call("/v1/tunnel/call", `{"stream":true}`, router);
  expect(answer.headers["content-type"]).toBe("text/event-stream");
  expect(answer.text).toBe(`data: {"n":1}\n\n`);
  expect(answer.trailers?.["x-b3iq-receipt"]).toBe("signed");
});

test("bad JSON is 400 with the same envelope", async () => {
  const answer = await call("/v1/tunnel/call", "{", router);
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.text)).toMatchObject({ error: { code: "invalid_request" } });
});

test("the tunnel takes nothing but router signatures, and reaches only what takes them", async () => {
  expect((await call("/v1/tunnel/call", "{}", { authorization: "Bearer b3iq_local_x" })).status).toBe(401);
  expect((await call("/v1/open", undefined, router)).status).toBe(401);
  expect((await call("/docs", undefined, router)).status).toBe(404);
});

async function directSession() {
  const open = http2.createServer((request, response) => void started.surface.handle(request, response));
  open.listen(0, "127.0.0.1");
  await once(open, "listening");
  const direct = http2.connect(`http://127.0.0.1:${(open.address() as AddressInfo).port}`);
  const chat = async (task: string) => {
    const stream = direct.request({
      ":method": "POST",
      ":path": "/v1/chat/completions",
      "content-type": "application/json",
      authorization: "Bearer b3iq_gateway_good",
    });
    stream.end(JSON.stringify({ model: "m", messages: [{ role: "user" }], stream: true, task }));
    await once(stream, "response");
    return stream;
  };
  return { chat, close: () => void (direct.destroy(), open.close()) };
}

test("a reset by the peer aborts the handler", async () => {
  const { chat, close } = await directSession();
  const waiting = await chat("wait");
  waiting.close(http2.constants.NGHTTP2_CANCEL);
  await vi.waitFor(() => expect(started.witness.signals[0]?.aborted).toBe(true));
  expect(started.witness.signals[0]!.reason).toBeInstanceOf(Error);
  await vi.waitFor(() => expect(started.surface.stats.in_flight).toBe(0));
  close();
});

test("a paused reader holds the writer back by the flow-control window", async () => {
  const { chat, close } = await directSession();
  const flood = await chat("flood");
  const { witness } = started;
  let before = -1;
  await vi.waitFor(
    () => {
      const [last, now] = [before, witness.written];
      before = now;
      expect(now).toBe(last);
    },
    { interval: 200, timeout: 10_000 },
  );
  expect(witness.written * 16_000).toBeLessThan(1_000_000);
  flood.resume();
  await vi.waitFor(() => expect(witness.written).toBeGreaterThan(before + 50));
  flood.close(http2.constants.NGHTTP2_CANCEL);
  await vi.waitFor(() => expect(witness.write_errors).toHaveLength(1));
  close();
});

test("a failure after the first frame ends the stream with its frame and without trailers", async () => {
  const { chat, close } = await directSession();
  const stream = await chat("late failure");
  let trailers: unknown;
  stream.on("trailers", (received) => (trailers = received));
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  expect(text).toContain(`"code":"router_dispatch_failed"`);
  expect(trailers).toBeUndefined();
  close();
});
