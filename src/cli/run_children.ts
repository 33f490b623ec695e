import { spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { childEnvironment } from "../config.ts";
import { UNTIL_STDIN_ENDS, UsageError } from "./program.ts";

export type Supervised = {
  readonly name: string;
  readonly log_file: string;
  /** Rejects when the program cannot be kept running; never resolves otherwise. */
  failed: Promise<never>;
  /** SIGTERM, then the program's own drain; resolves when it has ended. */
  stop(): Promise<void>;
  kill(): void;
};

type Options = {
  name: string;
  args: string[];
  env: Record<string, string>;
  log_file: string;
  say: (line: string) => void;
};

/** Ends within this time of a start count as failures of the start. */
const STEADY_MS = 10_000;
const FAILURES_MAX = 5;
/** Exit status of a wrong setting: starting again cannot help. */
const WRONG_SETTING = 2;

const LAUNCH = path.resolve(
  import.meta.dirname,
  "..",
  "..",
  import.meta.url.endsWith(".ts") ? "" : "..",
  "bin",
  "launch.sh",
);

/**
 * Runs one program in a process group of its own, so that Ctrl-C reaches the program through us and in order, and
 * starts the program again when it ends. The program ends by itself with its standard input, so also when we are killed.
 */
export function supervise(options: Options): Supervised {
  let stopping = false;
  let failures = 0;
  let child: ChildProcess;
  let ended: Promise<void>;
  let restart: NodeJS.Timeout | undefined;
  let fail!: (error: Error) => void;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {}); // the caller races the promise; a later failure must not end the process

  const start = () => {
    const started_at = performance.now();
    const log = fs.openSync(options.log_file, "a", 0o600);
    const from = fs.fstatSync(log).size;
    child = spawn("sh", [LAUNCH, ...options.args, UNTIL_STDIN_ENDS], {
      env: childEnvironment(options.env),
      detached: true,
      stdio: ["pipe", log, log],
    });
    fs.closeSync(log);
    child.stdin!.on("error", () => {}); // the child ended first
    ended = new Promise((resolve) => {
      child.once("error", (error) => {
        fail(new Error(`${options.name} cannot be started: ${error.message}`));
        resolve();
      });
      child.once("exit", (code, signal) => {
        resolve();
        if (!stopping) onEnd(code, signal, performance.now() - started_at, from);
      });
    });
  };
  const onEnd = (code: number | null, signal: NodeJS.Signals | null, lived_ms: number, from: number) => {
    failures = lived_ms < STEADY_MS ? failures + 1 : 1;
    const said = lastWords(options.log_file, from);
    const how = signal === null ? `with status ${code}` : `by ${signal}`;
    if (code === WRONG_SETTING || failures >= FAILURES_MAX) {
      const reason = said ?? `${options.name} ended ${how}; its log is ${options.log_file}`;
      fail(code === WRONG_SETTING ? new UsageError(reason) : new Error(reason));
      return;
    }
    options.say(`${options.name} ended ${how}${said === undefined ? "" : ` (${said})`}; starting it again`);
    restart = setTimeout(start, 100 * 2 ** failures);
  };
  start();

  return {
    name: options.name,
    log_file: options.log_file,
    failed,
    async stop() {
      stopping = true;
      clearTimeout(restart);
      child.kill("SIGTERM");
      await ended;
    },
    kill() {
      stopping = true;
      clearTimeout(restart);
      child.kill("SIGKILL");
    },
  };
}

/** The reason that the program gave for its end (see runProgram), from byte `from` of its log on. */
function lastWords(log_file: string, from: number): string | undefined {
  const text = fs.readFileSync(log_file).subarray(from).toString("utf8");
  return text
    .split("\n")
    .map((line) => /^b3iq-\w+: (.+)$/.exec(line)?.[1])
    .filter((reason) => reason !== undefined)
    .at(-1);
}
