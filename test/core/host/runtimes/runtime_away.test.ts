import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AGENT_FIELDS, createLog } from "../../../../src/core/log.ts";
import type { LogFields } from "../../../../src/core/log.ts";
import { readSecret } from "../../../../src/core/secrets.ts";
import { testClient } from "../../../support/client.ts";
import { fakeRuntime, type FakeRuntime } from "../../../support/fake_runtime.ts";
import { freePort, startProgram, temporaryHome, type Program } from "../../../support/processes.ts";
import { eventually } from "../../../support/system.ts";

/** `b3iq-host` as its owner sees it while the runtime that the settings name is not there, and when it comes. */
const home = temporaryHome();
let env: Record<string, string>;
let runtime_url: string;
let host: Program;
let runtime: FakeRuntime | undefined;

beforeAll(async () => {
  runtime_url = `http://127.0.0.1:${await freePort()}/v1`;
  env = { B3IQ_HOME: home, B3IQ_LOCAL_LISTEN: `127.0.0.1:${await freePort()}`, B3IQ_RUNTIME_URL: runtime_url };
  host = startProgram(["host", "serve"], { env });
  await host.line(/serves /);
});
afterAll(async () => {
  await host.stop();
  await runtime?.close();
  fs.rmSync(home, { recursive: true, force: true });
});

const WHY = "it cannot be reached (nothing listens there, ECONNREFUSED)";
const setup = () =>
  testClient(`http://${env["B3IQ_LOCAL_LISTEN"]}`, {
    "x-b3iq-setup-token": readSecret(path.join(home, "secrets"), "setup-token")!,
  });

async function status(): Promise<string> {
  const asked = startProgram(["host", "status"], { env });
  await asked.ended;
  return asked.output();
}

test("URL, error and next try: at the start, in the log, in status and its answer", async () => {
  const told = new RegExp(`The runtime at ${runtime_url} is not ready: (.*)\\. It is asked again in \\d+ s\\.`);
  expect((await host.line(told))[1]).toBe(WHY);
  const logged = host
    .output()
    .split("\n")
    .filter((line) => line.includes('"runtime_not_ready"'));
  expect(logged.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({ runtime_url, reason: WHY, delay_ms: expect.any(Number) as unknown }),
  ]);
  const said = await status();
  expect(said).toContain(`openai at ${runtime_url}, unreachable`);
  expect(told.exec(said)?.[1]).toBe(WHY);
  const { json } = await setup().ask("GET", "/v1/setup/status");
  expect(json).toMatchObject({ runtime_url, runtime_ready: false, runtime_reason: WHY });
  const wait_ms = Date.parse(json.runtime_next_check_at) - Date.now();
  expect(wait_ms).toBeGreaterThan(-2_000);
  expect(wait_ms).toBeLessThanOrEqual(10_000);
  // What anybody may ask says that it is away, and not where it would be.
  const { text } = await setup().ask("GET", "/health");
  expect(JSON.parse(text)).toMatchObject({ runtime: "unreachable" });
  expect(text).not.toContain("127.0.0.1");
});

test("it comes: found at the next try, and all of that is gone", { timeout: 40_000 }, async () => {
  runtime = await fakeRuntime({}, Number(new URL(runtime_url).port));
  await host.line(/"runtime_ready"/, 30_000);
  expect(await status()).toMatch(new RegExp(`openai at ${runtime_url}, ready\n(?! )`));
  await eventually(async () => (await setup().ask("GET", "/v1/setup/status")).json.runtime_reason === null);
});

test("the URL stays on this machine: the gateway's log has no place for it", () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  for (const fields of [undefined, AGENT_FIELDS])
    createLog({ level: "info", program: "test", ...(fields && { fields }), destination }).warn("runtime_not_ready", {
      runtime_url,
    } satisfies LogFields);
  expect(lines.map((line) => line.includes(runtime_url))).toEqual([false, true]);
});
