import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { writeSecret } from "../../src/core/secrets.ts";
import { testDatabase } from "../support/database.ts";
import type { TestDatabase } from "../support/database.ts";
import { freePort, startCommand, startProgram, temporaryHome } from "../support/processes.ts";
import type { Program } from "../support/processes.ts";

let db: TestDatabase;
let home: string;
const programs: Program[] = [];
beforeAll(async () => {
  db = await testDatabase();
  home = temporaryHome();
});
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.stop("SIGKILL")));
});
afterAll(async () => {
  await db.drop();
  fs.rmSync(home, { recursive: true });
});

function gateway(command: string[], env: Record<string, string> = {}): Program {
  const base = { B3IQ_HOME: home, B3IQ_DATABASE_URL: db.url, B3IQ_GATEWAY_LISTEN: "127.0.0.1:0" };
  programs.push(startProgram(["gateway", ...command], { env: { ...base, ...env } }));
  return programs.at(-1)!;
}

async function refusal(program: Program): Promise<string> {
  expect(await program.ended).toEqual({ code: 2, signal: null });
  const lines = program
    .output()
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("{"));
  expect(lines).toHaveLength(1);
  return lines[0]!;
}

test("several serve one database; SIGTERM ends each with 0", async () => {
  const both = [gateway(["serve"]), gateway(["serve"])];
  for (const program of both) {
    const [, url] = await program.line(/serves (http:\S+),/);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  }
  for (const program of both) expect(await program.stop()).toEqual({ code: 0, signal: null });
});

test("leaves no copy of its memory: no core limit, no inspector, and no dump when it is aborted", async () => {
  const cwd = temporaryHome();
  const program = startCommand(
    "sh",
    ["-c", "ulimit -c unlimited 2>/dev/null; exec sh $0 gateway serve", path.resolve("bin/launch.sh")],
    {
      cwd,
      env: { B3IQ_HOME: home, B3IQ_DATABASE_URL: db.url, B3IQ_GATEWAY_LISTEN: "127.0.0.1:0" },
    },
  );
  programs.push(program);
  await program.line(/serves /);
  const limits = fs.readFileSync(`/proc/${program.pid}/limits`, "utf8");
  expect(limits).toMatch(/Max core file size\s+0\s+0\s/);
  expect(fs.readFileSync(`/proc/${program.pid}/coredump_filter`, "utf8").trim()).toBe("00000000");
  process.kill(program.pid, "SIGUSR1"); // opens the inspector of an ordinary Node
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(program.output()).not.toMatch(/[Dd]ebugger/);
  expect(await program.stop("SIGABRT")).toEqual({ code: null, signal: "SIGABRT" });
  expect(fs.readdirSync(cwd)).toEqual([]);
  fs.rmSync(cwd, { recursive: true });
});

test("an option of Node that opens the inspector or writes memory is refused", async () => {
  expect(await refusal(gateway(["serve"], { NODE_OPTIONS: "--heapsnapshot-signal=SIGUSR2" }))).toMatch(
    /^b3iq-gateway: NODE_OPTIONS: found --heapsnapshot-signal=SIGUSR2, allowed: /,
  );
});

test("a wrong setting, a port in use, a database that is away, another pepper: one line each, and status 2", async () => {
  expect(await refusal(gateway(["serve"], { B3IQ_DRAIN_CAP_MS: "soon" }))).toMatch(
    /^b3iq-gateway: B3IQ_DRAIN_CAP_MS: found "soon", allowed: /,
  );

  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const taken = `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
  expect(await refusal(gateway(["serve"], { B3IQ_GATEWAY_LISTEN: taken }))).toBe(
    `b3iq-gateway: B3IQ_GATEWAY_LISTEN: found ${taken}, which another program uses, allowed: a free address of this machine`,
  );
  await new Promise((resolve) => server.close(resolve));

  const away = `postgresql://b3iq:hunter2@127.0.0.1:${await freePort()}/b3iq`;
  const line = await refusal(gateway(["serve"], { B3IQ_DATABASE_URL: away }));
  expect(line).toMatch(
    /^b3iq-gateway: B3IQ_DATABASE_URL: found a database that cannot be used \(nothing listens there, ECONNREFUSED\), allowed: /,
  );
  expect(line).not.toContain("hunter2");

  const other = temporaryHome();
  writeSecret(other, "pepper", Buffer.alloc(32, 7).toString("base64url"));
  expect(await refusal(gateway(["migrate"], { B3IQ_SECRETS_DIR: other }))).toMatch(
    /B3IQ_SECRETS_DIR: found another log-key and pepper than this database was made with/,
  );
  fs.rmSync(other, { recursive: true });
});

test("an unknown command is refused with a hint; a misspelt setting stops it", async () => {
  expect(await refusal(gateway(["srve"]))).toBe(
    "b3iq-gateway: unknown command 'srve' (Did you mean serve?); b3iq-gateway --help lists them",
  );
  for (const command of ["migrate", "serve"])
    expect(await refusal(gateway([command], { B3IQ_DATABSE_URL: "x" }))).toMatch(
      /^b3iq-gateway: B3IQ_DATABSE_URL is not a setting of B3IQ; did you mean B3IQ_DATABASE_URL\?/,
    );
});

test("ledger verify: the books of this database, and status 1 with the row where they are wrong", async () => {
  const right = gateway(["ledger", "verify"]);
  expect(await right.ended).toEqual({ code: 0, signal: null });
  expect(right.output()).toMatch(/^the books are right: \d+ invariants hold$/m);
  const customer_id = `cus_${"0".repeat(26)}`;
  await db.pool.query("insert into customers (customer_id) values ($1)", [customer_id]);
  await db.pool.query(
    "insert into accounts (owner_kind, owner_id, credited_wei, reserved_wei) values ('customer', $1, 9, 7)",
    [customer_id],
  );
  const wrong = gateway(["ledger", "verify"]);
  expect(await wrong.ended).toEqual({ code: 1, signal: null });
  expect(wrong.output()).toMatch(new RegExp(`^I1 broken at ${customer_id}: `, "m"));
});

test("its standard input ends: it ends, where the flag asks for that", async () => {
  const program = startCommand("sh", ["-c", "sleep 1 | exec sh bin/launch.sh gateway serve --until-stdin-ends"], {
    env: { B3IQ_HOME: home, B3IQ_DATABASE_URL: db.url, B3IQ_GATEWAY_LISTEN: "127.0.0.1:0" },
  });
  programs.push(program);
  expect(await program.ended).toEqual({ code: 0, signal: null });
  expect(program.output()).toMatch(/"event":"stopped"/);
});
