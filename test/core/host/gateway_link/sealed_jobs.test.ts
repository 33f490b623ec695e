import * as fs from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Command } from "../../../../generated/hosted.ts";
import { CommandFailure, type CommandHandler } from "../../../../src/core/host/gateway_link/command_loop.ts";
import { GatewayCallError, type GatewayClient } from "../../../../src/core/host/gateway_link/gateway_client.ts";
import { createPrivateJobHandler } from "../../../../src/core/host/gateway_link/sealed_jobs.ts";
import { createVllmRuntime } from "../../../../src/core/host/runtimes/vllm.ts";
import {
  createTransportKeys,
  KEPT_AFTER_END_MS,
  type TransportKeys,
} from "../../../../src/core/host/gateway_link/transport_key_rotation.ts";
import { createLog } from "../../../../src/core/log.ts";
import type { Envelope } from "../../../../src/core/protocol/envelope/envelope.ts";
import { openResult } from "../../../../src/core/protocol/envelope/envelope_result.ts";
import { mintId } from "../../../../src/core/protocol/bytes/ids.ts";
import { type SignedReceipt, verifyReceipt } from "../../../../src/core/protocol/receipt/receipt.ts";
import { verifyTransportKey } from "../../../../src/core/protocol/envelope/transport_key.ts";
import { bodyCheck } from "../../../../src/surface/binding/body_check.ts";
import { FAKE_MODEL, fakeRuntime, type FakeRuntime } from "../../../support/fake_runtime.ts";
import { FETCHED, IMAGE, MARK } from "../../../support/fetched_parts.ts";
import { testAgent, type TestAgent } from "../../../support/host.ts";
import { newJobId, type PublicKey, seal, type Sealed } from "../../../support/private_jobs/path.ts";

const HOUR_MS = 3_600_000;
const is_chat_request = bodyCheck(
  JSON.parse(fs.readFileSync(new URL("../../../../generated/local.json", import.meta.url), "utf8")),
  "local_chat_completion_request",
);
const log = createLog({ level: "silent", program: "test" });

let runtime: FakeRuntime;
let agent: TestAgent;
let keys: TransportKeys;
let handler: CommandHandler<"private_job">;
let now_ms: number;
let published: {
  key_id: string;
  x25519_public_key: string;
  not_before: string;
  not_after: string;
  signature_ed25519: string;
}[];
let refusal: GatewayCallError | null;

beforeEach(async () => {
  runtime = await fakeRuntime({ tokens: Array.from({ length: 200 }, (_, i) => ` w${i}`), prompt_tokens: 9 });
  agent = await testAgent(createVllmRuntime({ base_url: runtime.url, key: null, parallel: 4, context_length: 8192 }));
  now_ms = Date.now();
  published = [];
  refusal = null;
  const client = {
    async call(_operation_id: string, { body }: { body: never }) {
      if (refusal) throw refusal;
      published.push(body);
    },
  } as unknown as GatewayClient;
  keys = createTransportKeys({
    store: agent.transportKeys("http://gateway"),
    identity_private_key: agent.identity.private_key,
    client,
    now_ms: () => now_ms,
    log,
  });
  await keys.round();
  handler = createPrivateJobHandler({ agent, keys, is_chat_request });
});
afterEach(async () => {
  await agent.close();
  await runtime.close();
});

const keyNow = (): PublicKey => ({
  node_id: agent.node_id,
  ed25519_public_key: agent.identity.public_key,
  ...published.at(-1)!,
});
const sealed = (body: object = { messages: [{ role: "user", content: "hi" }] }, max_price_wei?: string): Sealed =>
  seal(keyNow(), {
    node_id: agent.node_id,
    model_id: FAKE_MODEL,
    job_id: newJobId(),
    ...(max_price_wei === undefined ? {} : { max_price_wei }),
    body,
  });

function commandFor({ body }: Sealed, change: object = {}): Command {
  const payload = {
    job_id: mintId("job"),
    client_job_id: body.job_id ?? null,
    client_max_price_wei: body.max_price_wei ?? null,
    model_id: FAKE_MODEL,
    model_profile_id: `${FAKE_MODEL}@vllm`,
    encrypted_request: body.encrypted_request,
    reserved_wei: "100000",
    prompt_price_wei: "3",
    completion_price_wei: "7",
    fee_bps: 100,
    prompt_bound: 272,
    completion_bound: 100,
    fence: 2,
    node_epoch: 5,
    deadline_at: new Date(Date.now() + 60_000).toISOString(),
    ...change,
  };
  return {
    command_id: mintId("cmd"),
    kind: "private_job",
    lease_token: 1,
    lease_until: payload.deadline_at,
    attempt: 1,
    payload,
  };
}

const run = async (command: Command, signal = new AbortController().signal) =>
  (await handler(command.payload as never, signal, command)) as {
    encrypted_response: Envelope;
    receipt: SignedReceipt;
  };

function opened(result: { encrypted_response: Envelope }, { session }: Sealed, command: Command) {
  const plain = openResult(result.encrypted_response, session, command);
  if (!plain.ok) throw new Error(plain.reason);
  return JSON.parse(Buffer.from(plain.value).toString("utf8"));
}

async function expectFailure(command: Command, code: string): Promise<void> {
  const error = await run(command).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CommandFailure);
  expect(error).toMatchObject({ code });
}

describe("a sealed job", () => {
  test("runs on the runtime; its result opens for the customer, its receipt names lease, epoch and mode", async () => {
    const asked = sealed({ messages: [{ role: "user", content: "hi" }], max_tokens: 4, stream: true, temperature: 0 });
    const command = commandFor(asked);
    const result = await run(command);
    expect(runtime.requests.at(-1)!.body).toMatchObject({
      messages: [{ role: "user", content: "hi" }],
      max_tokens: 4,
      temperature: 0,
    });
    const answer = opened(result, asked, command);
    expect(answer.choices[0].message.content).toBe(" w0 w1 w2 w3");
    expect(verifyReceipt(result.receipt, agent.identity.public_key).ok).toBe(true);
    expect(result.receipt.receipt).toMatchObject({
      dispatch_mode: "private_job",
      fence: 2,
      node_epoch: 5,
      node_seq: 1,
      prompt_tokens: 9,
      completion_tokens: 4,
      outcome: "truncated",
    });
    expect(agent.receipts.waiting().count).toBe(1);
  });

  test("stops at the amount of its lease", async () => {
    const asked = sealed();
    const result = await run(commandFor(asked, { reserved_wei: String(9 * 3 + 10 * 7 + 6) }));
    expect(result.receipt.receipt.completion_tokens).toBe(10);
    await expectFailure(commandFor(sealed(), { reserved_wei: String(9 * 3 + 6) }), "max_price_exceeded");
    expect((await run(commandFor(sealed()))).receipt.receipt.completion_tokens).toBe(100);
  });

  test("is opened for one command only; the same command may come again", async () => {
    const asked = sealed();
    const command = commandFor(asked);
    await run(command);
    await run({ ...command, lease_token: 2, attempt: 2 });
    await expectFailure(commandFor(asked), "envelope_replayed");
  });

  test("that was swapped or altered by a bit is refused", async () => {
    const asked = sealed(undefined, "500");
    for (const change of [
      { client_max_price_wei: "501" },
      { client_max_price_wei: null },
      { client_job_id: newJobId() },
      { model_id: "other" },
    ]) {
      await expectFailure(commandFor(asked, change), "invalid_encrypted_request");
    }
    const bytes = Buffer.from(asked.body.encrypted_request.ciphertext, "base64url");
    const nonce = Buffer.from(asked.body.encrypted_request.nonce, "base64url");
    for (const [field, source, step] of [
      ["nonce", nonce, 1],
      ["ciphertext", bytes, 13],
    ] as const) {
      for (let bit = 0; bit < source.length * 8; bit += step) {
        const flipped = Buffer.from(source);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        await expectFailure(
          commandFor(asked, {
            encrypted_request: { ...asked.body.encrypted_request, [field]: flipped.toString("base64url") },
          }),
          "invalid_encrypted_request",
        );
      }
    }
    await run(commandFor(asked));
  });

  test("that is no chat, or asks what the runtime cannot do, is refused without a word of it", async () => {
    const strange = [
      { prompt: "secret words" },
      { messages: "secret words" },
      { messages: [{ role: "user", content: "hi" }], secret_field: 1 },
      { messages: [{ role: "user", content: "hi" }], model: "other" },
      { messages: [{ role: "user", content: "hi" }], functions: [] },
    ];
    for (const body of strange) {
      const error = (await run(commandFor(sealed(body))).catch((thrown: unknown) => thrown)) as CommandFailure;
      expect(error.code).toBe("request_refused");
      expect(error.message).not.toMatch(/secret/);
    }
  });

  test.each(FETCHED)("with %s is refused, and the runtime sees nothing of it", async (_what, messages) => {
    await expectFailure(commandFor(sealed({ messages })), "request_refused");
    await expectFailure(commandFor(sealed({ messages: [IMAGE] })), "request_refused");
    expect(runtime.requests.map(({ body }) => JSON.stringify(body)).join()).not.toContain(MARK);
  });

  test("fails with a word when the runtime dies, and is not signed for as done", async () => {
    runtime.behaviour.status = 500;
    await expectFailure(commandFor(sealed()), "runtime_failed");
    runtime.behaviour = { tokens: [" a"], prompt_tokens: 9, first_delay_ms: 10_000 };
    setTimeout(() => void runtime.close(), 200);
    await expectFailure(commandFor(sealed()), "runtime_failed");
  });

  test("waits while the runtime is busy, until its deadline", async () => {
    const taken = await Promise.all(
      Array.from({ length: 4 }, () => agent.slots.acquire("local", new AbortController().signal)),
    );
    const waiting = run(commandFor(sealed({ messages: [{ role: "user", content: "hi" }], max_tokens: 2 })));
    setTimeout(() => taken.forEach((release) => release()), 300);
    expect((await waiting).receipt.receipt.completion_tokens).toBe(2);
    await expectFailure(
      commandFor(sealed(), { deadline_at: new Date(Date.now() - 1).toISOString() }),
      "deadline_passed",
    );
    runtime.behaviour.first_delay_ms = 5_000;
    await expectFailure(
      commandFor(sealed(), { deadline_at: new Date(Date.now() + 200).toISOString() }),
      "deadline_passed",
    );
  });

  test("is refused by an agent that its owner paused", async () => {
    agent.settings.set("paused", "1");
    await expectFailure(commandFor(sealed()), "runtime_busy");
  });
});

describe("transport keys", () => {
  test("rotate at half their life, signed by the node; the old one still opens for an hour after its end", async () => {
    const first = keyNow();
    expect(
      verifyTransportKey({ ...first, x25519: first.x25519_public_key }, agent.identity.public_key, now_ms).ok,
    ).toBe(true);
    expect(Date.parse(first.not_after) - Date.parse(first.not_before)).toBe(24 * HOUR_MS);
    now_ms += 11 * HOUR_MS;
    await keys.round();
    expect(published).toHaveLength(1);
    now_ms += 2 * HOUR_MS;
    await keys.round();
    expect(published).toHaveLength(2);
    expect(keyNow().key_id).not.toBe(first.key_id);
    now_ms = Date.parse(first.not_after) + KEPT_AFTER_END_MS - 1;
    await keys.round();
    expect(keys.find(first.key_id)).toBeDefined();
  });

  test("are destroyed one hour after their end, and no byte of the private part stays on the disk", async () => {
    const first = keyNow();
    const { private_key } = keys.find(first.key_id)!;
    keys.openFor("a".repeat(64), first.key_id, "cmd_x");
    const onDisk = () =>
      fs
        .readdirSync(join(agent.home, "host"))
        .some((name) => fs.readFileSync(join(agent.home, "host", name)).includes(private_key));
    expect(onDisk()).toBe(true);
    now_ms = Date.parse(first.not_after) + KEPT_AFTER_END_MS;
    await keys.round();
    expect(keys.find(first.key_id)).toBeUndefined();
    expect(onDisk()).toBe(false);
    await expectFailure(
      commandFor(seal(first, { node_id: agent.node_id, model_id: FAKE_MODEL, body: {} })),
      "transport_key_unknown",
    );
  });

  test("are published again until the gateway took them, and replaced when it never will", async () => {
    now_ms += 13 * HOUR_MS;
    refusal = new GatewayCallError(0, "gateway_unreachable", "away");
    await keys.round();
    refusal = null;
    await keys.round();
    expect(published).toHaveLength(2);
    await keys.round();
    expect(published).toHaveLength(2);
    now_ms += 13 * HOUR_MS;
    refusal = new GatewayCallError(409, "conflict", "taken");
    await keys.round();
    refusal = null;
    await keys.round();
    expect(new Set(published.map(({ key_id }) => key_id)).size).toBe(3);
  });
});
