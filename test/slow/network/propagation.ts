/**
 * Changes made through one gateway, seen by real calls to the others, each of which had the old state cached 50 ms
 * before: a pause, a revocation, a price, a policy. `node test/slow/network/propagation.ts TRIALS` (of each kind) prints the
 * figures.
 */
import { OPEN_POLICY } from "../../../src/core/gateway/billing/policy.ts";
import { NO_PRICE_BOUNDS } from "../../../src/core/gateway/prices/effective.ts";
import type { Client } from "../../support/client.ts";
import { testClient } from "../../support/client.ts";
import { FAKE_MODEL } from "../../support/fake_runtime.ts";
import { type Bed, type GatewayMember, must, pause, startBed } from "../../support/network/bed.ts";

export const WITHIN_MS = 1_000;
const CACHED_BEFORE_MS = 50;
const GIVE_UP_MS = 10_000;

type Kind = "pause" | "revocation" | "price" | "policy";
/**
 * ms from the sending of the change until a call to another gateway met it first; and whether one a second later met it
 * too.
 */
export type Trial = { kind: Kind; in_force_ms: number; still: boolean };

type Answer = { status: number; code: string | undefined; charged_wei: string | undefined };
/** One change of a kind: whom to call, what to do, how an answer shows that it is in force; and how to take it back. */
type Change = {
  key: string;
  make(): Promise<unknown>;
  isOld(answer: Answer): boolean;
  isNew(answer: Answer): boolean;
  undo(): Promise<unknown>;
};
type Changes = { next(trial: number, admin: Client): Promise<Change> };

/** Trials of every kind, the kinds side by side; each through another gateway than the one before. */
export async function propagate(trials: number): Promise<{ trials: Trial[]; problems: string[] }> {
  const bed = await startBed({ gateways: 3, agents: 2, behaviour: { tokens: ["one"], prompt_tokens: 10 } });
  try {
    const kinds: [Kind, Changes][] = [
      ["pause", await pauses(bed)],
      ["revocation", await revocations(bed)],
      ["price", await prices(bed)],
      ["policy", await policies(bed)],
    ];
    const done: Trial[] = [];
    const problems: string[] = [];
    await Promise.all(
      kinds.map(async ([kind, changes]) => {
        for (let trial = 0; trial < trials; trial += 1) {
          const through = bed.gateways[trial % bed.gateways.length]!;
          const others = bed.gateways.filter((gateway) => gateway !== through);
          const change = await changes.next(trial, bed.admin(through));
          done.push(...(await tryOnce(kind, change, others)));
          await change.undo();
          await until(bed.gateways, change);
        }
      }),
    );
    for (const { kind, in_force_ms, still } of done) {
      if (in_force_ms > WITHIN_MS) problems.push(`a ${kind} was in force after ${in_force_ms} ms`);
      if (!still) problems.push(`a ${kind} was in force and then not`);
    }
    return { trials: done, problems };
  } catch (error) {
    const failed = bed.gateways.flatMap((gateway) =>
      gateway
        .output()
        .split("\n")
        .filter((line) => line.includes('"request_failed"')),
    );
    throw new Error(`the gateways said: ${failed.join("\n")}`, { cause: error });
  } finally {
    await bed.stop();
  }
}

async function tryOnce(kind: Kind, change: Change, others: GatewayMember[]): Promise<Trial[]> {
  for (const { url } of others) {
    const before = await call(url, change.key);
    if (!change.isOld(before)) throw new Error(`before the ${kind}: ${JSON.stringify(before)}`);
  }
  await pause(CACHED_BEFORE_MS);
  const started = performance.now();
  const made = change.make();
  const trials = await Promise.all(
    others.map(async ({ url }): Promise<Trial> => {
      for (;;) {
        const asked = performance.now();
        const answer = await call(url, change.key);
        const in_force_ms = Math.round(asked - started);
        if (!change.isNew(answer) && in_force_ms < GIVE_UP_MS) {
          await pause(10);
          continue;
        }
        return { kind, in_force_ms, still: true };
      }
    }),
  );
  await made;
  await pause(Math.max(0, started + WITHIN_MS - performance.now()));
  for (const [index, { url }] of others.entries()) trials[index]!.still = change.isNew(await call(url, change.key));
  return trials;
}

async function until(gateways: GatewayMember[], change: Change): Promise<void> {
  for (const { url } of gateways)
    while (!change.isOld(await call(url, change.key)) && change.isNew(await call(url, change.key))) await pause(50);
}

async function call(url: string, key: string): Promise<Answer> {
  const { status, json } = await testClient(url, { authorization: `Bearer ${key}` }).ask(
    "POST",
    "/v1/chat/completions",
    { body: { model: FAKE_MODEL, messages: [{ role: "user", content: "Hello" }], max_tokens: 1 } },
  );
  return { status, code: json?.error?.code, charged_wei: json?.b3iq?.charged_wei };
}

const served = ({ status }: Answer): boolean => status === 200;

async function pauses(bed: Bed): Promise<Changes> {
  const { customer_id, key } = await bed.customer();
  return {
    async next(_trial, admin) {
      let incident_id = "";
      return {
        key,
        isOld: served,
        isNew: ({ status }) => status === 503,
        async make() {
          ({ incident_id } = await must(
            admin.ask("POST", "/v1/admin/incidents", {
              body: { scope: "customer", target: customer_id, reason: "trial" },
            }),
          ));
        },
        undo: () => must(admin.ask("POST", `/v1/admin/incidents/${incident_id}/clear`, { body: { reason: "trial" } })),
      };
    },
  };
}

async function revocations(bed: Bed): Promise<Changes> {
  const { customer_id } = await bed.customer();
  return {
    async next(_trial, admin) {
      const { key, key_id } = await must(
        admin.ask("POST", `/v1/admin/customers/${customer_id}/keys`, { body: { scopes: ["chat:create"] } }),
      );
      return {
        key,
        isOld: (answer) => served(answer) || answer.status === 401,
        isNew: ({ status }) => status === 401,
        make: () => must(admin.ask("DELETE", `/v1/admin/keys/${key_id}`)),
        undo: async () => {},
      };
    },
  };
}

async function prices(bed: Bed): Promise<Changes> {
  const { key } = await bed.customer();
  const path = `/v1/admin/prices/${encodeURIComponent(FAKE_MODEL)}`;
  return {
    async next(trial, admin) {
      // 10 prompt tokens and one of completion.
      const charge = String(10 * (2_000 + trial) + 3_000);
      const body = {
        default_prompt_price_wei: String(2_000 + trial),
        default_completion_price_wei: "3000",
        ...NO_PRICE_BOUNDS,
      };
      return {
        key,
        isOld: (answer) => served(answer),
        isNew: ({ charged_wei }) => charged_wei === charge,
        make: () => must(admin.ask("PUT", path, { body })),
        undo: async () => {},
      };
    },
  };
}

async function policies(bed: Bed): Promise<Changes> {
  const { customer_id, key } = await bed.customer();
  const path = `/v1/admin/customers/${customer_id}/policy`;
  return {
    async next(_trial, admin) {
      return {
        key,
        isOld: served,
        isNew: ({ status }) => status === 403,
        make: () => must(admin.ask("PUT", path, { body: { ...OPEN_POLICY, model_allowlist: ["another-model"] } })),
        undo: () => must(admin.ask("PUT", path, { body: OPEN_POLICY })),
      };
    },
  };
}

if (import.meta.main) {
  const { trials, problems } = await propagate(Number(process.argv[2] ?? 50));
  for (const kind of ["pause", "revocation", "price", "policy"]) {
    const times = trials
      .filter((trial) => trial.kind === kind)
      .map(({ in_force_ms }) => in_force_ms)
      .sort((one, other) => one - other);
    console.log(`propagation_${kind}_trials ${times.length} calls to other gateways`);
    console.log(`propagation_${kind}_p50 ${times[Math.floor(times.length / 2)]} ms`);
    console.log(`propagation_${kind}_longest ${times.at(-1)} ms`);
  }
  for (const problem of problems) console.log(`PROBLEM ${problem}`);
  process.exit(problems.length === 0 ? 0 : 1);
}
