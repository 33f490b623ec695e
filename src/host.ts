import { readFileSync } from "node:fs";
import type { HostConfig } from "./config.ts";
import { createAgent, type Agent } from "./core/host/agent.ts";
import { createInventory } from "./core/host/machine/inventory.ts";
import { localAuthenticate, type LocalCore } from "./core/host/access/local_callers.ts";
import { createManaged, type Managed } from "./core/host/gateway_link/managed.ts";
import { openRuntime } from "./core/host/runtimes/open.ts";
import type { Runtime } from "./core/host/runtimes/runtime.ts";
import { createTunnelServe } from "./core/host/gateway_link/tunnel_serve.ts";
import { AGENT_FIELDS, createLog, type Logger } from "./core/log.ts";
import { readSecret, setupToken } from "./core/secrets.ts";
import { local } from "./handlers/local/index.ts";
import { RELEASE } from "./release.ts";
import { openHostState } from "./store/sqlite/host_state.ts";
import { bodyCheck } from "./surface/binding/body_check.ts";
import { localSurface } from "./surface/local_surface.ts";
import { listen } from "./surface/http/server.ts";

export type RunningHost = {
  url: string;
  node_id: string;
  /** True when no model was configured and the self-test model answers. */
  built_in_model: boolean;
  runtime: Runtime;
  runtimeState: Agent["runtimeState"];
  /** Refuses new chats, lets running ones end within the cap, then closes everything. */
  stop(): Promise<void>;
};

/** The closing steps of the parts that a start has opened so far. */
type Opened = (() => unknown)[];

type Surface = Awaited<ReturnType<typeof createSurface>>;

/**
 * Starts a host agent: state, runtime, core, surface, listener; enrolls in the background when a gateway is configured.
 * Rejects with StateInUse for a folder that another agent has, and with the reason when a model cannot be loaded or a
 * port is taken.
 */
export async function startHost(config: HostConfig): Promise<RunningHost> {
  const opened: Opened = [];
  try {
    return await start(config, opened);
  } catch (error) {
    for (const close of opened.reverse()) await close();
    throw error;
  }
}

async function start(config: HostConfig, opened: Opened): Promise<RunningHost> {
  const log = createLog({ level: config.log_level, program: "b3iq-host", fields: AGENT_FIELDS });
  const state = openHostState(config.home);
  opened.push(() => state.close());
  setupToken(config.secrets_dir);
  const { runtime, built_in, model_folder } = await openRuntime(config);
  opened.push(() => runtime.close());
  const agent = createAgent({
    state,
    runtime,
    capacity: config.runtime_slots,
    setup_token: () => setupToken(config.secrets_dir),
    log,
  });
  const localKey = readSecret(config.secrets_dir, "local-key");
  if (localKey !== undefined) agent.access.adoptKey(localKey, "secrets/local-key");
  let draining = false;
  const core: LocalCore = { agent, managed: null, agent_version: RELEASE, draining: () => draining };
  const surface = await createSurface(config, core, log);
  core.managed = connectGateway(config, core, { surface, model_folder, log });
  await agent.start();
  opened.push(() => agent.stop());
  const server = await listen(
    {
      ...config.local_listen,
      setting: "B3IQ_LOCAL_LISTEN",
      header_bytes_max: config.header_max_bytes,
      connections_max: config.connections_max,
    },
    surface.app,
  );
  core.managed?.start();
  return {
    url: server.url,
    node_id: agent.node_id,
    built_in_model: built_in,
    runtime,
    runtimeState: agent.runtimeState,
    async stop() {
      draining = true;
      surface.close();
      await Promise.all([core.managed?.drain(config.drain_cap_ms), server.drain(config.drain_cap_ms)]);
      await core.managed?.stop();
      await agent.stop();
      await server.close();
      state.close();
    },
  };
}

/** The agent's link to the gateway of the settings, not started yet; null when the settings name no gateway. */
function connectGateway(
  config: HostConfig,
  core: LocalCore,
  { surface, model_folder, log }: { surface: Surface; model_folder: string; log: Logger },
): Managed | null {
  if (config.gateway_url === null) return null;
  return createManaged({
    proxy: {
      https_proxy: config.https_proxy ?? undefined,
      http_proxy: config.http_proxy ?? undefined,
      no_proxy: config.no_proxy ?? undefined,
    },
    agent: core.agent,
    gateway_url: config.gateway_url,
    agent_version: core.agent_version,
    inventory: createInventory({ model_folder }),
    log,
    is_chat_request: bodyCheck(localDocument(), "local_chat_completion_request"),
    serve: createTunnelServe({
      agent: core.agent,
      managed: () => core.managed,
      body_bytes_max: config.chat_body_max_bytes,
      surface: (request, response) => void surface.handle(request, response, { transport: "tunnel" }),
    }),
  });
}

function createSurface(config: HostConfig, core: LocalCore, log: Logger) {
  return localSurface(
    {
      document: localDocument(),
      handlers: local,
      context: core,
      authenticate: localAuthenticate(core),
      options: {
        body_bytes_max: config.body_max_bytes,
        body_depth_max: config.body_depth_max,
        stall_ms: config.client_progress_timeout_ms,
        failure_rate: { burst: config.failed_keys_per_minute, per_second: config.failed_keys_per_minute / 60 },
        check_responses: config.validate_responses
          ? (violation) =>
              log.warn("contract_violation", { operation_id: violation.operation_id, status: violation.status })
          : null,
        onFailure: ({ request_id, operation_id, error_name, frames }) =>
          log.error("request_failed", { request_id, operation_id, error_name, error_at: frames[0] }),
      },
    },
    { chat_bytes_max: config.chat_body_max_bytes, cors_origins: [], extra_hosts: [config.local_listen.host] },
  );
}

function localDocument(): unknown {
  return JSON.parse(readFileSync(new URL("../generated/local.json", import.meta.url), "utf8"));
}
