import { once } from "node:events";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { watchControl } from "../../../../src/core/gateway/control.ts";
import type { NodeTunnel, TunnelAnswer, TunnelCall } from "../../../../src/core/gateway/nodes/types.ts";
import { createBenchmarks } from "../../../../src/core/gateway/routing/benchmark.ts";
import { createBenchmarkQueue, type Due } from "../../../../src/core/gateway/routing/benchmark_queue.ts";
import { log } from "../../../support/nodes/network.ts";
import { testDatabase, type TestDatabase } from "../../../support/database.ts";
import { HOUR, node, profile } from "../../../support/routing.ts";

const due = (node_id: string, known = false, model_profile_id = "p"): Due => ({ node_id, model_profile_id, known });

describe("whose turn it is", () => {
  let now = 0;
  const fresh = () => ((now = 0), createBenchmarkQueue(() => now));
  /** Begins and ends one of these, and says which. */
  const turn = (queue: ReturnType<typeof fresh>, of: Due[], ok = false) => {
    const one = queue.begin(of);
    if (one) queue.end(one, ok);
    return one?.node_id;
  };

  it("is that of a known profile, then of the node that was tried longest ago", () => {
    const queue = fresh();
    const all = [due("a"), due("b"), due("c", true)];
    expect([turn(queue, all), ((now += 1), turn(queue, all)), ((now += 1), turn(queue, all))]).toEqual(["c", "a", "b"]);
    now += 30_000;
    expect([turn(queue, all), turn(queue, all), turn(queue, all)]).toEqual(["c", "a", "b"]);
  });

  it("comes later and later for a profile that fails, and at once again when it did not", () => {
    const queue = fresh();
    const tries: number[] = [];
    for (; now < 3_600_000; now += 1_000) if (turn(queue, [due("a")])) tries.push(now / 1_000);
    expect(tries.slice(0, 8)).toEqual([0, 30, 90, 210, 450, 930, 1_530, 2_130]);
    now = tries.at(-1)! * 1_000 + 600_000;
    expect(turn(queue, [due("a")], true)).toBe("a");
    now += 30_000;
    expect(turn(queue, [due("a")])).toBe("a");
  });

  it("runs four at once, of one kind three, and one of a node", () => {
    const queue = fresh();
    const strangers = Array.from({ length: 9 }, (_, index) => due(`n${index}`));
    expect(queue.begin([due("n0"), due("n0", false, "q")])!.node_id).toBe("n0");
    expect(queue.begin([due("n0", false, "q")])).toBeUndefined();
    expect([queue.begin(strangers), queue.begin(strangers), queue.begin(strangers)].map((one) => one?.node_id)).toEqual(
      ["n1", "n2", undefined],
    );
    expect(queue.begin([...strangers, due("k", true)])!.node_id).toBe("k");
    expect(queue.begin([due("l", true)]), "four are under way").toBeUndefined();
    queue.end(due("n1"), false);
    expect(queue.begin([...strangers, due("l", true)])!.node_id).toBe("l");
  });

  it("comes to every node, whatever profiles the others invent and however they fail", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.boolean(), (liars, known) => {
        const queue = fresh();
        for (let round = 0; round <= liars; round += 1, now += 1_000) {
          const invented = Array.from({ length: liars }, (_, index) => due(`liar${index}`, known, `p${round}`));
          if (turn(queue, [...invented, due("honest", known)]) === "honest") return true;
        }
        return false;
      }),
    );
  });
});

describe("the benchmarks of a gateway", () => {
  let db: TestDatabase;
  beforeAll(async () => void (db = await testDatabase()));
  afterAll(() => db.drop());

  const TOKENS = ["one", " two", " three"].map(
    (content) => `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason: null }] })}\n\n`,
  );
  const USAGE = `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 3 } })}\n\n`;
  const answering = (body: Readable): TunnelAnswer => ({
    status: 200,
    headers: {},
    body,
    trailers: Promise.resolve({}),
    cancel: () => void body.destroy(),
  });
  const honest = async () => answering(Readable.from([...TOKENS, USAGE].map((text) => Buffer.from(text))));
  /** Takes the call up, and never says a word. */
  const silent = async ({ signal }: TunnelCall) => {
    await once(signal!, "abort");
    throw signal!.reason;
  };
  const open = async ({ signal }: TunnelCall) => {
    const body = new Readable({ read() {} });
    signal!.addEventListener("abort", () => body.destroy(signal!.reason as Error), { once: true });
    return answering(body);
  };
  async function* words(signal: AbortSignal) {
    for (; !signal.aborted; await sleep(0)) yield Buffer.from(TOKENS[0]!);
  }
  const endless = async ({ signal }: TunnelCall) => answering(Readable.from(words(signal!)));

  it("measure an honest node behind any number that stay silent, send nothing or send without end", async () => {
    const control = await watchControl(
      db,
      {
        protocol_version_min: 1,
        stake_min_wei: 0n,
        stake_age_max_ms: HOUR,
        benchmark_age_max_ms: HOUR,
        context_length_max: 131_072,
      },
      log,
    );
    const asked = new Map<string, number>();
    const behaviours = [silent, open, endless];
    const nodes = [
      ...Array.from({ length: 9 }, (_, index) => node({ node_id: `node_bad${index}` })),
      node({ node_id: "node_honest", profiles: [profile({ context_length: 10_000_000 })] }),
    ];
    let bound: number | undefined;
    const tunnel = (node_id: string) =>
      ({
        call: async (call: TunnelCall) => {
          asked.set(node_id, (asked.get(node_id) ?? 0) + 1);
          if (node_id !== "node_honest") return behaviours[Number(node_id.slice(-1)) % 3]!(call);
          bound = call.dispatch!.prompt_bound;
          return honest();
        },
      }) as unknown as NodeTunnel;
    const limits = { first_token_ms: 300, whole_ms: 60_000, bytes: 8 * 1024 };
    const benchmarks = createBenchmarks({
      db,
      nodes: () => nodes,
      tunnel,
      control,
      gateway_id: "gw",
      log,
      limits,
      scan_ms: 20,
    });
    try {
      const measured = () => [...control.current().benchmarks.keys()];
      await vi.waitFor(() => expect(measured()).toEqual(["node_honest m@llama_cpp"]), { timeout: 5_000 });
      expect([...asked.values()], "each once: those that failed rest").toEqual(Array.from({ length: 10 }, () => 1));
      expect(bound).toBe(131_072);
    } finally {
      await benchmarks.stop();
      await control.stop();
    }
  });
});
