/** The error of gateway and agent for a field of a chat request whose rule in openapi/chat_parameters.yaml is `refused`. */
import type { ParameterRule } from "../../generated/parameters.ts";
import { ApiError } from "./errors.ts";

/** Names the reason, with the code and the replacement that the rule gives. */
export function parameterRefused(name: string, { code, use_instead }: ParameterRule): ApiError {
  if (code === "node_targeting_rejected")
    return new ApiError(
      code,
      `Leave out ${name}: a chat does not choose where it runs. For a job on a chosen node use POST /v1/private-inference/jobs of the gateway.`,
      { param: name },
    );
  return new ApiError("unsupported_parameter", sentence(name, use_instead), { param: name });
}

function sentence(name: string, use_instead: string | undefined): string {
  if (name === "n") return "n must be 1: a request has one answer, with one receipt.";
  if (use_instead !== undefined) return `${name} is not supported. Use ${use_instead} instead.`;
  return `${name} is not supported; leave it out. The reference of createChatCompletion lists the parameters that are.`;
}
