import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ensureTinyModel } from "../../../../../src/core/host/runtimes/open.ts";
import { buildTinyGguf } from "../../../../../src/core/host/runtimes/self_test/tiny_gguf.ts";
import { temporaryFolder } from "../../../../support/host.ts";

test("the built-in model is the same file on each machine", () => {
  const model = buildTinyGguf();
  expect(model.subarray(0, 4).toString()).toBe("GGUF");
  expect(model.equals(buildTinyGguf())).toBe(true);
});

test("it is written once, and again when it was damaged", () => {
  const folder = temporaryFolder();
  const models = join(folder.path, "models");
  const file = ensureTinyModel(models);
  const written = statSync(file);
  expect(written.mode & 0o777).toBe(0o600);
  ensureTinyModel(models);
  expect(statSync(file).mtimeMs).toBe(written.mtimeMs);
  mkdirSync(models, { recursive: true });
  writeFileSync(file, "half a file");
  ensureTinyModel(models);
  expect(readFileSync(file).equals(buildTinyGguf())).toBe(true);
  folder.remove();
});
