import { readDiagnostics } from "../../core/host/machine/diagnostics.ts";
import { readNodeSettings, updateNodeSettings as update } from "../../core/host/machine/owner_settings.ts";
import type { LocalHandler } from "./local_handler.ts";

export const getNodeSettings: LocalHandler<"getNodeSettings"> = async (_input, _call, core) => ({
  status: 200,
  body: readNodeSettings(core),
});

export const updateNodeSettings: LocalHandler<"updateNodeSettings"> = async ({ body }, _call, core) => ({
  status: 200,
  body: update(core, body),
});

export const getDiagnostics: LocalHandler<"getDiagnostics"> = async (_input, _call, core) => ({
  status: 200,
  body: await readDiagnostics(core.agent),
});
