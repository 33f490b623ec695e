/**
 * The result of `work`, or `late` when `work` has not settled after `ms`, or once `signal` aborts. The work itself goes
 * on; a rejection that comes too late is dropped.
 */
export async function within<Value, Late>(
  work: Promise<Value>,
  ms: number,
  late: Late,
  signal?: AbortSignal,
): Promise<Value | Late> {
  const { promise, resolve } = Promise.withResolvers<Late>();
  const end = (): void => resolve(late);
  const timer = setTimeout(end, Math.max(0, ms));
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}

/** The value of the promise, or a rejection as soon as `signal` aborts; the promise itself goes on. */
export function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => {});
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([promise, aborted]);
}
