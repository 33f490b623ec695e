import { execFile } from "node:child_process";
import type { Stats } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { within } from "../core/time.ts";

const run = promisify(execFile);

/** The checkout; an installed package has no scripts/, and no `make run` either. */
const ROOT = path.resolve(import.meta.dirname, "..", "..");
/** The sources of the guides (scripts/docs.ts). */
const SOURCES = [
  "docs",
  "deploy",
  "generated",
  "scripts/docs.ts",
  "scripts/docs",
  "src/config",
  "src/core/metrics.ts",
  "src/core/gateway/routing/blockers.ts",
  "web/site",
];
const LOOK_MS = 2_000;
/** How long the report waits for the first build. */
const PATIENCE_MS = 3_000;
const BUILD_MS = 60_000;

/** A sentence on what `/docs` shows. */
export type Guides = { shown(): Promise<string> };

/**
 * Builds the guides in a process of its own, and again after each change of a source. The surfaces serve a new build
 * from the next request on. A build that fails is reported and leaves the guides as they were.
 */
export function keepGuides(say: (line: string) => void, root = ROOT): Guides {
  let built: string | undefined;
  const first = signature(root).then((found) => {
    built = found;
    return build(root);
  });
  const look = async (): Promise<void> => {
    const now = await signature(root);
    if (now !== undefined && now !== built) {
      built = now;
      say(`/docs shows ${await build(root)}`);
    }
    setTimeout(() => void look(), LOOK_MS).unref();
  };
  void first.then(look);
  return {
    async shown() {
      const found = await within(first, PATIENCE_MS, undefined);
      if (found !== undefined) return found;
      void first.then((then) => say(`/docs shows ${then}`));
      return "what it showed before; the guides are still being built";
    },
  };
}

async function build(root: string): Promise<string> {
  const started = performance.now();
  try {
    await run(process.execPath, ["--disable-warning=ExperimentalWarning", path.join(root, "scripts", "docs.ts")], {
      cwd: root,
      timeout: BUILD_MS,
    });
    return `the guides (built in ${((performance.now() - started) / 1000).toFixed(1)} s)`;
  } catch (error) {
    const said = /^\w*Error.*?: ([\s\S]*?)\n +at /m.exec((error as { stderr?: string }).stderr ?? "")?.[1];
    const why = (said ?? (error as Error).message).split("\n").slice(0, 3).join(" ");
    return `no new guides, since they cannot be built: ${why}`;
  }
}

/** A mark that changes when a source is added, removed or edited; undefined while a folder is being removed. */
async function signature(root: string): Promise<string | undefined> {
  try {
    const files = await Promise.all(SOURCES.map((source) => filesOf(path.join(root, source))));
    const lines = files.flat().map(async (file) => `${file} ${(await statOf(file))?.mtimeMs}`);
    return (await Promise.all(lines)).join("\n");
  } catch {
    return undefined;
  }
}

async function filesOf(place: string): Promise<string[]> {
  if ((await statOf(place))?.isDirectory() !== true) return [place];
  const names = await fs.readdir(place, { recursive: true });
  return names.map((name) => path.join(place, name));
}

const statOf = (file: string): Promise<Stats | undefined> => fs.stat(file).catch(() => undefined);
