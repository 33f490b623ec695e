import { ConfigError, dumpSettings } from "../config.ts";

/** A wrong command line; the program ends with 2. */
export class UsageError extends Error {}

/**
 * Runs a program to its end. An error is one line on standard error and an exit status: 2 for a wrong setting or
 * command line, else 1. Our messages name settings and files, never data of a caller.
 */
export async function runProgram(name: string, work: () => Promise<void>): Promise<void> {
  try {
    const dumps = dumpSettings();
    if (dumps !== undefined)
      throw new ConfigError("NODE_OPTIONS", dumps, "no option that opens the inspector or writes memory to a file");
    // --disable-sigusr1 keeps the signal from opening the inspector; without a listener the signal would end us
    process.on("SIGUSR1", () => {});
    await work();
  } catch (error) {
    console.error(`${name}: ${oneLine(error)}`);
    process.exit(error instanceof ConfigError || error instanceof UsageError ? 2 : 1);
  }
}

/**
 * The flag of a child whose standard input is a pipe from its parent, which ends with the parent, even a killed one.
 */
export const UNTIL_STDIN_ENDS = "--until-stdin-ends";

/** Refuses words where a program takes none, so that `--help` does not start the program. */
export function refuseWords(name: string): void {
  const [word] = commandWords();
  if (word !== undefined)
    throw new UsageError(`${name} takes no "${word}"; what can be changed are settings in the environment (B3IQ_...)`);
}

/** The words of the command line, without the flag above. */
export function commandWords(): string[] {
  return process.argv.slice(2).filter((word) => word !== UNTIL_STDIN_ENDS);
}

/**
 * Calls `stop` at the first SIGTERM, SIGINT or SIGHUP, and with the flag above at the end of standard input, and then
 * ends with 0. A second signal ends the program at once.
 */
export function stopOnSignal(name: string, stop: (signal: NodeJS.Signals) => Promise<void>): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(130);
    stopping = true;
    stop(signal).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`${name}: ${oneLine(error)}`);
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, onSignal);
  if (process.argv.includes(UNTIL_STDIN_ENDS)) {
    process.stdin.resume();
    process.stdin.once("close", () => {
      if (!stopping) onSignal("SIGTERM");
    });
  }
}

/** Turns the error of a taken port into a configuration error that names the setting; any other error stays. */
export function listenError(error: unknown, listeners: Record<string, { host: string; port: number }>): unknown {
  const { code, port } = ((error as Error).cause ?? error) as { code?: string; port?: number };
  const found = Object.entries(listeners).find(([, listen]) => listen.port === port);
  if (found === undefined || !["EADDRINUSE", "EACCES", "EADDRNOTAVAIL"].includes(code ?? "")) return error;
  const [setting, listen] = found;
  const why = {
    EADDRINUSE: "which another program uses",
    EACCES: "which this user may not use",
    EADDRNOTAVAIL: "which is not an address of this machine",
  };
  return new ConfigError(
    setting,
    `${listen.host}:${listen.port}, ${why[code as keyof typeof why]}`,
    "a free address of this machine",
  );
}

/** Turns a failed connection to the database into one line; any other error stays. The URL may hold a password: it is left out. */
export function databaseError(error: unknown): unknown {
  const code = (error as { code?: string }).code ?? "";
  const said: Record<string, string> = {
    ECONNREFUSED: "nothing listens there",
    ENOTFOUND: "no such host",
    ETIMEDOUT: "no answer",
    ENOENT: "no such socket",
    EAI_AGAIN: "the host's name cannot be resolved",
    "28P01": "the password is refused",
    "28000": "the user is refused",
    "3D000": "no such database",
    "53300": "it has no connection left",
    "57P03": "it is starting or stopping",
    "42501": "the user lacks rights in it",
  };
  const why = said[code] ?? (/timeout/i.test((error as Error).message) ? "no answer" : undefined);
  if (why === undefined) return error;
  return new ConfigError(
    "B3IQ_DATABASE_URL",
    `a database that cannot be used (${why}, ${code || "timeout"})`,
    "a Postgres 15 or newer that answers",
  );
}

function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .join("; ");
}
