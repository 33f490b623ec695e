import { Agent } from "undici";
import { afterAll, beforeAll, expect } from "vitest";
import { lacking } from "../../../support/tools.ts";
import { itUnless } from "../../../support/unless.ts";
import { type Bed, pause, startBed } from "../../../support/network/bed.ts";
import { chat } from "../../../support/network/load.ts";

const SLOW_MS = 8_000;

let bed: Bed;
beforeAll(async () => {
  if (lacking("nginx") !== null) return;
  const behaviour = { tokens: [" a"], delay_ms: 5, first_delay_ms: SLOW_MS, prompt_tokens: 9 };
  bed = await startBed({ gateways: 2, agents: 1, behaviour });
}, 180_000);
afterAll(() => bed?.stop());

itUnless(lacking("nginx"))(
  "a repeat is told to come back while its first gateway lives, and waits for its answer when that is dead",
  { timeout: 90_000 },
  async () => {
    const dispatcher = new Agent();
    const { key } = await bed.customer();
    const [first, second] = bed.gateways;
    const ask = (url: string) => chat(dispatcher, url, key, "repeated-1", { stream: false });
    const lost = ask(first!.url);
    await pause(2_000);
    const turnedAway = await ask(second!.url);
    expect(turnedAway).toMatchObject({ status: 409, code: "idempotency_in_flight" });
    expect(turnedAway.ended - turnedAway.started).toBeLessThan(2_000);
    await first!.kill();
    expect((await lost).code).toBe("no_answer");
    const answered = await ask(second!.url);
    expect(answered).toMatchObject({ status: 200, code: "ok" });
    expect(answered.ended - answered.started).toBeLessThan(30_000 + SLOW_MS);
    const { rows } = await bed.db.pool.query<{ state: string }>("select state from holds order by created_at");
    expect(rows.map(({ state }) => state)).toEqual(["released", "settled"]);
    await dispatcher.destroy();
  },
);
