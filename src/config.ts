import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError, MisspeltSetting, type ListenAddress, type Setting } from "./config/parsers.ts";
import { CUSTOMER, GATEWAY, HOST, misspeltSettings } from "./config/settings.ts";
import type { LogLevel } from "./core/log.ts";

export { ConfigError } from "./config/parsers.ts";
export type { ListenAddress } from "./config/parsers.ts";

export type Environment = Record<string, string | undefined>;

type Values<Table extends Record<string, Setting<unknown>>> = {
  readonly [Key in keyof Table]: ReturnType<Table[Key]["parse"]>;
};
type Common = { readonly home: string; readonly secrets_dir: string; readonly log_level: LogLevel };

export type GatewayConfig = Omit<Values<typeof GATEWAY>, keyof Common | `${string}_listen`> &
  Common & {
    readonly gateway_listen: ListenAddress;
    readonly metrics_listen: ListenAddress;
    readonly peer_listen: ListenAddress;
  };

export type HostConfig = Omit<Values<typeof HOST>, keyof Common | "local_listen"> &
  Common & { readonly local_listen: ListenAddress };

const PACKAGE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** The gateway's settings, checked and frozen. Throws ConfigError. Makes nothing. */
export function gatewayConfig(env: Environment = process.env): GatewayConfig {
  const values = readAll(GATEWAY, env);
  const gateway_listen = values.gateway_listen!;
  const beside = (distance: number): ListenAddress => {
    const port = gateway_listen.port + distance;
    return { host: "127.0.0.1", port: gateway_listen.port === 0 || port > 65_535 ? 0 : port };
  };
  const config = {
    ...values,
    ...common(values),
    gateway_listen,
    metrics_listen: values.metrics_listen ?? beside(1_000),
    peer_listen: values.peer_listen ?? beside(2_000),
  };
  return Object.freeze(config);
}

/** The host agent's settings, checked and frozen. Throws ConfigError. Makes nothing. */
export function hostConfig(env: Environment = process.env): HostConfig {
  const values = readAll(HOST, env);
  if (values.model_path !== null && !isFile(values.model_path)) {
    throw new ConfigError("B3IQ_MODEL_PATH", "no file there", "an existing .gguf file");
  }
  if (values.runtime_key_file !== null && !isFile(values.runtime_key_file)) {
    throw new ConfigError("B3IQ_RUNTIME_KEY_FILE", "no file there", "an existing file");
  }
  if (values.runtime_kind !== null && values.runtime_kind !== "llama_cpp" && values.runtime_url === null) {
    throw new ConfigError(
      "B3IQ_RUNTIME_URL",
      "nothing",
      `the base URL of the ${values.runtime_kind} runtime that B3IQ_RUNTIME_KIND names`,
    );
  }
  if (
    values.model_path !== null &&
    (values.runtime_url !== null || (values.runtime_kind ?? "llama_cpp") !== "llama_cpp")
  ) {
    throw new ConfigError(
      "B3IQ_MODEL_PATH",
      "a file beside another runtime",
      "either B3IQ_MODEL_PATH or B3IQ_RUNTIME_URL, not both",
    );
  }
  if (values.runtime_kind === "llama_cpp" && values.runtime_url !== null) {
    throw new ConfigError(
      "B3IQ_RUNTIME_URL",
      "a URL beside the runtime kind llama_cpp",
      "B3IQ_MODEL_PATH with llama_cpp, or another B3IQ_RUNTIME_KIND",
    );
  }
  return Object.freeze({ ...values, ...common(values), local_listen: values.local_listen! });
}

/**
 * The gateway that a customer's commands speak to: B3IQ_GATEWAY_BASE_URL, else the one of this machine. Throws
 * ConfigError.
 */
export function gatewayAddress(env: Environment = process.env): string {
  const { base_url } = readAll(CUSTOMER, env);
  return base_url ?? "http://127.0.0.1:8830";
}

/**
 * The gateway and the customer of a customer's commands. Id and token come from B3IQ_CUSTOMER_ID and
 * B3IQ_CUSTOMER_TOKEN_FILE, else from the secrets folder. Throws ConfigError.
 */
export function customerConfig(env: Environment = process.env): {
  gateway_url: string;
  customer_id: string;
  customer_token: string;
} {
  const { customer_id, customer_token_file, ...values } = readAll(CUSTOMER, env);
  const { secrets_dir } = common({ ...values, log_level: null });
  const secret = (setting: string, file: string): string => {
    if (!isFile(file)) throw new ConfigError(setting, "nothing", `the customer's own, or the file ${file}`);
    return fs.readFileSync(file, "utf8").trim();
  };
  return {
    gateway_url: gatewayAddress(env),
    customer_id: customer_id ?? secret("B3IQ_CUSTOMER_ID", path.join(secrets_dir, "customer-id")),
    customer_token: secret("B3IQ_CUSTOMER_TOKEN_FILE", customer_token_file ?? path.join(secrets_dir, "customer-token")),
  };
}

/**
 * The first option of Node, if any, that opens the inspector or writes memory to a file. Prompts are in the memory of
 * a running gateway, so it does not start with one (docs/design/index.md, Privacy and security).
 */
export function dumpSettings(
  env: Environment = process.env,
  execArgv: readonly string[] = process.execArgv,
): string | undefined {
  const options = [...(env["NODE_OPTIONS"] ?? "").split(/\s+/), ...execArgv];
  return options.find((option) =>
    /^--(inspect|heap-?prof|heapsnapshot|report|abort|cpu-prof|diagnostic|trace-event|debug-port)/.test(
      option.replaceAll("_", "-"),
    ),
  );
}

/** The environment of `make run`, which has no admin: joining nodes need no approval unless the owner asks for it. */
export function runEnvironment(env: Environment = process.env): Environment {
  return { ...env, B3IQ_NODE_APPROVAL: env["B3IQ_NODE_APPROVAL"] || "0" };
}

/** The environment of a child process: this process's own, with the given variables. */
export function childEnvironment(own: Record<string, string>, env: Environment = process.env): Environment {
  return { ...env, ...own };
}

/** Makes the state folders with mode 0700. Throws ConfigError when they cannot be made or belong to another user. */
export function prepareHome(config: { home: string; secrets_dir: string }): void {
  for (const [setting, folder] of [
    ["B3IQ_HOME", config.home],
    ["B3IQ_SECRETS_DIR", config.secrets_dir],
  ] as const) {
    try {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      // The secrets folder may be a read-only mount of another user, so each of its files is checked instead.
      if (folder === config.home && (fs.statSync(folder).mode & 0o077) !== 0) fs.chmodSync(folder, 0o700);
    } catch (error) {
      throw new ConfigError(
        setting,
        `${folder} (${(error as { code?: string }).code ?? "not usable"})`,
        "a folder that this user can make, enter and own",
      );
    }
  }
}

function common(values: { home: string | null; secrets_dir: string | null; log_level: LogLevel | null }): Common {
  const installed = PACKAGE.split(path.sep).includes("node_modules");
  const home = values.home ?? path.join(installed ? process.cwd() : PACKAGE, ".b3iq");
  return { home, secrets_dir: values.secrets_dir ?? path.join(home, "secrets"), log_level: values.log_level ?? "info" };
}

function readAll<Table extends Record<string, Setting<unknown>>>(table: Table, env: Environment): Values<Table> {
  const misspelt = misspeltSettings(Object.keys(env));
  if (misspelt.length > 0) throw new MisspeltSetting(misspelt);
  return Object.fromEntries(
    Object.entries(table).map(([key, setting]) => [key, readOne(setting, env)]),
  ) as Values<Table>;
}

function readOne(setting: Setting<unknown>, env: Environment): unknown {
  const given = env[setting.name];
  const text = given === undefined || given === "" ? setting.default : given;
  if (text === null) return setting.absent;
  try {
    return setting.parse(text);
  } catch {
    throw new ConfigError(
      setting.name,
      setting.secret === true ? "something else (not shown)" : JSON.stringify(text),
      setting.allowed,
    );
  }
}

function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
