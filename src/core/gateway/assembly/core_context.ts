import { randomBytes } from "node:crypto";
import type { GatewayConfig } from "../../../config.ts";
import { RELEASE } from "../../../release.ts";
import type { Database } from "../../../store/postgres/database.ts";
import type { Logger } from "../../log.ts";
import type { Metrics } from "../../metrics.ts";
import type { GatewaySecrets } from "../../secrets.ts";
import type { TunnelAdmission } from "../nodes/tunnel_state.ts";
import { createTracing, NO_TRACING, type Tracing } from "../tracing.ts";

export type CorePorts = {
  config: GatewayConfig;
  secrets: GatewaySecrets;
  db: Database;
  log: Logger;
  metrics: Metrics;
  admit_tunnel?: TunnelAdmission;
};

/** The settings, ports and process ids from which every part of the core is built. */
export type CoreContext = CorePorts & {
  /** The id of this process. A restarted gateway draws another one, so that its earlier holds are taken over. */
  gateway: { gateway_id: string; epoch: number };
  /** The public URL: enrollments are signed for it, and the log's name comes from it. */
  public_url: string;
  tracing: Tracing;
  /** True from the start of a drain: readiness fails, and new chats and jobs are refused. */
  draining: () => boolean;
  beginDrain: () => void;
  /** One step for each thing that was started, in the order of the starts; `stopAll` runs them backwards. */
  stops: Stop[];
};

type Stop = () => unknown;

/** The context of a new process. Tracing is started here, and so is stopped last. */
export async function createContext(ports: CorePorts): Promise<CoreContext> {
  const { config, log } = ports;
  const { host, port } = config.gateway_listen;
  const tracing =
    config.otlp_endpoint === null
      ? NO_TRACING
      : await createTracing({ endpoint: config.otlp_endpoint, service_version: RELEASE, log });
  let draining = false;
  return {
    ...ports,
    gateway: { gateway_id: `gw_${randomBytes(12).toString("hex")}`, epoch: 1 },
    public_url: config.public_url ?? `http://${host}:${port}`,
    tracing,
    draining: () => draining,
    beginDrain() {
      draining = true;
    },
    stops: [tracing.stop],
  };
}

/** Runs each step once, the newest first: a later part uses the earlier ones. */
export async function stopAll(stops: Stop[]): Promise<void> {
  for (let stop = stops.pop(); stop; stop = stops.pop()) await stop();
}
