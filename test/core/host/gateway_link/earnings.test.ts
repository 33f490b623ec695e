import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { etherOf } from "../../../../src/cli/host_earnings.ts";
import { isNewer } from "../../../../src/cli/host_status.ts";
import { readSecret } from "../../../../src/core/secrets.ts";
import { RELEASE } from "../../../../src/release.ts";
import { testSystem } from "../../../support/e2e.ts";
import { fakeRuntime } from "../../../support/fake_runtime.ts";
import { testClient } from "../../../support/client.ts";
import { cuttableWire } from "../../../support/cuttable_wire.ts";
import { freePort, startCommand, temporaryHome } from "../../../support/processes.ts";
import { runningHost } from "../../../support/running_host.ts";
import { eventually } from "../../../support/system.ts";

/** `b3iq-host` against agents of a real gateway, which they reach through a wire that can be cut. */

const ROOT = path.resolve(import.meta.dirname, "..", "..", "..", "..");
const ADDRESS = "0x8617E340B3D01FA5F11F306F4090FD50E238070D";
const SECOND = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const gateway_port = await freePort();
const wire = await cuttableWire(gateway_port);
const runtime = await fakeRuntime();
const system = await testSystem({
  agents: [{ runtime_url: runtime.url, gateway_url: wire.url }],
  gateway_env: {
    B3IQ_GATEWAY_LISTEN: `127.0.0.1:${gateway_port}`,
    B3IQ_PUBLIC_URL: wire.url,
    B3IQ_PAYOUT_MATURITY_MS: "0",
    B3IQ_LOG_INTERVAL_MS: "100",
  },
});
const agent = system.agents[0]!;
const alone = await runningHost({ B3IQ_RUNTIME_URL: runtime.url });
afterAll(async () => {
  await alone.close();
  await runtime.close();
  await wire.cut();
});

type Said = { code: number | null; out: string; err: string };

function cli(args: string[], at: { home: string; url: string } = agent): Promise<Said> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, B3IQ_HOME: at.home, B3IQ_LOCAL_LISTEN: new URL(at.url).host };
  const child = spawn(process.execPath, [path.join(ROOT, "src/cli/host.ts"), ...args], { env });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (out += data));
  child.stderr.on("data", (data: Buffer) => (err += data));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

const owner = testClient(agent.url, {
  "x-b3iq-setup-token": readSecret(path.join(agent.home, "secrets"), "setup-token")!,
});
const putAddress = (payout_address: string) =>
  owner.ask("PUT", "/v1/setup/payout-address", { body: { payout_address } });
const state = async () => JSON.parse((await cli(["payout-address", "--json"])).out) as Record<string, string | null>;

describe("payout-address", () => {
  test("refuses what is not EIP-55 before it asks anybody", async () => {
    const nobody = { home: "/nowhere", url: "http://127.0.0.1:9" };
    const wrong = {
      "0x1234": /40 hexadecimal digits/,
      [ADDRESS.slice(2)]: /40 hexadecimal digits/,
      [`0x${"0".repeat(40)}`]: /zero address/,
      [SECOND.replace("5aA", "5aa")]: /EIP-55/,
    };
    for (const [address, reason] of Object.entries(wrong)) {
      const { code, out, err } = await cli(["payout-address", address], nobody);
      expect({ code, out }, address).toEqual({ code: 2, out: "" });
      expect(err).toMatch(reason);
      expect(err.trimEnd().split("\n")).toHaveLength(1);
    }
  });

  test("sets one that applies after 24 hours, then another in its place", async () => {
    const none = await cli(["payout-address"]);
    expect(none).toMatchObject({ code: 0, err: "" });
    expect(none.out).toMatch(/^paid to +no address in force yet\n +b3iq-host payout-address 0x/);
    const set = await cli(["payout-address", ADDRESS]);
    expect(set).toMatchObject({ code: 0, err: "" });
    expect(set.out).toMatch(
      new RegExp(`applies after 24 hours.*\npaid to +no address.*\nwaiting +${ADDRESS}, applies at \\S+Z\n$`),
    );
    const { applies_at, server_time, ...rest } = await state();
    expect(rest).toEqual({ payout_address: null, pending_payout_address: ADDRESS });
    expect(Date.parse(applies_at!) - Date.parse(server_time!)).toBeGreaterThan(23.9 * 3_600_000);
    // Both in the same second, perhaps, in which only one can be signed.
    for (const address of [ADDRESS, SECOND]) expect((await putAddress(address)).status).toBe(200);
    expect((await state())["pending_payout_address"]).toBe(SECOND);
    const a_day_later = `update payout_addresses set received_at = now() - interval '1 day', applies_at = now()
      where payout_address = $1`;
    await system.db.pool.query(a_day_later, [SECOND]);
    expect((await cli(["payout-address"])).out).toBe(`paid to     ${SECOND}\n`);
  });
});

describe("earnings", () => {
  test("wei are told as ETH without loss", () => {
    expect(["0", "1", "1500000000000000000", "12000000000000000000", "40000"].map(etherOf)).toEqual([
      "0",
      "0.000000000000000001",
      "1.5",
      "12",
      "0.00000000000004",
    ]);
  });

  test("totals follow a chat from its settlement to the final batch", async () => {
    const { client } = await system.customer();
    const totals = async () =>
      (JSON.parse((await cli(["earnings", "--json"])).out) as { totals: Record<string, string> }).totals;
    expect(new Set(Object.values(await totals()))).toEqual(new Set(["0"]));
    const chat = await client.ask("POST", "/v1/chat/completions", {
      body: { model: agent.model, messages: [{ role: "user", content: "hello" }] },
    });
    expect(chat.status).toBe(200);
    const matured = await eventually(
      async () => (await totals())["matured_wei"] !== "0" && (await totals())["matured_wei"],
    );
    expect(BigInt(matured as string) * 2n).toBeGreaterThan(BigInt(chat.json.b3iq.charged_wei as string));
    const before = await cli(["earnings"]);
    expect(before.out).toMatch(
      new RegExp(`^matured +${matured} wei  ${etherOf(matured as string).replace(".", "\\.")} ETH`, "m"),
    );
    expect(before.out).toMatch(/^payouts +none yet$/m);

    const admin = (action: string, body: object) =>
      system.admin.ask("POST", `/v1/admin/payout-batches${action}`, { body });
    const { batch_id } = await eventually(async () => {
      const made = await admin("", {});
      return made.status === 201 && (made.json as { batch_id: string });
    });
    expect(await totals()).toMatchObject({ matured_wei: "0", batched_wei: matured, paid_wei: "0" });
    const line = (status: string) =>
      new RegExp(`^payout +${batch_id}  ${status}  ${matured} wei \\(\\S+ ETH\\)  1 receipts  `, "m");
    expect((await cli(["earnings"])).out).toMatch(line("created"));
    await admin(`/${batch_id}/submit`, {});
    expect((await cli(["earnings", "--limit", "1"])).out).toMatch(line("submitted"));
    await admin(`/${batch_id}/finalize`, { reason: "paid" });
    expect(await totals()).toMatchObject({ batched_wei: "0", paid_wei: matured });
    expect((await cli(["earnings"])).out).toMatch(line("finalized"));
  });

  test("a limit that cannot be is a wrong command line", async () => {
    for (const limit of ["0", "x", "1001", "1.5"])
      expect((await cli(["earnings", "--limit", limit])).code, limit).toBe(2);
  });
});

describe("status", () => {
  const status = async () => (await cli(["status"])).out;

  test("says what the gateway says now, not what it said at the last heartbeat", async () => {
    await eventually(async () => (await status()).includes("takes paid work"));
    const change = (body: object) =>
      system.admin.ask("PATCH", `/v1/admin/nodes/${agent.node_id}`, { body: { ...body, reason: "test" } });
    for (let round = 0; round < 3; round++) {
      await change({ status: "suspended" });
      expect(await status()).toMatch(/takes no paid work\n +node_suspended: /);
      await change({ status: "active" });
      expect(await status()).toMatch(/: takes paid work$/m);
    }
  });

  test("knows which release is newer", () => {
    const order = ["0.0.9", "0.1.0-beta.2", "0.1.0-beta.10", "0.1.0", "0.1.1", "0.2.0", "0.10.0", "1.0.0"];
    for (const [i, a] of order.entries())
      for (const [j, b] of order.entries()) expect([a, b, isNewer(a, b)]).toEqual([a, b, i > j]);
  });

  test("an older agent is told of the release of the gateway; one of the same release is not", async () => {
    expect(await status()).not.toContain("update ");
    const [root, home] = [fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-older-")), temporaryHome()];
    for (const name of ["bin", "src", "generated"])
      fs.cpSync(path.join(ROOT, name), path.join(root, name), { recursive: true });
    for (const name of ["node_modules", "packages"]) fs.symlinkSync(path.join(ROOT, name), path.join(root, name));
    const release = fs.readFileSync(path.join(ROOT, "package.json"), "utf8");
    fs.writeFileSync(path.join(root, "package.json"), release.replace(`"version": "${RELEASE}"`, '"version": "0.0.9"'));
    const env = { B3IQ_HOME: home, B3IQ_LOCAL_LISTEN: "127.0.0.1:0", B3IQ_RUNTIME_URL: runtime.url };
    const older = startCommand("sh", [path.join(root, "bin/launch.sh"), "host", "serve", "--gateway", wire.url], {
      env,
    });
    try {
      const [, url] = (await older.line(/serves (http\S+) as/)) as unknown as [string, string];
      const told = await eventually(async () => {
        const { out } = await cli(["status"], { home, url });
        return out.includes("update ") && out;
      }, 30_000);
      expect(told).toMatch(new RegExp(`^update +b3iq-host ${RELEASE.replaceAll(".", "\\.")} is out: `, "m"));
      expect(told).toContain("b3iq-host 0.0.9)");
    } finally {
      await older.stop();
      for (const folder of [root, home]) fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("what stands in the way is one line that says what to do", () => {
  const commands = [["earnings"], ["payout-address"], ["payout-address", ADDRESS]];

  test("an agent in Local Mode", async () => {
    for (const args of commands) expectLine(await cli(args, alone), /not_enrolled: .* --gateway URL/);
    const { code, out } = await cli(["status"], alone);
    expect(code).toBe(0);
    expect(out).toMatch(/gateway +none/);
  });

  test("no agent, and none ever", async () => {
    const gone = { home: alone.home, url: `http://127.0.0.1:${await freePort()}` };
    const never = { home: "/nowhere", url: gone.url };
    for (const args of [...commands, ["status"]]) {
      expectLine(await cli(args, gone), /no agent runs at http:\S+; start it with b3iq-host serve/);
      expectLine(await cli(args, never), /start the agent first with b3iq-host serve/);
    }
  });

  test("a gateway that is away, and comes back", async () => {
    await wire.cut();
    for (const args of commands) expectLine(await cli(args), /gateway_unreachable: .*try again/);
    const away = await cli(["status"]);
    expect(away.code).toBe(0);
    expect(away.out).toMatch(/it does not answer now: what follows is what it said \d+ s ago/);
    expect(away.out).not.toContain("takes paid work");
    await wire.join();
    await eventually(async () => (await cli(["status"])).out.includes("takes paid work"), 60_000);
    expect((await cli(["earnings"])).code).toBe(0);
  });
});

function expectLine({ code, out, err }: Said, reason: RegExp): void {
  expect({ code, out }, err).toEqual({ code: 1, out: "" });
  expect(err).toMatch(reason);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
}
