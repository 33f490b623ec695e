import { once } from "node:events";
import * as net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { eventData } from "../../../src/core/event_stream.ts";
import { bearer, rawExchange, startSurface } from "../../support/surface.ts";
import type { Started } from "../../support/surface.ts";

let started: Started;
afterEach(() => started.close());

const body = (task: string, stream = true) =>
  JSON.stringify({ model: "m", messages: [{ role: "user" }], stream, task });

function post(task: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${started.url}/v1/chat/completions`, {
    method: "POST",
    headers: { ...bearer, "content-type": "application/json" },
    body: body(task),
    ...init,
  });
}

describe("an event stream", () => {
  test("has its headers, its frames as written, and ends", async () => {
    started = await startSurface();
    const response = await post("");
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      "x-ratelimit-remaining-requests": "7",
      "x-b3iq-receipt-hash": "abc",
    });
    expect(response.headers.get("x-request-id")).toMatch(/^req_/);
    expect(await response.text()).toBe(`: keep-alive\n\ndata: {"n":1}\n\ndata: [DONE]\n\n`);
    expect(started.witness.violations).toEqual([]);
  });

  test("keeps the status of a failure before it opens", async () => {
    started = await startSurface();
    const response = await post("early failure");
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("2");
    expect(response.headers.get("retry-after-ms")).toBe("1200");
    expect(response.headers.get("x-should-retry")).toBe("true");
    expect(response.headers.get("x-ratelimit-remaining-requests")).toBe("7");
    expect(await response.json()).toMatchObject({
      error: { code: "no_healthy_candidates", b3iq: { retry_after_ms: 1200 } },
    });
  });

  test.each([
    ["late failure", "router_dispatch_failed"],
    ["crash", "internal_error"],
  ])("tells a %s in one frame and without [DONE]", async (task, code) => {
    started = await startSurface();
    const text = await (await post(task)).text();
    const events = eventData(text);
    expect(events).toHaveLength(2);
    expect(JSON.parse(events[1]!)).toMatchObject({ error: { code, param: null, b3iq: { code } } });
    expect(text).not.toContain("secret prompt");
    expect(text).not.toContain("[DONE]");
  });

  test("is checked event by event", async () => {
    started = await startSurface();
    await (await post("bad event")).text();
    expect(started.witness.violations).toMatchObject([{ operation_id: "chat", media_type: "text/event-stream" }]);
    expect(started.witness.violations[0]!.problems[0]).toMatch(/event 1/);
  });

  test("stops writing while the reader is paused, and goes on when it reads", async () => {
    started = await startSurface();
    const socket = net.connect(started.port, "127.0.0.1");
    await once(socket, "connect");
    socket.pause();
    const text = body("flood");
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: ${bearer.authorization}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
    );
    const { witness } = started;
    await vi.waitFor(() => expect(witness.written).toBeGreaterThan(0));
    let before = -1;
    await vi.waitFor(
      () => {
        const [last, now] = [before, witness.written];
        before = now;
        expect(now).toBe(last);
      },
      { interval: 300, timeout: 10_000 },
    );
    // What the kernel buffers on loopback, and no more than that: a few MB, where the flood has no end.
    expect(witness.written * 16_000).toBeLessThan(16_000_000);
    socket.resume();
    await vi.waitFor(() => expect(witness.written).toBeGreaterThan(before + 100));
    socket.destroy();
    await vi.waitFor(() => expect(witness.write_errors).toHaveLength(1));
    expect(witness.write_errors[0]).toBeInstanceOf(Error);
  });

  test("drops a reader that makes no progress", async () => {
    started = await startSurface({ stall_ms: 200 });
    const socket = net.connect(started.port, "127.0.0.1");
    await once(socket, "connect");
    socket.pause();
    const text = body("flood");
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: ${bearer.authorization}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
    );
    await vi.waitFor(() => expect(started.witness.write_errors).toHaveLength(1), { timeout: 10_000 });
    expect(started.witness.signals[0]!.aborted).toBe(true);
    socket.destroy();
  });

  test("aborts the handler with an Error when the client leaves", async () => {
    started = await startSurface();
    const leaving = new AbortController();
    const response = await post("wait", { signal: leaving.signal });
    await response.body!.getReader().read();
    leaving.abort();
    const { witness } = started;
    await vi.waitFor(() => expect(witness.signals[0]!.aborted).toBe(true));
    expect(witness.signals[0]!.reason).toBeInstanceOf(Error);
    await vi.waitFor(() => expect(started.surface.stats.in_flight).toBe(0));
    expect(witness.failures).toEqual([]);
  });

  test("does not abort the signal of a finished answer", async () => {
    started = await startSurface();
    await (await post("")).text();
    await sleep(50);
    expect(started.witness.signals[0]!.aborted).toBe(false);
  });
});

describe("a plain answer", () => {
  test("that crashed is 500 without the exception's text, in the log neither", async () => {
    started = await startSurface();
    const response = await post("", { body: body("crash", false) });
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain("secret prompt");
    expect(response.headers.get("x-should-retry")).toBe("true");
    expect(started.witness.failures).toMatchObject([
      { operation_id: "chat", error_name: "Error", request_id: response.headers.get("x-request-id") },
    ]);
    expect(JSON.stringify(started.witness.failures)).not.toContain("secret prompt");
    expect(started.witness.failures[0]!.frames[0]).toContain("support/surface.ts");
  });

  test("that is not documented is counted, and refused when the callback throws", async () => {
    started = await startSurface();
    expect((await post("", { body: body("bad answer", false) })).status).toBe(200);
    expect(started.surface.stats.violations).toBe(1);
    await started.close();
    started = await startSurface({
      check_responses: () => {
        throw new Error("violation");
      },
    });
    expect((await post("", { body: body("bad answer", false) })).status).toBe(500);
  });

  test("carries the facts of its error beside the code", async () => {
    started = await startSurface();
    const response = await post("", { body: body("spend", false) });
    expect(response.status).toBe(402);
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(await response.json()).toMatchObject({
      error: { code: "insufficient_balance", b3iq: { required_wei: "5", status: 402 } },
    });
  });
});

test("draining waits for what is in flight, refuses new connections and reports what it cut", async () => {
  started = await startSurface();
  const slow = await post("wait");
  const reader = slow.body!.getReader();
  await reader.read();
  started.surface.close();
  const drained = started.listener.drain(300);
  await sleep(50);
  await expect(fetch(`${started.url}/v1/open`)).rejects.toThrow();
  expect(await drained).toEqual({ cut: 1 });
});

test("a port in use is told in one line with its setting", async () => {
  started = await startSurface();
  await expect(startSurface({}, { port: started.port, setting: "B3IQ_GATEWAY_LISTEN" })).rejects.toThrow(
    `127.0.0.1:${started.port} (B3IQ_GATEWAY_LISTEN) is in use; stop what listens there or choose another port`,
  );
});

test("slow headers end in 408 with a request id", async () => {
  started = await startSurface({}, { headers_ms: 200 });
  const late = await rawExchange(started.port, "GET /v1/open HTTP/1.1\r\nHost: x\r\n", 3000);
  expect(late).toMatch(/^HTTP\/1.1 408 /);
  expect(late).toMatch(/x-request-id: req_/);
});
