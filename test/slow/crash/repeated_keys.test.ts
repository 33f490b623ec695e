import { expect } from "vitest";
import { lacking } from "../../support/tools.ts";
import { itUnless } from "../../support/unless.ts";
import { repeatKeys } from "./repeated_keys.ts";

const KEYS = 40;

itUnless(lacking("nginx"))(
  `charges each of ${KEYS} keys once, sent five times at once amid kills and clients that leave`,
  { timeout: 600_000 },
  async () => {
    const seed = Number(process.env["SYSTEM_SEED"] ?? Date.now() % 1_000_000);
    const report = await repeatKeys(KEYS, seed);
    expect(report.problems, `seed ${seed}`).toEqual([]);
    expect(report.charged).toBe(KEYS);
    expect(report.told["idempotency_in_flight"]).toBeGreaterThan(0);
  },
);
