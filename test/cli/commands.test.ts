import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandsBelow, nameOf } from "../../src/cli/commands.ts";
import { gatewayProgram } from "../../src/cli/gateway_commands.ts";
import { hostProgram } from "../../src/cli/host_commands.ts";
import { temporaryHome } from "../support/processes.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");
const folder = temporaryHome();
const there = path.join(folder, "there");
beforeAll(() => fs.mkdirSync(there));
afterAll(() => fs.rmSync(folder, { recursive: true }));

type Said = { code: number | null; out: string; err: string };

/** Runs a command in a folder of its own, where anything that it makes would be seen; so would a home. */
async function say(file: string, words: string[]): Promise<Said> {
  const env = { PATH: process.env["PATH"], HOME: folder, B3IQ_HOME: path.join(there, "home") };
  const child = spawn(process.execPath, [path.join(ROOT, "src", "cli", file), ...words], { cwd: there, env });
  const said: Said = { code: null, out: "", err: "" };
  child.stdout.on("data", (part: Buffer) => (said.out += part));
  child.stderr.on("data", (part: Buffer) => (said.err += part));
  child.stdin.end();
  return new Promise((resolve) => child.once("close", (code) => resolve({ ...said, code })));
}

const PROGRAMS = [gatewayProgram(), hostProgram()].map((program) => ({
  file: program.name() === "b3iq-gateway" ? "gateway.ts" : "host.ts",
  name: program.name(),
  commands: commandsBelow(program).map((command): [string, number] => [
    nameOf(command),
    command.registeredArguments.length,
  ]),
}));
const groupsOf = (names: string[]) => [
  ...new Set(names.filter((name) => name.includes(" ")).map((name) => name.split(" ")[0]!)),
];

describe.each(PROGRAMS)("$name", ({ file, name, commands }) => {
  const names = commands.map(([command]) => command);

  test.each([...names, ...groupsOf(names)])(
    "%s --help, -h, and with a word before: its own help, and nothing done",
    async (command) => {
      const words = command.split(" ");
      const asked = [
        [...words, "--help"],
        [...words, "a-word", "-h"],
        ["help", ...words],
      ];
      for (const said of await Promise.all(asked.map((one) => say(file, one)))) {
        expect(said).toMatchObject({ code: 0, err: "" });
        expect(said.out).toMatch(new RegExp(`^Usage: ${name} ${command}( |$)`, "m"));
        for (const other of names)
          expect(new RegExp(`^  ${other}( |$)`, "m").test(said.out), other).toBe(other.startsWith(`${command} `));
      }
      expect(fs.readdirSync(there)).toEqual([]);
    },
  );

  test.each(commands)(
    "%s refuses an option that it does not have, and a word too many",
    async (command, positionals) => {
      const words = command.split(" ");
      const enough = Array.from({ length: positionals }, (_, at) => `word-${at}`);
      const wrong = [
        [...words, "--strange"],
        [...words, "-x"],
        [...words, ...enough, "too-many"],
      ];
      for (const said of await Promise.all(wrong.map((one) => say(file, one)))) {
        expect(said).toMatchObject({ code: 2, out: "" });
        expect(said.err).toMatch(new RegExp(`^${name}: .*(--strange|-x|too-many).*--help.*\n$`));
      }
      expect(fs.readdirSync(there)).toEqual([]);
    },
  );

  test("a group alone names its commands; without any, and for what is unknown, where they are listed", async () => {
    for (const group of groupsOf(names)) {
      const { code, err } = await say(file, [group]);
      expect(code).toBe(2);
      for (const command of names.filter((one) => one.startsWith(`${group} `))) expect(err).toContain(command);
    }
    for (const words of [[], ["srve"], ["srve", "--help"]]) {
      const { code, err } = await say(file, words);
      expect([code, err.trimEnd().split("\n").length]).toEqual([2, 1]);
      expect(err).toContain(`${name} --help lists them`);
    }
  });

  test("--help lists every command", async () => {
    const { out } = await say(file, ["--help"]);
    for (const command of names) expect(out).toMatch(new RegExp(`^  ${command}( |$)`, "m"));
  });
});

test.each(["run.ts", "reset.ts"])("%s starts and removes nothing for a word such as --help", async (file) => {
  const { code, err } = await say(file, ["--help"]);
  expect([code, err]).toEqual([2, expect.stringMatching(/^b3iq: make (run|reset) takes no "--help"/)]);
  expect(fs.readdirSync(there)).toEqual([]);
});
