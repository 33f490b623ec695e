import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const OWN = new Set(["NPM", "LAUNCH", "MAKEFILE_LIST", "INSTALL"]);
const makefile = readFileSync(new URL("../../Makefile", import.meta.url), "utf8");
const help = execFileSync("make", ["help"], { encoding: "utf8" });

/** What `make help` prints of a target: its line, and the lines of its parameters. */
function helpOf(target: string): string | undefined {
  return new RegExp(`^  make ${target} .*(?:\\n {8,}.*)*`, "m").exec(help)?.[0];
}

/** The parameters that a target's recipe uses: variables of make that the caller gives. */
function parametersOf(target: string): string[] {
  const recipe = new RegExp(`^${target}:.*\\n((?:\\t.*\\n)*)`, "m").exec(makefile)![1]!;
  const used = [...recipe.matchAll(/\$\((?:or \$\()?([A-Z_]+)/g)].map(([, name]) => name!);
  return [...new Set(used)].filter((name) => !OWN.has(name));
}

const targets = /^\.PHONY: (.*)$/m.exec(makefile)![1]!.split(" ");

describe("make help", () => {
  test.each(targets)("lists %s with every parameter of its recipe", (target) => {
    const said = helpOf(target);
    expect(said, target).toBeDefined();
    for (const name of parametersOf(target)) expect(said, `${target} takes ${name}`).toContain(`${name}=`);
  });

  test("lists the parameters that make hands on through the environment", () => {
    expect(helpOf("contract")).toMatch(/SIZE=.*\n.*STEPS=/);
    expect(parametersOf("canary")).toEqual(["N"]);
  });
});
