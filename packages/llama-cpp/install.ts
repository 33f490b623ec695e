/**
 * Fetches llama.cpp into this folder: node-llama-cpp and the binaries for this machine, at the versions of package-lock.json
 * (docs/decisions/0011-llama-cpp-package.md).
 */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type Gpu = "cuda" | "vulkan";

const FOLDER = import.meta.dirname;
const SCOPE = "@node-llama-cpp";
/** The binaries for each platform, and the further ones for a GPU. The one for macOS computes with Metal. */
const BINARIES: Record<string, { base: string[] } & Partial<Record<Gpu, string[]>>> = {
  "linux-x64": { base: ["linux-x64"], cuda: ["linux-x64-cuda", "linux-x64-cuda-ext"], vulkan: ["linux-x64-vulkan"] },
  "linux-arm64": { base: ["linux-arm64"] },
  "darwin-arm64": { base: ["mac-arm64-metal"] },
};
const NPM_FLAGS = [
  "--no-save",
  "--omit=optional",
  "--ignore-scripts",
  "--prefer-offline",
  "--no-audit",
  "--no-fund",
  "--loglevel=error",
  // As they are by default, whatever the npm was told that runs this.
  "--global=false",
  "--package-lock-only=false",
  "--dry-run=false",
];
/** Megabytes to fetch and on disk, measured for version 3.21.1; npm's lock file has no sizes. */
const LIBRARY_MB = [37, 54] as const;
const BINARY_MB: Record<string, readonly [number, number]> = {
  "linux-x64": [11, 30],
  "linux-arm64": [7, 20],
  "mac-arm64-metal": [5, 15],
  "linux-x64-cuda": [143, 189],
  "linux-x64-cuda-ext": [177, 374],
  "linux-x64-vulkan": [27, 84],
};

/** The packages of binaries for a platform, such as `linux-x64`; null where there are none. */
export function binaryPackages(platform: string, gpu?: Gpu): string[] | null {
  const found = BINARIES[platform];
  const further = gpu === undefined ? [] : found?.[gpu];
  if (found === undefined || further === undefined) return null;
  return [...found.base, ...further].map((name) => `${SCOPE}/${name}`);
}

/** What is to be fetched for this machine: nothing when all of it is there at the locked version. */
export type Plan = { packages: string[]; fetch_mb: number; disk_mb: number };

/** Binaries that are there already stay part of the plan, so that an update keeps those for a GPU. Null: no binaries. */
export function planInstall(
  gpu?: Gpu,
  { platform = `${process.platform}-${process.arch}`, folder = FOLDER } = {},
): Plan | null {
  const needed = binaryPackages(platform, gpu);
  if (needed === null) return null;
  const locked = lockedVersions(folder);
  const binaries = [...new Set([...needed, ...installedBinaries(folder).filter((name) => locked.has(name))])];
  const missing = ["node-llama-cpp", ...binaries].filter((name) => installedVersion(folder, name) !== locked.get(name));
  const sizes = missing.map((name) => BINARY_MB[name.slice(SCOPE.length + 1)] ?? LIBRARY_MB);
  return {
    packages: missing.length === 0 ? [] : binaries.map((name) => `${name}@${locked.get(name)}`),
    fetch_mb: sizes.reduce((sum, [fetched]) => sum + fetched, 0),
    disk_mb: sizes.reduce((sum, [, kept]) => sum + kept, 0),
  };
}

/**
 * Runs npm in this folder. node-llama-cpp names the binaries of all platforms and GPUs as optional dependencies, of which npm
 * would choose by platform only (725 MB on Linux x64): all of them are left out, and those of the plan are asked for by name.
 */
export function install(plan: Plan): Promise<void> {
  const words = ["install", ...NPM_FLAGS, ...plan.packages];
  const npm = process.env["npm_execpath"];
  const [command, args] = npm?.endsWith(".js") ? [process.execPath, [npm, ...words]] : ["npm", words];
  // An npm that runs this passes its own flags on: `--include=optional` would undo `--omit=optional`.
  const { npm_config_include: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: FOLDER, env, stdio: ["ignore", "ignore", "inherit"] });
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`npm install in ${FOLDER} ended with ${code}`)),
    );
  });
}

/** Whether the npm that runs this leaves optional packages out. llama.cpp is one: a model server may take its place. */
export function optionalIsOmitted(): boolean {
  return (process.env["npm_config_omit"] ?? "").split(/\s+/).includes("optional");
}

type LockFile = { packages: Record<string, { version?: string }> };

function lockedVersions(folder: string): Map<string, string | undefined> {
  const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")) as LockFile;
  return new Map(
    Object.entries(lock.packages).map(([path, { version }]) => [path.replace("node_modules/", ""), version]),
  );
}

function installedVersion(folder: string, name: string): string | null {
  const file = join(folder, "node_modules", name, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version : null;
}

function installedBinaries(folder: string): string[] {
  const scope = join(folder, "node_modules", SCOPE);
  return existsSync(scope) ? readdirSync(scope).map((name) => `${SCOPE}/${name}`) : [];
}
