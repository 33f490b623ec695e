import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import { ERRORS } from "../../generated/errors.ts";
import local from "../../generated/local.json" with { type: "json" };
import type { ErrorCode } from "../../src/core/errors.ts";
import type { Document } from "../../src/surface/binding/document.ts";
import { fakeRuntime } from "../support/fake_runtime.ts";
import { runningHost } from "../support/running_host.ts";
import { customerCases, networkCases } from "./statuses/error_cases.ts";
import { agentCases, drainingAnswer, refusedNode } from "./statuses/error_programs.ts";
import type { Cases } from "./statuses/error_cases.ts";
import { hostedWorld } from "./statuses/hosted_world.ts";
import { openWire } from "./statuses/wire.ts";
import type { Answer } from "./statuses/wire.ts";

/**
 * Every code of the catalogue, produced over HTTP. The wire holds status, type, title, envelope and retry headers
 * against the catalogue.
 */

const world = await hostedWorld();
const fake = await fakeRuntime();
const calm = fake.behaviour;
const alone = await runningHost({ B3IQ_RUNTIME_URL: fake.url, B3IQ_RUNTIME_SLOTS: "1" });
const cut_off = await runningHost({ B3IQ_RUNTIME_URL: fake.url, B3IQ_GATEWAY_URL: "http://127.0.0.1:9" });
const agentWire = await openWire(alone.url, local as unknown as Document);
const refused = await refusedNode(world);
afterAll(async () => {
  await Promise.all([alone.close(), cut_off.close(), refused.close(), fake.close()]);
});

/** A receipt that this agent owes a gateway which is not there. */
async function unreachable(): Promise<Answer> {
  const asked = { model: "fake/model:1b", messages: [{ role: "user", content: "hello" }], max_tokens: 4 };
  const headers = { authorization: `Bearer ${cut_off.key}` };
  const { receipt_hash } = (
    await agentWire.ask({ method: "POST", url: "/v1/chat/completions", headers, body: asked }, cut_off.url)
  ).json.b3iq;
  const db = new DatabaseSync(`${cut_off.home}/host/host.sqlite`);
  db.exec("update receipts set kind = 'network', status = 'pending'");
  db.close();
  const submitted = await cut_off.owner.ask("POST", "/v1/receipts/submit", { body: { receipt_hash } });
  return { ...submitted, headers: Object.fromEntries(submitted.headers) };
}

const CASES: Cases = {
  ...customerCases(world),
  ...networkCases(world),
  ...refused.cases,
  ...agentCases(alone, agentWire, (behaviour) => {
    fake.behaviour = { ...calm, ...behaviour };
  }),
  gateway_unreachable: unreachable,
};

const own = { authorization: `Bearer ${world.seeds.gateway_key}` };
const debits = async () =>
  (await world.wire.ask({ method: "GET", url: "/v1/billing/usage?limit=1000", headers: own })).json.entries.filter(
    ({ kind }: { kind: string }) => kind === "debit",
  ).length as number;

test("every code of the catalogue has a case", () => {
  expect([...Object.keys(CASES), "draining"].sort()).toEqual(Object.keys(ERRORS).sort());
});

test.each(Object.keys(CASES) as ErrorCode[])("%s", { timeout: 40_000 }, async (code) => {
  const [charged, answered] = [await debits(), world.answered()];
  const { status, json, text } = await CASES[code]!();
  expect({ status, code: json?.error?.code as unknown }, text).toEqual({ status: ERRORS[code].status, code });
  // What was answered was charged, and nothing else: no refusal costs anything.
  expect((await debits()) - charged).toBe(world.answered() - answered);
});

test("draining", async () => {
  const { status, headers, json } = await drainingAnswer();
  expect({ status, code: json.error.code }).toEqual({ status: 503, code: "draining" });
  expect([headers["x-should-retry"], Number(headers["retry-after"]) > 0, json.error.type]).toEqual([
    "true",
    true,
    ERRORS.draining.type,
  ]);
});

test("each failure was as the catalogue says", () => {
  expect([...world.wire.problems, ...agentWire.problems]).toEqual([]);
});
