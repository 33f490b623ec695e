import { Readable, Writable } from "node:stream";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { expect, test } from "vitest";
import { createTunnelServe, type TunnelServeDeps } from "../../../../src/core/host/gateway_link/tunnel_serve.ts";

const JOB = "job_0c2f8h5j7k1m3n9p4q6r8s2t5v";
const agent = { jobs: { cancel: () => true } } as unknown as TunnelServeDeps["agent"];
const enrolled = { authenticate: () => ({ kind: "router" }) } as unknown as ReturnType<TunnelServeDeps["managed"]>;

type Answered = { status: number; headers: Record<string, string>; json: Record<string, unknown> };

function ask(path: string, body: string, deps: Partial<TunnelServeDeps> = {}): Promise<Answered | "surface"> {
  return new Promise((resolve) => {
    const request = Object.assign(Readable.from(body === "" ? [] : [Buffer.from(body)]), {
      url: path,
      method: "POST",
      headers: {},
    }) as unknown as Http2ServerRequest;
    let head: Pick<Answered, "status" | "headers">;
    const response = Object.assign(new Writable(), {
      writeHead: (status: number, headers: Record<string, string>) => (head = { status, headers }),
      end: (text: string) => resolve({ ...head, json: JSON.parse(text) as Record<string, unknown> }),
    }) as unknown as Http2ServerResponse;
    const surface = () => resolve("surface");
    createTunnelServe({ agent, managed: () => enrolled, surface, body_bytes_max: 1_000, ...deps })(request, response);
  });
}

test("an operation of the tunnel is answered with a request id; every other path is the surface's", async () => {
  const answered = await ask("/v1/tunnel/cancel", JSON.stringify({ job_id: JOB, fence: 1 }));
  expect(answered).toMatchObject({
    status: 200,
    headers: { "content-type": "application/json", "x-request-id": expect.stringMatching(/^req_[0-9a-z]{26}$/) },
    json: { cancelled: true },
  });
  expect(await ask("/v1/chat/completions", "{}")).toBe("surface");
  expect(await ask("/v1/tunnel/drain", "")).toBe("surface");
});

test.each([
  ["a body that breaks the contract", `{"job_id":"${JOB}"}`, {}, 400, "invalid_request"],
  ["a body that is no JSON", "{", {}, 400, "invalid_request"],
  ["a body that is too large", `"${"x".repeat(2_000)}"`, {}, 413, "payload_too_large"],
  ["a call before the enrollment", "{}", { managed: () => null }, 401, "unauthorized"],
  ["a failure of our own", `{"job_id":"${JOB}","fence":1}`, { agent: {} as never }, 500, "internal_error"],
])("%s is refused in the native envelope", async (_what, body, deps, status, code) => {
  const answered = (await ask("/v1/tunnel/cancel", body, deps)) as Answered;
  expect(answered.status).toBe(status);
  const { error } = answered.json as { error: Record<string, unknown> };
  expect(error).toMatchObject({ status, code, request_id: answered.headers["x-request-id"] });
  expect(Object.keys(error)).toEqual(expect.arrayContaining(["title", "detail"]));
  expect(JSON.stringify(error)).not.toContain("undefined");
});
