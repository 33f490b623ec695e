/**
 * Random `kill -9` of gateways, agents and Postgres amid plain and streamed chats; then the books are checked against
 * what the clients saw. Everything is a process of its own on one real database. `node test/slow/crash/system_kills.ts KILLS
 * [SEED]` prints the figures.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureCustomer } from "../../../src/cli/run_setup.ts";
import { OPEN_POLICY } from "../../../src/core/gateway/billing/policy.ts";
import { verifyLedger } from "../../../src/core/gateway/billing/verify.ts";
import { NO_PRICE_BOUNDS } from "../../../src/core/gateway/prices/effective.ts";
import { seededRandom } from "../../../src/core/gateway/routing/rank.ts";
import { readSecret } from "../../../src/core/secrets.ts";
import { type Database, databaseUrl, openDatabase } from "../../../src/store/postgres/database.ts";
import { type RunningPostgres, startPostgres } from "../../../src/store/postgres/cluster/launcher.ts";
import { eligibleNodes } from "../../support/network/bed.ts";
import { testClient } from "../../support/client.ts";
import { FAKE_MODEL, type FakeRuntime, fakeRuntime } from "../../support/fake_runtime.ts";
import { freePort, NO_APPROVAL, type Program, startProgram, temporaryHome } from "../../support/processes.ts";
import { eventually } from "../../support/system.ts";

const GATEWAYS = 3;
const AGENTS = 3;
const CLIENTS = 6;
const ORPHANS_CLOSED_MS = 30_000;

type Delivered = { job_id: string; charged_wei: string; receipt_hash: string | null; mode: "plain" | "stream" };
type Undelivered = { gateway: number; key: string; body: object };
type Victim = { readonly up: boolean; kill(): Promise<void> };
type Respawned = Victim & { settled(): Promise<void>; stop(): Promise<unknown> };

export type KillReport = {
  kills: number;
  by_target: Record<string, number>;
  delivered: number;
  undelivered: number;
  refused: number;
  longest_hold_ms: number;
  held_after_ms: number;
  problems: string[];
};

/** Kills `kills` times and checks; `problems` is empty when every promise held. */
export async function killSystem(kills: number, seed: number): Promise<KillReport> {
  const random = seededRandom(seed);
  const home = temporaryHome();
  const homes = [home];
  const report: KillReport = {
    kills: 0,
    by_target: {},
    delivered: 0,
    undelivered: 0,
    refused: 0,
    longest_hold_ms: 0,
    held_after_ms: 0,
    problems: [],
  };
  let cluster = await startPostgres(home);
  const runtimes: FakeRuntime[] = await Promise.all(
    Array.from({ length: AGENTS }, () =>
      fakeRuntime({ tokens: Array.from({ length: 12 }, (_, i) => ` t${i}`), delay_ms: 15 }),
    ),
  );
  const database_url = databaseUrl(cluster);
  const secrets = path.join(home, "secrets");
  const ports = await Promise.all(Array.from({ length: GATEWAYS }, freePort));
  const gateways = await Promise.all(
    ports.map(async (port) =>
      respawning(
        ["gateway", "serve"],
        {
          ...NO_APPROVAL,
          B3IQ_HOME: home,
          B3IQ_SECRETS_DIR: secrets,
          B3IQ_DATABASE_URL: database_url,
          B3IQ_GATEWAY_LISTEN: `127.0.0.1:${port}`,
          B3IQ_METRICS_LISTEN: "127.0.0.1:0",
          B3IQ_GATEWAY_PEER_LISTEN: "127.0.0.1:0",
          B3IQ_PUBLIC_URL: `http://127.0.0.1:${ports[0]}`,
          B3IQ_LOG_DIR: path.join(home, `log-${port}`),
        },
        /serves (http\S+)/,
      ),
    ),
  );
  const url = (index: number) => `http://127.0.0.1:${ports[index % GATEWAYS]}`;
  const agents = await Promise.all(
    runtimes.map(async (runtime) => {
      const agent_home = temporaryHome();
      homes.push(agent_home);
      return respawning(
        // All by the public URL: an enrollment that was signed for another name is refused.
        ["host", "serve", "--gateway", url(0)],
        { B3IQ_HOME: agent_home, B3IQ_LOCAL_LISTEN: "127.0.0.1:0", B3IQ_RUNTIME_URL: runtime.url },
        /serves (http\S+)/,
      );
    }),
  );
  await ensureCustomer(url(0), secrets);
  const admin = testClient(url(0), { "x-b3iq-admin-token": readSecret(secrets, "admin-token")! });
  await admin.ask("PUT", `/v1/admin/prices/${encodeURIComponent(FAKE_MODEL)}`, {
    body: { default_prompt_price_wei: "1000003", default_completion_price_wei: "2000029", ...NO_PRICE_BOUNDS },
  });
  const customer = (await admin.ask("POST", "/v1/admin/customers", { body: { policy: OPEN_POLICY } })).json;
  await admin.ask("POST", `/v1/admin/customers/${customer.customer_id}/credits`, {
    body: { amount_wei: "1000000000000000000", reference: "kills" },
  });
  const { key } = (
    await admin.ask("POST", `/v1/admin/customers/${customer.customer_id}/keys`, {
      body: { scopes: ["models:read", "chat:create", "billing:read"] },
    })
  ).json;
  await untilServed(url(0), key);
  await eventually(async () => (await eligibleNodes(admin)).length === AGENTS, 60_000);

  const delivered: Delivered[] = [];
  const undelivered: Undelivered[] = [];
  let stopped = false;
  const load = Array.from({ length: CLIENTS }, async (_, client) => {
    for (let turn = 0; !stopped; turn += 1) {
      const gateway = (client + turn) % GATEWAYS;
      const idempotency_key = `kill-${seed}-${client}-${turn}`;
      const body = {
        model: FAKE_MODEL,
        messages: [{ role: "user", content: `turn ${turn}` }],
        max_tokens: 16,
        stream: turn % 2 === 0,
      };
      const seen = await chat(url(gateway), key, idempotency_key, body);
      if (seen === "refused") report.refused += 1;
      else if (seen === null) undelivered.push({ gateway, key: idempotency_key, body });
      else delivered.push(seen);
      if (seen === "refused" || seen === null) await sleep(100);
    }
  });

  const postgres: Victim = {
    up: true,
    kill: async () => {
      cluster = await killPostgres(cluster, home);
    },
  };
  const victims = [
    ...gateways.map((victim) => ({ name: "gateway", victim })),
    ...agents.map((victim) => ({ name: "agent", victim })),
    { name: "postgres", victim: postgres },
  ];
  const db = openDatabase({ url: database_url }, { application_name: "kills" });
  const watch = watchHolds(db);
  // Those that were killed come back while the next are killed; one gateway at least is left, or nobody could take
  // over.
  while (report.kills < kills) {
    await sleep(200 + random() * 1_500);
    const up = victims.filter(
      ({ name, victim }) => victim.up && (name !== "gateway" || gateways.filter((gateway) => gateway.up).length > 1),
    );
    const { name, victim } = up[Math.floor(random() * up.length)]!;
    await victim.kill();
    report.kills += 1;
    report.by_target[name] = (report.by_target[name] ?? 0) + 1;
    if (report.kills % 50 === 0) console.log(`${report.kills} kills, ${delivered.length} answers`);
  }
  await Promise.all([...gateways, ...agents].map((one) => one.settled()));
  await sleep(1_000);
  stopped = true;
  await Promise.all(load);

  try {
    report.held_after_ms = await untilNoneHeld(db);
    report.longest_hold_ms = await watch.stop();
    if (report.longest_hold_ms > ORPHANS_CLOSED_MS)
      report.problems.push(`a hold was open for ${report.longest_hold_ms} ms after its gateway was last heard`);
    await untilServedAgain(
      Array.from({ length: GATEWAYS }, (_, index) => url(index)),
      key,
    );
    report.delivered = delivered.length;
    report.undelivered = undelivered.length;
    report.problems.push(...(await checkBooks(db, delivered, undelivered, { url, key })));
  } finally {
    await db.close();
    await Promise.all([...agents, ...gateways].map((one) => one.stop()));
    await Promise.all(runtimes.map((runtime) => runtime.close()));
    await cluster.stop();
    for (const folder of homes) fs.rmSync(folder, { recursive: true, force: true });
  }
  return report;
}

/** A program that is started again after each kill, as a supervisor does. */
async function respawning(args: string[], env: Record<string, string>, ready: RegExp): Promise<Respawned> {
  let program: Program;
  let up = false;
  let coming = Promise.resolve();
  async function start(): Promise<void> {
    // While the database is away a gateway cannot start: a supervisor would try again, and so does this.
    for (let attempt = 0; ; attempt += 1) {
      program = startProgram(args, { env });
      try {
        await program.line(ready);
        up = true;
        return;
      } catch (error) {
        if (attempt >= 60) throw error;
        await sleep(500);
      }
    }
  }
  await start();
  return {
    get up() {
      return up;
    },
    async kill() {
      up = false;
      program.child.kill("SIGKILL");
      await program.ended;
      coming = start();
    },
    settled: () => coming,
    stop: async () => {
      await coming.catch(() => {});
      return program.stop();
    },
  };
}

/** The longest that any hold was open after its gateway was last heard, looked at twice a second. */
function watchHolds(db: Database): { stop(): Promise<number> } {
  let longest_ms = 0;
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const { rows } = await db.pool
        .query<{ open_ms: number }>(
          `select coalesce(max(date_part('epoch', clock_timestamp() - greatest(h.created_at, l.renewed_at)) * 1000), 0) as open_ms
           from open_holds join holds h using (hold_id) left join gateway_leases l using (gateway_id, gateway_epoch)`,
        )
        .catch(() => ({ rows: [{ open_ms: 0 }] }));
      longest_ms = Math.max(longest_ms, Math.round(rows[0]!.open_ms));
      await sleep(500);
    }
  })();
  return {
    async stop() {
      stopped = true;
      await watching;
      return longest_ms;
    },
  };
}

async function killPostgres(cluster: RunningPostgres, home: string): Promise<RunningPostgres> {
  const pid = Number(fs.readFileSync(path.join(cluster.data_dir, "postmaster.pid"), "utf8").split("\n")[0]);
  process.kill(pid, "SIGKILL");
  return startPostgres(home);
}

async function untilServed(url: string, key: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const seen = await chat(url, key, `warm-${url}-${performance.now()}`, {
      model: FAKE_MODEL,
      messages: [{ role: "user", content: "warm" }],
      max_tokens: 16,
      stream: true,
    });
    if (seen !== null && seen !== "refused") return;
    await sleep(200);
  }
  throw new Error("the system never served");
}

/**
 * One chat as a client sees it: what it was told at the end; null when there was no end; "refused" for an error answer.
 */
async function chat(
  url: string,
  key: string,
  idempotency_key: string,
  body: object,
): Promise<Delivered | null | "refused"> {
  try {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      signal: AbortSignal.timeout(60_000),
      body: JSON.stringify(body),
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "idempotency-key": idempotency_key,
      },
    });
    const text = await response.text();
    if (response.status !== 200) return "refused";
    const streamed = response.headers.get("content-type") === "text/event-stream";
    if (!streamed) return { ...told(JSON.parse(text)), mode: "plain" };
    if (!text.endsWith("data: [DONE]\n\n")) return null;
    const finish = text
      .split("\n\n")
      .filter((frame) => frame.includes('"b3iq"'))
      .at(-1)!;
    return { ...told(JSON.parse(finish.slice(6))), mode: "stream" };
  } catch (error) {
    // A gateway that is not there was never asked.
    return (error as { cause?: { code?: string } }).cause?.code === "ECONNREFUSED" ? "refused" : null;
  }
}

function told({
  b3iq,
}: {
  b3iq: { job_id: string; charged_wei: string; receipt_hash?: string };
}): Omit<Delivered, "mode"> {
  return { job_id: b3iq.job_id, charged_wei: b3iq.charged_wei, receipt_hash: b3iq.receipt_hash ?? null };
}

/** The last kill's victim needs a moment until it serves again. */
async function untilServedAgain(urls: string[], key: string): Promise<void> {
  for (const url of urls) await untilServed(url, key);
}

async function untilNoneHeld(db: Database): Promise<number> {
  const started = performance.now();
  for (;;) {
    const { rows } = await db.pool
      .query<{ open: number }>("select count(*)::integer as open from holds where state = 'held'")
      .catch(() => ({ rows: [{ open: -1 }] }));
    const elapsed = performance.now() - started;
    if (rows[0]!.open === 0) return Math.round(elapsed);
    if (elapsed > ORPHANS_CLOSED_MS + 15_000) return Math.round(elapsed);
    await sleep(250);
  }
}

/** Sends a lost request again, as its error says, until it is answered or known to be charged. */
async function repeat(url: string, key: string, lost: Undelivered): Promise<{ status: number; text: string }> {
  for (const until = performance.now() + ORPHANS_CLOSED_MS; ;) {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify(lost.body),
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "idempotency-key": lost.key },
    });
    const text = await response.text();
    if (response.headers.get("x-should-retry") === "false" || response.ok || performance.now() > until)
      return { status: response.status, text };
    await sleep(1_000);
  }
}

async function checkBooks(
  db: Database,
  delivered: Delivered[],
  undelivered: Undelivered[],
  { url, key }: { url: (index: number) => string; key: string },
): Promise<string[]> {
  const problems: string[] = [];
  const open = await db.pool.query("select job_id, mode, gateway_id from holds where state = 'held'");
  if (open.rows.length > 0) problems.push(`${open.rows.length} holds stayed open`);
  const { rows } = await db.pool.query<{
    job_id: string;
    state: string;
    mode: string;
    charged_wei: string | null;
    entries: number;
    receipts: number;
  }>(`
    select h.job_id, h.state, h.mode, h.charged_wei::text,
      (select count(*)::integer from entries e where e.hold_id = h.hold_id and e.kind = 'debit') as entries,
      (select count(*)::integer from receipts r where r.hold_id = h.hold_id and r.status = 'settled') as receipts
    from holds h`);
  const holds = new Map(rows.map((row) => [row.job_id, row]));
  for (const { job_id, charged_wei, receipt_hash } of delivered) {
    const hold = holds.get(job_id);
    const right =
      hold?.state === "settled" &&
      hold.charged_wei === charged_wei &&
      hold.entries === 1 &&
      hold.receipts === 1 &&
      receipt_hash !== null;
    if (!right) problems.push(`delivered ${job_id} is not settled as it was told: ${JSON.stringify(hold)}`);
  }
  // A plain answer that was not delivered is charged only if the gateway died between commit and last byte; then its
  // key says so.
  let admitted_lost = 0;
  const left = undelivered.filter(({ body }) => (body as { stream: boolean }).stream === false).values();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      for (const lost of left) {
        const { status, text } = await repeat(url(lost.gateway), key, lost);
        if (status === 200 || (status === 409 && text.includes("idempotency_completed"))) admitted_lost += 1;
        else problems.push(`the repeat of a lost plain answer was answered ${status}: ${text.slice(0, 300)}`);
      }
    }),
  );
  const told_plain = new Set(delivered.filter(({ mode }) => mode === "plain").map(({ job_id }) => job_id));
  const after = await db.pool.query<{ job_id: string }>(
    "select job_id from holds where mode = 'plain' and state = 'settled' and close_reason <> 'not_delivered'",
  );
  const unexplained = after.rows.filter(({ job_id }) => !told_plain.has(job_id)).length - admitted_lost;
  if (unexplained > 0) problems.push(`${unexplained} plain answers were charged and neither delivered nor admitted`);
  // A stream whose gateway was killed costs at most what that had noted.
  const beyond = await db.pool.query<{ job_id: string }>(
    `select job_id from holds where state = 'settled' and mode = 'stream' and (observed is null or observed ->> 'reason' = 'gateway_gone'
       and (noted is null or completion_tokens > (noted ->> 'content_bytes')::bigint + (noted ->> 'events')::bigint))`,
  );
  for (const { job_id } of beyond.rows) problems.push(`the stream ${job_id} was charged beyond what was noted of it`);
  const { violations } = await verifyLedger(db);
  for (const { invariant, row } of violations) problems.push(`${invariant} broken at ${row}`);
  return problems;
}

if (import.meta.main) {
  const [kills = "20", seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
  console.log(`seed ${seed}`);
  const report = await killSystem(Number(kills), Number(seed));
  const { problems, by_target, ...figures } = report;
  for (const [name, value] of Object.entries(figures))
    console.log(`crash_${name} ${value} ${name.endsWith("_ms") ? "ms" : "count"}`);
  console.log(`crash_by_target ${JSON.stringify(by_target)}`);
  for (const problem of problems) console.log(`PROBLEM ${problem}`);
  process.exit(problems.length === 0 ? 0 : 1);
}
