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

/** What every part of the core is built from. */
export type CoreContext = CorePorts & {
  /** This process: a restarted gateway draws another id, so that its earlier holds are taken over. */
  gateway: { gateway_id: string; epoch: number };
  /** The URL that enrollments are signed for and the log is named by. */
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

/** Runs each step once, the newest first: what was built last uses what was built before it. */
export async function stopAll(stops: Stop[]): Promise<void> {
  for (let stop = stops.pop(); stop; stop = stops.pop()) await stop();
}
