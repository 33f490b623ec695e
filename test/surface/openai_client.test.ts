import OpenAI, { APIError, AuthenticationError, NotFoundError } from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KEY, startSurface } from "../support/surface.ts";
import type { Started } from "../support/surface.ts";

let started: Started;
beforeAll(async () => {
  started = await startSurface({ failure_rate: null });
});
afterAll(() => started.close());

const client = (key = KEY, over = {}) =>
  new OpenAI({ apiKey: key, baseURL: `${started.url}/v1`, maxRetries: 2, ...over });
const ask = (task: string, stream: boolean) =>
  ({ model: "m", messages: [{ role: "user" as const, content: "hi" }], stream, task }) as never;

test("reads the request id and the errors as its own classes", async () => {
  const answer = (await client().chat.completions.create(ask("", false))) as { _request_id?: string };
  expect(answer._request_id).toMatch(/^req_/);
  await expect(client("wrong").models.retrieve("m")).rejects.toThrow(AuthenticationError);
  const lacking = await client()
    .embeddings.create({ model: "m", input: "x" })
    .catch((error: unknown) => error);
  expect(lacking).toBeInstanceOf(NotFoundError);
  expect(lacking).toMatchObject({ code: "endpoint_not_supported", type: "not_found_error" });
});

test("does not retry what waiting cannot mend, and retries what it can", async () => {
  const before = started.surface.stats.requests;
  await expect(client().chat.completions.create(ask("spend", false))).rejects.toMatchObject({
    status: 402,
    code: "insufficient_balance",
  });
  expect(started.surface.stats.requests - before).toBe(1);
  const later = started.surface.stats.requests;
  await expect(
    client(KEY, { maxRetries: 1 }).chat.completions.create(ask("early failure", true)),
  ).rejects.toMatchObject({ status: 503 });
  expect(started.surface.stats.requests - later).toBe(2);
});

test("throws on a failure in the middle of a stream", async () => {
  const stream = (await client().chat.completions.create(
    ask("late failure", true),
  )) as unknown as AsyncIterable<unknown>;
  const seen: unknown[] = [];
  const failed = await (async () => {
    for await (const chunk of stream) seen.push(chunk);
  })().catch((error: unknown) => error);
  expect(seen).toEqual([{ n: 1 }]);
  expect(failed).toBeInstanceOf(APIError);
  expect(failed).toMatchObject({ code: "router_dispatch_failed" });
});

test("model ids with a slash and a colon arrive whole", async () => {
  expect(await client().models.retrieve("org/name:7b")).toMatchObject({ path: { model: "org/name:7b" } });
});
