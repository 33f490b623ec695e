import { createUrlRuntime, OPENAI, type UrlRuntimeOptions, type Variant } from "./openai.ts";
import type { Runtime } from "./runtime.ts";

/** SGLang tokenises bare text only, which is not the prompt: it is not asked to count. */
const SGLANG: Variant = {
  kind: "sglang",
  supported_parameters: [...OPENAI.supported_parameters, "top_k", "min_p", "repetition_penalty"],
  async stated(_entry, ask) {
    const { has_image_understanding } = await ask("GET", "/get_model_info");
    return { images: has_image_understanding === true };
  },
};

export function createSglangRuntime(options: UrlRuntimeOptions): Runtime {
  return createUrlRuntime(options, SGLANG);
}
