import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  bookInWindow,
  correctInWindow,
  emptyWindow,
  fitsAfterMs,
  usedInWindow,
} from "../../../../src/core/gateway/billing/windows.ts";

const START_MS = 1_800_000_000_000;

test("a window counts at least what a sliding window would, and at most one bucket more", () => {
  const booking = fc.record({ wait_ms: fc.nat(40_000), amount: fc.bigInt(1n, 1_000n), unused: fc.bigInt(0n, 1_000n) });
  fc.assert(
    fc.property(fc.constantFrom(60, 3_600), fc.array(booking, { maxLength: 60 }), (window_seconds, bookings) => {
      const window = emptyWindow("cus", "wei", window_seconds, 1);
      const booked: { at_ms: number; amount: bigint }[] = [];
      let now_ms = START_MS;
      for (const { wait_ms, amount, unused } of bookings) {
        now_ms += wait_ms;
        bookInWindow(window, now_ms, amount);
        const used = unused < amount ? unused : 0n;
        correctInWindow(window, now_ms, used);
        booked.push({ at_ms: now_ms, amount: amount - used });
        const since = (ms: number) =>
          booked.filter(({ at_ms }) => at_ms > now_ms - ms).reduce((sum, { amount: part }) => sum + part, 0n);
        const counted = usedInWindow(window, now_ms);
        expect(counted >= since(window_seconds * 1000)).toBe(true);
        expect(counted <= since((window_seconds + window.bucket_seconds) * 1000)).toBe(true);
      }
    }),
    // The last millisecond in which the first booking counts, which chance seldom finds.
    { examples: [[60, [999, 59_999].map((wait_ms) => ({ wait_ms, amount: 10n, unused: 0n }))]] },
  );
});

test("the time to come back is when it fits, and not a millisecond earlier", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ wait_ms: fc.nat(20_000), amount: fc.bigInt(1n, 50n) }), { minLength: 1, maxLength: 20 }),
      fc.bigInt(1n, 100n),
      (bookings, needed) => {
        const window = emptyWindow("cus", "requests", 60, 1);
        let now_ms = START_MS;
        for (const { wait_ms, amount } of bookings) bookInWindow(window, (now_ms += wait_ms), amount);
        const wait_ms = fitsAfterMs(window, now_ms, needed, 100n)!;
        expect(usedInWindow(window, now_ms + wait_ms) + needed <= 100n).toBe(true);
        if (wait_ms > 0) expect(usedInWindow(window, now_ms + wait_ms - 1) + needed > 100n).toBe(true);
        expect(fitsAfterMs(window, now_ms, 101n, 100n)).toBe(undefined);
      },
    ),
  );
});
