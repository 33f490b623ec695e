/**
 * Main of the tokenizer process: loads vocabularies (GGUF files, without weights) and counts tokens. A fault of native code
 * ends this process and not the gateway, which starts it with `fork` (src/core/gateway/token_audit/vocabularies.ts). Texts are
 * in its memory only while it counts.
 */
import type { LlamaModel } from "node-llama-cpp";
import { openLibrary } from "./library.ts";

export type CountRequest = { id: number; file: string; texts: string[] };
export type CountAnswer = { id: number; tokens: number[] | null };

const loaded = new Map<string, Promise<LlamaModel>>();
const llama = openLibrary(false, 1);

function load(file: string): Promise<LlamaModel> {
  let model = loaded.get(file);
  if (!model) {
    model = llama.then((loader) => loader.loadModel({ modelPath: file, vocabOnly: true }));
    loaded.set(file, model);
    // A file that could not be read now may be there later.
    model.catch(() => loaded.delete(file));
  }
  return model;
}

process.on("message", ({ id, file, texts }: CountRequest) => {
  load(file)
    .then((model) => texts.map((text) => model.tokenize(text, false).length))
    .then(
      (tokens) => process.send?.({ id, tokens } satisfies CountAnswer),
      () => process.send?.({ id, tokens: null } satisfies CountAnswer),
    );
});
process.on("disconnect", () => process.exit(0));
