import * as fs from "node:fs";
import * as path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pageSamples, pageScript, readersFolder, runScript } from "../../../support/docs_running.ts";
import { testDatabase, type TestDatabase } from "../../../support/database.ts";
import { FAKE_MODEL, fakeRuntime, type FakeRuntime } from "../../../support/fake_runtime.ts";
import { freePort, NO_APPROVAL, startProgram, temporaryHome, type Program } from "../../../support/processes.ts";
import { eventually, pause, startSystem, type System, type TestCustomer } from "../../../support/system.ts";
import { lacking } from "../../../support/tools.ts";
import { itUnless } from "../../../support/unless.ts";

/** What a gateway has when nobody set B3IQ_NODE_APPROVAL. */
const BY_DEFAULT = { B3IQ_NODE_APPROVAL: "" };
/** Longer than the gateway's look-out for nodes to measure takes. */
const UNMEASURED_MS = 4_000;

let db: TestDatabase;
let runtime: FakeRuntime;
let system: System;
let customer: TestCustomer;
const hosts: { program: Program; home: string }[] = [];

beforeAll(async () => {
  [db, runtime] = await Promise.all([testDatabase(), fakeRuntime()]);
  system = await startSystem({ database_url: db.url, gateway_env: BY_DEFAULT });
  await system.price(FAKE_MODEL, 1n, 1n);
  customer = await system.customer();
}, 120_000);
afterAll(async () => {
  for (const { program, home } of hosts) {
    await program.stop();
    fs.rmSync(home, { recursive: true, force: true });
  }
  await system?.stop();
  await runtime?.close();
  await db?.drop();
});

/** A node as a stranger starts it; it is connected when this resolves. */
async function joins(): Promise<{ node_id: string; cli(words: string[]): Promise<string> }> {
  const home = temporaryHome();
  const env = { B3IQ_HOME: home, B3IQ_LOCAL_LISTEN: `127.0.0.1:${await freePort()}` };
  const program = startProgram(["host", "serve", "--gateway", system.url], {
    env: { ...env, B3IQ_RUNTIME_URL: runtime.url },
  });
  hosts.push({ program, home });
  const [, node_id] = await program.line(/ as (node_\w+)/);
  await eventually(async () => (await nodeOf(node_id!)).tunnel === true, 30_000);
  const cli = async (words: string[]) => {
    const asked = startProgram(["host", ...words], { env });
    await asked.ended;
    return asked.output();
  };
  return { node_id: node_id!, cli };
}

const nodeOf = async (node_id: string) => {
  const { status, json } = await system.admin.ask("GET", `/v1/admin/nodes/${node_id}`);
  return status === 200 ? json : {};
};
const blockersOf = async (node_id: string): Promise<{ code: string; next_action: string }[]> =>
  (
    await system.anyone.ask(
      "GET",
      `/v1/public/nodes/${node_id}/route-readiness?model=${encodeURIComponent(FAKE_MODEL)}`,
    )
  ).json.blockers;
const chat = () =>
  customer.client.ask("POST", "/v1/chat/completions", {
    body: { model: FAKE_MODEL, messages: [{ role: "user", content: "hi" }] },
  });
const chats = () => runtime.requests.filter((request) => request.path === "/v1/chat/completions").length;

describe("a gateway whose operator set nothing", () => {
  let node: Awaited<ReturnType<typeof joins>>;

  test("gives a new node neither benchmark nor chat, and tells both sides why", { timeout: 60_000 }, async () => {
    node = await joins();
    await eventually(async () => (await nodeOf(node.node_id)).models?.includes(FAKE_MODEL));
    const own = chats(); // the agent's own test of its model
    await pause(UNMEASURED_MS);
    const refused = await chat();
    expect([refused.status, refused.json.error.code]).toEqual([503, "no_healthy_candidates"]);
    expect(refused.json.error.b3iq.blockers).toMatchObject({ approval_pending: 1 });
    expect(chats()).toBe(own);
    expect((await nodeOf(node.node_id)).profiles[0].observed_benchmark).toBeNull();
    expect((await nodeOf(node.node_id)).status).toBe("pending");

    expect((await blockersOf(node.node_id))[0]).toMatchObject({ code: "approval_pending" });
    const waiting = (await system.admin.ask("GET", "/v1/admin/nodes?status=pending")).json.data;
    expect(waiting.map((one: { node_id: string }) => one.node_id)).toEqual([node.node_id]);
    const said = await node.cli(["status"]);
    expect(said).toMatch(/waits for the approval of the network's operator/);
    expect(said).toContain(`give them its id, ${node.node_id}`);
    expect(said).toContain("approval_pending: Give the operator this node's id");
  });

  itUnless(lacking("curl"))(
    "lets it in by the commands of the operator's guide, without a restart",
    { timeout: 60_000 },
    async () => {
      const samples = pageSamples("operate/admin.md").filter(
        ({ lang, text }) => lang === "sh" && /^admin=|BASE_URL=|waiting\.json/m.test(text),
      );
      expect(samples.length).toBe(3);
      const folder = readersFolder(system.home);
      const addresses = { gateway: new URL(system.url).host, local: "127.0.0.1:9" };
      const { code, output } = await runScript(pageScript(samples, addresses), folder, { B3IQ_HOME: system.home });
      fs.rmSync(folder, { recursive: true });
      expect(code, output).toBe(0);
      expect(output).toMatch(new RegExp(`"node_id":"${node.node_id}"[^}]*"status":"pending"`));
      await eventually(async () => (await nodeOf(node.node_id)).route_ready === true, 30_000);
      expect((await chat()).status).toBe(200);
      expect(await node.cli(["status"])).not.toContain("waits for");
    },
  );
});

test(
  "an upgrade keeps a node that enrolled while nobody had to approve it, also when it enrolls again",
  { timeout: 120_000 },
  async () => {
    const home = temporaryHome();
    const secrets = { B3IQ_SECRETS_DIR: system.secrets_dir, B3IQ_DATABASE_URL: db.url };
    const listen = {
      B3IQ_GATEWAY_LISTEN: new URL(system.url).host,
      B3IQ_METRICS_LISTEN: "127.0.0.1:0",
      B3IQ_GATEWAY_PEER_LISTEN: "127.0.0.1:0",
    };
    const gateway = async (own: Record<string, string>) => {
      const program = startProgram(["gateway", "serve"], { env: { B3IQ_HOME: home, ...secrets, ...listen, ...own } });
      await program.line(/serves (http\S+)/);
      return program;
    };
    await system.gateway.stop();
    const before = await gateway(NO_APPROVAL); // as releases before this one did by default
    const { node_id } = await joins();
    expect((await nodeOf(node_id)).status).toBe("active");
    await before.stop();
    const after = await gateway(BY_DEFAULT);
    try {
      await eventually(async () => (await nodeOf(node_id)).tunnel === true, 30_000);
      expect((await nodeOf(node_id)).status).toBe("active");
      // It forgets the gateway, and enrolls again with the identity that it has.
      const old = hosts.at(-1)!;
      await old.program.stop();
      const state = new DatabaseSync(path.join(old.home, "host", "host.sqlite"));
      state.exec("delete from enrollments");
      state.close();
      const again = startProgram(["host", "serve", "--gateway", system.url], {
        env: { B3IQ_HOME: old.home, B3IQ_LOCAL_LISTEN: "127.0.0.1:0", B3IQ_RUNTIME_URL: runtime.url },
      });
      hosts.push({ program: again, home: old.home });
      await again.line(/"event":"enrolled"/);
      await eventually(async () => (await nodeOf(node_id)).tunnel === true, 30_000);
      expect((await nodeOf(node_id)).status).toBe("active");
    } finally {
      await after.stop();
      fs.rmSync(home, { recursive: true, force: true });
    }
  },
);
