import { execFile } from "node:child_process";
import type { Stats } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The checkout; an installed package has no scripts/, and no `make run` either. */
const ROOT = path.resolve(import.meta.dirname, "..", "..");
/** What the guides are made of (scripts/docs.ts). */
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
/** Longer than this, nobody waits for the first build. */
const PATIENCE_MS = 3_000;
const BUILD_MS = 60_000;

/** What `/docs` shows. */
export type Guides = { shown(): Promise<string> };

/**
 * Builds the guides, and again whenever a source of theirs changes, in a process of its own beside all else. The
 * surfaces find them at the next request; a build that fails is told and leaves what was there.
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
      const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), PATIENCE_MS).unref());
      const found = await Promise.race([first, late]);
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

/** Another one when a source came, went or changed; undefined while a folder goes away under the reader. */
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
