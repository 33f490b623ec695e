import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import type { CountAnswer } from "../../../../packages/llama-cpp/tokenizer_child.ts";
import { startLlamaCpp } from "../../llama_cpp_package.ts";

const COUNT_MS = 30_000;

/**
 * The vocabularies in a folder: `MODEL_ID.gguf`, percent-encoded as in a URL, with or without weights. The process that
 * counts starts with the first text.
 */
export function createVocabularies(folder: string | null) {
  const waiting = new Map<number, (tokens: number[] | null) => void>();
  let child: ChildProcess | null = null;
  let last_id = 0;

  function fileOf(model_id: string): string | null {
    if (folder === null) return null;
    const name = encodeURIComponent(model_id);
    const files = [name, `${name}.gguf`].filter((one) => one.endsWith(".gguf")).map((one) => join(folder, one));
    return files.find((file) => fs.existsSync(file)) ?? null;
  }

  function running(): ChildProcess {
    if (child) return child;
    const started = startLlamaCpp("tokenizer_child", "ignore");
    started.on("message", ({ id, tokens }: CountAnswer) => waiting.get(id)?.(tokens));
    started.once("exit", () => {
      if (child === started) child = null;
      for (const resolve of [...waiting.values()]) resolve(null);
    });
    started.unref();
    started.channel?.unref();
    return (child = started);
  }

  return {
    has: (model_id: string): boolean => fileOf(model_id) !== null,
    /** Tokens of each text; null when there is no vocabulary, or it cannot be used. */
    async count(model_id: string, texts: string[]): Promise<number[] | null> {
      const file = fileOf(model_id);
      if (file === null) return null;
      const id = ++last_id;
      const counted = new Promise<number[] | null>((resolve) => waiting.set(id, resolve));
      const late = setTimeout(() => waiting.get(id)?.(null), COUNT_MS);
      running().send({ id, file, texts }, (error) => {
        if (error) waiting.get(id)?.(null);
      });
      return counted.finally(() => {
        clearTimeout(late);
        waiting.delete(id);
      });
    },
    async stop(): Promise<void> {
      const leaving = child;
      if (!leaving) return;
      const exited = new Promise((resolve) => leaving.once("exit", resolve));
      leaving.kill("SIGKILL");
      await exited;
    },
  };
}

export type Vocabularies = ReturnType<typeof createVocabularies>;
