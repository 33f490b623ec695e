import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..", "..");

export type Program = {
  child: ChildProcess;
  pid: number;
  /** Its whole standard output and standard error. */
  output(): string;
  /**
   * Resolves with the match of `pattern` in the output; rejects with the output when the program ends first, or after
   * `timeout_ms`.
   */
  line(pattern: RegExp, timeout_ms?: number): Promise<RegExpExecArray>;
  /** Resolves when it has ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Sends `signal` (SIGTERM unless given) and waits for the end; SIGKILL after `timeout_ms`. */
  stop(signal?: NodeJS.Signals, timeout_ms?: number): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

export type ProgramOptions = { env?: Record<string, string | undefined>; cwd?: string };

/**
 * Starts a program as users do, through bin/launch.sh: `startProgram(["gateway", "serve"], { env })`. The environment
 * has no B3IQ_ settings but those given.
 */
export function startProgram(args: string[], options: ProgramOptions = {}): Program {
  return startCommand("sh", [path.join(ROOT, "bin", "launch.sh"), ...args], options);
}

/** Starts any command and gathers its output. */
export function startCommand(file: string, args: string[], options: ProgramOptions = {}): Program {
  const child = spawn(file, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...cleanEnvironment(), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  return {
    child,
    pid: child.pid!,
    output: () => text,
    line: (pattern, timeout_ms = 60_000) =>
      new Promise((resolve, reject) => {
        const done = (settle: () => void) => {
          clearTimeout(timer);
          waiting.delete(look);
          settle();
        };
        const look = () => {
          const match = pattern.exec(text);
          if (match !== null) done(() => resolve(match));
        };
        const timer = setTimeout(
          () => done(() => reject(new Error(`no ${pattern} within ${timeout_ms} ms:\n${text}`))),
          timeout_ms,
        );
        waiting.add(look);
        void ended.then(({ code, signal }) =>
          done(() => reject(new Error(`ended (${signal ?? code}) without ${pattern}:\n${text}`))),
        );
        look();
      }),
    ended,
    async stop(signal = "SIGTERM", timeout_ms = 30_000) {
      const timer = setTimeout(() => child.kill("SIGKILL"), timeout_ms);
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return ended.finally(() => clearTimeout(timer));
    },
  };
}

/** Settings for the gateways of tests: nodes get work without approval, since few tests are about joining. */
export const NO_APPROVAL = { B3IQ_NODE_APPROVAL: "0" };

const given = new Set<number>();

/**
 * A port of 127.0.0.1 that was free a moment ago. From below the range that the kernel gives to outgoing connections
 * (ip_local_port_range, from 32768): one of those could take it before its server listens.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 16_000);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = net.createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** A new private folder; the caller removes it. */
export function temporaryHome(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-home-"));
}

function cleanEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith("B3IQ_") && !name.startsWith("VITEST") && name !== "NODE_OPTIONS",
    ),
  );
}
