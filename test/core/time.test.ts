import { expect, test, vi } from "vitest";
import { beforeAbort, within } from "../../src/core/time.ts";

const never = new Promise<string>(() => {});

test("work that settles in time is passed on, also its rejection", async () => {
  await expect(within(Promise.resolve("done"), 1_000, "late")).resolves.toBe("done");
  await expect(within(Promise.reject(new Error("failed")), 1_000, "late")).rejects.toThrow("failed");
});

test("work that does not settle in time gives `late`, and what it rejects with afterwards is dropped", async () => {
  const { promise, reject } = Promise.withResolvers<string>();
  await expect(within(promise, 5, "late")).resolves.toBe("late");
  reject(new Error("nobody waits"));
  await new Promise((done) => setTimeout(done, 5));
});

test("a signal that aborts, before or meanwhile, gives `late` at once", async () => {
  await expect(within(never, 60_000, "late", AbortSignal.abort())).resolves.toBe("late");
  await expect(within(never, 60_000, "late", AbortSignal.timeout(5))).resolves.toBe("late");
});

test("no timer and no listener stays behind", async () => {
  const { signal } = new AbortController();
  const removed = vi.spyOn(signal, "removeEventListener");
  const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  await within(Promise.resolve(), 60_000, null, signal);
  expect(removed).toHaveBeenCalledOnce();
  expect(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length).toBeLessThanOrEqual(timers);
});

test("a wait with a signal rejects at its abort, and a later rejection of the promise is no unhandled one", async () => {
  const { promise, reject } = Promise.withResolvers<number>();
  const leaving = new AbortController();
  const result = beforeAbort(promise, leaving.signal);
  leaving.abort(new Error("left"));
  await expect(result).rejects.toThrow("left");
  reject(new Error("later"));
  expect(await beforeAbort(Promise.resolve(1), new AbortController().signal)).toBe(1);
});
