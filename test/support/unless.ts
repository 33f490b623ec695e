import { describe, it } from "vitest";
import { leftOutName } from "./tools.ts";

/** `it`, or where there is a reason against it (`lacking`), a test that is skipped and whose name gives the reason. */
export function itUnless(reason: string | null): typeof it {
  if (reason === null) return it;
  const skip = (name: string, ...rest: []) => it.skip(leftOutName(name, reason), ...rest);
  return skip as unknown as typeof it;
}

/** `describe`, as `itUnless` is `it`. */
export function describeUnless(reason: string | null): typeof describe {
  if (reason === null) return describe;
  const skip = (name: string, ...rest: []) => describe.skip(leftOutName(name, reason), ...rest);
  return skip as unknown as typeof describe;
}
