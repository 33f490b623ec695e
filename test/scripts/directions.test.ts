import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const { forbidden } = createRequire(import.meta.url)("../../.dependency-cruiser.cjs") as {
  forbidden: { name: string; from: { path?: string } }[];
};
const rules = forbidden.map(({ name }) => name);
/** In each room of the gateway's core a file that imports the type of the highest room. */
const floors = forbidden.flatMap(({ name, from }) => {
  const room = name.startsWith("floor-of-") && /\(\?:\(?(?:\?:)?(\w+)/.exec(from.path!)?.[1];
  return room ? [[`src/core/gateway/${room}/bad.ts`, ["type ../core.ts"]]] : [];
}) as [string, string[]][];

/** A small tree in which every rule is broken once, and two files that break none. */
const TREE: Record<string, string[]> = {
  "src/core/errors.ts": [],
  "src/core/deep.ts": ["../store/postgres/p.ts"],
  "src/core/gateway/bad.ts": [
    "../../handlers/hosted/bad.ts",
    "express",
    "../../../generated/hosted.json",
    "../../store/sqlite/s.ts",
    "./billing/writer.ts",
  ],
  ...Object.fromEntries(floors),
  "src/core/gateway/core.ts": [],
  "src/core/gateway/keys/good.ts": ["../../../store/postgres/p.ts", "../../errors.ts", "type ../billing/writer.ts"],
  "src/core/gateway/keys/one.ts": ["type ./other.ts"],
  "src/core/gateway/keys/other.ts": ["type ./one.ts"],
  "src/core/gateway/billing/writer.ts": [],
  "src/core/host/bad.ts": ["../deep.ts", "../gateway/keys/good.ts", "../../../packages/llama-cpp/bad.ts"],
  "src/core/host/good.ts": ["../../../packages/llama-cpp/messages.ts"],
  "src/core/protocol/bad.ts": ["../errors.ts", "ajv"],
  "src/core/protocol/good.ts": ["node:crypto", "@noble/hashes/sha2.js"],
  "src/store/postgres/p.ts": ["pg"],
  "src/store/sqlite/s.ts": ["../../gateway.ts"],
  "src/handlers/hosted/bad.ts": ["../../store/postgres/p.ts", "undici", "../local/bad.ts"],
  "src/handlers/local/bad.ts": ["../../core/gateway/keys/good.ts"],
  "src/surface/bad.ts": ["../core/gateway/keys/good.ts", "../handlers/hosted/bad.ts"],
  "src/tunnel/bad.ts": ["../store/postgres/p.ts", "pg", "vitest"],
  "src/cli/bad.ts": ["../../test/support/t.ts", "./nowhere.ts"],
  "src/gateway.ts": [],
  "src/host.ts": ["./core/host/bad.ts"],
  "src/round_one.ts": ["./round_other.ts"],
  "src/round_other.ts": ["./round_one.ts"],
  "packages/llama-cpp/bad.ts": ["../../src/core/errors.ts"],
  "packages/llama-cpp/good.ts": ["type ../../src/core/errors.ts"],
  "packages/llama-cpp/messages.ts": [],
  "generated/bad.ts": ["../src/core/errors.ts"],
  "test/support/t.ts": [],
};

const folder = await mkdtemp(join(tmpdir(), "b3iq-directions-"));
let broken: { rule: string; from: string }[] = [];

beforeAll(async () => {
  for (const [path, imports] of Object.entries(TREE)) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    const lines = imports.map((from, index) =>
      from.startsWith("type ")
        ? `import type * as it${index} from "${from.slice(5)}"; export type T${index} = typeof it${index};`
        : `import * as it${index} from "${from}"; export const use${index} = it${index};`,
    );
    await writeFile(join(folder, path), [...lines, "export const own = 1;", ""].join("\n"));
  }
  await writeFile(join(folder, "generated/hosted.json"), "{}");
  for (const name of [".dependency-cruiser.cjs", "package.json", "tsconfig.json"])
    await cp(join(root, name), join(folder, name));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const { stdout } = await promisify(execFile)(
    join(root, "node_modules/.bin/depcruise"),
    ["--config", ".dependency-cruiser.cjs", "--output-type", "json", "src", "generated", "packages"],
    {
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"] ?? ""}` },
    },
  ).catch((error: { stdout: string }) => error);
  const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string }; from: string }[] } };
  broken = summary.violations.map(({ rule, from }) => ({ rule: rule.name, from }));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the directions", () => {
  it.each(rules)("notice when %s is broken", (name) => {
    expect(broken.map(({ rule }) => rule)).toContain(name);
  });

  it("say nothing of what keeps them", () => {
    expect(broken.filter(({ from }) => from.endsWith("good.ts"))).toEqual([]);
  });
});
