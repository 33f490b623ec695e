/** The commands of a gateway (docs/design/nodes.md, Commands). There is no command that runs anything else. */
import type { Inventory, components } from "../../../../generated/hosted.ts";
import type { Agent } from "../agent.ts";
import { CommandFailure, type CommandHandlers } from "./command_loop.ts";

export type CommandDeps = {
  agent: Agent;
  agent_version: string;
  inventory: () => Promise<Inventory>;
  tunnel: () => { connected: boolean; tunnel_epoch: number | null };
};

const SMOKE_PROMPT = "Count from one to twenty in words.";
const SECTION_BYTES = 50_000;

/**
 * The handlers by kind; each stands repetition. There is none for `model_install`, since this agent has no catalogue to
 * install from.
 */
export function createCommandHandlers({ agent, agent_version, inventory, tunnel }: CommandDeps): CommandHandlers {
  return {
    tunnel_check: async () => tunnel(),
    async runtime_probe(args) {
      await agent.profiles.refresh();
      const asked = args.model_profile_id;
      const profiles = agent.profiles
        .list()
        .filter((profile) => asked === undefined || profile.model_profile_id === asked);
      if (profiles.length === 0) throw new CommandFailure("profile_unknown", "This agent has no such profile.");
      const { ready, reason } = agent.profiles;
      return {
        profiles: profiles.map(({ model_profile_id }) => ({
          model_profile_id,
          runtime_ready: ready,
          ...(reason === null ? {} : { message: reason }),
        })),
      };
    },
    benchmark_smoke: (args, signal) => benchmark(agent, args, signal),
    async support_bundle(args) {
      const texts: Record<string, () => unknown> = {
        versions: () => ({
          agent: agent_version,
          node: process.version,
          platform: `${process.platform}-${process.arch}`,
        }),
        inventory,
        profiles: () => agent.profiles.forHeartbeat(),
        queue: () => ({
          ...agent.slots.state,
          jobs: agent.jobs.count,
          receipts_waiting: agent.receipts.waiting().count,
        }),
        log: () => ({
          counters: agent.counters,
          note: "The agent keeps no log of its own; its lines go to its service manager.",
        }),
      };
      const names = args.sections.filter((name) => Object.hasOwn(texts, name));
      const sections = await Promise.all(
        names.map(async (name) => ({ name, text: JSON.stringify(await texts[name]!()).slice(0, SECTION_BYTES) })),
      );
      return { sections };
    },
  };
}

/** Measures one streamed answer to a built-in prompt. It takes a slot as every request does, and makes no receipt. */
async function benchmark(
  agent: Agent,
  { model_profile_id: id, max_tokens }: components["schemas"]["payload_benchmark_smoke"],
  signal: AbortSignal,
): Promise<components["schemas"]["result_benchmark_smoke"]> {
  const profile = agent.profiles.list().find((candidate) => candidate.model_profile_id === id);
  if (profile === undefined) throw new CommandFailure("profile_unknown", "This agent has no such profile.");
  const release = await agent.slots.acquire("local", signal).catch(() => {
    throw new CommandFailure("runtime_busy", "The model runtime is busy.");
  });
  const started = performance.now();
  let first: number | null = null;
  let usage = { prompt_tokens: 0, completion_tokens: 0 };
  try {
    const request = {
      model: profile.id,
      stream: true,
      messages: [{ role: "user" as const, content: SMOKE_PROMPT }],
      max_tokens,
      max_completion_tokens: max_tokens,
    };
    for await (const event of agent.runtime.chat(request, { signal })) {
      if (event.type !== "frame") continue;
      if (event.chunk.choices[0]?.delta.content) first ??= performance.now();
      usage = event.chunk.usage ?? usage;
    }
  } catch {
    throw new CommandFailure("runtime_failed", "The model runtime failed while it was measured.");
  } finally {
    release();
  }
  const ended = performance.now();
  return {
    model_profile_id: id,
    prompt_tokens: usage.prompt_tokens,
    completion_tokens: usage.completion_tokens,
    ttft_ms: Math.round((first ?? ended) - started),
    duration_ms: Math.round(ended - started),
  };
}
