import { once } from "node:events";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { generateIdentity } from "../../../../src/core/protocol/bytes/ed25519.ts";
import { heartbeatBody, testAgent } from "../../../support/nodes/network.ts";
import { testDatabase, type TestDatabase } from "../../../support/database.ts";
import { startSystem, type System } from "../../../support/system.ts";

const FAILURES = 5;

let db: TestDatabase;
let system: System;
beforeAll(async () => {
  db = await testDatabase();
  system = await startSystem({
    database_url: db.url,
    gateway_env: { B3IQ_FAILED_KEYS_PER_MINUTE: String(FAILURES), B3IQ_TRUSTED_PROXIES: "127.0.0.1/32" },
  });
}, 120_000);
afterAll(async () => {
  await system?.stop();
  await db.drop();
});

/** An unsigned tunnel opening from a client address, as a proxy passes it on. */
async function open(address: string): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const request = httpRequest(`${system.url}/v1/node/tunnel?protocol_version=1&agent_version=0.1.0`, {
    headers: { connection: "Upgrade", upgrade: "b3iq-h2", "x-forwarded-for": address },
  });
  request.end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let body = "";
  for await (const part of response) body += String(part);
  return { status: response.statusCode!, headers: response.headers, body };
}

it("limits refused tunnel openings by client address, as it does refused keys", async () => {
  for (let attempt = 0; attempt < FAILURES; attempt += 1) expect((await open("203.0.113.7")).status).toBe(401);
  const limited = await open("203.0.113.7");
  expect(limited.status).toBe(429);
  expect(limited.body).toContain("rate_limited");
  expect(Number(limited.headers["retry-after"])).toBeGreaterThan(0);
  expect((await open("203.0.113.8")).status).toBe(401);
});

it("states the time in every answer to a node, success and refusal alike", async () => {
  const ask = (path: string, body: object, headers = {}) =>
    system.anyone.ask("POST", path, { body, headers: { "x-forwarded-for": "203.0.113.9", ...headers } });
  const key = Buffer.alloc(32, 7).toString("base64url");
  for (const answer of [
    await ask("/v1/node/enrollment/challenges", {
      ed25519_public_key: "0".repeat(43),
      protocol_version: 1,
      agent_version: "0.1.0",
    }),
    await ask("/v1/node/enrollment/challenges", { ed25519_public_key: key }),
    await ask("/v1/node/heartbeats", {}),
  ]) {
    const stated = Number(answer.headers.get("x-b3iq-server-time"));
    expect(Math.abs(Date.now() - stated), `${answer.status} ${answer.text}`).toBeLessThan(60_000);
  }
  // A good identity is answered with success.
  const good = await ask("/v1/node/enrollment/challenges", {
    ed25519_public_key: generateIdentity().public_key,
    protocol_version: 1,
    agent_version: "0.1.0",
  });
  expect(good.status).toBe(201);
  expect(Math.abs(Date.now() - Number(good.headers.get("x-b3iq-server-time")))).toBeLessThan(60_000);
  expect(await system.violations()).toEqual([]);
});

it("does not count calls that bear a good signature as refused credentials: many nodes may share an address", async () => {
  const node = testAgent(system.url, (_request, response) => void response.end());
  try {
    await node.enrollment.ensureEnrolled();
    const from = { "x-forwarded-for": "203.0.113.20" };
    const body = JSON.stringify(heartbeatBody());
    const headers = { ...node.client.sign("POST", "/v1/node/heartbeats", Buffer.from(body)), ...from };
    const codes: string[] = [];
    for (let attempt = 0; attempt < FAILURES + 3; attempt += 1) {
      const { status, json } = await system.anyone.ask("POST", "/v1/node/heartbeats", { headers, body });
      codes.push(status === 200 ? "taken" : json.error.code);
    }
    expect(codes).toEqual(["taken", ...Array.from({ length: FAILURES + 2 }, () => "replayed_request")]);
  } finally {
    await node.close();
  }
});
