import { type LocalCore, modeOf } from "../../core/host/access/local_callers.ts";
import type { LocalHandler } from "./local_handler.ts";

export const getHealth: LocalHandler<"getHealth"> = async (_input, _call, core) => ({
  status: 200,
  body: {
    status: "ok",
    mode: modeOf(core),
    agent_version: core.agent_version,
    runtime: runtimeOf(core),
    tunnel: core.managed?.tunnel ?? "none",
  },
});

/** A runtime without an address is the agent's own child, which the agent restarts: it is starting, not unreachable. */
function runtimeOf({ agent }: LocalCore): "ready" | "starting" | "unreachable" {
  if (agent.profiles.ready) return "ready";
  return agent.runtime.url === null ? "starting" : "unreachable";
}
