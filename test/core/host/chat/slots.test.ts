import { expect, test } from "vitest";
import { createSlots } from "../../../../src/core/host/chat/slots.ts";

const never = new AbortController().signal;
const options = { capacity: 2, kept_for_owner: () => 1, queue_max: 2, wait_ms: { routed: 60, local: 60 } };

test("routed work leaves the owner's slot alone, local work may take all", async () => {
  const slots = createSlots(options);
  const first = await slots.acquire("routed", never);
  const waiting = slots.acquire("routed", never);
  expect(slots.state).toEqual({ active: 1, queued: 1, capacity: 2 });
  const own = await slots.acquire("local", never);
  expect(slots.state).toEqual({ active: 2, queued: 1, capacity: 2 });
  first();
  first();
  const second = await waiting;
  expect(slots.state).toEqual({ active: 2, queued: 0, capacity: 2 });
  second();
  own();
  expect(slots.state.active).toBe(0);
});

test("a full queue and a long wait are runtime_busy; who leaves is forgotten", async () => {
  const slots = createSlots({ ...options, kept_for_owner: () => 0, capacity: 1 });
  const release = await slots.acquire("local", never);
  const left = new AbortController();
  const leaver = slots.acquire("local", left.signal);
  const patient = slots.acquire("local", never);
  await expect(slots.acquire("local", never)).rejects.toMatchObject({ code: "runtime_busy" });
  left.abort(new Error("left"));
  await expect(leaver).rejects.toThrow("left");
  expect(slots.state.queued).toBe(1);
  await expect(patient).rejects.toMatchObject({ code: "runtime_busy", retry_after_ms: 1000 });
  expect(slots.state).toEqual({ active: 1, queued: 0, capacity: 1 });
  release();
});
