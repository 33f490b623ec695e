import { expect, test } from "vitest";
import type { operations } from "../../generated/hosted.ts";
import { HOSTED_ROUTES, LOCAL_ROUTES, TUNNEL_ROUTES } from "../../generated/routes.ts";
import { createClient, type OperationCall } from "../../src/core/client.ts";

function recorder() {
  const calls: OperationCall<unknown>[] = [];
  const call = createClient<operations, { signal?: AbortSignal } | undefined>(HOSTED_ROUTES, async (sent) => {
    calls.push(sent);
    return { sent: calls.length };
  });
  return { call, calls };
}

test("a call goes to the operation's method and path, and its answer comes back", async () => {
  const { call, calls } = recorder();
  expect(await call("submitNodeReceipt", { body: { receipt_hash: "x" } as never })).toEqual({ sent: 1 });
  expect(calls).toEqual([
    { operation_id: "submitNodeReceipt", method: "POST", path: "/v1/node/receipts", body: { receipt_hash: "x" } },
  ]);
});

test("a parameter of the path cannot leave its place", async () => {
  const { call, calls } = recorder();
  await call("getPublicNode", { path: { node_id: "../admin?x=1#/%2e" } });
  expect(calls[0]!.path).toBe("/v1/public/nodes/..%2Fadmin%3Fx%3D1%23%2F%252e");
});

test("the query has the values that are given, and no question mark without one", async () => {
  const { call, calls } = recorder();
  await call("listNodePayouts", { query: { limit: 3, cursor: "a b&c" } });
  await call("listNodePayouts", { query: { limit: undefined as never } });
  await call("listNodePayouts");
  expect(calls.map(({ path }) => path)).toEqual([
    "/v1/node/payouts?limit=3&cursor=a+b%26c",
    "/v1/node/payouts",
    "/v1/node/payouts",
  ]);
  expect(calls[2]!.body).toBeUndefined();
});

test("the compiler refuses an input or an answer that is not the operation's", async () => {
  const { call } = recorder();
  // @ts-expect-error the body is missing
  await call("submitNodeReceipt");
  // @ts-expect-error there is no such parameter
  await call("listNodePayouts", { query: { limitt: 3 } });
  const page = await call("listNodePayouts");
  // @ts-expect-error a cursor is text
  const cursor: number = page.next_cursor;
  expect(cursor).toBeUndefined();
});

test("each document has a route for each operation, and each route its own place", () => {
  for (const routes of [HOSTED_ROUTES, LOCAL_ROUTES, TUNNEL_ROUTES]) {
    const places = Object.values(routes).map(({ method, path }) => `${method} ${path}`);
    expect(new Set(places).size).toBe(places.length);
  }
  expect(TUNNEL_ROUTES.cancelJob).toEqual({ method: "POST", path: "/v1/tunnel/cancel" });
});
