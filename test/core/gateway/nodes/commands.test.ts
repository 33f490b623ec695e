import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createCommands } from "../../../../src/core/gateway/nodes/node_commands.ts";
import type { Commands, CommandsConfig } from "../../../../src/core/gateway/nodes/node_commands.ts";
import { CommandFailure, createCommandLoop } from "../../../../src/core/host/gateway_link/command_loop.ts";
import { asAdmin } from "../../../support/audit.ts";
import { testDatabase } from "../../../support/database.ts";
import type { TestDatabase } from "../../../support/database.ts";
import { log, testAgent, testGateway } from "../../../support/nodes/network.ts";
import type { TestAgent, TestGateway } from "../../../support/nodes/network.ts";

let db: TestDatabase;
let at: TestGateway;
let node: TestAgent;
let node_id: string;
let commands: Commands;
const never = new AbortController().signal;
const reason = "a test";
const probe = { kind: "runtime_probe" as const, payload: {}, reason };
const OPS = asAdmin("commands");

beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  at = await testGateway(db);
  node = testAgent(at.url, (_request, response) => void response.end());
  ({ node_id } = await node.enrollment.ensureEnrolled());
  await at.registry.refresh();
  use({});
});
afterEach(async () => {
  commands.stop();
  await node.close();
  await at.close();
});
afterAll(async () => {
  await db.drop();
});

function use(config: CommandsConfig): void {
  commands?.stop();
  commands = createCommands({
    db,
    registry: at.registry,
    log,
    config: { lease_ms: 60_000, expire_every_ms: 50, ...config },
  });
}

describe("commands", () => {
  it("are leased oldest first, closed under the lease, and closed the same way twice", async () => {
    const one = await commands.create({ node_id, ...probe }, OPS);
    const two = await commands.create(
      {
        node_id,
        reason,
        kind: "benchmark_smoke",
        payload: { model_profile_id: "p1", max_tokens: 8 },
      },
      OPS,
    );
    const { commands: leased } = await commands.poll(node_id, { wait_seconds: 0, max: 5 }, never);
    expect(leased.map(({ command_id, lease_token, attempt }) => ({ command_id, lease_token, attempt }))).toEqual([
      { command_id: one.command_id, lease_token: 1, attempt: 1 },
      { command_id: two.command_id, lease_token: 1, attempt: 1 },
    ]);
    expect(leased[1]!.payload).toEqual({ model_profile_id: "p1", max_tokens: 8 });
    const result = { lease_token: 1, status: "succeeded" as const, result: { ready: true } };
    expect((await commands.result(node_id, one.command_id, result)).status).toBe("accepted");
    expect((await commands.result(node_id, one.command_id, result)).status).toBe("accepted");
    await expect(
      commands.result(node_id, one.command_id, { ...result, result: { ready: false } }),
    ).rejects.toMatchObject({ code: "conflict" });
    const { data } = await commands.list({ node_id });
    expect(data.map(({ state }) => state)).toEqual(["leased", "succeeded"]);
    expect(data[1]).toMatchObject({ result: { ready: true }, created_by: "ops" });
    const page = await commands.list({ node_id, limit: 1 });
    expect(page.data[0]!.command_id).toBe(two.command_id);
    expect((await commands.list({ node_id, limit: 1, cursor: page.next_cursor! })).data[0]!.command_id).toBe(
      one.command_id,
    );
  });

  it("come again when the lease ends, under a higher token, and the older result is refused", async () => {
    use({ lease_ms: 30 });
    const { command_id } = await commands.create({ node_id, ...probe }, OPS);
    await commands.poll(node_id, { wait_seconds: 0, max: 1 }, never);
    const again = await commands.poll(node_id, { wait_seconds: 5, max: 1 }, never);
    expect(again.commands).toMatchObject([{ command_id, lease_token: 2, attempt: 2 }]);
    const outcome = { status: "succeeded" as const, result: {} };
    await expect(commands.result(node_id, command_id, { lease_token: 1, ...outcome })).rejects.toMatchObject({
      code: "lease_superseded",
    });
    await sleep(40);
    expect((await commands.result(node_id, command_id, { lease_token: 2, ...outcome })).status).toBe("accepted");
  });

  it("are renewed only under the newest lease, and die after three attempts", async () => {
    use({ lease_ms: 30, grace_ms: 0 });
    const { command_id } = await commands.create({ node_id, ...probe }, OPS);
    for (let attempt = 1; attempt <= 3; attempt++) {
      const { commands: leased } = await commands.poll(node_id, { wait_seconds: 5, max: 1 }, never);
      expect(leased).toMatchObject([{ attempt, lease_token: attempt }]);
    }
    expect((await commands.result(node_id, command_id, { lease_token: 3, status: "running" })).status).toBe("renewed");
    await expect(commands.result(node_id, command_id, { lease_token: 2, status: "running" })).rejects.toMatchObject({
      code: "lease_superseded",
    });
    await vi.waitFor(async () =>
      expect((await commands.list({ node_id })).data[0]).toMatchObject({
        state: "dead",
        failure: { code: "attempts_exhausted" },
      }),
    );
    expect((await commands.poll(node_id, { wait_seconds: 0, max: 1 }, never)).commands).toEqual([]);
    expect(await commands.retry(command_id, reason, OPS)).toMatchObject({
      state: "queued",
      attempts: 0,
      failure: null,
    });
    expect((await commands.poll(node_id, { wait_seconds: 5, max: 1 }, never)).commands).toMatchObject([
      { command_id, lease_token: 4, attempt: 1 },
    ]);
  });

  it("are not leased a fourth time while the last result may still come", async () => {
    use({ lease_ms: 20, grace_ms: 60_000 });
    const { command_id } = await commands.create({ node_id, ...probe }, OPS);
    for (let attempt = 1; attempt <= 3; attempt++) await commands.poll(node_id, { wait_seconds: 5, max: 1 }, never);
    await sleep(30);
    const next = await commands.create({ node_id, ...probe }, OPS);
    expect((await commands.poll(node_id, { wait_seconds: 5, max: 5 }, never)).commands).toMatchObject([
      { command_id: next.command_id },
    ]);
    expect(
      (await commands.result(node_id, command_id, { lease_token: 3, status: "succeeded", result: {} })).status,
    ).toBe("accepted");
  });

  it("can be cancelled while open; its result is refused then", async () => {
    const { command_id } = await commands.create({ node_id, ...probe }, OPS);
    await commands.poll(node_id, { wait_seconds: 0, max: 1 }, never);
    expect(await commands.cancel(command_id, reason, OPS)).toMatchObject({ state: "cancelled" });
    await expect(
      commands.result(node_id, command_id, { lease_token: 1, status: "succeeded", result: {} }),
    ).rejects.toMatchObject({ code: "lease_superseded" });
    await expect(commands.cancel(command_id, reason, OPS)).rejects.toMatchObject({ code: "conflict" });
    await expect(commands.retry(command_id, reason, OPS)).rejects.toMatchObject({ code: "conflict" });
    await expect(commands.cancel("cmd_" + "x".repeat(26), reason, OPS)).rejects.toMatchObject({ code: "not_found" });
  });

  it("belong to one node, and their payload to their kind", async () => {
    const { command_id } = await commands.create({ node_id, ...probe }, OPS);
    const other = "node_" + "a".repeat(26);
    await expect(
      commands.result(other, command_id, { lease_token: 1, status: "succeeded", result: {} }),
    ).rejects.toMatchObject({ code: "not_found" });
    await expect(commands.create({ node_id: other, ...probe }, OPS)).rejects.toMatchObject({ code: "not_found" });
    await expect(commands.create({ node_id, reason, kind: "model_install", payload: {} }, OPS)).rejects.toMatchObject({
      code: "invalid_request",
      param: "payload.model_id",
    });
    await expect(
      commands.create({ node_id, reason, kind: "tunnel_check", payload: { sections: [] } }, OPS),
    ).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("wake a waiting poll at once, also one at another gateway, and a poll ends when its caller leaves", async () => {
    const waiting = commands.poll(node_id, { wait_seconds: 20, max: 1 }, never);
    await sleep(20);
    const { command_id } = await commands.create({ node_id, ...probe }, OPS);
    expect((await waiting).commands).toMatchObject([{ command_id }]);
    const second = await testGateway(db, { gateway_id: "gw_second" });
    const there = createCommands({ db, registry: second.registry, log });
    const far = there.poll(node_id, { wait_seconds: 20, max: 1 }, never);
    const sent = await commands.create({ node_id, ...probe }, OPS);
    expect((await far).commands).toMatchObject([{ command_id: sent.command_id }]);
    const left = new AbortController();
    const idle = there.poll(node_id, { wait_seconds: 20, max: 1 }, left.signal);
    setTimeout(() => left.abort(), 20);
    expect((await idle).commands).toEqual([]);
    there.stop();
    await second.close();
  });

  it("are leased once when two gateways are polled together", async () => {
    for (let round = 0; round < 20; round++) {
      await commands.create({ node_id, ...probe }, OPS);
      const twice = await Promise.all([
        commands.poll(node_id, { wait_seconds: 0, max: 1 }, never),
        commands.poll(node_id, { wait_seconds: 0, max: 1 }, never),
      ]);
      expect(twice.flatMap((answer) => answer.commands)).toHaveLength(1);
    }
  });

  it("run on the agent, which reports what its handlers find", async () => {
    at.routes.set("POST /v1/node/commands/poll", (principal, body) => commands.poll(principal.node_id, body, never));
    at.routes.set("POST *", (principal, body, path) => commands.result(principal.node_id, path.split("/")[4]!, body));
    let renewed = 0;
    const loop = createCommandLoop({
      client: node.client,
      log,
      wait_seconds: 1,
      renew_ms: 40,
      concurrency: 2,
      handlers: {
        runtime_probe: async () => {
          await sleep(150);
          return { profiles: [] };
        },
        model_install: () => Promise.reject(new CommandFailure("disk_full", "There is no room.")),
      },
    });
    const result = commands.result;
    commands.result = (...args) => {
      if (args[2].status === "running") renewed += 1;
      return result(...args);
    };
    loop.start();
    const sent = [
      await commands.create({ node_id, ...probe }, OPS),
      await commands.create(
        {
          node_id,
          reason,
          kind: "model_install",
          payload: { model_id: "m", runtime_kind: "ollama" },
        },
        OPS,
      ),
      await commands.create({ node_id, reason, kind: "support_bundle", payload: { sections: ["versions"] } }, OPS),
    ];
    await vi.waitFor(async () => {
      const { data } = await commands.list({ node_id });
      const found = sent.map(({ command_id }) => data.find((row) => row.command_id === command_id)!);
      expect(found).toMatchObject([
        { state: "succeeded", result: { profiles: [] } },
        { state: "failed", failure: { code: "disk_full", message: "There is no room." } },
        { state: "failed", failure: { code: "command_not_supported" } },
      ]);
    }, 5_000);
    expect(renewed).toBeGreaterThan(0);
    await loop.stop();
  });
});
