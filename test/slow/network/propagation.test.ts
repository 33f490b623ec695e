import { expect } from "vitest";
import { lacking } from "../../support/tools.ts";
import { itUnless } from "../../support/unless.ts";
import { propagate } from "./propagation.ts";

const TRIALS = Number(process.env["PROPAGATION_TRIALS"] ?? 2);

itUnless(lacking("nginx"))(
  `a pause, a revocation, a price, a policy is in force at the other gateways within a second, ${TRIALS} times of each`,
  { timeout: 600_000 },
  async () => {
    const { trials, problems } = await propagate(TRIALS);
    expect(problems).toEqual([]);
    expect(trials).toHaveLength(TRIALS * 4 * 2);
  },
);
