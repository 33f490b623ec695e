import { expect, it } from "vitest";
import { killSystem } from "./system_kills.ts";

const KILLS = Number(process.env["SYSTEM_KILLS"] ?? 20);

it(`survives ${KILLS} random kills of gateways, agents and Postgres amid chats`, { timeout: 1_200_000 }, async () => {
  const seed = Number(process.env["SYSTEM_SEED"] ?? Date.now() % 1_000_000);
  const report = await killSystem(KILLS, seed);
  expect(report.problems, `seed ${seed}`).toEqual([]);
  expect(report.delivered).toBeGreaterThan(0);
  expect(report.held_after_ms).toBeLessThan(30_000);
});
