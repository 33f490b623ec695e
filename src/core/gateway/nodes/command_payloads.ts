import { ApiError } from "../../errors.ts";

export type CommandKind = "benchmark_smoke" | "tunnel_check" | "runtime_probe" | "model_install" | "support_bundle";

/** The most leases of one command (docs/design/nodes.md, Commands). */
export const COMMAND_ATTEMPTS_MAX = 3;

/** The fields of each kind. The document checks the form of each field; its `anyOf` cannot tie fields to a kind. */
const FIELDS: Record<CommandKind, { required: string[]; optional: string[] }> = {
  benchmark_smoke: { required: ["model_profile_id", "max_tokens"], optional: [] },
  tunnel_check: { required: [], optional: [] },
  runtime_probe: { required: [], optional: ["model_profile_id"] },
  model_install: { required: ["model_id", "runtime_kind"], optional: ["sha256"] },
  support_bundle: { required: ["sections"], optional: [] },
};

/** Throws `invalid_request` when the payload is not that of the command's kind. */
export function assertPayload(kind: CommandKind, payload: Record<string, unknown>): void {
  const { required, optional } = FIELDS[kind];
  const missing = required.filter((field) => !Object.hasOwn(payload, field));
  const unknown = Object.keys(payload).filter((field) => !required.includes(field) && !optional.includes(field));
  if (missing.length === 0 && unknown.length === 0) return;
  const allowed = [...required, ...optional];
  throw new ApiError(
    "invalid_request",
    `The payload of ${kind} has ${allowed.length > 0 ? `the fields ${allowed.join(", ")}` : "no fields"}.`,
    {
      param: `payload.${missing[0] ?? unknown[0]!}`,
    },
  );
}
