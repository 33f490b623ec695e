import { expect, it } from "vitest";
import { beforeAbort, pause, within } from "../../src/core/time.ts";

it("a promise that is late may be waited for again", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  expect(await within(promise, 10, "late")).toBe("late");
  resolve(7);
  expect(await within(promise, 1_000, "late")).toBe(7);
  await expect(within(Promise.reject(new Error("no")), 1_000, "late")).rejects.toThrow("no");
});

it("a wait and a pause end as soon as their signal aborts", async () => {
  const leaving = new AbortController();
  const waits = [within(new Promise(() => {}), 60_000, "late", leaving.signal), pause(60_000, leaving.signal)];
  leaving.abort();
  expect(await Promise.all(waits)).toEqual(["late", undefined]);
  expect(await within(new Promise(() => {}), 60_000, "late", leaving.signal)).toBe("late");
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
