import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testClient } from "../support/client.ts";
import { contractFetch } from "../support/contract_client.ts";
import { testDocument } from "../support/surface_document.ts";
import { bearer, rawExchange, startSurface } from "../support/surface.ts";
import type { Started } from "../support/surface.ts";

let started: Started;
beforeAll(async () => {
  started = await startSurface({ failure_rate: null, anonymous_rate: null });
});
afterAll(() => started.close());

const text = fc.string({ minLength: 8, maxLength: 24, unit: "grapheme" });
const part = fc.oneof(
  text,
  fc.constant(null),
  fc.integer(),
  fc.array(fc.record({ type: fc.oneof(fc.constantFrom("text", "image_url"), text), text }, { requiredKeys: [] }), {
    maxLength: 3,
  }),
);
const chat = fc.record(
  {
    model: fc.oneof(text, fc.integer()),
    messages: fc.array(
      fc.record({ role: fc.oneof(fc.constantFrom("user", "assistant"), text), content: part }, { requiredKeys: [] }),
      { maxLength: 4 },
    ),
    temperature: fc.oneof(fc.double({ noNaN: true }), text),
    other: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

function texts(value: unknown): string[] {
  if (typeof value === "string") return value.length >= 8 && !["image_url", "assistant"].includes(value) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}

test("whatever a chat holds, it is accepted or refused as documented, and no text of it comes back", async () => {
  const client = testClient(started.url, bearer, await contractFetch(testDocument));
  await fc.assert(
    fc.asyncProperty(chat, async (body) => {
      const answer = await client.ask("POST", "/v1/chat/completions", { body });
      expect([200, 400]).toContain(answer.status);
      if (answer.status === 400)
        for (const one of texts(body)) expect(answer.text).not.toContain(JSON.stringify(one).slice(1, -1));
    }),
    { numRuns: 300 },
  );
});

test("whatever bytes a body holds, the answer is no failure of ours", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (body) => {
      const response = await fetch(`${started.url}/v1/chat/completions`, {
        method: "POST",
        headers: { ...bearer, "content-type": "application/json" },
        body: new Uint8Array(body),
      });
      await response.arrayBuffer();
      expect(response.status).toBe(400);
    }),
    { numRuns: 200 },
  );
});

test("whatever comes over the wire, an answer has a request id", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ maxLength: 40, unit: "binary-ascii" }),
      fc.string({ maxLength: 40, unit: "binary-ascii" }),
      async (target, header) => {
        const answer = await rawExchange(
          started.port,
          `GET /${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Any: ${header}\r\n\r\n\r\n`,
          300,
        );
        if (answer === "") return;
        expect(answer).toMatch(/^HTTP\/1.1 [1234]/);
        expect(answer.toLowerCase()).toContain("x-request-id: req_");
      },
    ),
    { numRuns: 100 },
  );
  expect(started.witness.failures).toEqual([]);
});
