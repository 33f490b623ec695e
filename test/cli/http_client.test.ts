import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeEach, expect, test } from "vitest";
import { CallError, hostedClient, localClient } from "../../src/cli/http_client.ts";

type Seen = { method: string | undefined; url: string | undefined; headers: IncomingMessage["headers"]; body: string };
let seen: Seen[] = [];
let answer = { status: 200, body: "{}" };
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part: Buffer) => (body += part));
  request.on("end", () => {
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    response.writeHead(answer.status).end(answer.body);
  });
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => server.close());
beforeEach(() => (seen = []));

test("a call has the credential and, with a body, its type", async () => {
  answer = { status: 200, body: '{"key_id":"k"}' };
  const call = localClient(url, { "x-b3iq-setup-token": "secret" });
  expect(await call("revokeLocalKey", { path: { key_id: "a/b" } })).toEqual({ key_id: "k" });
  await call("createLocalKey", { body: { label: "x" } });
  expect(seen).toMatchObject([
    { method: "DELETE", url: "/v1/setup/local-keys/a%2Fb", body: "", headers: { "x-b3iq-setup-token": "secret" } },
    { method: "POST", body: '{"label":"x"}', headers: { "content-type": "application/json" } },
  ]);
  expect(seen[0]!.headers["content-type"]).toBeUndefined();
});

test.each([
  ["native", '{"error":{"code":"not_found","detail":"No such job."}}', "404 not_found: No such job."],
  ["OpenAI", '{"error":{"code":"not_found","message":"No such job."}}', "404 not_found: No such job."],
  ["no", "<html>", "404 "],
])("a refusal in %s envelope is an error with status, code and sentence", async (_name, body, told) => {
  answer = { status: 404, body };
  const failed = hostedClient(url, {})("getBillingJob", { path: { job_id: "j" } });
  await expect(failed).rejects.toThrow(`GET /v1/billing/jobs/j was answered ${told}`);
  await expect(failed).rejects.toBeInstanceOf(CallError);
});

test("a call that nobody answers rejects with what its client makes of the reason; a refusal does not", async () => {
  answer = { status: 401, body: "{}" };
  const sorry = () => new Error("no agent runs");
  await expect(localClient("http://127.0.0.1:9", {}, sorry)("getHealth")).rejects.toThrow("no agent runs");
  await expect(localClient(url, {}, sorry)("getHealth")).rejects.toMatchObject({ status: 401 });
});
