/**
 * Idempotency-Keys, each sent five times at once over two gateways, while clients leave and gateways and agents are
 * killed with
 * `kill -9`. At the end each key is charged once, and whatever was told of it on the way was the truth.
 * `node test/slow/crash/repeated_keys.ts KEYS` prints the figures.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Agent } from "undici";
import { verifyLedger } from "../../../src/core/gateway/billing/verify.ts";
import { seededRandom } from "../../../src/core/gateway/routing/rank.ts";
import { startBed } from "../../support/network/bed.ts";
import type { Bed } from "../../support/network/bed.ts";
import { countBy } from "../../support/network/load.ts";
import { FAKE_MODEL } from "../../support/fake_runtime.ts";

const SENDS = 5;
const AT_ONCE = 8;
const LEAVE_SHARE = 0.1;
const LONGEST_MS = 120_000;
const PATIENCE_MS = 90_000;

/** What a send was told: `receipt_hash` and `charged_wei` where it says that the key was charged. */
type Told = { code: string; receipt_hash: string | null; charged_wei: string | null };
type Charge = { receipt_hash: string; charged_wei: string };

export type KeysReport = {
  keys: number;
  sends: number;
  kills: number;
  told: Record<string, number>;
  charged: number;
  problems: string[];
};

/** Sends `count` keys and checks; `problems` is empty when each was charged once and nothing untrue was told. */
export async function repeatKeys(count: number, seed: number): Promise<KeysReport> {
  const random = seededRandom(seed);
  const bed = await startBed({ gateways: 2, agents: 3, behaviour: { tokens: [" a", " b", " c"], delay_ms: 2 } });
  const dispatcher = new Agent({ connections: AT_ONCE * SENDS });
  try {
    const { key, customer_id } = await bed.customer();
    const keys = Array.from({ length: count }, (_, index) => `repeat-${seed}-${index}`);
    const told = new Map<string, Told[]>(keys.map((name) => [name, []]));
    const send = (name: string, index: number, sent: number, leave?: AbortSignal) =>
      chat(dispatcher, bed.gateways[(index + sent) % 2]!.url, key, { name, stream: index % 2 === 0, leave });
    const killing = killUntil(bed, random);
    await workThrough(keys, async (name, index) => {
      const answers = Array.from({ length: SENDS }, (_, sent) =>
        send(
          name,
          index,
          sent,
          random() < LEAVE_SHARE ? AbortSignal.timeout(1 + Math.floor(random() * 60)) : undefined,
        ),
      );
      told.get(name)!.push(...(await Promise.all(answers)));
    });
    const kills = await killing.stop();
    await bed.untilEligible(3);
    // Now nothing is killed: the last send of each key is answered, or hears what an earlier one cost.
    const last = new Map<string, Told>();
    await workThrough(keys, async (name, index) => void last.set(name, await untilKnown(() => send(name, index, 0))));
    const report = { keys: count, sends: count * (SENDS + 1), kills, charged: 0, problems: [] as string[] };
    const all = [...told.values()].flat();
    const charges = await chargesOf(bed, customer_id);
    report.charged = charges.size;
    for (const name of keys) report.problems.push(...problemsOf(name, [...told.get(name)!, last.get(name)!], charges));
    if (charges.size !== count) report.problems.push(`${count} keys, ${charges.size} charges`);
    const { violations } = await verifyLedger(bed.db);
    report.problems.push(...violations.map(({ invariant, row }) => `${invariant} broken at ${row}`));
    return { ...report, told: countBy(all, ({ code }) => code) };
  } finally {
    await dispatcher.destroy();
    await bed.stop();
  }
}

/** Every word of a charge names the same one, and it is in the books as it was told. */
function problemsOf(name: string, told: Told[], charges: Map<string, Charge>): string[] {
  const said = told.filter(({ receipt_hash }) => receipt_hash !== null);
  const hashes = new Set(said.map(({ receipt_hash }) => receipt_hash!));
  if (hashes.size !== 1) return [`${name} was told of ${hashes.size} charges: ${JSON.stringify(told)}`];
  const charge = charges.get([...hashes][0]!);
  return said
    .filter(({ charged_wei }) => charge === undefined || charged_wei !== charge.charged_wei)
    .map((word) => `${name} was told ${JSON.stringify(word)}, the books have ${JSON.stringify(charge)}`);
}

async function chargesOf(bed: Bed, customer_id: string): Promise<Map<string, Charge>> {
  const { rows } = await bed.db.pool.query<Charge>(
    `select encode(h.receipt_hash, 'hex') as receipt_hash, h.charged_wei::text from holds h
     join accounts a using (account_id) where a.owner_id = $1 and h.state = 'settled'`,
    [customer_id],
  );
  return new Map(rows.map((row) => [row.receipt_hash, row]));
}

function killUntil(bed: Bed, random: () => number): { stop(): Promise<number> } {
  let stopped = false;
  let kills = 0;
  const victims = [...bed.gateways, ...bed.agents];
  const run = (async () => {
    while (!stopped) {
      await sleep(500 + random() * 3_000);
      const victim = victims[Math.floor(random() * victims.length)]!;
      await victim.kill();
      kills += 1;
      await victim.start();
    }
  })();
  return {
    async stop() {
      stopped = true;
      await run;
      return kills;
    },
  };
}

async function workThrough(keys: string[], work: (key: string, index: number) => Promise<void>): Promise<void> {
  const left = keys.entries();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [index, name] of left) await work(name, index);
    }),
  );
}

async function untilKnown(send: () => Promise<Told>): Promise<Told> {
  for (const until = performance.now() + PATIENCE_MS; ;) {
    const told = await send();
    if (told.receipt_hash !== null || performance.now() > until) return told;
    await sleep(500);
  }
}

type Sent = { name: string; stream: boolean; leave?: AbortSignal | undefined };

/** One chat; a client that leaves or loses its gateway is told nothing. */
async function chat(dispatcher: Agent, url: string, key: string, { name, stream, leave }: Sent): Promise<Told> {
  const signals = [AbortSignal.timeout(LONGEST_MS), ...(leave === undefined ? [] : [leave])];
  try {
    const answer = await dispatcher.request({
      origin: url,
      path: "/v1/chat/completions",
      method: "POST",
      signal: AbortSignal.any(signals),
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "idempotency-key": name },
      body: JSON.stringify({ model: FAKE_MODEL, messages: [{ role: "user", content: name }], max_tokens: 8, stream }),
    });
    return toldBy(await answer.body.text());
  } catch {
    return { code: leave?.aborted === true ? "left" : "cut", receipt_hash: null, charged_wei: null };
  }
}

/** Of a stream, the frame that names the charge, or its last one. */
function toldBy(text: string): Told {
  const frames = text.split("\n\n").filter((frame) => frame.startsWith("data: {"));
  const told = frames.find((frame) => frame.includes('"b3iq"')) ?? frames.at(-1);
  const { b3iq, error } = JSON.parse(told?.slice(6) ?? text) as {
    b3iq?: Partial<Charge>;
    error?: { code: string; b3iq?: Partial<Charge> };
  };
  const { receipt_hash = null, charged_wei = null } = b3iq ?? error?.b3iq ?? {};
  return { code: error?.code ?? "answered", receipt_hash, charged_wei };
}

if (import.meta.main) {
  const [count = "200", seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
  console.log(`seed ${seed}`);
  const { problems, told, ...figures } = await repeatKeys(Number(count), Number(seed));
  for (const [name, value] of Object.entries(figures)) console.log(`repeated_keys_${name} ${value} count`);
  console.log(`repeated_keys_told ${JSON.stringify(told)}`);
  for (const problem of problems) console.log(`PROBLEM ${problem}`);
  process.exit(problems.length === 0 ? 0 : 1);
}
