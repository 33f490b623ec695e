import { describe, expect, it } from "vitest";
import type { Clock } from "../../../../src/core/gateway/nodes/types.ts";
import type { Database } from "../../../../src/store/postgres/database.ts";
import { fixture } from "../../../support/nodes/fixture.ts";
import { heartbeatBody, testAgent, testGateway } from "../../../support/nodes/network.ts";
import type { TestGateway } from "../../../support/nodes/network.ts";

const network = fixture();
const { open } = network;

/** A clock that a test moves; the loops do not run by themselves. */
function manual(): Clock & { pass(ms: number): void } {
  let passed_ms = 0;
  return {
    now_ms: () => Date.now() + passed_ms,
    monotonic_ms: () => 1_000_000 + passed_ms,
    pass(ms) {
      passed_ms += ms;
    },
  };
}

const NEVER = { refresh_ms: 1e8, flush_ms: 1e8 };

async function gateway(gateway_id: string, clock?: Clock, database: Database = network.db): Promise<TestGateway> {
  const made = await testGateway(database, { gateway_id, registry: NEVER, ...(clock ? { clock } : {}) });
  open.push(made);
  return made;
}

async function node(at: TestGateway): Promise<string> {
  const made = testAgent(at.url, (_request, response) => void response.end());
  open.push(made);
  const { node_id } = await made.enrollment.ensureEnrolled();
  await at.registry.refresh();
  return node_id;
}

describe("liveness", () => {
  it("ends 40 s after the last heartbeat by our clock, here and at the other gateways", async () => {
    const [clock, other_clock] = [manual(), manual()];
    const [one, two] = [await gateway("gw_one", clock), await gateway("gw_two", other_clock)];
    const node_id = await node(one);
    expect(one.registry.view(node_id)).toMatchObject({ online: false, last_seen_age_ms: null });
    one.registry.heartbeat({ node_id, epoch: 0 }, heartbeatBody());
    clock.pass(15_000);
    await one.registry.flushHeartbeats();
    await two.registry.refresh();
    const seen_ms = two.registry.view(node_id)!.last_seen_age_ms!;
    expect(seen_ms).toBeGreaterThanOrEqual(15_000);
    expect(seen_ms).toBeLessThan(25_000);
    clock.pass(24_999);
    expect(one.registry.view(node_id)!.online).toBe(true);
    clock.pass(1);
    expect(one.registry.view(node_id)!.online).toBe(false);
    other_clock.pass(40_000 - seen_ms - 1);
    expect(two.registry.view(node_id)!.online).toBe(true);
    other_clock.pass(1);
    expect(two.registry.view(node_id)!.online).toBe(false);
  });

  it.each([0, 1])("does not fall back when an older word of the node comes later (epoch %i)", async (epoch) => {
    const clock = manual();
    const [one, two] = [await gateway("gw_one", clock), await gateway("gw_two", clock)];
    const node_id = await node(one);
    await two.registry.refresh();
    one.registry.heartbeat({ node_id, epoch: 0 }, heartbeatBody({ paused: true }));
    clock.pass(5_000);
    two.registry.heartbeat({ node_id, epoch }, heartbeatBody({ paused: false }));
    await two.registry.flushHeartbeats();
    await one.registry.flushHeartbeats();
    await Promise.all([one.registry.refresh(), two.registry.refresh()]);
    const fresh = await gateway("gw_three", clock);
    for (const { registry } of [one, two, fresh]) {
      expect(registry.view(node_id)).toMatchObject({ paused: false });
      expect(registry.view(node_id)!.last_seen_age_ms).toBeLessThan(3_000);
    }
  });

  it("flushes what a thousand nodes said in one statement, and their reports only when they changed", async () => {
    const statements: string[] = [];
    const counting = {
      ...network.db,
      pool: new Proxy(network.db.pool, {
        get(target, name) {
          if (name !== "query") return Reflect.get(target, name, target) as unknown;
          return (text: string, values: unknown[]) => {
            statements.push(text);
            return target.query(text, values);
          };
        },
      }),
    } as Database;
    const at = await gateway("gw_one", undefined, counting);
    await network.db.pool.query(`
      insert into nodes (node_id, status, agent_version, protocol_version, router_secret_wrapped)
      select 'node_' || lpad(i::text, 26, '0'), 'active', '0.1.0', 1, decode(repeat('00', 60), 'hex') from generate_series(1, 1000) i`);
    await at.registry.refresh();
    const ids = Array.from({ length: 1_000 }, (_, i) => `node_${String(i + 1).padStart(26, "0")}`);
    const beat = (active: number) => {
      for (const node_id of ids)
        at.registry.heartbeat(
          { node_id, epoch: 0 },
          heartbeatBody({ queue: { active, queued: 0, capacity: 4, health: "ok" } }),
        );
    };
    beat(1);
    beat(2);
    statements.length = 0;
    await at.registry.flushHeartbeats();
    expect(statements).toHaveLength(1);
    const reports = () =>
      network.db.pool
        .query(
          "select node_id, body->'queue'->>'active' as active, changed_xid::text as xid from node_reports where node_id like 'node_0000%' order by node_id",
        )
        .then(({ rows }) => rows as { active: string; xid: string }[]);
    const first = await reports();
    expect(first).toHaveLength(1_000);
    expect(first.every(({ active }) => active === "2")).toBe(true);
    await at.registry.refresh();
    beat(2);
    await at.registry.flushHeartbeats();
    expect(await reports()).toEqual(first);
    await at.registry.flushHeartbeats();
    const online = at.registry.snapshot().filter((view) => view.online);
    expect(online.length).toBeGreaterThanOrEqual(1_000);
  });

  it("keeps what could not be written for the next flush", async () => {
    let broken = true;
    const failing = {
      ...network.db,
      pool: new Proxy(network.db.pool, {
        get(target, name) {
          if (name !== "query") return Reflect.get(target, name, target) as unknown;
          return (text: string, values: unknown[]) =>
            broken && text.includes("node_liveness (") ? Promise.reject(new Error("away")) : target.query(text, values);
        },
      }),
    } as Database;
    const [at, other] = [await gateway("gw_one", undefined, failing), await gateway("gw_two")];
    const node_id = await node(at);
    at.registry.heartbeat({ node_id, epoch: 0 }, heartbeatBody());
    await at.registry.flushHeartbeats();
    broken = false;
    await at.registry.flushHeartbeats();
    await other.registry.refresh();
    expect(other.registry.view(node_id)?.online).toBe(true);
  });

  it("blocks an agent whose protocol is not served, tells it so, and counts its heartbeat as refused", async () => {
    const outcomes: string[] = [];
    const at = await testGateway(network.db, { registry: NEVER, onHeartbeat: (outcome) => outcomes.push(outcome) });
    open.push(at);
    const node_id = await node(at);
    expect(() => at.registry.heartbeat({ node_id, epoch: 0 }, heartbeatBody({ protocol_version: 0 }))).toThrow(
      expect.objectContaining({ code: "upgrade_required" }),
    );
    expect(at.registry.view(node_id)).toMatchObject({ protocol_version: 0, online: true });
    at.registry.heartbeat({ node_id, epoch: 0 }, heartbeatBody());
    expect(at.registry.view(node_id)).toMatchObject({ protocol_version: 1, profiles: [{}], online: true });
    expect(outcomes).toEqual(["upgrade_required", "accepted"]);
  });

  it("sees a change that was committed late by a transaction that began early", async () => {
    const at = await gateway("gw_one");
    const [early, late] = [await node(at), await node(at)];
    const client = await network.db.connect();
    await client.query("begin");
    await client.query("update nodes set route_tier_override = 'fleet_orchestrated' where node_id = $1", [early]);
    await network.db.pool.query("update nodes set route_tier_override = 'network_beta' where node_id = $1", [late]);
    await at.registry.refresh();
    expect(at.registry.view(late)).toMatchObject({ route_tier_override: "network_beta" });
    await client.query("commit");
    await client.end();
    await at.registry.refresh();
    expect(at.registry.view(early)).toMatchObject({ route_tier_override: "fleet_orchestrated" });
  });
});
