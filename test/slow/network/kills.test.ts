import { expect } from "vitest";
import { lacking } from "../../support/tools.ts";
import { itUnless } from "../../support/unless.ts";
import { killNetwork } from "./kills.ts";

const KILLS = Number(process.env["NETWORK_KILLS"] ?? 8);

itUnless(lacking("nginx"))(
  `survives ${KILLS} kills of gateways, agents and runtimes behind nginx, under load`,
  { timeout: 600_000 },
  async () => {
    const seed = Number(process.env["NETWORK_SEED"] ?? Date.now() % 1_000_000);
    const report = await killNetwork(KILLS, seed, { gateways: 3, agents: 6, clients: 12 }, false);
    expect(report.problems, `seed ${seed}: ${JSON.stringify(report)}`).toEqual([]);
    expect(report.affected["ok"]).toBeGreaterThan(0);
  },
);
