import { flushCompileCache } from "node:module";
import { childEnvironment, hostConfig, prepareHome } from "../config.ts";
import { AGENT_FIELDS, createLog } from "../core/log.ts";
import { startHost } from "../host.ts";
import { RELEASE } from "../release.ts";
import { runtimeTrouble } from "./runtime_line.ts";
import { listenError, stopOnSignal } from "./program.ts";

/** `b3iq-host serve [--gateway URL]`: opens the state folder and the runtime, serves until a signal, drains. */
export async function serve({ gateway }: { gateway?: string }): Promise<void> {
  const config = hostConfig(childEnvironment(gateway === undefined ? {} : { B3IQ_GATEWAY_URL: gateway }));
  prepareHome(config);
  const log = createLog({ level: config.log_level, program: "b3iq-host", fields: AGENT_FIELDS });
  const host = await startHost(config).catch((error: unknown) => {
    throw listenError(error, { B3IQ_LOCAL_LISTEN: config.local_listen });
  });
  stopOnSignal("b3iq-host", async (signal) => {
    log.info("draining", { signal, duration_ms: config.drain_cap_ms });
    await host.stop();
    log.info("stopped");
  });
  log.info("serving", { release: RELEASE, node_version: process.version, node_id: host.node_id });
  flushCompileCache(); // a killed process would keep no compiled code
  console.log(`b3iq-host ${RELEASE} serves ${host.url} as ${host.node_id}`);
  const trouble = runtimeTrouble(host.runtimeState());
  if (trouble !== null) console.log(trouble);
  if (host.built_in_model) {
    console.log(
      "No model is set: the built-in self-test model answers, with nonsense. Set B3IQ_MODEL_PATH or B3IQ_RUNTIME_URL for a real one.",
    );
  }
}
