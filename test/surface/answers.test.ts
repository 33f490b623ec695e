import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contractFetch } from "../support/contract_client.ts";
import { testClient } from "../support/client.ts";
import type { Client } from "../support/client.ts";
import { testDocument } from "../support/surface_document.ts";
import { bearer, customer, startSurface } from "../support/surface.ts";
import type { Started } from "../support/surface.ts";

let started: Started;
let client: Client;
beforeAll(async () => {
  started = await startSurface({ anonymous_rate: null, failure_rate: null });
  client = testClient(started.url, {}, await contractFetch(testDocument));
});
afterAll(() => started.close());

describe("paths", () => {
  test.each([
    ["org/name:7b", "org/name:7b"],
    ["org%2Fname%3A7b", "org/name:7b"],
    ["a%20b", "a b"],
    ["100%25", "100%"],
    ["a%252Fb", "a%2Fb"],
    ["tiny.gguf", "tiny.gguf"],
  ])("a model id %s reaches the handler whole", async (sent, model) => {
    const answer = await client.ask("GET", `/v1/models/${sent}`, { headers: bearer });
    expect(answer.json).toMatchObject({ operation: "model", path: { model } });
  });

  test("tile paths keep slashes, and the literal path wins over the template", async () => {
    expect((await client.ask("GET", "/v1/log/tile/3/x001/067.p/8")).json).toMatchObject({
      operation: "tile",
      path: { level: 3, index: "x001/067.p/8" },
    });
    expect((await client.ask("GET", "/v1/log/tile/entries/x001/067")).json).toMatchObject({
      operation: "entries",
      path: { index: "x001/067" },
    });
    expect((await client.ask("GET", "/v1/log/tile/64/000")).json).toMatchObject({
      error: { code: "invalid_request", param: "level" },
    });
    expect((await client.ask("GET", "/v1/log/tile/3/")).status).toBe(404);
  });
});

describe("parameters", () => {
  test("are coerced, defaulted and listed as documented", async () => {
    expect((await client.ask("GET", "/v1/billing/usage", { headers: bearer })).json.query).toEqual({ limit: 20 });
    const answer = await client.ask("GET", "/v1/billing/usage?limit=5&ids=a&kind=credit", { headers: customer });
    expect(answer.json).toMatchObject({
      query: { limit: 5, ids: ["a"], kind: "credit" },
      principal: { kind: "customer", customer_id: "cus_one" },
    });
    expect((await client.ask("GET", "/v1/billing/usage?ids=a&ids=b", { headers: bearer })).json.query.ids).toEqual([
      "a",
      "b",
    ]);
    expect((await client.ask("GET", "/v1/billing/usage?limit=1&limit=2", { headers: bearer })).status).toBe(400);
  });

  test("__proto__ in a query is only an unknown name", async () => {
    expect((await client.ask("GET", "/v1/billing/usage?__proto__=1", { headers: bearer })).status).toBe(400);
  });
});

describe("credentials", () => {
  test("an operator's key may carry customer headers where only a key is taken", async () => {
    const headers = { authorization: "Bearer b3iq_gateway_operator", ...customer };
    expect((await client.ask("GET", "/v1/models/m", { headers })).json.principal).toMatchObject({
      operator: true,
      customer_id: "cus_one",
    });
  });

  test("a node's signature covers target and body as sent", async () => {
    const node = {
      "x-b3iq-node-id": "a",
      "x-b3iq-node-epoch": "1",
      "x-b3iq-node-seq": "1",
      "x-b3iq-node-time": "1",
      "x-b3iq-node-signature": "sound",
    };
    const answer = await client.ask("POST", "/v1/node/beat", { headers: node, body: ` {"a": 1} ` });
    expect(answer.json.principal).toMatchObject({ kind: "node" });
    expect(started.witness.signed.at(-1)).toEqual({ target: "/v1/node/beat", body: ` {"a": 1} ` });
    const forged = await client.ask("POST", "/v1/node/beat", {
      headers: { ...node, "x-b3iq-node-signature": "no" },
      body: "{",
    });
    expect(forged.json.error.code).toBe("invalid_signature");
  });

  test("the owner's cookie opens, from the owner's own page", async () => {
    const headers = { cookie: "other=1; b3iq_owner=session", origin: started.url };
    expect((await client.ask("POST", "/v1/owner/thing", { headers })).json.principal).toEqual({ kind: "owner" });
  });
});

describe("answers", () => {
  test("204 has no body, HEAD has the headers of GET", async () => {
    const gone = await client.ask("DELETE", "/v1/keys/key_a", { headers: customer });
    expect([gone.status, gone.text, gone.headers.get("content-type")]).toEqual([204, "", null]);
    const whole = await client.ask("GET", "/v1/keys/key_a", { headers: customer });
    const head = await client.ask("HEAD", "/v1/keys/key_a", { headers: customer });
    expect([head.status, head.text, head.headers.get("content-length")]).toEqual([
      200,
      "",
      whole.headers.get("content-length"),
    ]);
  });

  test("another media type by Accept, in parts", async () => {
    const answer = await client.ask("GET", "/v1/billing/usage", {
      headers: { ...bearer, accept: "text/csv, application/json;q=0.5" },
    });
    expect(answer.headers.get("content-type")).toBe("text/csv");
    expect(answer.text.split("\n")).toHaveLength(1001);
  });

  test("OPTIONS tells what a path takes", async () => {
    const answer = await client.ask("OPTIONS", "/v1/keys/key_a");
    expect([answer.status, answer.headers.get("allow")]).toEqual([204, "GET, HEAD, DELETE, OPTIONS"]);
    expect((await client.ask("OPTIONS", "/nothing")).status).toBe(404);
  });

  test("carry our request id, theirs apart, and the time they took", async () => {
    const answer = await client.ask("GET", "/v1/open", { headers: { "x-request-id": "mine-1" } });
    expect(answer.headers.get("x-request-id")).toMatch(/^req_[0-9a-z]{26}$/);
    expect(answer.headers.get("x-client-request-id")).toBe("mine-1");
    expect(answer.headers.get("openai-processing-ms")).toMatch(/^\d+$/);
    expect(answer.headers.get("x-powered-by")).toBeNull();
    const odd = await client.ask("GET", "/v1/open", { headers: { "x-request-id": "no spaces <allowed>" } });
    expect(odd.headers.get("x-client-request-id")).toBeNull();
  });

  test("every answer of this file was documented", () => {
    expect(started.witness.violations).toEqual([]);
  });
});

test("the contract client refuses what the document does not have", async () => {
  const narrow = structuredClone(testDocument) as unknown as {
    paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
  };
  delete narrow.paths["/v1/open"]!["get"]!.responses["200"];
  const strict = testClient(started.url, {}, await contractFetch(narrow));
  await expect(strict.ask("GET", "/v1/open")).rejects.toThrow(/status is not documented/);
});
