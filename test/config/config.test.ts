import { expect, test } from "vitest";
import * as fs from "node:fs";
import {
  ConfigError,
  customerConfig,
  gatewayAddress,
  gatewayConfig,
  hostConfig,
  runEnvironment,
} from "../../src/config.ts";
import { CUSTOMER, GATEWAY, HOST, misspeltSettings } from "../../src/config/settings.ts";

test("without settings: the documented defaults", () => {
  const config = gatewayConfig({});
  expect(config).toMatchObject({
    gateway_listen: { host: "127.0.0.1", port: 8830 },
    database_url: null,
    public_url: null,
    trusted_proxies: [],
    cors_origins: [],
    require_sync_replica: false,
    drain_cap_ms: 600_000,
    chat_body_max_bytes: 8_388_608,
    private_body_max_bytes: 1_048_576,
    tunnel_connect_timeout_ms: 2_000,
    candidate_accept_timeout_ms: 5_000,
    first_token_timeout_ms: 120_000,
    between_tokens_timeout_ms: 60_000,
    answer_timeout_ms: 600_000,
    client_progress_timeout_ms: 30_000,
    receipt_grace_ms: 600_000,
  });
  expect(config.home).toMatch(/\/\.b3iq$/);
  expect(config.secrets_dir).toBe(`${config.home}/secrets`);
  expect(Object.isFrozen(config)).toBe(true);
  expect(hostConfig({}).local_listen).toEqual({ host: "127.0.0.1", port: 8831 });
});

test("metrics and peers follow the gateway's port, so that several gateways on one machine do not meet", () => {
  expect(gatewayConfig({ B3IQ_GATEWAY_LISTEN: "127.0.0.1:8840" })).toMatchObject({
    metrics_listen: { port: 9840 },
    peer_listen: { port: 10840 },
  });
  expect(gatewayConfig({ B3IQ_GATEWAY_LISTEN: "[::1]:0" })).toMatchObject({
    gateway_listen: { host: "::1", port: 0 },
    metrics_listen: { port: 0 },
  });
});

test.each([
  ["B3IQ_DRAIN_CAP_MS", "soon", '"soon"', "a whole number from 0 to 3600000"],
  ["B3IQ_DRAIN_CAP_MS", "-1", '"-1"', "a whole number"],
  ["B3IQ_GATEWAY_LISTEN", "8830", '"8830"', "host:port"],
  ["B3IQ_GATEWAY_LISTEN", "127.0.0.1:70000", "70000", "host:port"],
  ["B3IQ_TRUSTED_PROXIES", "10.0.0.0/33", "10.0.0.0/33", "networks"],
  ["B3IQ_CORS_ORIGINS", "https://a.example/path", "path", "origins"],
  ["B3IQ_PUBLIC_URL", "ftp://a.example", "ftp", "http or https URL"],
  ["B3IQ_REQUIRE_SYNC_REPLICA", "yes", '"yes"', "1 (yes) or 0 (no)"],
  ["B3IQ_LOG_LEVEL", "loud", '"loud"', "one of debug"],
])("%s=%s is refused in one line", (name, value, found, allowed) => {
  const refusal = refusalOf(() => gatewayConfig({ [name]: value }));
  expect(refusal.message).toMatch(new RegExp(`^${name}: found `));
  expect(refusal.message).toContain(found);
  expect(refusal.message).toContain(allowed);
  expect(refusal.message).not.toContain("\n");
});

test("a database URL is never repeated", () => {
  const refusal = refusalOf(() => gatewayConfig({ B3IQ_DATABASE_URL: "mysql://root:hunter2@db" }));
  expect(refusal.message).toMatch(/^B3IQ_DATABASE_URL: found /);
  expect(refusal.message).not.toContain("hunter2");
});

test("runtime settings that contradict each other are refused", () => {
  expect(refusalOf(() => hostConfig({ B3IQ_RUNTIME_KIND: "vllm" })).setting).toBe("B3IQ_RUNTIME_URL");
  expect(refusalOf(() => hostConfig({ B3IQ_MODEL_PATH: "/nowhere.gguf" })).setting).toBe("B3IQ_MODEL_PATH");
  expect(
    refusalOf(() => hostConfig({ B3IQ_MODEL_PATH: import.meta.filename, B3IQ_RUNTIME_URL: "http://127.0.0.1:1/v1" }))
      .setting,
  ).toBe("B3IQ_MODEL_PATH");
});

test.each([
  ["B3IQ_RUNTIME_URl", "B3IQ_RUNTIME_URL"],
  ["B3IQ_MODEL_PATHS", "B3IQ_MODEL_PATH"],
  ["B3IQ_MODEL", "B3IQ_MODEL_PATH"],
  ["B3IQ_GATEWAY_LISTN", "B3IQ_GATEWAY_LISTEN"],
  ["B3IQ_DATABSE_URL", "B3IQ_DATABASE_URL"],
  ["b3iq_home", "B3IQ_HOME"],
])("%s is no setting, and nothing starts with it: %s is meant", (name, nearest) => {
  for (const read of [gatewayConfig, hostConfig, customerConfig, gatewayAddress]) {
    const refusal = refusalOf(() => read({ [name]: "hunter2" }));
    expect(refusal.setting).toBe(name);
    expect(refusal.message).toMatch(new RegExp(`^${name} is not a setting of B3IQ; did you mean ${nearest}\\?`));
    expect(refusal.message).not.toMatch(/\n|hunter2/);
  }
});

test("settings of the other program, of clients, samples and tests, and what is not ours, stop nothing", () => {
  const names = [
    "B3IQ_LOCAL_LISTEN",
    "B3IQ_GATEWAY_KEY_FILE",
    "B3IQ_GATEWAY_BASE_URL",
    "B3IQ_CUSTOMER_TOKEN_FILE",
    "B3IQ_TEST_ANYTHING",
    "XB3IQ_OTHER",
  ];
  const env = { ...Object.fromEntries(names.map((name) => [name, ""])), PATH: "x" };
  for (const read of [gatewayConfig, hostConfig]) expect(() => read(env)).not.toThrow();
});

test("a sample of the guides, or a line of the Makefile, names no setting that would stop a program", () => {
  const texts = [
    "README.md",
    "Makefile",
    ...fs.readdirSync("docs", { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`),
  ]
    .filter((file) => fs.statSync(file).isFile())
    .map((file) => fs.readFileSync(file, "utf8"));
  const names = new Set(texts.flatMap((text) => text.match(/\bB3IQ_[A-Z0-9_]+\b/g) ?? []));
  expect(names.size).toBeGreaterThan(20);
  expect(misspeltSettings([...names])).toEqual([]);
});

test("every setting does something: a program reads it", () => {
  const sources = fs
    .readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("config/"))
    .map((file) => fs.readFileSync(`src/${file}`, "utf8"))
    .join("\n");
  const unread = Object.keys({ ...GATEWAY, ...HOST, ...CUSTOMER }).filter(
    (name) => !new RegExp(`(config\\.|[{,] *|values\\.|settings\\.)${name}\\b`).test(sources),
  );
  expect(unread).toEqual([]);
});

test("what Kubernetes sets for a Service that is named like a program of ours is no setting", () => {
  const service = ["SERVICE_HOST", "SERVICE_PORT", "SERVICE_PORT_HTTP", "PORT", "PORT_80_TCP", "PORT_80_TCP_ADDR"];
  const names = service.map((name) => `B3IQ_GATEWAY_${name}`);
  expect(misspeltSettings(names)).toEqual([]);
  expect(misspeltSettings(["B3IQ_GATEWAY_PORT"])).toMatchObject([{ name: "B3IQ_GATEWAY_PORT" }]);
});

test("new nodes wait for approval, unless `make run` starts the gateway or the setting says otherwise", () => {
  expect(gatewayConfig({}).node_approval).toBe(true);
  expect(gatewayConfig(runEnvironment({})).node_approval).toBe(false);
  expect(gatewayConfig(runEnvironment({ B3IQ_NODE_APPROVAL: "1" })).node_approval).toBe(true);
  expect(gatewayConfig({ B3IQ_NODE_APPROVAL: "0" }).node_approval).toBe(false);
});

function refusalOf(work: () => unknown): ConfigError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error as ConfigError;
  }
  throw new Error("nothing was refused");
}
