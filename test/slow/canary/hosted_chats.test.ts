import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, expect, test } from "vitest";
import { readSecret, SECRET_NAMES } from "../../../src/core/secrets.ts";
import { FAKE_MODEL, fakeRuntime } from "../../support/fake_runtime.ts";
import { eventually, startSystem } from "../../support/system.ts";

const fake = await fakeRuntime();
const system = await startSystem({ agents: [{ runtime_url: fake.url }] });
afterAll(async () => {
  await system.stop();
  await fake.close();
});

/** Unlike anything else, in no encoding that would hide it from a search for its bytes. */
const marker = (what: string) => `CANARY-${what}-${Math.random().toString(36).slice(2, 12)}`;
const PRIVATE = [
  "system",
  "prompt",
  "part",
  "tool",
  "argument",
  "output",
  "reasoning",
  "user",
  "metadata",
  "cache_key",
  "schema",
  "stop",
  "runtime_error",
  "bad_value",
  "wrong_key",
  "idempotency",
] as const;
const canary = Object.fromEntries(PRIVATE.map((name) => [name, marker(name)])) as Record<
  (typeof PRIVATE)[number],
  string
>;
/**
 * Stored for the customer and shown to him and the operator; still in no log, metric, receipt, and nothing of the
 * node's.
 */
const label = marker("label");
const client_job_id = marker("job");

const CHAT = "/v1/chat/completions";
const errors: string[] = [];

async function everySecretInput(): Promise<string[]> {
  const customer = await system.customer({ label });
  const messages = [
    { role: "system", content: canary.system },
    {
      role: "user",
      content: [
        { type: "text", text: canary.part },
        { type: "text", text: canary.prompt },
      ],
    },
    {
      role: "assistant",
      content: null,
      tool_calls: [
        {
          id: "call_1",
          type: "function",
          function: { name: "look", arguments: JSON.stringify({ q: canary.argument }) },
        },
      ],
    },
    { role: "tool", tool_call_id: "call_1", content: canary.tool },
  ];
  const body = {
    model: FAKE_MODEL,
    messages,
    max_tokens: 50,
    user: canary.user,
    metadata: { note: canary.metadata },
    prompt_cache_key: canary.cache_key,
    stop: [canary.stop],
    response_format: {
      type: "json_schema",
      json_schema: { name: "shape", schema: { type: "object", properties: { [canary.schema]: { type: "string" } } } },
    },
    b3iq: { job_id: client_job_id },
  };
  const ask = async (asked: object | string, headers: Record<string, string> = {}, signal?: AbortSignal) => {
    const answer = await customer.client.ask("POST", CHAT, { body: asked, headers, ...(signal ? { signal } : {}) });
    if (answer.status !== 200) errors.push(answer.text);
    else errors.push(...answer.text.split("\n").filter((line) => line.startsWith('data: {"error"')));
    return answer;
  };
  fake.behaviour = { ...fake.behaviour, tokens: ["I say ", canary.output, " aloud."], reasoning: [canary.reasoning] };
  const plain = await ask(body, { "idempotency-key": canary.idempotency });
  expect(plain.text).toContain(canary.output);
  await ask(body, { "idempotency-key": canary.idempotency });
  const { b3iq: _b3iq, ...unnamed } = body;
  expect((await ask({ ...unnamed, stream: true })).text).toContain(canary.output);
  await Promise.all([1, 2, 3].map(() => ask({ ...unnamed, stream: true })));
  // Failures of every kind, with the markers in what failed.
  await ask({ ...unnamed, temperature: canary.bad_value });
  await ask({ ...unnamed, tool_choice: canary.bad_value });
  await ask(`{"model": "${FAKE_MODEL}", "messages": [{"role": "user", "content": "${canary.prompt}`);
  await ask({ ...unnamed, messages: [{ role: canary.bad_value, content: canary.prompt }] });
  await ask({ ...unnamed, model: canary.bad_value });
  for (const fault of [
    { status: 500 },
    { status: 400 },
    { cut_after: 1, delay_ms: 20 },
    { error_after: 1, delay_ms: 20 },
  ]) {
    const kept = fake.behaviour;
    fake.behaviour = {
      ...kept,
      ...fault,
      error: { error: { message: canary.runtime_error, type: "x", code: canary.runtime_error, param: canary.prompt } },
    };
    await ask(unnamed);
    await ask({ ...unnamed, stream: true });
    fake.behaviour = kept;
  }
  const left = new AbortController();
  fake.behaviour.delay_ms = 50;
  const leaving = ask({ ...unnamed, stream: true }, {}, left.signal).catch(() => undefined);
  setTimeout(() => left.abort(), 100);
  await leaving;
  const wrong = await system.anyone.ask("POST", CHAT, {
    body: unnamed,
    headers: { authorization: `Bearer ${canary.wrong_key}` },
  });
  errors.push(wrong.text);
  const poor = await system.customer({ credit_wei: 0n });
  errors.push((await poor.client.ask("POST", CHAT, { body: unnamed })).text);
  await eventually(async () => (await customer.reserved()) === 0n, 15_000);
  return [customer.key, customer.customer_token, poor.key];
}

/** Every file below a folder, as bytes; one that is renamed or removed while we look is what the next search finds. */
function* files(folder: string): Generator<[string, Buffer]> {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const bytes = entry.isFile() ? readIfThere(file) : undefined;
    if (bytes !== undefined) yield [file, bytes];
  }
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Which texts stand where; `secrets/` itself is where keys belong. */
function search(folder: string, texts: string[]): string[] {
  const found: string[] = [];
  for (const [file, bytes] of files(folder)) {
    if (path.relative(folder, file).startsWith("secrets")) continue;
    for (const text of texts)
      if (bytes.includes(text)) found.push(`${text.slice(0, 20)} in ${path.relative(folder, file)}`);
  }
  return found;
}

test(
  "markers in every secret input are in no file of the database, log, metric, error body or receipt, and nowhere with the agent",
  { timeout: 120_000 },
  async () => {
    const keys = await everySecretInput();
    const own_secrets = SECRET_NAMES.map((name) => readSecret(system.secrets_dir, name)).filter(
      (text) => text !== undefined && !text.startsWith("cus_"),
    ) as string[];
    const secret = [...Object.values(canary), ...keys, ...own_secrets];
    const metrics = await (await fetch(/metrics (\S+)/.exec(system.gateway.output())![1]!)).text();
    for (const [where, text] of [
      ["logs", system.logs()],
      ["metrics", metrics],
    ] as const) {
      expect(
        [...secret, label, client_job_id].filter((one) => text.includes(one)),
        where,
      ).toEqual([]);
    }
    expect(errors.length).toBeGreaterThan(12);
    for (const text of errors)
      expect(
        secret.filter((one) => text.includes(one)),
        text,
      ).toEqual([]);
    const agent_home = system.agents[0]!.home;
    expect(search(agent_home, [...secret.filter((one) => !own_secrets.includes(one)), label, client_job_id])).toEqual(
      [],
    );
    // As the files are while everything runs, and once more when all of it was written out; write-ahead log included.
    expect(search(system.home, secret)).toEqual([]);
    expect(await system.violations()).toEqual([]);
    await Promise.all(system.agents.map(({ program }) => program.stop()));
    await system.gateway.stop();
    expect(search(system.home, secret)).toEqual([]);
    // The search finds what is there: the label and the customer's own reference are stored, on purpose.
    expect(search(path.join(system.home, "postgres"), [label]).length).toBeGreaterThan(0);
    expect(search(path.join(system.home, "postgres"), [client_job_id]).length).toBeGreaterThan(0);
    expect(search(system.home, [label, client_job_id]).filter((place) => !place.includes("postgres"))).toEqual([]);
  },
);
