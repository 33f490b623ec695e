import { spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RELEASE } from "../../src/release.ts";
import { runningHost, type TestHost } from "../support/running_host.ts";

const CLI = new URL("../../src/cli/host.ts", import.meta.url).pathname;
let host: TestHost;

beforeAll(async () => {
  host = await runningHost();
});

afterAll(() => host.close());

/** Runs `b3iq-host`, as its own process, against the agent of this test. */
function cli(args: string[], input = ""): Promise<{ code: number | null; out: string; err: string }> {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH, HOME, B3IQ_HOME: host.home, B3IQ_LOCAL_LISTEN: new URL(host.url).host },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (out += data));
  child.stderr.on("data", (data: Buffer) => (err += data));
  child.stdin.on("error", () => {}).end(input);
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

describe("b3iq-host", () => {
  test("makes a key into a private file, lists it without its secret, and revokes it", async () => {
    const file = join(host.home, "editor.key");
    const made = await cli(["keys", "create", "--label", "editor", "--scope", "chat:create", "--output", file]);
    expect(made).toMatchObject({ code: 0, out: "" });
    const key = readFileSync(file, "utf8").trim();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await cli(["keys", "create", "--output", file])).code).toBe(1);
    const listed = await cli(["keys", "list"]);
    expect(listed.out).toMatch(new RegExp(`^key_\\w+ +active +\\.\\.\\.${key.slice(-4)} +chat:create .* editor$`, "m"));
    expect(listed.out).not.toContain(key);
    const said = await cli(
      ["chat", "--api-key-file", file, "--model", "b3iq-tiny.gguf", "--max-tokens", "200"],
      "hello",
    );
    expect(said).toMatchObject({ code: 0, out: expect.stringMatching(/[a-z .]+\n$/) });
    expect((await cli(["chat", "--api-key-stdin", "--model", "b3iq-tiny.gguf"], `${key}\nhello`)).code).toBe(0);
    const id = /key_\w+/.exec(made.err)![0];
    expect((await cli(["keys", "revoke", id])).out).toBe(`${id} revoked\n`);
    const refused = await cli(["chat", "--api-key-file", file, "--model", "b3iq-tiny.gguf"], "hello");
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/^b3iq-host: unauthorized: /) });
  });

  test("tells status, sets prices, pauses and resumes", async () => {
    expect((await cli(["price", "set", "--prompt", "5"])).out).toContain("prompt 5, completion default");
    expect((await cli(["price", "set", "--prompt", "default", "--completion", "9"])).out).toContain(
      "prompt default, completion 9",
    );
    expect((await cli(["pause"])).out).toMatch(/^paused;/);
    const status = await cli(["status"]);
    expect(status.out).toContain(host.node_id);
    expect(status.out).toContain("node_paused: Run b3iq-host resume.");
    expect((await cli(["resume"])).out).toMatch(/^takes work of the network;/);
    expect((await cli(["slots", "keep", "1"])).out).toContain("1 slots kept");
    expect((await cli(["slots", "keep", "9"])).code).toBe(1);
  });

  test("gives the wizard's address, with the token only when asked", async () => {
    const token = readFileSync(join(host.home, "secrets", "setup-token"), "utf8").trim();
    expect((await cli(["wizard", "url"])).out).toBe(`${host.url}/setup/\n`);
    expect((await cli(["wizard", "url", "--with-token"])).out).toBe(`${host.url}/setup/#token=${token}\n`);
  });

  test("says in one line what is wrong, and ends with 2 for a wrong command line", async () => {
    expect((await cli(["--version"])).out).toBe(`${RELEASE}\n`);
    for (const args of [
      [],
      ["nonsense"],
      ["keys"],
      ["keys", "list", "more"],
      ["pause", "--label", "x"],
      ["status", "--nonsense"],
      ["keys", "revoke"],
    ]) {
      const wrong = await cli(args);
      expect(wrong.code, args.join(" ")).toBe(2);
      expect(wrong.err.trimEnd().split("\n"), args.join(" ")).toHaveLength(1);
    }
  });

  test("a second agent on the same folder is told so in one line", async () => {
    const second = await cli(["serve"]);
    expect(second.code).not.toBe(0);
    expect(second.err.trimEnd().split("\n")).toHaveLength(1);
    expect(second.err).toMatch(/B3IQ_HOME: .* in use by another b3iq-host/);
  });
});
