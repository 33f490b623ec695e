import { createUrlRuntime, OPENAI, type UrlRuntimeOptions, type Variant } from "./openai.ts";
import type { Runtime } from "./runtime.ts";

/** vLLM counts with its chat template at POST /tokenize, and knows samplers beyond OpenAI's. */
const VLLM: Variant = {
  kind: "vllm",
  supported_parameters: [...OPENAI.supported_parameters, "top_k", "min_p", "repetition_penalty"],
  async countTokens(request, ask) {
    const { model, messages, tools } = request;
    const { count } = await ask("POST", "/tokenize", {
      model,
      messages,
      add_generation_prompt: true,
      ...(tools ? { tools } : {}),
    });
    return typeof count === "number" ? count : undefined;
  },
};

export function createVllmRuntime(options: UrlRuntimeOptions): Runtime {
  return createUrlRuntime(options, VLLM);
}
