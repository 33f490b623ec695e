import { describe, expect, it } from "vitest";
import { release, settle } from "../../../../src/core/gateway/chat/settle.ts";
import { ApiError } from "../../../../src/core/errors.ts";
import type { Observation } from "../../../../src/core/gateway/billing/model.ts";
import {
  admittedChat,
  dispatchedChat,
  dispatchOf,
  type FakeChat,
  fakeChat,
  nodeAnswer,
  signedTrailers,
} from "../../../support/chat.ts";

const observation: Observation = { content_bytes: 5, events: 1, reason: "complete" };

function setup(given: FakeChat = {}) {
  const fake = fakeChat(given);
  const chat = admittedChat(fake);
  const dispatched = dispatchedChat(fake.ports, chat, nodeAnswer(200), null);
  const trailers = signedTrailers(dispatchOf(chat));
  const run = (with_trailers: Record<string, string> | undefined = trailers) =>
    settle(fake.ports, chat, dispatched, { observation, trailers: with_trailers });
  return { ...fake, chat, trailers, run, kinds: () => fake.operations.map(({ kind }) => kind) };
}

describe("an answer with a receipt", () => {
  it("is settled by it, with what was observed, and the node is told", async () => {
    const { run, operations, acknowledged } = setup();
    const payment = await run();
    expect(payment).toMatchObject({ settled: { charged_wei: 50n }, receipt: { receipt: { fence: 1 } } });
    expect(operations).toMatchObject([{ kind: "settle", observation, deliver_within_ms: expect.any(Number) }]);
    expect(acknowledged).toEqual([payment!.receipt.receipt.receipt_hash]);
  });

  it("that the ledger does not pay is released", async () => {
    const { run, kinds, acknowledged } = setup({ verdicts: { settle: () => ({ ok: false, reason: "superseded" }) } });
    expect(await run()).toBeNull();
    expect([kinds(), acknowledged]).toEqual([["settle", "release"], []]);
  });

  it("of another dispatch or under another key is released, not settled", async () => {
    const { run, chat, kinds } = setup();
    expect(await run(signedTrailers({ ...dispatchOf(chat), fence: 2 }))).toBeNull();
    expect(await run(signedTrailers(dispatchOf(chat), 2))).toBeNull();
    expect(kinds()).toEqual(["release", "release"]);
    const keyless = setup({ ports: { node_keys: () => [] } });
    expect(await keyless.run()).toBeNull();
    expect(keyless.kinds()).toEqual(["release"]);
  });
});

describe("a stream", () => {
  it("is settled without a time to deliver, since it was delivered", async () => {
    const { run, operations } = setup({ body: { stream: true } });
    await run();
    expect(operations[0]).not.toHaveProperty("deliver_within_ms");
  });

  it("without trailers keeps its hold, with what was observed", async () => {
    const { ports, chat, operations, call } = setup({ body: { stream: true } });
    const dispatched = dispatchedChat(ports, chat, nodeAnswer(200), null);
    expect(await settle(ports, { ...chat, call }, dispatched, { observation, trailers: undefined })).toBeNull();
    expect(operations).toMatchObject([{ kind: "observe", hold_id: chat.hold.hold_id, observation }]);
  });

  it("that the ledger does not settle in time is charged later", async () => {
    const never = { settle: () => new Promise(() => {}) };
    const { run } = setup({ body: { stream: true }, verdicts: never });
    await expect(run()).rejects.toMatchObject({
      code: "settlement_unavailable",
      message: expect.stringContaining("later"),
    });
  });
});

describe("a plain answer", () => {
  it("whose client left is not settled at all", async () => {
    const { run, client, kinds } = setup();
    client.leave();
    await expect(run()).rejects.toThrow("The client left");
    expect(kinds()).toEqual([]);
  });

  it("that the ledger cannot take is free", async () => {
    const away = { settle: () => Promise.reject(new Error("away")) };
    await expect(setup({ verdicts: away }).run()).rejects.toMatchObject({
      code: "settlement_unavailable",
      message: expect.stringContaining("it is free"),
    });
  });
});

it("a release names the error's code, and waits for a ledger that is away no longer than a second", async () => {
  const { ports, chat, operations } = setup();
  await release(ports, chat, new ApiError("router_timeout", "late"));
  await release(ports, chat, new Error("other"));
  expect(operations).toMatchObject([{ reason: "router_timeout" }, { reason: "unpayable" }]);
  const away = setup({ verdicts: { release: () => new Promise(() => {}) } });
  const started = performance.now();
  await release(away.ports, away.chat, new Error("other"));
  expect(performance.now() - started).toBeLessThan(1_500);
});
