import { Readable } from "node:stream";
import { expect, test } from "vitest";
import * as api from "../../../../src/core/gateway/nodes/agent_api.ts";
import type { NodeTunnel, TunnelCall } from "../../../../src/core/gateway/nodes/types.ts";

const JOB = "job_0c2f8h5j7k1m3n9p4q6r8s2t5v";
const never = new AbortController().signal;

/** A tunnel whose node answers everything alike. */
function tunnelOf(status: number, body: unknown) {
  const calls: TunnelCall[] = [];
  let cancelled = 0;
  const tunnel: NodeTunnel = {
    node_id: "node_a",
    epoch: 1,
    kind: "local",
    in_flight: 0,
    async call(call) {
      calls.push(call);
      const text = typeof body === "string" ? body : JSON.stringify(body);
      return {
        status,
        headers: {},
        body: Readable.from(text === "" ? [] : [Buffer.from(text)]),
        trailers: Promise.resolve({}),
        cancel: () => (cancelled += 1),
      };
    },
  };
  return { tunnel, calls, cancelled: () => cancelled };
}

test("calls go out as the contract says: POST, JSON, and no body where there is none", async () => {
  const { tunnel, calls } = tunnelOf(200, { cancelled: false });
  expect(await api.cancelJob(tunnel, JOB, 3)).toBe(true);
  expect(calls[0]).toMatchObject({
    method: "POST",
    path: "/v1/tunnel/cancel",
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify({ job_id: JOB, fence: 3 })),
  });
  const moved = tunnelOf(204, "");
  await api.drainTunnel(moved.tunnel);
  expect(moved.calls[0]).toMatchObject({ path: "/v1/tunnel/drain", body: Buffer.alloc(0) });
  expect(moved.calls[0]!.headers).toBeUndefined();
});

test("a refusal is no answer, and its stream is given up", async () => {
  const refusing = tunnelOf(401, { error: { code: "unauthorized" } });
  expect(await api.cancelJob(refusing.tunnel, JOB, 1)).toBe(false);
  expect(await api.countPrompt(refusing.tunnel, { model: "m", messages: [] })).toBeUndefined();
  await expect(api.readJob(refusing.tunnel, JOB)).rejects.toThrow("the node answered 401");
  expect(refusing.cancelled()).toBe(3);
});

test.each([
  ["a count that is no count", { prompt_tokens: -1 }],
  ["a count beyond what a number holds", { prompt_tokens: 2 ** 60 }],
  ["no JSON", "nine"],
  ["more than an answer may have", JSON.stringify({ prompt_tokens: 9, more: "x".repeat(5_000) })],
])("a node that answers %s is not believed", async (_what, body) => {
  expect(await api.countPrompt(tunnelOf(200, body).tunnel, { model: "m", messages: [] })).toBeUndefined();
});

test("a job's state and a page of receipts are read in the contract's form only", async () => {
  expect(await api.readJob(tunnelOf(200, { state: "finished", receipts: [{}] }).tunnel, JOB)).toEqual({
    state: "finished",
    receipts: [{}],
  });
  await expect(api.readJob(tunnelOf(200, { state: "lost", receipts: [] }).tunnel, JOB)).rejects.toThrow(
    /getJob: state/,
  );
  const question = { acknowledged_since: "2026-11-21T10:15:30.123Z", after: 0, limit: 2 };
  const page = { receipts: [{}], last: 1, more: true };
  expect(await api.readReceiptPage(tunnelOf(200, page).tunnel, question, never)).toEqual(page);
  for (const wrong of [
    { ...page, last: "1" },
    { ...page, more: 1 },
    { ...page, receipts: {} },
  ])
    await expect(api.readReceiptPage(tunnelOf(200, wrong).tunnel, question, never)).rejects.toThrow(/refetchReceipts/);
});
