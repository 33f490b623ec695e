import { once } from "node:events";
import * as http from "node:http";
import * as net from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { bearer, rawExchange, startSurface } from "../../support/surface.ts";
import type { Started } from "../../support/surface.ts";

let started: Started;
afterEach(() => started.close());

const crash = JSON.stringify({ model: "m", messages: [{ role: "user", content: "hi" }], task: "crash" });
const post = (body: string) =>
  `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: ${bearer.authorization}\r\n` +
  `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
const fail = () => {
  throw new Error("PROMPT-CANARY");
};

function isOurFailure(text: string): void {
  expect(text).toMatch(/^HTTP\/1\.1 500 /);
  expect(text).toMatch(/\r\ncontent-type: application\/json\r\n/);
  expect(text).toMatch(/\r\nx-request-id: req_[0-9a-z]{26}\r\n/);
  expect(text).toContain('"code":"internal_error"');
  expect(text).not.toMatch(/PROMPT-CANARY|\.ts\b|<html/);
}

describe("what fails outside of an exchange is answered by us all the same", () => {
  test("before there is an exchange", async () => {
    started = await startSurface();
    const server = http.createServer((request, response) => {
      Object.defineProperty(request, "headers", { get: fail });
      started.surface.app(request, response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    isOurFailure(await rawExchange(port, "GET /v1/open HTTP/1.1\r\nHost: x\r\n\r\n"));
    expect(started.witness.failures).toMatchObject([{ operation_id: null, error_name: "Error" }]);
    expect(JSON.stringify(started.witness.failures)).not.toContain("PROMPT-CANARY");
    expect(started.surface.stats.in_flight).toBe(0);
    server.close();
  });

  test.each(["explain", "onFailure"] as const)("while it is refused: %s throws", async (hook) => {
    started = await startSurface({ [hook]: fail });
    isOurFailure(await rawExchange(started.port, post(crash)));
    expect(started.surface.stats.in_flight).toBe(0);
  });

  test("after it was answered: the answer and its connection stay", async () => {
    started = await startSurface({ onAnswer: fail });
    const twice = "GET /v1/open HTTP/1.1\r\nHost: x\r\n\r\n";
    const socket = net.connect(started.port, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    for (const count of [1, 2]) {
      socket.write(twice);
      await vi.waitFor(() => expect(text.match(/HTTP\/1\.1 200 /g)).toHaveLength(count));
      await sleep(50);
    }
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });
});

describe("a whole answer", () => {
  const PAGE = "GET /docs/scalar.js HTTP/1.1\r\nHost: x\r\n\r\n";
  /** More than what the kernel takes from us on loopback. */
  const PAGES = 10;

  async function reader() {
    const socket = net.connect(started.port, "127.0.0.1").on("error", () => {});
    await once(socket, "connect");
    socket.pause();
    let bytes = 0;
    socket.on("data", (chunk: Buffer) => (bytes += chunk.length)).pause();
    socket.write(PAGE.repeat(PAGES));
    return { socket, bytes: () => bytes };
  }

  test("whose reader takes nothing ends its connection", async () => {
    started = await startSurface({ stall_ms: 300 });
    const whole = Number((await fetch(`${started.url}/docs/scalar.js`)).headers.get("content-length"));
    const { socket, bytes } = await reader();
    await sleep(1_500);
    const closed = once(socket, "close");
    socket.resume();
    await closed;
    expect(bytes()).toBeGreaterThan(0);
    expect(bytes()).toBeLessThan(whole * PAGES);
  });

  test("whose reader is slow comes whole", async () => {
    started = await startSurface({ stall_ms: 600 }, { keep_alive_ms: 400 });
    const whole = Number((await fetch(`${started.url}/docs/scalar.js`)).headers.get("content-length"));
    const { socket, bytes } = await reader();
    const closed = once(socket, "close");
    for (let part = 0; part < 10; part++) {
      socket.resume();
      await sleep(20);
      socket.pause();
      await sleep(150);
    }
    socket.resume();
    await closed; // by the time-out of an idle connection, which is as it was
    expect(bytes()).toBeGreaterThan(whole * PAGES);
  });
});

test("an upgrade is taken at its path only; elsewhere the request is answered as any other", async () => {
  const take = vi.fn(() => new Promise<void>(() => {}));
  started = await startSurface({}, { upgrade: { path: "/v1/node/tunnel", take } });
  for (const token of ["websocket", "b3iq-h2", "h2c"]) {
    const asked = `GET /v1/open HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: ${token}\r\n\r\n`;
    expect(await rawExchange(started.port, asked)).toMatch(/^HTTP\/1\.1 200 /);
  }
  expect(take).not.toHaveBeenCalled();
  const socket = net.connect(started.port, "127.0.0.1");
  socket.write("GET /v1/node/tunnel?a=b HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: b3iq-h2\r\n\r\n");
  await vi.waitFor(() => expect(take).toHaveBeenCalledOnce());
  socket.destroy();
});

test("every connection counts for the limit, and one beyond it is closed unanswered", async () => {
  let dropped = 0;
  const limits = {
    connections_max: 2,
    upgrade: { path: "/v1/node/tunnel", take: () => new Promise<void>(() => {}) },
    onDropped: () => (dropped += 1),
  };
  started = await startSurface({}, limits);
  const kept = ["", "GET /v1/node/tunnel HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: b3iq-h2\r\n\r\n"].map(
    (bytes) => {
      const socket = net.connect(started.port, "127.0.0.1");
      socket.write(bytes);
      return socket;
    },
  );
  await sleep(100);
  const asked = "GET /v1/open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  expect(await rawExchange(started.port, asked)).toBe("");
  expect(dropped).toBe(1);
  kept[0]!.destroy();
  await sleep(100);
  expect(await rawExchange(started.port, asked)).toMatch(/^HTTP\/1\.1 200 /);
  kept[1]!.destroy();
});
