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
   * The model's own `num_ctx`, or what the server gives by default: never the trained length, which it does not serve
   * unasked.
   */
  async contextLength(entry, ask) {
    const { parameters, model_info } = await ask("POST", "/api/show", { model: entry["id"] });
    const set = /^num_ctx\s+(\d+)/m.exec(typeof parameters === "string" ? parameters : "");
    if (set) return Number(set[1]);
    const info = (model_info ?? {}) as Record<string, unknown>;
    const trained = Object.entries(info).find(([key]) => key.endsWith(".context_length"))?.[1];
    return typeof trained === "number" ? Math.min(trained, fallback_context) : undefined;
  },
});

export function createOllamaRuntime(options: UrlRuntimeOptions): Runtime {
  return createUrlRuntime(options, ollama(options.context_length));
}
