import { fork, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CountAnswer } from "./tokenizer_child.ts";

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
    // The packed program has .js files where the checkout has .ts files.
    // Texts are in its memory: no signal may open the inspector there.
    const file = fileURLToPath(new URL(`./tokenizer_child${extname(import.meta.url)}`, import.meta.url));
    const execArgv = ["--disable-sigusr1", "--disable-warning=ExperimentalWarning"];
    const started = fork(file, { execArgv, stdio: ["ignore", "ignore", "ignore", "ipc"] });
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
