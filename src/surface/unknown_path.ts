import { ApiError } from "../core/errors.ts";
import type { Envelope } from "./binding/document.ts";
import type { Router } from "./binding/router.ts";

const CHAT = "use POST /v1/chat/completions";

/**
 * Paths of OpenAI's interface that this one lacks, and of Anthropic's, which the same tools try, with what to use
 * instead.
 */
const LACKING: [RegExp, string][] = [
  [/^\/v1\/responses(\/|$)/, `${CHAT}; in the Vercel AI SDK choose .chat(model) or createOpenAICompatible`],
  [/^\/v1\/messages(\/|$)/, `${CHAT} with an OpenAI client`],
  [/^\/v1\/(completions|engines|assistants|threads|conversations|realtime|edits)(\/|$)/, CHAT],
  [
    /^\/v1\/(embeddings|images|audio|moderations|videos|vector_stores|containers)(\/|$)/,
    "only chat models are served; GET /v1/models lists them",
  ],
  [
    /^\/v1\/(files|uploads|batches|fine_tuning|fine-tunes|evals)(\/|$)/,
    `nothing is stored here; ${CHAT} for each request`,
  ],
  [/^\/v1\/chat\/completions\/./, "no completions are stored; keep the answer of POST /v1/chat/completions"],
  [/^\/(chat\/completions|completions|responses|embeddings|models)$/, "the base URL of the client must end in /v1"],
];

const OPENAI_PATH = /^\/v1\/(models|chat)(\/|$)/;

function hint(path: string): string | undefined {
  return LACKING.find(([pattern]) => pattern.test(path))?.[1];
}

/** The envelope that a client of this path can read, before an operation is known. */
export function envelopeOf(path: string): Envelope {
  return OPENAI_PATH.test(path) || hint(path) !== undefined ? "openai" : "native";
}

/** The failure for a path or method that the document lacks. */
export function unknownPath(router: Router, method: string, path: string): ApiError {
  const methods = router.methods(path);
  if (methods.length > 0) {
    const allow = methods.join(", ");
    const known = /^[A-Z]{1,16}$/.test(method) ? method : "This method";
    return new ApiError("method_not_allowed", `${known} is not served on this path; it takes ${allow}.`, {
      headers: { allow },
    });
  }
  const instead = hint(path);
  if (instead) return new ApiError("endpoint_not_supported", `This endpoint is not supported: ${instead}.`);
  return new ApiError("not_found", "There is nothing at this path. GET /openapi.json lists every path.");
}
