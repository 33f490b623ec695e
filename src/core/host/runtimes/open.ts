/** Opens the runtime that the settings name, or the built-in self-test model where they name none. */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createLlamaCppRuntime } from "./llama_cpp.ts";
import { createOllamaRuntime } from "./ollama.ts";
import { createUrlRuntime, type UrlRuntimeOptions } from "./openai.ts";
import type { Runtime, RuntimeKind } from "./runtime.ts";
import { createSglangRuntime } from "./sglang.ts";
import { buildTinyGguf, TINY_CONTEXT_LENGTH, TINY_MODEL_ID } from "./self_test/tiny_gguf.ts";
import { createVllmRuntime } from "./vllm.ts";

export type RuntimeSettings = {
  home: string;
  runtime_kind: RuntimeKind | null;
  runtime_url: string | null;
  runtime_key_file: string | null;
  runtime_images: "on" | "off" | null;
  model_path: string | null;
  context_length: number;
  runtime_slots: number;
  runtime_threads: number;
  gpu: "off" | "auto" | "cuda" | "vulkan" | "metal" | null;
};

/** @returns the runtime and whether it is the built-in model. Rejects when a model file cannot be loaded. */
export async function openRuntime(
  settings: RuntimeSettings,
): Promise<{ runtime: Runtime; built_in: boolean; model_folder: string }> {
  const models = join(settings.home, "models");
  if (settings.runtime_url !== null) {
    const options: UrlRuntimeOptions = {
      base_url: settings.runtime_url,
      parallel: settings.runtime_slots,
      context_length: settings.context_length,
      images: settings.runtime_images === null ? null : settings.runtime_images === "on",
      key: settings.runtime_key_file === null ? null : readFileSync(settings.runtime_key_file, "utf8").trim(),
    };
    return {
      runtime: urlRuntime(settings.runtime_kind ?? "openai", options),
      built_in: false,
      model_folder: settings.home,
    };
  }
  const built_in = settings.model_path === null;
  const runtime = await createLlamaCppRuntime({
    model_path: settings.model_path ?? ensureTinyModel(models),
    threads: settings.runtime_threads,
    parallel: settings.runtime_slots,
    context_length: built_in ? TINY_CONTEXT_LENGTH : settings.context_length,
    gpu: settings.gpu === null || settings.gpu === "off" ? false : settings.gpu,
  });
  return { runtime, built_in, model_folder: built_in ? models : join(settings.model_path!, "..") };
}

function urlRuntime(kind: RuntimeKind, options: UrlRuntimeOptions): Runtime {
  switch (kind) {
    case "vllm":
      return createVllmRuntime(options);
    case "sglang":
      return createSglangRuntime(options);
    case "ollama":
      return createOllamaRuntime(options);
    default:
      return createUrlRuntime(options);
  }
}

/** Writes the file of the built-in model when it is missing or of another version; the file appears whole or not at all. */
export function ensureTinyModel(folder: string): string {
  const file = join(folder, TINY_MODEL_ID);
  const content = buildTinyGguf();
  if (statSync(file, { throwIfNoEntry: false })?.size === content.length && readFileSync(file).equals(content)) {
    return file;
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const made = `${file}.${process.pid}`;
  writeFileSync(made, content, { mode: 0o600 });
  renameSync(made, file);
  return file;
}
