import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  beforeAbort,
  keepWaitingClient,
  LATE,
  settledOrAfter,
  within,
} from "../../../../src/core/gateway/chat/waiting.ts";
import { fakeChat } from "../../../support/chat.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const waiting = () => {
  const { client, call, ports } = fakeChat();
  return { client, waits: keepWaitingClient(call.sink, call.signal, { a: "b" }, ports.timeouts) };
};

it("a stream's status is held back for 10 s, and then kept alive by comments until the first byte", async () => {
  const { client, waits } = waiting();
  await vi.advanceTimersByTimeAsync(9_999);
  expect(client.opened).toBeNull();
  await vi.advanceTimersByTimeAsync(1);
  expect(client.opened).toEqual({ a: "b" });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(client.comments).toEqual(["keep-alive", "keep-alive"]);
  waits.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(client.comments).toHaveLength(2);
});

it("a client that left gets no status, and an open stream no second one", async () => {
  const gone = waiting();
  gone.client.leave();
  const { client } = waiting();
  client.opened = {};
  await vi.advanceTimersByTimeAsync(60_000);
  expect([gone.client.opened, gone.client.comments, client.opened]).toEqual([null, [], {}]);
});

it("a promise that is late may be waited for again", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const first = within(promise, 100);
  await vi.advanceTimersByTimeAsync(100);
  expect(await first).toBe(LATE);
  resolve(7);
  expect(await within(promise, 100)).toBe(7);
});

it("a wait ends with the promise's success or failure, or with its time", async () => {
  await settledOrAfter(Promise.resolve(), 1_000);
  await settledOrAfter(Promise.reject(new Error("no")), 1_000);
  const never = settledOrAfter(new Promise(() => {}), 1_000);
  await vi.advanceTimersByTimeAsync(1_000);
  await never;
});

it("a wait with a signal rejects at its abort, and a later rejection of the promise is no unhandled one", async () => {
  const { promise, reject } = Promise.withResolvers<number>();
  const leaving = new AbortController();
  const result = beforeAbort(promise, leaving.signal);
  leaving.abort(new Error("left"));
  await expect(result).rejects.toThrow("left");
  reject(new Error("later"));
  expect(await beforeAbort(Promise.resolve(1), new AbortController().signal)).toBe(1);
});
