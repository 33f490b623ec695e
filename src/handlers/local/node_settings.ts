import type { operations } from "../../../generated/local.ts";
import type { LocalCore } from "../../core/host/access/local_callers.ts";
import { readDiagnostics } from "../../core/host/machine/diagnostics.ts";
import { readNodeSettings, updateNodeSettings as update } from "../../core/host/machine/owner_settings.ts";
import type { Handler } from "../operation.ts";

export const getNodeSettings: Handler<operations["getNodeSettings"], LocalCore> = async (_input, _call, core) => ({
  status: 200,
  body: readNodeSettings(core),
});

export const updateNodeSettings: Handler<operations["updateNodeSettings"], LocalCore> = async (
  { body },
  _call,
  core,
) => ({
  status: 200,
  body: update(core, body),
});

export const getDiagnostics: Handler<operations["getDiagnostics"], LocalCore> = async (_input, _call, core) => ({
  status: 200,
  body: await readDiagnostics(core.agent),
});
