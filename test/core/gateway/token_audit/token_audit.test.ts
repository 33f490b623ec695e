import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ChatBody } from "../../../../src/core/gateway/chat_call.ts";
import { isOverstated, usagePenalty } from "../../../../src/core/gateway/token_audit/plausible.ts";
import { plainTexts, promptTexts, streamTexts } from "../../../../src/core/gateway/token_audit/texts.ts";
import { createTokenAudit } from "../../../../src/core/gateway/token_audit/token_audit.ts";
import { createVocabularies } from "../../../../src/core/gateway/token_audit/vocabularies.ts";
import { buildTinyGguf } from "../../../../src/core/host/runtimes/self_test/tiny_gguf.ts";
import { createMetrics } from "../../../../src/core/metrics.ts";
import { fakeChat } from "../../../support/chat.ts";
import { testDatabase, type TestDatabase } from "../../../support/database.ts";
import { FAKE_MODEL, type FakeRuntime, fakeRuntime } from "../../../support/fake_runtime.ts";
import { log } from "../../../support/nodes/network.ts";
import { temporaryHome } from "../../../support/processes.ts";
import { control, fixed } from "../../../support/routing.ts";
import { eventually, startSystem, type System } from "../../../support/system.ts";

const MARKER = "recountmarker7319";
const folder = temporaryHome();
fs.writeFileSync(path.join(folder, `${encodeURIComponent(FAKE_MODEL)}.gguf`), buildTinyGguf());
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("what can be counted", () => {
  const allowance = { messages: 2, template_tokens: 20, tokens_per_message: 4 };

  it("leaves room for the template and for how texts tokenise again, and none beyond", () => {
    const counted = { prompt_tokens: 100, completion_tokens: 50 };
    expect(isOverstated({ prompt_tokens: 140, completion_tokens: 60 }, counted, allowance)).toBe(false);
    expect(isOverstated({ prompt_tokens: 200, completion_tokens: 50 }, counted, allowance)).toBe(true);
    expect(isOverstated({ prompt_tokens: 100, completion_tokens: 80 }, counted, allowance)).toBe(true);
    expect(isOverstated({ prompt_tokens: 0, completion_tokens: 0 }, counted, allowance)).toBe(false);
    // A node cannot make room by what it says of its template.
    expect(
      isOverstated({ prompt_tokens: 1_000, completion_tokens: 50 }, counted, {
        messages: 1,
        template_tokens: 1_000_000,
        tokens_per_message: 1_000_000,
      }),
    ).toBe(true);
  });

  it("costs rank when it happens again and again, not once", () => {
    expect(usagePenalty({ sampled: 2, overstated: 2 })).toBe(0);
    expect(usagePenalty({ sampled: 100, overstated: 3 })).toBe(0);
    expect(usagePenalty({ sampled: 3, overstated: 3 })).toBe(4);
    expect(usagePenalty({ sampled: 10, overstated: 5 })).toBe(2);
  });

  it("takes texts only, and lets go what a template writes in its own way", () => {
    const messages: ChatBody["messages"] = [
      { role: "system", content: "a" },
      { role: "user", content: [{ type: "text", text: "b" }] },
    ];
    expect(promptTexts({ messages })).toEqual(["a", "b"]);
    expect(promptTexts({ messages, tools: [] })).toBeNull();
    expect(promptTexts({ messages: [{ role: "user", content: [{ type: "image_url" }] }] })).toBeNull();
    expect(
      plainTexts({ choices: [{ message: { content: "c", reasoning: "d" } }], b3iq: { receipt_hash: "ff" } }),
    ).toEqual({ completion: ["c", "d"], receipt_hash: "ff" });
    expect(plainTexts({ choices: [{ message: { content: "c" } }], b3iq: {} })).toBeNull();
    const frames = [
      '{"choices":[{"delta":{"content":"c"}}]}',
      '{"choices":[{"delta":{"content":"d"}}]}',
      '{"choices":[{"delta":{}}],"b3iq":{"receipt_hash":"ff"}}',
      "[DONE]",
    ];
    expect(streamTexts(frames.map((data) => `data: ${data}\n\n`).join(""))).toEqual({
      completion: ["cd"],
      receipt_hash: "ff",
    });
    expect(streamTexts('data: {"choices":[{"delta":{"tool_calls":[]}}]}\n\n')).toBeNull();
  });

  it("counts by the vocabulary alone, and outlives one that cannot be read", async () => {
    const vocabularies = createVocabularies(folder);
    fs.writeFileSync(path.join(folder, "broken.gguf"), "no vocabulary");
    try {
      expect(vocabularies.has("another")).toBe(false);
      expect(await vocabularies.count("another", ["a"])).toBeNull();
      expect(await vocabularies.count("broken", ["a"])).toBeNull();
      const [none, word, twice] = (await vocabularies.count(FAKE_MODEL, ["", "north", "north north"]))!;
      expect(none).toBe(0);
      expect(word).toBeGreaterThan(0);
      expect(twice).toBeGreaterThan(word!);
    } finally {
      await vocabularies.stop();
    }
  });
});

describe("which chats are audited", () => {
  let db: TestDatabase;
  beforeAll(async () => void (db = await testDatabase()));
  afterAll(() => db.drop());

  /** Runs a chat whose answer is long; whether its sink was kept, and what the vocabulary was asked. */
  async function chat(share_bps: number, drawn: number, known = true) {
    const counted: string[][] = [];
    const metrics = createMetrics();
    const audit = createTokenAudit({
      db,
      vocabularies: {
        has: () => known,
        count: async (_model_id, texts) => (counted.push(texts), null),
        stop: async () => {},
      },
      node: () => undefined,
      control: fixed(control([])),
      metrics,
      log,
      share_bps,
      random: () => drawn,
    });
    const { call } = fakeChat({ body: { stream: true } });
    let observed = false;
    const answer = await audit.chat(call, async ({ sink }) => {
      observed = sink !== call.sink;
      await sink.write('data: {"choices":[{"delta":{"content":"c"}}],"b3iq":{"receipt_hash":"ff"}}\n\n');
      await sink.write("data: [DONE]\n\n");
      return null;
    });
    await audit.stop();
    const { values } = await metrics.usage_recounts.get();
    return { answer, observed, counted, outcomes: values.map(({ labels }) => labels.outcome) };
  }

  it("are a share of those with a vocabulary, and the others pass untouched", async () => {
    const audited = await chat(100, 0.0099);
    expect(audited).toEqual({ answer: null, observed: true, counted: [["hi", "c"]], outcomes: ["not_counted"] });
    const passed = { answer: null, observed: false, counted: [], outcomes: [] };
    expect(await chat(100, 0.01)).toEqual(passed);
    expect(await chat(10_000, 0.5, false)).toEqual(passed);
  });
});

describe("a node that claims more than there was", () => {
  let db: TestDatabase;
  let system: System;
  let runtimes: [FakeRuntime, FakeRuntime];
  beforeAll(async () => {
    db = await testDatabase();
    runtimes = [await fakeRuntime({ prompt_tokens: 9 }), await fakeRuntime({ prompt_tokens: 9 })];
    system = await startSystem({
      database_url: db.url,
      agents: runtimes.map(({ url }) => ({ runtime_url: url })),
      gateway_env: { B3IQ_VOCABULARY_DIR: folder, B3IQ_RECOUNT_BPS: "10000" },
    });
  }, 120_000);
  afterAll(async () => {
    await system?.stop();
    await Promise.all(runtimes.map((runtime) => runtime.close()));
    await db.drop();
  });

  it("falls in rank, and explainRoute and metrics say why; no text is kept", async () => {
    const customer = await system.customer({ policy: { expose_node: true } });
    const [honest, liar] = system.agents.map(({ node_id }) => node_id) as [string, string];
    runtimes[1].behaviour.prompt_tokens = 900;
    const explained = async () =>
      (await system.admin.ask("POST", "/v1/admin/routing/explain", { body: { model: FAKE_MODEL } })).json
        .candidates as { node_id: string; rank: number; score: { usage: number; total: number } }[];
    // Equally fast: of two nodes the slower one gets work only when the other is loaded.
    await db.pool.query("update observed_benchmarks set tokens_per_second = 100");
    await eventually(async () => new Set((await explained()).map(({ score }) => score.total)).size === 1);
    expect((await explained()).map(({ score }) => score.usage)).toEqual([0, 0]);
    for (let turn = 0; (await system.metric("b3iq_usage_recounts_total", "overstated")) < 3; turn += 1) {
      const body = {
        model: FAKE_MODEL,
        messages: [{ role: "user", content: `${MARKER} ${"word ".repeat(400)} ${turn}` }],
        max_tokens: 16,
        stream: turn % 2 === 0,
      };
      const { status, text } = await customer.client.ask("POST", "/v1/chat/completions", { body });
      expect(status, text).toBe(200);
      // Either may be first, until the recounts say otherwise.
      expect(turn).toBeLessThan(60);
    }
    const candidates = await eventually(async () => {
      const found = await explained();
      return found.some(({ score }) => score.usage > 0) && found;
    });
    expect(candidates.map(({ node_id }) => node_id)).toEqual([honest, liar]);
    expect(candidates.map(({ score }) => score.usage > 0)).toEqual([false, true]);
    // The next chats go to the honest one.
    const { status } = await customer.client.ask("POST", "/v1/chat/completions", {
      body: { model: FAKE_MODEL, messages: [{ role: "user", content: MARKER }] },
    });
    expect(status).toBe(200);
    await eventually(async () => (await system.metric("b3iq_usage_recounts_total", "plausible")) > 0);
    const { rows } = await db.pool.query<{
      node_id: string;
      overstated: boolean;
      claimed_prompt_tokens: string;
      counted_prompt_tokens: string;
    }>("select * from usage_recounts order by recount_id");
    expect(rows.filter(({ overstated }) => overstated).every(({ node_id }) => node_id === liar)).toBe(true);
    expect(
      JSON.stringify(rows, (_name, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
    ).not.toContain(MARKER);
    expect(system.logs()).not.toContain(MARKER);
    expect(system.logs()).toContain("usage_overstated");
    expect(await system.violations()).toEqual([]);
  }, 60_000);
});
