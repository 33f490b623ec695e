import { createUrlRuntime, type UrlRuntimeOptions, type Variant } from "./openai.ts";
import type { Runtime } from "./runtime.ts";

/** Ollama's OpenAI endpoint reads `max_tokens` only and ignores what it does not know, so little is claimed for it. */
const ollama = (fallback_context: number): Variant => ({
  kind: "ollama",
  supported_parameters: ["tools", "response_format"],
  body({ max_completion_tokens: _other_name, ...body }) {
    return body;
  },
  /**
   * The context length is the model's own `num_ctx`, or what the server gives by default: never the trained length, which
   * it does not serve unasked.
   */
  async stated(entry, ask) {
    const { parameters, model_info, capabilities } = await ask("POST", "/api/show", { model: entry["id"] });
    const set = /^num_ctx\s+(\d+)/m.exec(typeof parameters === "string" ? parameters : "");
    const images = Array.isArray(capabilities) && capabilities.includes("vision");
    if (set) return { context_length: Number(set[1]), images };
    const info = (model_info ?? {}) as Record<string, unknown>;
    const trained = Object.entries(info).find(([key]) => key.endsWith(".context_length"))?.[1];
    return { context_length: typeof trained === "number" ? Math.min(trained, fallback_context) : undefined, images };
  },
});

export function createOllamaRuntime(options: UrlRuntimeOptions): Runtime {
  return createUrlRuntime(options, ollama(options.context_length));
}
