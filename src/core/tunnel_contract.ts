/** Checks the tunnel's bodies by openapi/tunnel.yaml, at both of its ends. */
import { Ajv2020 } from "ajv/dist/2020.js";
import type { operations } from "../../generated/tunnel.ts";
import { BODIES, SCHEMAS } from "../../generated/tunnel_schemas.ts";

export type TunnelOperation = keyof operations;

/** Each schema is compiled at its first use and kept. Formats are not checked: patterns and bounds are. */
const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema(
  { components: { schemas: SCHEMAS } },
  "tunnel",
);

/** The first breach of the contract in a body, with its place; null for a body that keeps the contract. */
export function bodyProblem(
  operation_id: TunnelOperation,
  side: "request" | "answer",
  body: unknown,
): { param: string; reason: string } | null {
  const name = BODIES[operation_id][side];
  if (name === null) return null;
  const validate = ajv.getSchema(`tunnel#/components/schemas/${name}`)!;
  if (validate(body)) return null;
  const { instancePath, params, message = "is refused" } = validate.errors![0]!;
  const missing = (params as { missingProperty?: string }).missingProperty;
  const param = [...instancePath.split("/").slice(1), ...(missing === undefined ? [] : [missing])].join(".");
  return { param, reason: missing === undefined ? message : "is missing" };
}
