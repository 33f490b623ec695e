/**
 * Main of the tokenizer child: it loads vocabularies (GGUF files, without weights) and counts tokens. A fault of native
 * code ends this process and not the gateway. vocabularies.ts starts it with `fork`; texts are in its memory only while
 * it counts.
 */
import { getLlama, LlamaLogLevel, type LlamaModel } from "node-llama-cpp";

export type CountRequest = { id: number; file: string; texts: string[] };
export type CountAnswer = { id: number; tokens: number[] | null };

const loaded = new Map<string, Promise<LlamaModel>>();
const llama = getLlama({
  gpu: false,
  build: "never",
  maxThreads: 1,
  progressLogs: false,
  logLevel: LlamaLogLevel.error,
});

function load(file: string): Promise<LlamaModel> {
  let model = loaded.get(file);
  if (!model) {
    model = llama.then((loader) => loader.loadModel({ modelPath: file, vocabOnly: true }));
    loaded.set(file, model);
    // A vocabulary that could not be read now may be there later.
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
