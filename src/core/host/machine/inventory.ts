/** The inventory of this machine: processors, memory, disk, graphics processors. */
import { execFile } from "node:child_process";
import { statfs } from "node:fs/promises";
import * as os from "node:os";
import { promisify } from "node:util";
import type { Inventory } from "../../../../generated/hosted.ts";

const run = promisify(execFile);
const GPU_AGE_MS = 5 * 60_000;
const MEBIBYTE = 1024 * 1024;
const MAX_GPUS = 32;

type Gpu = Inventory["gpus"][number];

/** Reads the inventory at each call; the list of graphics processors is asked for every five minutes. */
export function createInventory(deps: { model_folder: string; nvidia_smi?: string }): () => Promise<Inventory> {
  let gpus: Gpu[] = [];
  let read_at = -Infinity;
  return async () => {
    if (performance.now() - read_at > GPU_AGE_MS) {
      read_at = performance.now();
      gpus = await nvidiaGpus(deps.nvidia_smi ?? "nvidia-smi");
    }
    const disk = await statfs(deps.model_folder).catch(() => null);
    const cpu = os.cpus()[0]?.model ?? "";
    return {
      os: os.platform() === "darwin" ? "darwin" : os.platform() === "win32" ? "windows" : "linux",
      arch: os.arch() === "arm64" ? "arm64" : "x64",
      cpu_model: named(cpu, 128) || "unknown",
      cpu_cores: os.availableParallelism(),
      memory_bytes: os.totalmem(),
      gpus,
      disk_free_bytes: disk === null ? 0 : disk.bavail * disk.bsize,
    };
  };
}

async function nvidiaGpus(program: string): Promise<Gpu[]> {
  const query = ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits"];
  const answer = await run(program, query, { timeout: 5_000 }).catch(() => ({ stdout: "" }));
  return parseGpus(answer.stdout);
}

/** Lines of `name, MiB, driver`, as nvidia-smi writes them. */
export function parseGpus(text: string): Gpu[] {
  const lines = text.split("\n").map((line) => line.split(",").map((field) => field.trim()));
  return lines
    .filter(([name, memory]) => name && /^\d+$/.test(memory ?? ""))
    .slice(0, MAX_GPUS)
    .map(([name, memory, driver]) => ({
      name: named(name!, 128),
      memory_bytes: Number(memory) * MEBIBYTE,
      ...(driver ? { driver_version: named(driver, 64) } : {}),
    }));
}

function named(text: string, most: number): string {
  return text
    .replace(/[\u0000-\u001f\u007f]/g, " ")
    .trim()
    .slice(0, most);
}
