/** llama.cpp itself, as both programs load it: a binary that is installed, never one that is built here. */
import { getLlama, LlamaLogLevel, type Llama } from "node-llama-cpp";

export type Gpu = "auto" | "cuda" | "vulkan" | "metal" | false;

/** On macOS the one binary is that for Metal: there `gpu: false` keeps the model's layers off the GPU (`layersOnGpu`). */
const METAL_ONLY = process.platform === "darwin" && process.arch === "arm64";

/** @param maxThreads the most threads that any model may use. */
export function openLibrary(gpu: Gpu, maxThreads: number): Promise<Llama> {
  return getLlama({
    gpu: METAL_ONLY && gpu === false ? "metal" : gpu,
    build: "never",
    maxThreads,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
  });
}

/** The load option that says how many layers go to the GPU; none given: as many as fit. */
export function layersOnGpu(gpu: Gpu): { gpuLayers?: number } {
  return METAL_ONLY && gpu === false ? { gpuLayers: 0 } : {};
}
