/**
 * How long a frame takes from the runtime's write to the client, through gateway, tunnel and agent, against the agent
 * called directly.
 */
import { benchSystem, chatRequest, percentile, say, streamDelays, type Target } from "./system_load.ts";

const STREAMS = 64;
const FRAMES = 100;
const INTERVAL_MS = 50;
const ROUNDS = 3;
/** Some 100,000 tokens. */
const LARGE_PROMPT = "word ".repeat(100_000);

/** All frames of so many streams at once. */
async function together(target: Target, streams: number): Promise<number[]> {
  return (await Promise.all(Array.from({ length: streams }, () => streamDelays(target, FRAMES, INTERVAL_MS)))).flat();
}

/** Frames of one small stream while large prompts pass, one after the other. */
async function besideLargePrompt(target: Target): Promise<number[]> {
  let done = false;
  const small = streamDelays(target, FRAMES, INTERVAL_MS / 2).finally(() => {
    done = true;
  });
  while (!done) {
    const { statusCode, body } = await target.pool.request(
      chatRequest(target, { messages: [{ role: "user", content: LARGE_PROMPT }], max_tokens: 8 }),
    );
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${target.name} answered ${statusCode} to the large prompt: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return small;
}

const bench = await benchSystem();
try {
  const { runtime, agent, gateway } = bench;
  for (const [what, measure] of [
    [`streams_${STREAMS}`, (target: Target) => together(target, STREAMS)],
    ["streams_beside_100k_prompt", besideLargePrompt],
  ] as const) {
    const delays = new Map<Target, number[]>([
      [runtime, []],
      [agent, []],
      [gateway, []],
    ]);
    for (const target of delays.keys()) await measure(target);
    for (let round = 0; round < ROUNDS; round++)
      for (const [target, list] of delays) list.push(...(await measure(target)));
    for (const [target, list] of delays) {
      say(`${what}_${target.name}_delay_p50`, percentile(list, 0.5), "ms");
      say(`${what}_${target.name}_delay_p99`, percentile(list, 0.99), "ms");
    }
    say(`${what}_added_p99`, percentile(delays.get(gateway)!, 0.99) - percentile(delays.get(agent)!, 0.99), "ms");
    say(
      `${what}_gateway_to_agent_p99`,
      percentile(delays.get(gateway)!, 0.99) / percentile(delays.get(agent)!, 0.99),
      "ratio",
    );
  }
} finally {
  await bench.stop();
}
