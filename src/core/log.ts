import { pino, type DestinationStream } from "pino";

/**
 * The only fields that a log line may have: nothing is redacted, and every other field is dropped
 * (docs/design/index.md, Privacy and security). No field may hold a prompt, an output, a key, a customer's id, an
 * address, a URL or a path of this machine, except the fields of the agent's own log (AGENT_FIELDS).
 */
const FIELDS = [
  "request_id",
  "operation_id",
  "method",
  "status",
  "error_code",
  "error_name",
  "error_at",
  "sql_state",
  "gateway_id",
  "gateway_epoch",
  "node_id",
  "node_epoch",
  "job_id",
  "hold_id",
  "command_id",
  "incident_id",
  "batch_id",
  "operation_kind",
  "model_id",
  "mode",
  "outcome",
  "reason",
  "state",
  "attempt",
  "fence",
  "count",
  "limit",
  "bytes",
  "version",
  "expected",
  "port",
  "listener",
  "latency_ms",
  "ttft_ms",
  "duration_ms",
  "delay_ms",
  "offset_ms",
  "age_ms",
  "signal",
  "exit_code",
  "pid",
  "setting",
  "kind",
  "carrier",
  "runtime_kind",
  "leaf_count",
  "tree_size",
  "violations",
  "release",
  "node_version",
  "protocol_version",
  "agent_version",
] as const;

/**
 * Further fields of the agent's log, for its owner: the runtime's URL is a setting without user and query. The
 * gateway's log drops it.
 */
export const AGENT_FIELDS = [...FIELDS, "runtime_url"] as const;

export type LogField = (typeof AGENT_FIELDS)[number];
export type LogFields = Partial<Record<LogField, string | number | boolean | null | undefined>>;
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** `event` is a fixed snake_case name written in the source, never a text made of data. */
export type Logger = {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** The same logger, with these fields in every line. */
  child(fields: LogFields): Logger;
};

const LONGEST_VALUE = 200;

/**
 * JSON lines, to standard error unless `destination` is given: `time` (RFC 3339), `level`, `event`, and of the fields
 * those that are allowed, which are the gateway's unless `fields` is given.
 */
export function createLog(options: {
  level: LogLevel;
  program: string;
  fields?: readonly LogField[];
  destination?: DestinationStream;
}): Logger {
  const settings = {
    level: options.level,
    base: { program: options.program, pid: process.pid },
    messageKey: "event",
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level: string) => ({ level }) },
  };
  const target = pino(settings, options.destination ?? pino.destination({ fd: 2, sync: true }));
  return withFields(target, new Set(options.fields ?? FIELDS), {});
}

/**
 * The loggable facts of an unexpected error: name, code, and place. Never its message, which may quote a caller's data;
 * of the stack only source names, lines and columns.
 */
export function errorFields(error: unknown): Pick<LogFields, "error_name" | "error_code" | "error_at"> {
  if (!(error instanceof Error)) return { error_name: typeof error };
  const code = (error as { code?: unknown }).code;
  const stack = error.stack ?? "";
  // The stack begins with the message, which may contain lines that look like frames.
  const after_message = stack.includes(error.message)
    ? stack.slice(stack.indexOf(error.message) + error.message.length)
    : "";
  const frames = after_message
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 4);
  const places = frames.map(
    (frame) => /([\w@.-]+\/[\w.-]+:\d+:\d+)\)?$/.exec(frame)?.[1] ?? /(node:[\w/]+:\d+:\d+)\)?$/.exec(frame)?.[1],
  );
  return {
    error_name: error.name,
    ...(typeof code === "string" ? { error_code: code } : {}),
    error_at: places.filter((place) => place !== undefined).join(" < "),
  };
}

function withFields(target: pino.Logger, names: ReadonlySet<string>, always: LogFields): Logger {
  const at =
    (level: "debug" | "info" | "warn" | "error") =>
    (event: string, fields: LogFields = {}) => {
      target[level](allowed({ ...always, ...fields }, names), event);
    };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => withFields(target, names, { ...always, ...fields }),
  };
}

function allowed(fields: LogFields, names: ReadonlySet<string>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!names.has(name) || value === undefined || (typeof value === "object" && value !== null)) continue;
    kept[name] = typeof value === "string" ? value.slice(0, LONGEST_VALUE) : value;
  }
  return kept;
}
