/** The rules of a chat request's top-level names, for gateway and agent alike (openapi/chat_parameters.yaml). */
import type { ParameterRule } from "../../generated/parameters.ts";
import { ApiError } from "./errors.ts";

/** The error of a name whose rule is `refused`, with the code and the replacement of the table. */
export function parameterRefused(name: string, { code, use_instead }: ParameterRule): ApiError {
  if (code === "node_targeting_rejected")
    return new ApiError(
      code,
      `Leave out ${name}: a chat cannot choose its node. For a job on a chosen node use POST /v1/private-inference/jobs of the gateway.`,
      { param: name },
    );
  return new ApiError("unsupported_parameter", sentence(name, use_instead), { param: name });
}

/** Whether the value of a parameter asks only for the behaviour of every node. */
export function asksNothing(name: string, value: unknown): boolean {
  switch (name) {
    case "tools":
      return Array.isArray(value) && value.length === 0;
    case "logit_bias":
      return Object.keys(value as object).length === 0;
    case "logprobs":
      return value === false;
    case "response_format":
      return (value as { type?: string }).type === "text";
    default:
      return false;
  }
}

function sentence(name: string, use_instead: string | undefined): string {
  if (name === "n") return "n must be 1: a request has one answer, with one receipt.";
  if (use_instead !== undefined) return `${name} is not supported. Use ${use_instead} instead.`;
  return `${name} is not supported; leave it out. The reference of createChatCompletion lists the parameters that are.`;
}
