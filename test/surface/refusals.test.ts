import { once } from "node:events";
import * as net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bearer, customer, rawExchange, startSurface } from "../support/surface.ts";
import type { Started } from "../support/surface.ts";

let started: Started;
beforeAll(async () => {
  started = await startSurface({ failure_rate: null, body_bytes_max: 100_000, body_depth_max: 32, body_idle_ms: 300 });
});
afterAll(() => started.close());

const message = { role: "user", content: "PROMPT-CANARY" };
const chat = (body: object) => ({
  method: "POST",
  path: "/v1/chat/completions",
  headers: bearer,
  body: { model: "m", messages: [message], ...body },
});
const json = (text: string) => ({
  method: "POST",
  path: "/v1/chat/completions",
  headers: { ...bearer, "content-type": "application/json" },
  text,
});

type Case = {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
  text?: string | Uint8Array<ArrayBuffer>;
};
type Expected = { status: number; code: string; param?: string | null; envelope?: "openai" | "native"; says?: RegExp };

const cases: [string, Case, Expected][] = [
  [
    "no credential",
    { method: "POST", path: "/v1/chat/completions", body: {} },
    { status: 401, code: "unauthorized", says: /Authorization: Bearer/ },
  ],
  [
    "wrong key before a bad body",
    { ...json("{"), headers: { authorization: "Bearer nope", "content-type": "application/json" } },
    { status: 401, code: "unauthorized" },
  ],
  [
    "malformed Authorization",
    { ...chat({}), headers: { authorization: "Basic abc" } },
    { status: 401, code: "unauthorized", says: /malformed/ },
  ],
  [
    "customer headers alone on chat",
    { ...chat({}), headers: customer },
    { status: 401, code: "unauthorized", says: /Customer headers alone/ },
  ],
  [
    "customer's own key with customer headers",
    { ...chat({}), headers: { ...bearer, ...customer } },
    { status: 400, code: "mixed_credentials" },
  ],
  [
    "key and customer headers where either would do",
    { method: "GET", path: "/v1/billing/usage", headers: { ...bearer, ...customer } },
    { status: 400, code: "mixed_credentials", envelope: "native" },
  ],
  [
    "half of the customer headers",
    { method: "GET", path: "/v1/billing/usage", headers: { "x-b3iq-customer-id": "cus_one" } },
    { status: 401, code: "unauthorized", envelope: "native", says: /x-b3iq-customer-token is missing/ },
  ],
  [
    "router signature from outside",
    { method: "POST", path: "/v1/tunnel/call", headers: { "x-b3iq-router-signature": "x" }, body: {} },
    { status: 401, code: "unauthorized", envelope: "native" },
  ],
  [
    "four of five node headers",
    {
      method: "POST",
      path: "/v1/node/beat",
      headers: {
        "x-b3iq-node-id": "a",
        "x-b3iq-node-epoch": "1",
        "x-b3iq-node-seq": "1",
        "x-b3iq-node-signature": "sound",
      },
      body: {},
    },
    { status: 401, code: "unauthorized", envelope: "native", says: /x-b3iq-node-time is missing/ },
  ],
  [
    "scheme without a function in the core",
    { method: "POST", path: "/v1/owner/thing", headers: { "x-b3iq-setup-token": "t" } },
    { status: 401, code: "unauthorized", envelope: "native" },
  ],
  [
    "owner's cookie from another site",
    {
      method: "POST",
      path: "/v1/owner/thing",
      headers: { cookie: "b3iq_owner=session", origin: "http://evil.example" },
    },
    { status: 403, code: "forbidden", envelope: "native" },
  ],
  [
    "owner's cookie with fetch metadata",
    {
      method: "POST",
      path: "/v1/owner/thing",
      headers: { cookie: "b3iq_owner=session", "sec-fetch-site": "cross-site" },
    },
    { status: 403, code: "forbidden", envelope: "native" },
  ],

  [
    "no body",
    { method: "POST", path: "/v1/chat/completions", headers: bearer },
    { status: 400, code: "invalid_request", says: /JSON body is required/ },
  ],
  ["broken JSON", json(`{"messages":"PROMPT-CANARY`), { status: 400, code: "invalid_request", says: /not valid JSON/ }],
  ["JSON that is no object", json(`"PROMPT-CANARY"`), { status: 400, code: "invalid_request", says: /found a string/ }],
  ["null", json("null"), { status: 400, code: "invalid_request", says: /found null/ }],
  ["an array", json("[]"), { status: 400, code: "invalid_request", says: /must be an object; found an array/ }],
  [
    "invalid UTF-8",
    { ...json(""), text: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]) },
    { status: 400, code: "invalid_request", says: /UTF-8/ },
  ],
  [
    "a key twice",
    json(`{"model":"a","model":"b","messages":[]}`),
    { status: 400, code: "invalid_request", says: /twice/ },
  ],
  [
    "33 levels, where 32 are allowed",
    json(`{"messages":${"[".repeat(32)}${"]".repeat(32)}}`),
    { status: 400, code: "invalid_request", says: /nested deeper than 32 levels/ },
  ],
  ["__proto__", json(`{"__proto__":{}}`), { status: 400, code: "invalid_request", says: /__proto__/ }],
  [
    "text/plain",
    { ...json("{}"), headers: { ...bearer, "content-type": "text/plain" } },
    { status: 415, code: "unsupported_media_type" },
  ],
  [
    "another charset",
    { ...json("{}"), headers: { ...bearer, "content-type": "application/json; charset=latin1" } },
    { status: 415, code: "unsupported_media_type" },
  ],
  [
    "too large, declared",
    json(`{"model":"${"x".repeat(100_001)}"}`),
    { status: 413, code: "payload_too_large", says: /100000 bytes/ },
  ],

  [
    "missing field",
    chat({ messages: undefined }),
    { status: 400, code: "invalid_request", param: "messages", says: /^"messages" is required\.$/ },
  ],
  [
    "wrong type",
    chat({ model: 5 }),
    { status: 400, code: "invalid_request", param: "model", says: /must be a string; found an integer/ },
  ],
  [
    "empty list",
    chat({ messages: [] }),
    { status: 400, code: "invalid_request", param: "messages", says: /must have at least 1 item; found 0/ },
  ],
  [
    "wrong role",
    chat({ messages: [{ role: "PROMPT-CANARY" }] }),
    {
      status: 400,
      code: "invalid_request",
      param: "messages[0].role",
      says: /"system", "user", "assistant" or "tool"/,
    },
  ],
  [
    "out of range",
    chat({ temperature: 3 }),
    { status: 400, code: "invalid_request", param: "temperature", says: /from 0 to 2; found 3/ },
  ],
  [
    "no branch fits",
    chat({ messages: [message, { role: "user", content: 5 }] }),
    {
      status: 400,
      code: "invalid_request",
      param: "messages[1].content",
      says: /a string, null or an array; found an integer/,
    },
  ],
  [
    "within the branch that was meant",
    chat({ messages: [{ role: "user", content: [{ type: "text" }] }] }),
    { status: 400, code: "invalid_request", param: "messages[0].content[0].text", says: /is required/ },
  ],
  [
    "unknown kind of part",
    chat({ messages: [{ role: "user", content: [{ type: "PROMPT-CANARY", text: "" }] }] }),
    { status: 400, code: "invalid_request", param: "messages[0].content[0].type", says: /"text" or "image_url"/ },
  ],
  [
    "unknown field",
    chat({ best_of: 2 }),
    { status: 400, code: "invalid_request", param: "best_of", says: /not known/ },
  ],
  [
    "unknown field with text as its name",
    chat({ "PROMPT-CANARY is here": 2 }),
    { status: 400, code: "invalid_request", param: null },
  ],

  [
    "query out of range",
    { method: "GET", path: "/v1/billing/usage?limit=0", headers: bearer },
    {
      status: 400,
      code: "invalid_request",
      envelope: "native",
      param: "limit",
      says: /^The query parameter "limit" must be from 1 to 100; found 0/,
    },
  ],
  [
    "query of a wrong type",
    { method: "GET", path: "/v1/billing/usage?limit=many", headers: bearer },
    { status: 400, code: "invalid_request", envelope: "native", param: "limit", says: /an integer/ },
  ],
  [
    "query outside the enum",
    { method: "GET", path: "/v1/billing/usage?kind=PROMPT-CANARY", headers: bearer },
    { status: 400, code: "invalid_request", envelope: "native", param: "kind" },
  ],
  [
    "unknown query parameter",
    { method: "GET", path: "/v1/billing/usage?since=1", headers: bearer },
    { status: 400, code: "invalid_request", envelope: "native", param: "since", says: /Allowed: limit, kind, ids/ },
  ],
  [
    "bad escape in the query",
    { method: "GET", path: "/v1/billing/usage?kind=%zz", headers: bearer },
    { status: 400, code: "invalid_request", envelope: "native" },
  ],
  [
    "bad escape in the path",
    { method: "GET", path: "/v1/models/%zz", headers: bearer },
    { status: 400, code: "invalid_request" },
  ],
  [
    "path of a wrong form",
    { method: "GET", path: "/v1/keys/nope", headers: customer },
    { status: 400, code: "invalid_request", envelope: "native", param: "key_id" },
  ],

  [
    "OpenAI's responses",
    { method: "POST", path: "/v1/responses", body: {} },
    { status: 404, code: "endpoint_not_supported", says: /\/v1\/chat\/completions/ },
  ],
  [
    "OpenAI's embeddings",
    { method: "POST", path: "/v1/embeddings", body: {} },
    { status: 404, code: "endpoint_not_supported" },
  ],
  ["a file", { method: "GET", path: "/v1/files/file-1" }, { status: 404, code: "endpoint_not_supported" }],
  [
    "Anthropic's messages",
    { method: "POST", path: "/v1/messages", body: {} },
    { status: 404, code: "endpoint_not_supported" },
  ],
  [
    "base URL without /v1",
    { method: "POST", path: "/chat/completions", body: {} },
    { status: 404, code: "endpoint_not_supported", says: /\/v1/ },
  ],
  [
    "another unknown path",
    { method: "GET", path: "/nothing/here" },
    { status: 404, code: "not_found", envelope: "native" },
  ],
  [
    "another method",
    { method: "PUT", path: "/v1/chat/completions", body: {} },
    { status: 405, code: "method_not_allowed", says: /POST, OPTIONS/ },
  ],
];

describe("each refusal has its status, envelope, code and request id", () => {
  test.each(cases)("%s", async (_name, { method, path, headers = {}, body, text }, expected) => {
    const payload = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(started.url + path, {
      method,
      headers: { ...type, ...headers },
      ...(payload === undefined ? {} : { body: payload }),
    });
    const sent = await response.text();
    const { error } = JSON.parse(sent) as { error: Record<string, unknown> & { b3iq?: Record<string, unknown> } };
    expect({ status: response.status, code: error["code"] }).toEqual({ status: expected.status, code: expected.code });
    expect(response.headers.get("x-request-id")).toMatch(/^req_[0-9a-z]{26}$/);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(sent).not.toContain("PROMPT-CANARY");
    const native = expected.envelope === "native" ? error : error.b3iq!;
    if (expected.envelope === "native") expect(error).not.toHaveProperty("b3iq");
    else expect(Object.keys(error).sort()).toEqual(["b3iq", "code", "message", "param", "type"]);
    expect(native).toMatchObject({
      status: expected.status,
      code: expected.code,
      request_id: response.headers.get("x-request-id"),
    });
    if (expected.param !== undefined) expect(error["param"] ?? null).toBe(expected.param);
    if (expected.says) expect(native["detail"]).toMatch(expected.says);
    if (expected.status === 405) expect(response.headers.get("allow")).toBe("POST, OPTIONS");
  });
});

test("every answer of the table was documented", () => {
  expect(started.witness.violations).toEqual([]);
});

const head = (lines: string[]) => `${lines.join("\r\n")}\r\n\r\n`;
const openOk = ["GET /v1/open HTTP/1.1", "Host: x", "Connection: close"];

describe("on the wire", () => {
  const raw = (bytes: string | string[], quiet_ms?: number) => rawExchange(started.port, bytes, quiet_ms);

  test("10 kB of headers pass, 17 kB are 431 with a request id", async () => {
    expect(await raw(head([...openOk, `X-Long: ${"a".repeat(10_000)}`]))).toMatch(/^HTTP\/1.1 200/);
    const refused = await raw(head([...openOk, `X-Long: ${"a".repeat(17_000)}`]));
    expect(refused).toMatch(/^HTTP\/1.1 431 /);
    expect(refused).toMatch(/x-request-id: req_[0-9a-z]{26}/);
    expect(refused).toContain(`"code":"headers_too_large"`);
  });

  test.each([
    ["Authorization", ["Authorization: Bearer a", "authorization: Bearer b"]],
    ["Idempotency-Key", ["Idempotency-Key: a", "idempotency-key: a"]],
    ["customer token", ["X-B3IQ-Customer-Token: a", "X-B3IQ-Customer-Token: b"]],
    ["Host", ["Host: other"]],
    ["Content-Length", ["Content-Length: 0", "Content-Length: 0"]],
  ])("a repeated %s is refused", async (_name, lines) => {
    const refused = await raw(head([...openOk, ...lines]));
    expect(refused).toMatch(/^HTTP\/1.1 400 /);
    expect(refused).toContain(`"code":"invalid_request"`);
    expect(refused).toMatch(/x-request-id: req_/);
  });

  test("both Content-Length and Transfer-Encoding are refused", async () => {
    const refused = await raw(
      head(["POST /v1/chat/completions HTTP/1.1", "Host: x", "Content-Length: 3", "Transfer-Encoding: chunked"]) +
        "0\r\n\r\n",
    );
    expect(refused).toMatch(/^HTTP\/1.1 400 /);
    expect(refused).toMatch(/x-request-id: req_/);
  });

  test("bytes that are no HTTP are 400 with a request id", async () => {
    const refused = await raw("\x16\x03\x01 hello\r\n\r\n");
    expect(refused).toMatch(/^HTTP\/1.1 400 /);
    expect(refused).toMatch(/x-request-id: req_/);
  });

  test.each([
    ["no Host", ["GET /v1/open HTTP/1.1", "Connection: close"], 400],
    ["an unknown expectation", [...openOk, "Expect: tea"], 400],
    ["OPTIONS *", ["OPTIONS * HTTP/1.1", ...openOk.slice(1)], 404],
    ["no path at all", ["GET ?a=b HTTP/1.1", ...openOk.slice(1)], 400],
    ["double slashes", ["GET //v1//open HTTP/1.1", ...openOk.slice(1)], 404],
    ["dots", ["GET /docs/../v1/open HTTP/1.1", ...openOk.slice(1)], 404],
    ["an absolute target", ["GET http://x/v1/open HTTP/1.1", ...openOk.slice(1)], 200],
    ["a long path", [`GET /v1/log/tile/0/${"9".repeat(8000)} HTTP/1.1`, ...openOk.slice(1)], 200],
    ["a long path without a tail", [`GET /v1/keys/${"k".repeat(8000)} HTTP/1.1`, ...openOk.slice(1)], 404],
    ["NUL in a path", ["GET /v1/log/tile/0/%00 HTTP/1.1", ...openOk.slice(1)], 200],
    ["TRACE", ["TRACE /v1/open HTTP/1.1", ...openOk.slice(1)], 405],
    ["CONNECT", ["CONNECT x:443 HTTP/1.1", "Host: x"], 405],
  ])("%s is answered with a request id", async (_name, lines, status) => {
    const answer = await raw(head(lines));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/x-request-id: req_/);
  });

  test.each(["h2c", "websocket"])("an offer to upgrade to %s is passed over", async (token) => {
    const answer = await raw(
      head(["GET /v1/open HTTP/1.1", "Host: x", "Connection: Upgrade, close", `Upgrade: ${token}`]),
    );
    expect(answer).toMatch(/^HTTP\/1.1 200/);
  });

  const post = (extra: string[]) =>
    head([
      "POST /v1/chat/completions HTTP/1.1",
      "Host: x",
      `Authorization: ${bearer.authorization}`,
      "Content-Type: application/json",
      ...extra,
    ]);
  const body = JSON.stringify({ model: "m", messages: [message] });

  test("Expect: 100-continue is asked for only when the key is good", async () => {
    const good = await raw([
      post(["Expect: 100-continue", `Content-Length: ${body.length}`, "Connection: close"]),
      body,
    ]);
    expect(good).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 /);
    const bad = await raw(
      post(["Expect: 100-continue", "Content-Length: 10", "Connection: close"]).replace("good", "bad"),
    );
    expect(bad).toMatch(/^HTTP\/1.1 401 /);
  });

  test("a body that stops coming is 408", async () => {
    const late = await raw([post([`Content-Length: ${body.length}`]), body.slice(0, 10)]);
    expect(late).toMatch(/^HTTP\/1.1 408 /);
    expect(late).toContain(`"code":"request_timeout"`);
  });

  test("a chunked body beyond the limit is 413 and the caller can read it", async () => {
    const chunk = `8000\r\n${"x".repeat(0x8000)}\r\n`;
    const refused = await raw([post(["Transfer-Encoding: chunked"]), chunk, chunk, chunk, chunk, chunk]);
    expect(refused).toMatch(/^HTTP\/1.1 413 /);
    expect(refused).toContain("connection: close");
  });

  test("a large body with a bad key is refused unread, and the connection closes", async () => {
    const refused = await raw([post(["Content-Length: 90000"]).replace("good", "bad"), "x".repeat(50_000)], 3000);
    expect(refused).toMatch(/^HTTP\/1.1 401 /);
    expect(refused).toContain("connection: close");
  });

  test("a small rest of a refused body is waited for a second, and then the connection ends", async () => {
    const refused = post(["Content-Length: 10"]).replace("good", "bad");
    const half = net.connect(started.port, "127.0.0.1");
    half.resume().write(`${refused}x`);
    await Promise.race([once(half, "close"), sleep(3000).then(() => Promise.reject(new Error("it stays open")))]);
    const socket = net.connect(started.port, "127.0.0.1");
    let answers = "";
    socket.on("data", (chunk: Buffer) => (answers += chunk.toString()));
    socket.write(`${refused}x`);
    await sleep(300);
    socket.write("x".repeat(9));
    await sleep(1200);
    socket.write(`${refused}${"x".repeat(10)}`);
    await vi.waitFor(() => expect(answers.match(/HTTP\/1.1 401 /g)).toHaveLength(2));
    socket.destroy();
  });

  test("a caller that sends all before it reads still gets the refusal", async () => {
    const socket = net.connect(started.port, "127.0.0.1");
    await once(socket, "connect");
    socket.pause().write(post(["Content-Length: 3000000"]).replace("good", "bad"));
    for (let part = 0; part < 10; part += 1) {
      socket.write("x".repeat(300_000));
      await sleep(20);
    }
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString())).on("error", () => {});
    socket.resume();
    await once(socket, "close");
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect(answer).toContain(`"code":"unauthorized"`);
  });
});
