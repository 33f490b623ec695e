/**
 * Three gateways behind nginx, twenty agents on fake runtimes, clients with load; `kill -9` of gateways, agents and
 * runtimes at random moments, each started again. Then what clients saw is held against the ledger. `node
 * test/slow/network/kills.ts KILLS [SEED]` prints the figures (docs/design/nodes.md).
 */
import type { Database } from "../../../src/store/postgres/database.ts";
import { verifyLedger } from "../../../src/core/gateway/billing/verify.ts";
import { seededRandom } from "../../../src/core/gateway/routing/rank.ts";
import { FAKE_MODEL } from "../../support/fake_runtime.ts";
import type { Passed } from "../../support/nginx.ts";
import { eventually } from "../../support/system.ts";
import {
  type AgentMember,
  type Bed,
  type GatewayMember,
  type Member,
  pause,
  startBed,
} from "../../support/network/bed.ts";
import { countBy, type Load, repeated, type Seen, startLoad } from "../../support/network/load.ts";

export type NetworkSize = { gateways: number; agents: number; clients: number };
export const FULL: NetworkSize = { gateways: 3, agents: 20, clients: 24 };
/** Two agents and two runtimes of the rest may be down at once, and one gateway: two eligible nodes are always left. */
const MOST_DOWN = 2;
const STRANDED_AFTER_MS = 30_000;

type Kill = { at: number; target: "gateway" | "agent" | "runtime"; port: number | null };

export type NetworkReport = {
  kills: number;
  by_target: Record<string, number>;
  requests: Record<string, number>;
  /** Of requests without a first byte at a kill, whose own gateway lived: by what they ended in. */
  affected: Record<string, number>;
  /** Of those, not in the ratio: broken by another kill after their first byte. */
  broken_by_a_later_kill: number;
  /** Of those, not in the ratio: the first byte had left its node at the kill, and was on its way. */
  first_byte_on_its_way: number;
  /** Of those that no other kill explains: ms from the kill to first byte and end. */
  not_ok: {
    code: string;
    target: string;
    first_byte_ms: number | null;
    ended_ms: number;
    message: string | undefined;
  }[];
  /**
   * The same of those whose gateway was the one killed: nginx sends them to the next one under their key, where they
   * wait until the hold is taken over. What is not ok then is a stream whose node had begun, and signed for its part.
   */
  of_killed_gateway: Record<string, number>;
  /** What clients got that repeated the lost ones under their keys until there was an answer. */
  repeated: Record<string, number>;
  affected_ok_ratio: number;
  hold_longest_ms: number;
  orphan_longest_ms: number;
  dropped_tunnel_out_ms: number;
  silent_out_ms: number | null;
  problems: string[];
};

/**
 * Kills `kills` times and checks; `problems` is empty when every promise held. `silent`: measures also a node that
 * stops without a word (40 s).
 */
export async function killNetwork(
  kills: number,
  seed: number,
  size: NetworkSize = FULL,
  silent = true,
): Promise<NetworkReport> {
  const random = seededRandom(seed);
  const behaviour = {
    tokens: Array.from({ length: 12 }, (_, i) => ` t${i}`),
    delay_ms: 15,
    first_delay_ms: 100,
    prompt_tokens: 9,
  };
  const bed = await startBed({
    gateways: size.gateways,
    agents: size.agents,
    behaviour,
    agent_env: { B3IQ_RUNTIME_SLOTS: "8" },
  });
  try {
    const { key } = await bed.customer();
    const load = startLoad(bed.front.url, key, size.clients);
    const watch = watchHolds(bed);
    const made = await killAtRandom(bed, kills, random);
    await pause(2_000);
    await load.stop();
    await eventually(async () => (await openHolds(bed.db)) === 0, STRANDED_AFTER_MS + 15_000).catch(() => {});
    const { hold_longest_ms, orphan_longest_ms } = watch.stop();
    await bed.untilEligible(size.agents);
    const judged = judge(load.seen, made, bed.front.passed(), firstTokens(bed));
    if (Object.keys(countBy(load.seen, ({ code }) => code)).some((code) => code.startsWith("proxy_")))
      console.error(bed.front.errors().slice(-40).join("\n"));
    const lost = load.seen.filter(({ code }) => code !== "ok");
    const again = await Promise.all(lost.map((one) => repeated(bed.front.url, key, one)));
    const problems = await checkBooks(bed.db, load, again);
    const open = await openHolds(bed.db);
    if (open > 0) problems.push(`${open} holds stayed open`);
    const dropped_tunnel_out_ms = await outOfRouting(bed, bed.agents[0]!, (agent) => agent.kill());
    await bed.agents[0]!.start();
    // SIGSTOP: no FIN, no heartbeat, no pong; the tunnel seems open until a ping is missed.
    const silent_out_ms = silent
      ? await outOfRouting(bed, bed.agents[1]!, (agent) => void agent.program.child.kill("SIGSTOP"))
      : null;
    if (silent) bed.agents[1]!.program.child.kill("SIGCONT");
    if (dropped_tunnel_out_ms > 1_000)
      problems.push(`a node whose tunnel dropped was routed to for ${dropped_tunnel_out_ms} ms`);
    if (silent_out_ms !== null && silent_out_ms > 41_000)
      problems.push(`a silent node was routed to for ${silent_out_ms} ms`);
    if (hold_longest_ms > STRANDED_AFTER_MS + 5_000) problems.push(`a hold was open for ${hold_longest_ms} ms`);
    if (orphan_longest_ms > STRANDED_AFTER_MS)
      problems.push(`a hold was open for ${orphan_longest_ms} ms after its gateway was killed`);
    if (judged.affected_ok_ratio < 0.999)
      problems.push(
        `of the requests without a first byte at a kill, ${judged.affected_ok_ratio} ended in 200: ${JSON.stringify(judged.not_ok)}`,
      );
    const turnedAway = judged.of_killed_gateway["idempotency_in_flight"] ?? 0;
    if (turnedAway > 0) problems.push(`${turnedAway} requests of a killed gateway did not wait for its holds`);
    const unanswered = again.filter(({ code }) => code !== "ok" && code !== "idempotency_completed");
    if (unanswered.length > 0)
      problems.push(
        `${unanswered.length} repeats were not answered: ${JSON.stringify(countBy(unanswered, ({ code }) => code))}`,
      );
    return {
      kills: made.length,
      by_target: countBy(made, ({ target }) => target),
      requests: countBy(load.seen, ({ code }) => code),
      ...judged,
      repeated: countBy(again, ({ code }) => code),
      hold_longest_ms,
      orphan_longest_ms,
      dropped_tunnel_out_ms,
      silent_out_ms,
      problems,
    };
  } finally {
    await bed.stop();
  }
}

/** Gateways a fifth of the time; each victim is started again up to two seconds later. */
async function killAtRandom(bed: Bed, kills: number, random: () => number): Promise<Kill[]> {
  const made: Kill[] = [];
  const comingBack = new Set<Promise<void>>();
  const groups: { target: Kill["target"]; part: number; members: Member[]; most_down: number }[] = [
    { target: "gateway", part: 0.2, members: bed.gateways, most_down: 1 },
    { target: "agent", part: 0.4, members: bed.agents, most_down: MOST_DOWN },
    { target: "runtime", part: 0.4, members: bed.agents.map(({ runtime }) => runtime), most_down: MOST_DOWN },
  ];
  while (made.length < kills) {
    await pause(200 + random() * 1_300);
    let drawn = random();
    const group = groups.find(({ part }) => (drawn -= part) < 0) ?? groups[2]!;
    const victim = group.members[Math.floor(random() * group.members.length)]!;
    if (victim.down || group.members.filter(({ down }) => down).length >= group.most_down) continue;
    made.push({ at: performance.now(), target: group.target, port: (victim as Partial<GatewayMember>).port ?? null });
    const back = victim
      .kill()
      .then(() => pause(random() * 2_000))
      .then(() => victim.start())
      .finally(() => comingBack.delete(back));
    comingBack.add(back);
  }
  await Promise.all(comingBack);
  return made;
}

/** Which requests had no first byte at a kill, and what became of them. */
function judge(
  seen: Seen[],
  kills: Kill[],
  passed: Passed[],
  firsts: Map<string, number>,
): Pick<
  NetworkReport,
  "affected" | "broken_by_a_later_kill" | "first_byte_on_its_way" | "not_ok" | "of_killed_gateway" | "affected_ok_ratio"
> {
  const ways = new Map(passed.map((one) => [one.idempotency_key, one]));
  const atRisk = (one: Seen) => kills.filter(({ at }) => one.started < at && at < (one.first_byte ?? one.ended));
  const hit = seen.filter((one) => atRisk(one).length > 0);
  const own = hit.filter((one) =>
    atRisk(one).some(({ port }) => port !== null && ways.get(one.key)?.ports.includes(port)),
  );
  const others = hit.filter((one) => !own.includes(one));
  const metAnother = (one: Seen) =>
    one.first_byte !== null && kills.some(({ at }) => one.first_byte! <= at && at <= one.ended);
  const notOk = others.filter(({ code }) => code !== "ok");
  const hadLeft = (one: Seen) => (firsts.get(one.key) ?? Infinity) < atRisk(one).at(-1)!.at;
  const onItsWay = notOk.filter((one) => !metAnother(one) && hadLeft(one));
  const unexplained = notOk.filter((one) => !metAnother(one) && !hadLeft(one));
  const counted = others.length - notOk.length + unexplained.length;
  return {
    affected: countBy(others, ({ code }) => code),
    broken_by_a_later_kill: notOk.filter(metAnother).length,
    first_byte_on_its_way: onItsWay.length,
    not_ok: unexplained.map((one) => {
      const { at, target } = atRisk(one).at(-1)!;
      return {
        code: one.code,
        target,
        first_byte_ms: one.first_byte === null ? null : Math.round(one.first_byte - at),
        ended_ms: Math.round(one.ended - at),
        message: one.message?.replace(/\s+/g, " ").slice(0, 200),
      };
    }),
    of_killed_gateway: countBy(own, ({ code }) => code),
    affected_ok_ratio: counted === 0 ? 1 : (counted - unexplained.length) / counted,
  };
}

/** When the first token of each streamed chat left its runtime, by Idempotency-Key, in this process's time. */
function firstTokens(bed: Bed): Map<string, number> {
  const said = bed.agents.map(({ runtime }) => runtime.output()).join("\n");
  return new Map(
    [...said.matchAll(/^first (\S+) ([\d.]+)$/gm)].map(([, key, at]) => [key!, Number(at) - performance.timeOrigin]),
  );
}

/** How long holds stay open: each since its admission, and each since its gateway was killed. */
function watchHolds(bed: Bed): { stop(): { hold_longest_ms: number; orphan_longest_ms: number } } {
  const longest = { hold_longest_ms: 0, orphan_longest_ms: 0 };
  const died = new Map<string, number>();
  const known = new Set<string>();
  let busy = false;
  const timer = setInterval(() => {
    for (const { gateway_id, down } of bed.gateways)
      known.add(gateway_id) && down && !died.has(gateway_id) && died.set(gateway_id, performance.now());
    if (busy) return;
    busy = true;
    bed.db.pool
      .query<{ gateway_id: string; age_ms: number }>(
        "select gateway_id, extract(epoch from clock_timestamp() - created_at) * 1000 as age_ms from holds where state = 'held'",
      )
      .then(
        ({ rows }) => {
          for (const { gateway_id, age_ms } of rows) {
            longest.hold_longest_ms = Math.max(longest.hold_longest_ms, Math.round(Number(age_ms)));
            const at = died.get(gateway_id);
            if (at !== undefined)
              longest.orphan_longest_ms = Math.max(longest.orphan_longest_ms, Math.round(performance.now() - at));
          }
        },
        () => {},
      )
      .finally(() => {
        busy = false;
      });
  }, 200);
  return {
    stop() {
      clearInterval(timer);
      return longest;
    },
  };
}

async function openHolds(db: Database): Promise<number> {
  return (await db.pool.query<{ open: number }>("select count(*)::integer as open from holds where state = 'held'"))
    .rows[0]!.open;
}

/** The longest that any gateway goes on to hold a node eligible after `kill`, in ms. */
async function outOfRouting(bed: Bed, agent: AgentMember, kill: (agent: AgentMember) => unknown): Promise<number> {
  await bed.untilEligible(bed.agents.length);
  const { node_id } = agent;
  const started = performance.now();
  await kill(agent);
  const until = await Promise.all(
    bed.gateways.map((gateway) =>
      eventually(async () => !(await bed.eligible(gateway)).includes(node_id) && performance.now(), 60_000),
    ),
  );
  return Math.round(Math.max(...until) - started);
}

/**
 * Every answer that a client saw end is settled as it was told, once; plain ones that none saw are not charged, unless
 * their key says so.
 */
export async function checkBooks(db: Database, { seen }: Load, again: Seen[]): Promise<string[]> {
  const problems: string[] = [];
  const { rows } = await db.pool.query<{
    job_id: string;
    state: string;
    mode: string;
    charged_wei: string | null;
    debits: number;
    receipts: number;
  }>(
    `
    select h.job_id, case h.close_reason when 'not_delivered' then 'free' else h.state end as state, h.mode, h.charged_wei::text,
      (select count(*)::integer from entries e where e.hold_id = h.hold_id and e.kind = 'debit') as debits,
      (select count(*)::integer from receipts r where r.hold_id = h.hold_id and r.status = 'settled') as receipts
    from holds h where h.model_id = $1`,
    [FAKE_MODEL],
  );
  const holds = new Map(rows.map((row) => [row.job_id, row]));
  const told = [...seen, ...again].flatMap((one) => one.told ?? []);
  for (const { job_id, charged_wei, receipt_hash } of told) {
    const hold = holds.get(job_id);
    const right =
      hold?.state === "settled" &&
      hold.charged_wei === charged_wei &&
      hold.debits === 1 &&
      hold.receipts === 1 &&
      receipt_hash !== null;
    if (!right)
      problems.push(
        `an answer that ended is not settled as it was told: ${JSON.stringify({ hold, charged_wei, receipt_hash })}`,
      );
  }
  const ended = new Set(told.map(({ job_id }) => job_id));
  const admitted = again.filter(({ code }) => code === "idempotency_completed").length;
  const unexplained = rows.filter(
    ({ job_id, mode, state }) => mode === "plain" && state === "settled" && !ended.has(job_id),
  ).length;
  if (unexplained > admitted)
    problems.push(`${unexplained} plain answers were charged that no client saw, and only ${admitted} keys say so`);
  const { violations } = await verifyLedger(db);
  for (const { invariant, row } of violations) problems.push(`${invariant} broken at ${row}`);
  return problems;
}

if (import.meta.main) {
  const [kills = "100", seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
  console.log(`seed ${seed}`);
  const { problems, ...figures } = await killNetwork(Number(kills), Number(seed));
  for (const [name, value] of Object.entries(figures)) {
    if (value !== null && typeof value === "object") console.log(`network_${name} ${JSON.stringify(value)}`);
    else
      console.log(
        `network_${name} ${value} ${name.endsWith("_ms") ? "ms" : name.endsWith("ratio") ? "ratio" : "count"}`,
      );
  }
  for (const problem of problems) console.log(`PROBLEM ${problem}`);
  process.exit(problems.length === 0 ? 0 : 1);
}
