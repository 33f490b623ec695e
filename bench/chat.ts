/**
 * What gateway, tunnel and agent add to a chat, against the runtime called directly and a bare reverse proxy, in one
 * run.
 */
import { benchSystem, chatOnce, cpuMs, percentile, say, type Target } from "./system_load.ts";

const ROUNDS = 1_000;
const SECONDS = 5;
const CONNECTIONS = [1, 16, 64];

/** Chats a second over so many connections. */
async function throughput(target: Target, connections: number, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  let count = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < until) {
        await chatOnce(target);
        count += 1;
      }
    }),
  );
  return count / ((performance.now() - started) / 1_000);
}

const bench = await benchSystem();
try {
  const { runtime, proxy, agent, gateway } = bench;
  const targets = [runtime, proxy, agent, gateway];
  const times = new Map<Target, number[]>(targets.map((target) => [target, []]));
  for (const target of targets) await throughput(target, 16, 2);
  for (let round = 0; round < ROUNDS; round++)
    for (const target of targets) times.get(target)!.push(await chatOnce(target));
  for (const target of targets)
    for (const [name, part] of [
      ["p50", 0.5],
      ["p99", 0.99],
    ] as const)
      say(`chat_${target.name}_${name}`, percentile(times.get(target)!, part), "ms");
  for (const [name, part] of [
    ["p50", 0.5],
    ["p99", 0.99],
  ] as const) {
    const over = (target: Target) => percentile(times.get(target)!, part) - percentile(times.get(runtime)!, part);
    say(`chat_added_${name}`, over(gateway), "ms");
    say(`chat_proxy_added_${name}`, over(proxy), "ms");
  }
  const programs = process.platform === "linux" ? [proxy, agent, gateway] : [];
  const used = new Map(programs.map((program) => [program, cpuMs(program)]));
  let forwarded = 0;
  let chats = 0;
  for (const connections of CONNECTIONS) {
    const [peer, ours] = [
      await throughput(proxy, connections, SECONDS),
      await throughput(gateway, connections, SECONDS),
    ];
    say(`chat_proxy_requests_${connections}`, peer, "requests/s");
    say(`chat_gateway_requests_${connections}`, ours, "requests/s");
    say(`chat_gateway_to_proxy_${connections}`, ours / peer, "ratio");
    forwarded += peer * SECONDS;
    chats += ours * SECONDS;
  }
  for (const program of programs)
    say(
      `chat_${program.name}_cpu`,
      (cpuMs(program) - used.get(program)!) / (program === proxy ? forwarded : chats),
      "ms/request",
    );
} finally {
  await bench.stop();
}
