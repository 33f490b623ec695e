import { fork, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Pool } from "undici";
import { startSystem, type System, type TestCustomer } from "../test/support/system.ts";
import { BENCH_MODEL } from "./runtime.ts";

/** Where a chat is sent, and with which key. */
export type Target = { name: string; url: string; key: string; pool: Pool; /** Of the program itself. */ pid: number };

export type BenchSystem = {
  system: System;
  customer: TestCustomer;
  runtime: Target;
  proxy: Target;
  agent: Target;
  gateway: Target;
  stop(): Promise<void>;
};

const CONNECTIONS = 64;
const SLOTS = "128";

/** Each figure is a line `name value unit`. */
export function say(name: string, value: number | string, unit: string): void {
  const text =
    typeof value === "string" ? value : String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
  process.stdout.write(`${name} ${text} ${unit}\n`);
}

/** The value below which `part` (0 to 1) of the values lie. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
}

/**
 * Gateway with a Postgres of its own (fsync on), tunnel, agent, runtime and the bare proxy, each in a process of its
 * own.
 */
export async function benchSystem(): Promise<BenchSystem> {
  const children: ChildProcess[] = [];
  const start = async (file: string, args: string[] = []): Promise<{ url: string; pid: number }> => {
    const child = fork(path.join(import.meta.dirname, file), args, {
      execArgv: ["--disable-warning=ExperimentalWarning"],
    });
    children.push(child);
    return new Promise((resolve, reject) => {
      child.once("message", (message) => resolve({ url: (message as { url: string }).url, pid: child.pid! }));
      child.once("exit", () => reject(new Error(`${file} ended`)));
    });
  };
  const served = await start("runtime.ts");
  const proxied = await start("proxy.ts", [served.url]);
  const quiet = { B3IQ_VALIDATE_RESPONSES: "0", B3IQ_LOG_LEVEL: "error" };
  const system = await startSystem({
    gateway_env: quiet,
    agents: [{ runtime_url: `${served.url}/v1`, env: { ...quiet, B3IQ_RUNTIME_SLOTS: SLOTS } }],
  });
  const customer = await system.customer();
  const target = (name: string, { url, pid }: { url: string; pid: number }, key = "none"): Target => ({
    name,
    url,
    key,
    pid,
    pool: new Pool(url, { connections: CONNECTIONS, pipelining: 1 }),
  });
  const targets = {
    runtime: target("runtime", served),
    proxy: target("proxy", proxied),
    agent: target("agent", { url: system.agents[0]!.url, pid: system.agents[0]!.program.pid }, system.agents[0]!.key),
    gateway: target("gateway", { url: system.url, pid: system.gateway.pid }, customer.key),
  };
  return {
    system,
    customer,
    ...targets,
    async stop() {
      for (const { pool } of Object.values(targets)) await pool.destroy();
      await system.stop();
      for (const child of children) child.disconnect();
    },
  };
}

/** CPU that a program has used, in ms: unlike times, hardly moved by what else the machine does (proc(5), Linux). */
export function cpuMs({ pid }: Target): number {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The request of a chat. */
export function chatRequest(target: Target, more: object = {}) {
  const body = JSON.stringify({ model: BENCH_MODEL, messages: [{ role: "user", content: "Say hello." }], ...more });
  return {
    path: "/v1/chat/completions",
    method: "POST" as const,
    headers: { authorization: `Bearer ${target.key}`, "content-type": "application/json" },
    body,
  };
}

/** One plain chat to its end; the time that it took in ms. Throws unless it was answered with 200. */
export async function chatOnce(target: Target): Promise<number> {
  const started = performance.now();
  const { statusCode, body } = await target.pool.request(chatRequest(target, { max_tokens: 8 }));
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${target.name} answered ${statusCode}: ${text}`);
  return performance.now() - started;
}

/** Reads one stream to its end. For each frame: the ms from its writing by the runtime to its arrival here. */
export async function streamDelays(target: Target, frames: number, interval_ms: number): Promise<number[]> {
  const { statusCode, body } = await target.pool.request(
    chatRequest(target, { stream: true, max_tokens: frames, seed: interval_ms }),
  );
  if (statusCode !== 200) throw new Error(`${target.name} answered ${statusCode}: ${await body.text()}`);
  const delays: number[] = [];
  let rest = "";
  for await (const part of body) {
    const now = process.hrtime.bigint();
    const events = (rest + String(part)).split("\n\n");
    rest = events.pop()!;
    for (const event of events) {
      const written = /"content":"(\d+) "/.exec(event)?.[1];
      if (written !== undefined) delays.push(Number(now - BigInt(written)) / 1e6);
    }
  }
  if (delays.length !== frames) throw new Error(`${target.name} brought ${delays.length} of ${frames} frames`);
  return delays;
}
