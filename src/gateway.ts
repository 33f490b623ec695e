import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import type { GatewayConfig } from "./config.ts";
import { createGatewayCore, type GatewayCore } from "./core/gateway/core.ts";
import type { TunnelAdmission } from "./core/gateway/nodes/tunnel_state.ts";
import { databaseFailure } from "./core/gateway/database_failure.ts";
import type { ApiError } from "./core/errors.ts";
import { createLog, type Logger } from "./core/log.ts";
import { createMetrics, type Metrics, metricsListener } from "./core/metrics.ts";
import { sha256Hex } from "./core/protocol/bytes/encoding.ts";
import { RESULT_ENVELOPE_MAX_BYTES } from "./core/protocol/envelope/envelope.ts";
import { gatewaySecrets } from "./core/secrets.ts";
import { hosted } from "./handlers/hosted/index.ts";
import { openDatabase } from "./store/postgres/database.ts";
import { clientAddress, parseCidrs } from "./surface/http/client_address.ts";
import { hostedSurface } from "./surface/hosted_surface.ts";
import type { Answered } from "./surface/options.ts";
import { addressLimit } from "./surface/http/rate_limit.ts";
import { listen } from "./surface/http/server.ts";
import { TUNNEL_PATH } from "./tunnel/carrier_upgrade.ts";

export type RunningGateway = { url: string; metrics_url: string; stop(): Promise<void> };

const PER_MINUTE = 60;
/** Room for a sealed result as JSON (RESULT_ENVELOPE_MAX_BYTES) with its receipt. */
const SEALED_RESULT_BYTES = RESULT_ENVELOPE_MAX_BYTES + 16_384;
const SCRAPERS_MAX = 64;

/**
 * Starts a gateway on a prepared database: database, core, surface, listeners. `stop` drains: readiness fails, chats
 * end, the ledger closes. Rejects when the database cannot be used or a port is taken, and stops the started parts
 * then.
 */
export async function startGateway(config: GatewayConfig & { database_url: string }): Promise<RunningGateway> {
  const log = createLog({ level: config.log_level, program: "b3iq-gateway" });
  const metrics = createMetrics();
  const secrets = gatewaySecrets(config.secrets_dir);
  const undo: (() => unknown)[] = [];
  try {
    const db = openDatabase(
      { url: config.database_url },
      {
        application_name: "b3iq-gateway",
        pool_max: config.database_pool_max,
        statement_timeout_ms: config.statement_timeout_ms,
      },
    );
    undo.push(() => db.close());
    const core = await createGatewayCore({ config, secrets, db, log, metrics, admit_tunnel: admitTunnels(config) });
    undo.push(() => core.stop());
    const surface = await createSurface(config, core, metrics, log);
    const metricsServer = await listen(
      { ...config.metrics_listen, setting: "B3IQ_METRICS_LISTEN", connections_max: SCRAPERS_MAX },
      metricsListener(metrics),
    );
    undo.push(() => metricsServer.close());
    const server = await listen(
      {
        ...config.gateway_listen,
        setting: "B3IQ_GATEWAY_LISTEN",
        header_bytes_max: config.header_max_bytes,
        connections_max: config.connections_max,
        upgrade: { path: TUNNEL_PATH, take: core.tunnels.handleUpgrade },
        onRefused: (error) => countRefused(metrics, error),
        onDropped: () => metrics.connections_dropped.inc(),
      },
      surface.app,
    );
    return {
      url: server.url,
      metrics_url: `${metricsServer.url}/metrics`,
      async stop() {
        core.beginDrain();
        surface.close();
        await server.drain(config.drain_cap_ms, () => surface.stats.in_flight + core.relayed());
        await core.stop();
        // Only after the core: the tunnels are connections of this server, and chats need them to the end.
        await server.close();
        await metricsServer.close();
        await db.close();
      },
    };
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

function createSurface(config: GatewayConfig, core: GatewayCore, metrics: Metrics, log: Logger) {
  const { authenticate } = core;
  const perMinute = (requests: number) => ({ burst: requests, per_second: requests / PER_MINUTE });
  return hostedSurface(
    {
      document: JSON.parse(readFileSync(new URL("../generated/hosted.json", import.meta.url), "utf8")) as unknown,
      handlers: hosted,
      context: core,
      authenticate: {
        ...authenticate,
        node: ({ headers, method, target, body }) => authenticate.node(headers, method, target, sha256Hex(body)),
      },
      options: {
        body_bytes_max: config.body_max_bytes,
        body_depth_max: config.body_depth_max,
        body_bytes_by_operation: {
          createPrivateJob: config.private_body_max_bytes,
          submitCommandResult: SEALED_RESULT_BYTES,
        },
        stall_ms: config.client_progress_timeout_ms,
        anonymous_rate: perMinute(config.keyless_requests_per_minute),
        failure_rate: perMinute(config.failed_keys_per_minute),
        check_responses: config.validate_responses
          ? (violation) => {
              metrics.contract_violations.inc({ operation: violation.operation_id ?? "none" });
              log.warn("contract_violation", { operation_id: violation.operation_id, status: violation.status });
            }
          : null,
        explain: databaseFailure,
        onAnswer: (answered) => count(metrics, answered),
        onFailure: ({ request_id, operation_id, error_name, frames }) =>
          log.error("request_failed", { request_id, operation_id, error_name, error_at: frames[0] }),
      },
    },
    {
      chat_bytes_max: config.chat_body_max_bytes,
      cors_origins: [...(config.cors_origins ?? [])],
      trusted_proxies: (config.trusted_proxies ?? []).map(String),
    },
  );
}

/** Refused tunnel openings are limited by client address, at the rate of refused keys. */
function admitTunnels({ failed_keys_per_minute, trusted_proxies }: GatewayConfig): TunnelAdmission {
  const limit = addressLimit({ burst: failed_keys_per_minute, per_second: failed_keys_per_minute / PER_MINUTE });
  const trusted = trusted_proxies === null ? null : parseCidrs(trusted_proxies.map(String));
  const addressOf = ({ headers, socket }: IncomingMessage) =>
    clientAddress(socket.remoteAddress, [headers["x-forwarded-for"] ?? []].flat().join(",") || undefined, trusted);
  return { check: (request) => limit.check(addressOf(request)), refused: (request) => limit.take(addressOf(request)) };
}

function count(metrics: Metrics, answered: Answered): void {
  const operation = answered.operation_id ?? "none";
  metrics.http_requests.inc({ operation, status: String(answered.status ?? 499) });
  metrics.http_request_seconds.observe({ operation }, answered.duration_ms / 1000);
  if (answered.code !== null) metrics.http_errors.inc({ operation, code: answered.code });
}

/** Counts a refusal that happened before there was a request for the surface. */
function countRefused(metrics: Metrics, { status, code }: ApiError): void {
  metrics.http_requests.inc({ operation: "none", status: String(status) });
  metrics.http_errors.inc({ operation: "none", code });
}
