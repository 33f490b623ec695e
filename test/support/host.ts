/** A host agent's core over a state folder of its own, without a surface. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAgent, type Agent } from "../../src/core/host/agent.ts";
import type { ChatOrigin, ChatResult } from "../../src/core/host/chat/chat.ts";
import { createUrlRuntime } from "../../src/core/host/runtimes/openai.ts";
import type { Runtime } from "../../src/core/host/runtimes/runtime.ts";
import { createLog } from "../../src/core/log.ts";
import { mintId } from "../../src/core/protocol/bytes/ids.ts";
import type { RouterDispatch } from "../../src/core/protocol/calls/router_call.ts";
import { openHostState } from "../../src/store/sqlite/host_state.ts";

export const SETUP_TOKEN = "b3iq_setup_for_tests";

/** A new folder in the temporary directory; `remove` deletes it. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "b3iq-host-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export type TestAgent = Agent & { home: string; close(): Promise<void> };

/** @param runtime or the URL of an OpenAI-compatible server. */
export async function testAgent(runtime: Runtime | string, capacity = 4): Promise<TestAgent> {
  const folder = temporaryFolder();
  const state = openHostState(folder.path);
  const opened =
    typeof runtime === "string"
      ? createUrlRuntime({ base_url: runtime, key: null, parallel: capacity, context_length: 8192 })
      : runtime;
  const agent = createAgent({
    state,
    runtime: opened,
    capacity,
    setup_token: () => SETUP_TOKEN,
    log: createLog({ level: "silent", program: "test" }),
  });
  await agent.start();
  const close = async () => {
    await agent.stop();
    state.close();
    folder.remove();
  };
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(agent), home: { value: folder.path }, close: { value: close } },
  ) as TestAgent;
}

/** A dispatch of the gateway for a profile, as the router signature would carry it. */
export function testDispatch(model_profile_id: string, changes: Partial<RouterDispatch> = {}): RouterDispatch {
  return {
    job_id: mintId("job"),
    fence: 1,
    model_profile_id,
    prompt_price_wei: "1000",
    completion_price_wei: "2000",
    fee_bps: 500,
    prompt_bound: 1000,
    completion_bound: 256,
    deadline_ms: 60_000,
    ...changes,
  };
}

export type Collected = {
  frames: string[];
  trailers: Record<string, string> | undefined;
  ended: boolean;
  result: ChatResult;
};

export type AskOptions = { origin?: ChatOrigin; signal?: AbortSignal; onFrame?: (text: string, count: number) => void };

/** Runs one chat through the agent's dispatch and collects what it writes. */
export async function ask(agent: Agent, body: Record<string, unknown>, options: AskOptions = {}): Promise<Collected> {
  const collected = { frames: [] as string[], trailers: undefined as Record<string, string> | undefined, ended: false };
  const result = await agent.dispatch({
    body: body as never,
    origin: options.origin ?? { kind: "local", request_id: mintId("req") },
    signal: options.signal ?? new AbortController().signal,
    received_at: performance.now(),
    sink: {
      accept() {},
      open() {},
      async write(text) {
        options.signal?.throwIfAborted();
        collected.frames.push(text);
        options.onFrame?.(text, collected.frames.length);
      },
      async end(trailers) {
        collected.trailers = trailers;
        collected.ended = true;
      },
    },
  });
  return { ...collected, result };
}

/** The JSON of each data frame; `[DONE]` stays text. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into what they wrote
export function dataOf(frames: string[]): any[] {
  return frames
    .map((frame) => frame.replace(/^data: /, "").trim())
    .map((data) => (data === "[DONE]" ? data : JSON.parse(data)));
}
