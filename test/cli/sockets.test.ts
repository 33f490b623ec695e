/**
 * Both programs, as processes, against clients that speak badly or not at all: every refusal is an answer of ours, no
 * refused connection stays, and none holds up the end.
 */
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSecret } from "../../src/core/secrets.ts";
import { ensureLocalKey } from "../../src/cli/run_setup.ts";
import { testDatabase } from "../support/database.ts";
import type { TestDatabase } from "../support/database.ts";
import { fakeRuntime } from "../support/fake_runtime.ts";
import type { FakeRuntime } from "../support/fake_runtime.ts";
import { freePort, startProgram, temporaryHome } from "../support/processes.ts";
import type { Program } from "../support/processes.ts";
import { rawExchange } from "../support/surface.ts";

type Name = "gateway" | "agent";
type Running = { program: Program; port: number; home: string };

let db: TestDatabase;
let runtime: FakeRuntime;
let peer_port: number;
let metrics_port: number;
const running = {} as Record<Name, Running>;

beforeAll(async () => {
  [db, runtime, peer_port, metrics_port] = await Promise.all([testDatabase(), fakeRuntime(), freePort(), freePort()]);
  const start = async (name: Name, env: Record<string, string>) => {
    const home = temporaryHome();
    const program = startProgram([name === "gateway" ? "gateway" : "host", "serve"], {
      env: { B3IQ_HOME: home, ...env },
    });
    running[name] = { program, home, port: 0 };
    const [, port] = await program.line(/serves http:\/\/127\.0\.0\.1:(\d+)/);
    running[name].port = Number(port);
  };
  await Promise.all([
    start("gateway", {
      B3IQ_DATABASE_URL: db.url,
      B3IQ_GATEWAY_LISTEN: "127.0.0.1:0",
      B3IQ_METRICS_LISTEN: `127.0.0.1:${metrics_port}`,
      B3IQ_GATEWAY_PEER_LISTEN: `127.0.0.1:${peer_port}`,
      B3IQ_KEYLESS_REQUESTS_PER_MINUTE: "100000",
    }),
    start("agent", { B3IQ_RUNTIME_URL: runtime.url, B3IQ_LOCAL_LISTEN: "127.0.0.1:0" }),
  ]);
});
afterAll(async () => {
  await Promise.all(Object.values(running).map(({ program }) => program.stop("SIGKILL")));
  await runtime.close();
  await db.drop();
  for (const { home } of Object.values(running)) fs.rmSync(home, { recursive: true });
});

const CANARY = "CANARY-of-a-caller";
/** `OWN` becomes the address that is asked. */
const HEADERS = "Host: OWN\r\nConnection: close\r\n";
const get = (target: string, version = "HTTP/1.1") => `GET ${target} ${version}\r\n${HEADERS}\r\n`;
const chat = (headers: string, body = "") =>
  `POST /v1/chat/completions HTTP/1.1\r\n${HEADERS}${headers}\r\n\r\n${body}`;

/** What is sent, and the statuses that answer it. */
const LINES: [string, string | Buffer, number[]][] = [
  ["HTTP/2.0", get(`/${CANARY}`, "HTTP/2.0"), [505]],
  ["HTTP/2.0 on the path of a chat", chat("Content-Length: 2", "{}").replace("HTTP/1.1", "HTTP/2.0"), [505]],
  [
    "HTTP/2.0 with an upgrade",
    get("/v1/node/tunnel", "HTTP/2.0").replace("close", "Upgrade\r\nUpgrade: websocket"),
    [505],
  ],
  ["HTTP/3.0", get(`/${CANARY}`, "HTTP/3.0"), [505]],
  ["HTTP/1.9", get("/", "HTTP/1.9"), [505]],
  ["HTTP/0.9", get("/", "HTTP/0.9"), [505]],
  ["HTTP/0.9 without a version", "GET /\r\n\r\n", [505]],
  ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [505]],
  ["http/1.1", get("/", "http/1.1"), [400]],
  ["a first message of TLS", Buffer.from("160301020001000001fc0303", "hex"), [400]],
  ["HTTP/1.0", "GET /nothing HTTP/1.0\r\nHost: OWN\r\n\r\n", [404]],

  ["an escape that is none", get("/v1/models/%zz"), [400]],
  ["an escape that breaks off", get("/%"), [400]],
  ["an escape that is no UTF-8", get("/v1/models/%ff"), [404]],
  ["an escape in the docs", get("/docs/%2e%2e/%c0"), [404]],
  ["an escape in the query", get("/v1/models?a=%zz"), [400, 401]],
  ["*", get("*"), [404]],
  ["OPTIONS *", get("*").replace("GET", "OPTIONS"), [404]],
  ["an absolute target", get("http://OWN/nothing"), [404]],
  ["an absolute target without a name", get("http://"), [404]],
  ["an absolute target with half an IPv6 address", get(`http://[${CANARY}/`), [404]],
  ["an absolute target with two ports", get(`http://${CANARY}:1:2/`), [404]],
  ["an absolute target with a password", get("http://u:p@[::1/nothing"), [404]],
  ["an absolute target of another scheme", get("ftp://x/y"), [404]],
  ["an authority as the target", get("example.com:80"), [400]],
  ["two slashes", get("//x:y@[z"), [404]],
  ["a fragment", get("/#a"), [404]],
  ["a blank in the target", get("/a b"), [400]],
  ["a NUL in the target", get("/\0"), [400]],
  ["bytes above 127 in the target", Buffer.from(get("/\xff\xfe"), "latin1"), [400]],
  ["a long target", get(`/v1/models/${"x".repeat(9_000)}`), [401, 404]],
  ["a target that is too long", get(`/${"x".repeat(20_000)}`), [431]],

  ["TRACE", get("/v1/models").replace("GET", "TRACE"), [405]],
  ["a method that few know", get("/v1/models").replace("GET", "PROPFIND"), [405]],
  ["a method that nobody knows", get("/v1/models").replace("GET", CANARY), [400]],
  ["another protocol", "SOURCE / ICE/1.0\r\nHost: OWN\r\nConnection: close\r\n\r\n", [404]],
  ["CONNECT", "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n", [405]],
  ["Expect", chat("Expect: x\r\nContent-Length: 2"), [400]],
  ["two expectations", chat("Expect: 100-continue, x\r\nContent-Length: 2"), [400]],
  [
    "an upgrade to websocket",
    get("/v1/node/tunnel").replace("close", "Upgrade, close\r\nUpgrade: websocket"),
    [404, 426],
  ],
  ["an upgrade to a tunnel", get("/v1/node/tunnel").replace("close", "Upgrade, close\r\nUpgrade: b3iq-h2"), [401, 404]],
  ["an upgrade to h2c", get("/nothing").replace("close", "Upgrade, close\r\nUpgrade: h2c"), [404]],

  ["no Host", "GET /nothing HTTP/1.1\r\nConnection: close\r\n\r\n", [400]],
  ["a Host that is none", get("/nothing").replace("OWN", "a b/c"), [400, 404]],
  ["two Hosts", get("/nothing").replace("Host: OWN", "Host: OWN\r\nHost: b"), [400]],
  ["headers that are too large", get("/nothing").replace("Host", `X: ${"x".repeat(20_000)}\r\nHost`), [431]],
  ["a blank before the colon", get("/nothing").replace("Host:", "Host :"), [400]],
  ["a folded header", get("/nothing").replace("Host", "X: a\r\n b\r\nHost"), [400]],
  ["a NUL in a header", get("/nothing").replace("Host", "X: a\0b\r\nHost"), [400]],
  ["line ends without CR", get("/nothing").replaceAll("\r", ""), [400]],
  ["cookies that are none", get("/nothing").replace("Host", "Cookie: %zz=%ff; =; ;;\r\nHost"), [404]],
  ["names of Object.prototype", get("/__proto__").replace("Host", "__proto__: x\r\nconstructor: y\r\nHost"), [404]],
  ["a length that is no number", chat("Content-Length: abc"), [400]],
  ["a negative length", chat("Content-Length: -1"), [400]],
  ["two lengths", chat("Content-Length: 1\r\nContent-Length: 2"), [400]],
  ["a length beyond all numbers", chat("Content-Length: 99999999999999999999999"), [400]],
  ["a length and chunks", chat("Content-Length: 1\r\nTransfer-Encoding: chunked", "0\r\n\r\n"), [400]],
  ["an encoding that nobody knows", chat("Transfer-Encoding: x"), [400]],
  ["chunks in chunks", chat("Transfer-Encoding: chunked, chunked", "0\r\n\r\n"), [400]],
  ["a chunk without a size", chat("Transfer-Encoding: chunked", "zz\r\n"), [400]],
];

const NATIVE = ["request_id", "status", "title", "detail", "code"];
const OPENAI = ["message", "type", "param", "code"];

function ourAnswer(text: string, statuses: number[]): void {
  const [head, body] = text.split("\r\n\r\n") as [string, string];
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
  expect(statuses, text).toContain(status);
  expect(head).toMatch(/^content-type: application\/json\r?$/im);
  const request_id = /^x-request-id: (req_[0-9a-z]{26})\r?$/im.exec(head)?.[1];
  const { error } = JSON.parse(body) as { error: Record<string, unknown> };
  expect(Object.keys(error)).toEqual(expect.arrayContaining("message" in error ? OPENAI : NATIVE));
  expect((error["b3iq"] ?? error) as object).toMatchObject({ request_id, status });
  expect(text).not.toMatch(/\.ts\b|\.js\b|node_modules|\bat \S+:\d+|<html/);
}

describe.each(["gateway", "agent"] as const)("the %s", (name) => {
  const send = (bytes: string | Buffer, quiet_ms = 3_000) => {
    const { port } = running[name];
    const filled = typeof bytes === "string" ? bytes.replaceAll("OWN", `127.0.0.1:${port}`) : bytes;
    return rawExchange(port, filled, quiet_ms);
  };

  test.each(LINES)("answers in the envelope, and ends: %s", async (_name, bytes, statuses) => {
    const before = performance.now();
    ourAnswer(await send(bytes), statuses);
    expect(performance.now() - before).toBeLessThan(3_000);
  });

  test("answers in the envelope, or not at all, where the client breaks off amid its body", async () => {
    const { port } = running[name];
    const socket = net.connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.end(
      chat("Content-Type: application/json\r\nContent-Length: 100", "{").replaceAll("OWN", `127.0.0.1:${port}`),
    );
    let text = "";
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    await once(socket, "close");
    if (text !== "") ourAnswer(text, [400, 401]);
  });

  test("writes nothing of it into its log, and no stack", () => {
    const { program } = running[name];
    expect(program.output()).not.toMatch(new RegExp(`${CANARY}|\\n\\s+at |Warning|<html|GET /`));
  });
});

test("what is refused is counted, also where there was no request", async () => {
  const text = await (await fetch(`http://127.0.0.1:${metrics_port}/metrics`)).text();
  const counted = (pattern: string) => Number(new RegExp(`${pattern} (\\d+)`).exec(text)?.[1] ?? 0);
  const sent = LINES.filter(([, , statuses]) => statuses.includes(505)).length;
  expect(counted('b3iq_http_requests_total{operation="none",status="505"}')).toBe(sent);
  expect(counted('b3iq_http_errors_total{operation="none",code="http_version_not_supported"}')).toBe(sent);
  for (const status of [400, 405, 426, 431])
    expect(counted(`b3iq_http_requests_total{operation="none",status="${status}"}`), `${status}`).toBeGreaterThan(0);
});

/** A client that does not end its side, whatever it is told. */
async function halfOpen(port: number, bytes: string): Promise<net.Socket> {
  const socket = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(bytes.replaceAll("OWN", `127.0.0.1:${port}`));
  socket.resume();
  return socket;
}

/** Resolves when the server holds the connection no longer: what is written to it then is answered with a reset. */
async function letGo(socket: net.Socket, within_ms: number): Promise<boolean> {
  for (const until = performance.now() + within_ms; performance.now() < until; await sleep(100)) {
    if (socket.destroyed) return true;
    socket.write("\0");
  }
  return socket.destroyed;
}

const upgrade = (token: string) =>
  `GET /v1/node/tunnel HTTP/1.1\r\nHost: OWN\r\nConnection: Upgrade\r\nUpgrade: ${token}\r\n\r\n`;
const CONNECT = "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n";
// With a body that is announced, so that what is written to it later is no error of its own.
const EXPECT = "POST /v1/chat/completions HTTP/1.1\r\nHost: OWN\r\nExpect: x\r\nContent-Length: 9000\r\n\r\n";
const REFUSED: [string, Name | "metrics" | "peers", string][] = [
  ["a tunnel", "gateway", upgrade("b3iq-h2")],
  ["a websocket", "gateway", upgrade("websocket")],
  ["CONNECT", "gateway", CONNECT],
  ["Expect", "gateway", EXPECT],
  ["no HTTP", "gateway", "\x16\x03\x01\r\n\r\n"],
  ["HTTP/2.0", "gateway", "GET / HTTP/2.0\r\nHost: OWN\r\n\r\n"],
  ["CONNECT", "agent", CONNECT],
  ["Expect", "agent", EXPECT],
  ["no HTTP", "agent", "\x16\x03\x01\r\n\r\n"],
  ["HTTP/2.0", "agent", "GET / HTTP/2.0\r\nHost: OWN\r\n\r\n"],
  ["CONNECT", "metrics", CONNECT],
  ["no HTTP", "metrics", "\x16\x03\x01\r\n\r\n"],
  ["HTTP/1.1", "peers", "GET / HTTP/1.1\r\nHost: OWN\r\n\r\n"],
];
const portOf = (where: (typeof REFUSED)[number][1]) =>
  where === "metrics" ? metrics_port : where === "peers" ? peer_port : running[where].port;

// Each alone, so that the bytes by which one is looked at are no answer to another.
test.each(REFUSED)(
  "a refused connection is gone after a second, whatever its client does: %s, %s",
  async (_name, where, bytes) => {
    const socket = await halfOpen(portOf(where), bytes);
    await sleep(1_200);
    expect(await letGo(socket, 1_500)).toBe(true);
  },
);

test("the answer that an address gets which opened too many tunnels ends the connection too", async () => {
  let refused = "";
  for (let tries = 0; tries < 70 && !refused.startsWith("HTTP/1.1 429"); tries++)
    refused = await rawExchange(running.gateway.port, upgrade("b3iq-h2"));
  expect(refused).toMatch(/^HTTP\/1\.1 429 /);
  const socket = await halfOpen(running.gateway.port, upgrade("b3iq-h2"));
  await sleep(1_200);
  expect(await letGo(socket, 1_500)).toBe(true);
});

/** Connections in every state in which nothing is being answered. */
async function idleConnections(name: Name): Promise<void> {
  const { port } = running[name];
  const sent = [
    ...REFUSED.filter(([, where]) => where === name).map(([, , bytes]) => bytes),
    "",
    "GET /nothing HTTP/1.1\r\nHost: OWN\r\n",
    "GET /nothing HTTP/1.1\r\nHost: OWN\r\n\r\n",
  ];
  await Promise.all(sent.map((bytes) => halfOpen(port, bytes)));
  if (name === "gateway")
    await Promise.all([peer_port, metrics_port].flatMap((other) => [halfOpen(other, ""), halfOpen(other, CONNECT)]));
  await sleep(100);
}

test("an idle gateway ends at SIGTERM, whatever connections its clients keep", async () => {
  await idleConnections("gateway");
  expect(await running.gateway.program.stop("SIGTERM", 3_000)).toEqual({ code: 0, signal: null });
});

test("an agent ends at SIGTERM when its answers have ended, whatever connections its clients keep", async () => {
  const { port, program, home } = running.agent;
  const url = `http://127.0.0.1:${port}`;
  await ensureLocalKey(url, `${home}/secrets`);
  runtime.behaviour = { ...runtime.behaviour, tokens: ["one", " two", " three"], delay_ms: 700 };
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${readSecret(`${home}/secrets`, "local-key")}`,
    },
    body: JSON.stringify({ model: "fake/model:1b", messages: [{ role: "user", content: "hi" }], stream: true }),
  });
  expect(answer.status).toBe(200);
  await idleConnections("agent");
  const ended = program.stop("SIGTERM", 5_000);
  const text = await answer.text();
  expect(text).toContain("three");
  expect(text).toMatch(/data: \[DONE\]\n\n$/);
  expect(await ended).toEqual({ code: 0, signal: null });
});
