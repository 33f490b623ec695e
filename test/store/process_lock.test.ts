import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tryProcessLock, waitForProcessLock } from "../../src/store/process_lock.ts";
import type { ProcessLock } from "../../src/store/process_lock.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-lock-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

test("one holder at a time, in this process too, and a wait that ends", async () => {
  const file = path.join(folder, "lock");
  const first = tryProcessLock(file) as ProcessLock;
  expect(tryProcessLock(file)).toEqual({ held_by: String(process.pid) });
  await expect(waitForProcessLock(file, 60)).rejects.toThrow(`still locked by process ${process.pid} after 60 ms`);
  const second = waitForProcessLock(file, 5_000);
  first.release();
  (await second).release();
});

test("a holder that is killed loses it at once, and a stopped one keeps it", async () => {
  const file = path.join(folder, "lock");
  const module = new URL("../../src/store/process_lock.ts", import.meta.url).href;
  const code = `
    const { tryProcessLock } = await import(${JSON.stringify(module)});
    console.log("release" in tryProcessLock(process.argv[1]));
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", code, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  expect(String(await new Promise((resolve) => holder.stdout.once("data", resolve))).trim()).toBe("true");
  holder.kill("SIGSTOP");
  expect(tryProcessLock(file)).toEqual({ held_by: String(holder.pid) });
  holder.kill("SIGKILL");
  await new Promise((resolve) => holder.once("exit", resolve));
  const lock = tryProcessLock(file);
  expect(lock).toHaveProperty("release");
  (lock as ProcessLock).release();
});
