import { describe, it } from "vitest";
import { leftOutName } from "./tools.ts";

/** `it`, or where there is a reason against it (`lacking`), a test that is left out and whose name gives the reason. */
export function itUnless(reason: string | null): typeof it {
  return reason === null ? it : leftOut(it.skipIf(true), reason);
}

/** `describe` in the manner of `itUnless`. */
export function describeUnless(reason: string | null): typeof describe {
  return reason === null ? describe : leftOut(describe.skipIf(true), reason);
}

function leftOut<Api extends typeof it | typeof describe>(skipped: unknown, reason: string): Api {
  const named = (name: string, ...rest: unknown[]) =>
    (skipped as (name: string, ...rest: unknown[]) => void)(leftOutName(name, reason), ...rest);
  return named as unknown as Api;
}
