import { readFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { PREVIOUS_PROTOCOL_VERSION, PROTOCOL_VERSION } from "../../../src/core/protocol/calls/node_protocol.ts";
import { readMigrations } from "../../../src/store/postgres/migrate.ts";
import { blockersOf } from "../../../src/core/gateway/routing/gates.ts";
import { servedVersions } from "../../../src/core/gateway/nodes/versions.ts";
import { testDatabase, type TestDatabase } from "../../support/database.ts";
import { lacking } from "../../support/tools.ts";
import { itUnless } from "../../support/unless.ts";
import { control } from "../../support/routing.ts";
import { heartbeatBody, newDisk, testAgent, testGateway } from "../../support/nodes/network.ts";
import { upgradeNetwork } from "./upgrade.ts";

const open: { close(): Promise<void> }[] = [];
let db: TestDatabase | undefined;
afterAll(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  await db?.drop();
});

itUnless(lacking("nginx"))(
  "replaces three gateways one by one by the next release under load, and no request fails",
  { timeout: 300_000 },
  async () => {
    const { problems, ...report } = await upgradeNetwork({ gateways: 3, agents: 6, clients: 12 });
    expect(problems, JSON.stringify(report)).toEqual([]);
    expect(report.requests["ok"]).toBeGreaterThan(50);
  },
);

it("serves the current and the previous protocol, comes down to an older gateway's, and blocks an agent that is too old", async () => {
  db = await testDatabase();
  const at = await testGateway(db, { registry: { served: { current: 3, oldest: 2 } } });
  open.push(at);
  const agent = (protocol_version: number, more: { protocol_version_min?: number } = {}) => {
    const made = testAgent(at.url, (_request, response) => void response.end(), newDisk(), {
      protocol_version,
      ...more,
    });
    open.push(made);
    return made;
  };
  const agreed = async (protocol_version: number, protocol_version_min: number) => {
    const node = agent(protocol_version, { protocol_version_min });
    await node.enrollment.ensureEnrolled();
    node.tunnel.start();
    await expect.poll(() => ["open", "waiting"].includes(node.tunnel.state().state)).toBe(true);
    return node.tunnel.state();
  };
  expect(await agreed(2, 1)).toMatchObject({ state: "open", protocol_version: 2 });
  expect(await agreed(3, 2)).toMatchObject({ state: "open", protocol_version: 3 });
  expect(await agreed(4, 3)).toMatchObject({ state: "open", protocol_version: 3 });
  expect(await agreed(5, 4)).toMatchObject({ state: "waiting", code: "gateway_outdated" });

  // Enrolled while version 2 was served, and never updated.
  const old = agent(2);
  const { node_id } = await old.enrollment.ensureEnrolled();
  const later = await testGateway(db, {
    gateway_id: "gw_later",
    public_url: at.url,
    registry: { served: { current: 4, oldest: 3 } },
  });
  open.push(later);
  const outdated = testAgent(later.url, (_request, response) => void response.end(), old.disk, { protocol_version: 2 });
  open.push(outdated);
  await expect(
    outdated.client.call("publishHeartbeat", { body: heartbeatBody({ protocol_version: 2 }) }),
  ).rejects.toMatchObject({ status: 426, code: "upgrade_required" });
  outdated.tunnel.start();
  await expect.poll(() => outdated.tunnel.state()).toMatchObject({ state: "waiting", code: "upgrade_required" });
  const view = later.registry.view(node_id)!;
  expect(
    blockersOf(view, view.profiles[0]!, control([view], { protocol_version_min: later.registry.served.oldest })),
  ).toContain("agent_outdated");
});

it("B3IQ_PROTOCOL_VERSION_MIN can take the previous version out, and never the current one", () => {
  expect(servedVersions()).toEqual({ current: PROTOCOL_VERSION, oldest: PREVIOUS_PROTOCOL_VERSION });
  expect(servedVersions(99)).toEqual({ current: PROTOCOL_VERSION, oldest: PROTOCOL_VERSION });
});

it("no migration takes anything away from the release before without saying so in its first line", () => {
  const takesAway =
    /\bdrop\s+(table|column|type|view|schema|domain)\b|\brename\s+(to|column)\b|\balter\s+column\s+\w+\s+(set\s+data\s+)?type\b|\bset\s+not\s+null\b/i;
  const silent = readMigrations().filter(({ expands, sql }) => expands && takesAway.test(sql.replace(/--.*$/gm, "")));
  expect(silent.map(({ name }) => name)).toEqual([]);
  expect(readFileSync(new URL("../../../docs/operate/gateway.md", import.meta.url), "utf8")).toContain("-- contracts:");
});
