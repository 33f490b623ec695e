import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { SECRET_NAMES } from "../../src/core/secrets.ts";
import { clusterProcesses, recordedPostmaster } from "../../src/store/postgres/cluster/launcher_processes.ts";
import { fakeRuntime } from "../support/fake_runtime.ts";
import { freePort, startProgram, temporaryHome } from "../support/processes.ts";
import { lacking } from "../support/tools.ts";
import { itUnless } from "../support/unless.ts";
import type { Program } from "../support/processes.ts";

const execute = promisify(execFile);
const root = temporaryHome();
const home = path.join(root, "a home"); // the pasted line must hold with a space in it
const secrets = path.join(home, "secrets");
const programs: Program[] = [];
let env: Record<string, string>;
let gateway_url: string;
let local_url: string;

beforeAll(async () => {
  const [gateway, local] = [await freePort(), await freePort()];
  gateway_url = `http://127.0.0.1:${gateway}`;
  local_url = `http://127.0.0.1:${local}`;
  env = {
    B3IQ_HOME: home,
    B3IQ_GATEWAY_LISTEN: `127.0.0.1:${gateway}`,
    B3IQ_LOCAL_LISTEN: `127.0.0.1:${local}`,
    B3IQ_METRICS_LISTEN: "127.0.0.1:0",
    B3IQ_GATEWAY_PEER_LISTEN: "127.0.0.1:0",
  };
});
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.stop("SIGTERM", 60_000)));
});
afterAll(() => fs.rmSync(root, { recursive: true }));

function run(own: Record<string, string> = {}): Program {
  programs.push(startProgram(["run"], { env: { ...env, ...own } }));
  return programs.at(-1)!;
}

const ready = (program: Program) => program.line(/^B3IQ is ready$/m, 120_000);
const secret = (name: string) => fs.readFileSync(path.join(secrets, name), "utf8").trim();
const secretTexts = () => Object.fromEntries(SECRET_NAMES.map((name) => [name, secret(name)]));

type Chat = { choices: { message: { content: string } }[]; b3iq: { charged_wei: string } };

/** The printed line, through a shell, in another folder. */
async function pasteRequest(program: Program, shell: string): Promise<Chat> {
  const line = /^curl -K .*$/m.exec(program.output())![0];
  const { stdout } = await execute(shell, ["-c", line], { cwd: "/" });
  return JSON.parse(stdout) as Chat;
}

async function balance(): Promise<bigint> {
  const response = await fetch(`${gateway_url}/v1/billing/account`, {
    headers: { authorization: `Bearer ${secret("gateway-key")}` },
  });
  return BigInt(((await response.json()) as { balance_wei: string }).balance_wei);
}

itUnless(lacking("curl"))(
  "from nothing to a paid answer; a second run beside it; stop; the same again",
  { timeout: 300_000 },
  async () => {
    const first = run();
    await ready(first);
    expect(first.output()).toMatch(/Balance +1 ETH of test credit \(1000000000000000000 wei\)/);
    expect(first.output()).toMatch(/a self-test that writes nonsense/);
    expect(first.output()).toMatch(/^Documents +http\S+\/docs shows the guides \(built in [\d.]+ s\)/m);
    for (const url of [gateway_url, local_url])
      expect(await (await fetch(`${url}/docs/guides/first-chat`)).text()).toContain("<h1>First chat</h1>");
    expect(fs.statSync(home).mode & 0o777).toBe(0o700);
    for (const name of SECRET_NAMES) {
      expect(fs.statSync(path.join(secrets, name)).mode & 0o777, name).toBe(0o600);
      if (name !== "customer-id") expect(first.output()).not.toContain(secret(name));
    }

    const before = await balance();
    const answer = await pasteRequest(first, "sh");
    expect(answer.choices[0]!.message.content.length).toBeGreaterThan(0);
    expect(before - (await balance())).toBe(BigInt(answer.b3iq.charged_wei));
    const local = await fetch(`${local_url}/v1/models`, {
      headers: { authorization: `Bearer ${secret("local-key")}` },
    });
    expect(local.status).toBe(200);
    const own = { "x-b3iq-customer-id": secret("customer-id"), "x-b3iq-customer-token": secret("customer-token") };
    expect((await fetch(`${gateway_url}/v1/billing/account`, { headers: own })).status).toBe(200);

    const beside = run();
    expect(await beside.ended).toEqual({ code: 0, signal: null });
    expect(beside.output()).toMatch(/^B3IQ is already running \(process \d+\)/);
    expect(beside.output().trim().split("\n")).toHaveLength(1);

    const spent = await balance();
    const kept = secretTexts();
    expect(await first.stop("SIGINT", 60_000)).toEqual({ code: 0, signal: null });
    expect(clusterProcesses(path.join(home, "postgres"))).toEqual([]);
    await expect(fetch(`${gateway_url}/healthz`)).rejects.toThrow();
    await expect(fetch(`${local_url}/health`)).rejects.toThrow();

    const again = run();
    await ready(again);
    expect(secretTexts()).toEqual(kept);
    expect(await balance()).toBe(spent);
    expect(await pasteRequest(again, "sh")).toMatchObject({ choices: [{}] });
  },
);

itUnless(lacking("curl"))(
  "a kill -9 of any process: told, started again, and a chat succeeds with the same money",
  { timeout: 300_000 },
  async () => {
    const program = run();
    await ready(program);
    const before = await balance();
    for (const [what, name] of [
      ["gateway", "gateway ended by SIGKILL"],
      ["host", "host agent ended by SIGKILL"],
      ["postgres", "Postgres ended"],
    ] as const) {
      const said = program.output().length;
      process.kill(
        what === "postgres" ? recordedPostmaster(path.join(home, "postgres"))! : await pidOf(program.pid, what),
        "SIGKILL",
      );
      await program.line(new RegExp(`${name}.*starting it again`));
      expect(program.output().length).toBeGreaterThan(said);
      const charged = await untilAnswered(program);
      expect(charged > 0n).toBe(true);
    }
    expect(await balance()).toBeLessThan(before);
  },
);

test("all of it signalled at once, as when the machine goes down: it ends, and nothing is left", async () => {
  const program = run();
  await ready(program);
  const parts = [await pidOf(program.pid, "gateway"), await pidOf(program.pid, "host")];
  const postmaster = recordedPostmaster(path.join(home, "postgres"))!;
  for (const pid of [postmaster, ...parts]) process.kill(pid, "SIGINT");
  expect(await program.stop("SIGINT", 30_000)).toEqual({ code: 0, signal: null });
  expect(clusterProcesses(path.join(home, "postgres"))).toEqual([]);
  for (const pid of parts) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
}, 300_000);

test(
  "killed itself with kill -9, nothing is left running but Postgres, and the next run is as any",
  { timeout: 300_000 },
  async () => {
    const program = run();
    await ready(program);
    const kept = secretTexts();
    await program.stop("SIGKILL");
    const next = run();
    await ready(next);
    expect(secretTexts()).toEqual(kept);
    expect(await next.stop("SIGINT", 60_000)).toEqual({ code: 0, signal: null });
    expect(clusterProcesses(path.join(home, "postgres"))).toEqual([]);
  },
);

test(
  "reset: refuses while it runs, asks, and then removes all that is ours and nothing else",
  { timeout: 300_000 },
  async () => {
    const program = run();
    await ready(program);
    expect(await reset("yes")).toEqual({
      code: 1,
      text: expect.stringMatching(/^b3iq: B3IQ is running \(process \d+\); stop it first$/m),
    });
    await program.stop("SIGINT", 60_000);
    fs.writeFileSync(path.join(home, "mine.txt"), "");
    expect(await reset("no")).toEqual({ code: 1, text: expect.stringContaining("nothing was removed") });
    expect(fs.existsSync(secrets)).toBe(true);
    expect(await reset("yes")).toEqual({ code: 0, text: expect.stringMatching(/removed$/) });
    expect(fs.readdirSync(home)).toEqual(["mine.txt"]);
  },
);

test(
  "a runtime that is away: its URL, the error and the next try at once, and it is used when it comes",
  { timeout: 300_000 },
  async () => {
    const port = await freePort();
    const runtime_url = `http://127.0.0.1:${port}/v1`;
    const program = run({ B3IQ_HOME: path.join(root, "away"), B3IQ_RUNTIME_URL: runtime_url });
    await program.line(/^Host agent ready/m, 120_000);
    await program.line(
      new RegExp(
        `The runtime at ${runtime_url} is not ready: it cannot be reached \\(.*ECONNREFUSED\\)\\. It is asked again in \\d+ s`,
      ),
      5_000,
    );
    const runtime = await fakeRuntime({}, port);
    try {
      await ready(program);
      expect(fs.readFileSync(path.join(root, "away", "logs", "host.log"), "utf8")).toContain(runtime_url);
      expect(fs.readFileSync(path.join(root, "away", "logs", "gateway.log"), "utf8")).not.toContain(String(port));
    } finally {
      await program.stop("SIGINT", 60_000);
      await runtime.close();
    }
    // The gateway remembers the node of the last run as ready; what is printed must be true now.
    const again = run({ B3IQ_HOME: path.join(root, "away"), B3IQ_RUNTIME_URL: runtime_url });
    await again.line(/The runtime at .* is not ready/, 120_000);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(again.output()).not.toContain("B3IQ is ready");
    await again.stop("SIGINT", 60_000);
  },
);

test("with approval on, it approves its own node, and others wait", { timeout: 300_000 }, async () => {
  const program = run({ B3IQ_HOME: path.join(root, "approval"), B3IQ_NODE_APPROVAL: "1" });
  await ready(program);
  const other = startProgram(["host", "serve", "--gateway", gateway_url], {
    env: {
      B3IQ_HOME: path.join(root, "other"),
      B3IQ_LOCAL_LISTEN: "127.0.0.1:0",
      B3IQ_RUNTIME_URL: "http://127.0.0.1:9/v1",
    },
  });
  programs.unshift(other);
  await other.line(/"event":"tunnel_opened"/);
  const token = fs.readFileSync(path.join(root, "approval", "secrets", "admin-token"), "utf8").trim();
  const statuses = async () => {
    const answer = await fetch(`${gateway_url}/v1/admin/nodes`, { headers: { "x-b3iq-admin-token": token } });
    return ((await answer.json()) as { data: { status: string }[] }).data.map(({ status }) => status).sort();
  };
  // The list shows a new node when the gateway has read the nodes' changes again.
  await expect.poll(statuses, { timeout: 10_000 }).toEqual(["active", "pending"]);
});

test("a port in use, a wrong setting, a database that is gone: one line, nothing left running", async () => {
  const taken = await startListener();
  const refused = run({ B3IQ_LOCAL_LISTEN: `127.0.0.1:${taken.port}` });
  expect(await refused.ended).toEqual({ code: 2, signal: null });
  expect(refused.output()).toBe(
    `b3iq: B3IQ_LOCAL_LISTEN: found 127.0.0.1:${taken.port}, which another program uses, allowed: a free address of this machine\n`,
  );
  taken.close();
  const wrong = run({ B3IQ_RUNTIME_KIND: "gpt" });
  expect(await wrong.ended).toEqual({ code: 2, signal: null });
  expect(wrong.output()).toMatch(/^b3iq: B3IQ_RUNTIME_KIND: found "gpt", allowed: one of openai, vllm/);
  const misspelt = run({ B3IQ_RUNTIME_URl: "http://127.0.0.1:1/v1" });
  expect(await misspelt.ended).toEqual({ code: 2, signal: null });
  expect(misspelt.output()).toMatch(
    /^b3iq: B3IQ_RUNTIME_URl is not a setting of B3IQ; did you mean B3IQ_RUNTIME_URL\?[^\n]*\n$/,
  );
  const away = run({ B3IQ_DATABASE_URL: `postgresql://b3iq:hunter2@127.0.0.1:${await freePort()}/b3iq` });
  expect(await away.ended).toEqual({ code: 2, signal: null });
  expect(away.output()).toMatch(
    /^b3iq: B3IQ_DATABASE_URL: found a database that cannot be used \(nothing listens there, ECONNREFUSED\), allowed: [^\n]*\n$/,
  );
});

/** Answers the question of `make reset`. */
async function reset(answer: string): Promise<{ code: number; text: string }> {
  const settings = Object.entries(env)
    .map(([name, value]) => `${name}='${value}'`)
    .join(" ");
  return execute("sh", ["-c", `echo ${answer} | env ${settings} sh bin/launch.sh reset 2>&1`]).then(
    ({ stdout }) => ({ code: 0, text: stdout.trim() }),
    (error: { code: number; stdout: string }) => ({ code: error.code, text: error.stdout.trim() }),
  );
}

/** The direct child of the run whose command line names the program. */
async function pidOf(parent: number, program: string): Promise<number> {
  for (const name of fs.readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = fs.readFileSync(`/proc/${name}/stat`, "utf8");
      const command = fs.readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
      if (
        Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent &&
        command.some((word) => word.endsWith(`cli/${program}.ts`))
      )
        return Number(name);
    } catch {
      continue; // gone meanwhile
    }
  }
  throw new Error(`no ${program} below ${parent}`);
}

/** Pastes the request until it is answered with success; what the answers before that were does not matter here. */
async function untilAnswered(program: Program): Promise<bigint> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await pasteRequest(program, "sh").catch(() => undefined);
    if (answer?.choices !== undefined) return BigInt(answer.b3iq.charged_wei);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("no chat succeeded within 60 s");
}

async function startListener(): Promise<{ port: number; close(): void }> {
  const { createServer } = await import("node:net");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as { port: number }).port, close: () => server.close() };
}
