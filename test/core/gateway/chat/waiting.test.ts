import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepWaitingClient } from "../../../../src/core/gateway/chat/waiting.ts";
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
