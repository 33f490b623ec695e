import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { startCommand, temporaryHome } from "../support/processes.ts";

const run = promisify(execFile);
const folder = temporaryHome();
afterAll(() => fs.rmSync(folder, { recursive: true }));

const LLAMA_CPP = path.join("packages", "llama-cpp", "node_modules");
const CHECKOUT = path.resolve(import.meta.dirname, "../..");

/** Packages that npm installed below a folder, each as `name@version`, without those for a GPU. */
function packagesIn(folder: string): string[] {
  const listed = JSON.parse(fs.readFileSync(path.join(folder, ".package-lock.json"), "utf8")) as {
    packages: Record<string, { version: string }>;
  };
  return Object.entries(listed.packages)
    .map(([name, { version }]) => `${name}@${version}`)
    .filter((name) => !/-(cuda|vulkan)/.test(name));
}

/**
 * Node 24 and Postgres are left out as optional packages: the Node that runs this test stands first in the PATH, and the
 * database is given. llama.cpp, which the same flag leaves out, is then fetched by its command.
 */
test("the packed file, installed in an empty folder, runs both programs", { timeout: 300_000 }, async () => {
  const env = { ...process.env, PATH: `${path.dirname(process.execPath)}:${process.env["PATH"]}` };
  const packed = await run("npm", ["pack", "--silent", "--pack-destination", folder], { env });
  fs.writeFileSync(path.join(folder, "package.json"), '{ "private": true }');
  const install = [
    "install",
    "--omit=optional",
    "--prefer-offline",
    "--loglevel=error",
    path.join(folder, packed.stdout.trim()),
  ];
  await run("npm", install, { cwd: folder, env });

  const installed = path.join(folder, "node_modules");
  expect(fs.existsSync(path.join(installed, "b3iq", "dist", LLAMA_CPP))).toBe(false);
  await run(path.join(installed, ".bin", "b3iq-llama-cpp"), { env });
  const packed_llama = packagesIn(path.join(installed, "b3iq", "dist", LLAMA_CPP));
  expect(packed_llama).toEqual(packagesIn(path.join(CHECKOUT, LLAMA_CPP)));
  expect(packed_llama.filter((name) => name.includes("@node-llama-cpp/"))).toHaveLength(1);

  const db = await testDatabase();
  const settings = { PATH: env.PATH, B3IQ_HOME: path.join(folder, "home"), B3IQ_DATABASE_URL: db.url };
  const start = (program: string, args: string[], own: Record<string, string>) =>
    startCommand(path.join(folder, "node_modules", ".bin", program), args, {
      cwd: folder,
      env: { ...settings, ...own },
    });

  const gateway = start("b3iq-gateway", ["serve"], { B3IQ_GATEWAY_LISTEN: "127.0.0.1:0" });
  const [, gateway_url] = await gateway.line(/serves (http:\S+),/);
  expect((await fetch(`${gateway_url}/readyz`)).status).toBe(200);

  const host = start("b3iq-host", ["serve"], { B3IQ_LOCAL_LISTEN: "127.0.0.1:0" });
  const [, local_url] = await host.line(/serves (http:\S+?),?\s/);
  expect(await (await fetch(`${local_url}/health`)).json()).toMatchObject({ status: "ok", runtime: "ready" });

  expect(await host.stop()).toMatchObject({ code: 0 });
  expect(await gateway.stop()).toMatchObject({ code: 0 });
  await db.drop();
});
