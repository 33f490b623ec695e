import type { Http2ServerResponse } from "node:http2";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { errorHeaders, nativeError } from "../../src/core/error_envelope.ts";
import { ApiError } from "../../src/core/errors.ts";
import { sendFailure } from "../../src/core/host/gateway_link/tunnel_serve.ts";
import { errorBody } from "../../src/surface/error_answer.ts";
import { refuseSocket } from "../../src/surface/http/raw_answer.ts";
import { text } from "../support/tunnel_pair.ts";

const error = () =>
  new ApiError("draining", "Later.", {
    detail: { server_time: "now" },
    headers: { "X-B3IQ-Server-Time": "7" },
    retry_after_ms: 1_500,
    param: "a",
  });
const BODY = {
  error: {
    server_time: "now",
    retry_after_ms: 1_500,
    request_id: "req_a",
    status: 503,
    title: expect.any(String) as string,
    detail: "Later.",
    code: "draining",
    param: "a",
  },
};
const HEADERS = {
  "retry-after": "2",
  "retry-after-ms": "1500",
  "x-should-retry": "true",
  "x-b3iq-server-time": "7",
};

test("body and headers have what the error says: facts, when to come back, the member at fault", () => {
  expect(nativeError(error(), "req_a")).toEqual(BODY);
  expect(errorBody(error(), "native", "req_a")).toEqual(BODY);
  expect(errorBody(error(), "openai", "req_a").error["b3iq"]).toEqual({ ...BODY.error, param: undefined });
  expect(errorHeaders(error())).toEqual(HEADERS);
  expect(errorHeaders(new ApiError("not_found", "No."))).toEqual({ "x-should-retry": "false" });
});

test("a tunnel that is refused is answered so on its bare socket", async () => {
  const [socket, sent] = [new PassThrough(), [] as string[]];
  socket.on("data", (chunk: Buffer) => sent.push(chunk.toString()));
  refuseSocket(socket, error());
  await new Promise((done) => socket.once("end", done));
  const [head, body] = sent.join("").split("\r\n\r\n");
  const request_id = /x-request-id: (\S+)/.exec(head!)![1];
  expect(JSON.parse(body!)).toEqual({ error: { ...BODY.error, request_id } });
  for (const [name, value] of Object.entries(HEADERS)) expect(head).toContain(`${name}: ${value}\r\n`);
});

test("an agent answers so over its tunnel", async () => {
  const body = new PassThrough();
  let headers: Record<string, string> = {};
  const response = Object.assign(body, {
    writeHead: (_status: number, sent: Record<string, string>) => (headers = sent),
  });
  sendFailure(response as unknown as Http2ServerResponse, error());
  expect(JSON.parse(await text(body))).toEqual({ error: { ...BODY.error, request_id: headers["x-request-id"] } });
  expect(headers).toMatchObject(HEADERS);
});
