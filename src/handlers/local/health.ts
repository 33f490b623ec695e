import type { operations } from "../../../generated/local.ts";
import { type LocalCore, modeOf } from "../../core/host/local.ts";
import type { Handler } from "../operation.ts";

export const getHealth: Handler<operations["getHealth"], LocalCore> = async (_input, _call, core) => ({
  status: 200,
  body: {
    status: "ok",
    mode: modeOf(core),
    agent_version: core.agent_version,
    runtime: core.agent.profiles.ready ? "ready" : "unreachable",
    tunnel: core.managed?.tunnel ?? "none",
  },
});
