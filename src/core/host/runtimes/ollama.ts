import { createUrlRuntime, type UrlRuntimeOptions, type Variant } from "./openai.ts";
import type { Runtime } from "./runtime.ts";

/** Ollama's OpenAI endpoint ignores fields that it does not know, so few supported parameters are claimed for it. */
const ollama = (fallback_context: number): Variant => ({
  kind: "ollama",
  supported_parameters: ["tools", "response_format"],
  body({ max_completion_tokens: _other_name, ...body }) {
    return body;
  },
  /**
   * The context length is the model's own `num_ctx` or the server's default, never the length that the model was trained
   * for: Ollama serves that only when it is asked to.
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
