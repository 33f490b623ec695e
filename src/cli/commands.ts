import { parseArgs } from "node:util";
import type { ParseArgsOptionsConfig } from "node:util";
import { RELEASE } from "../release.ts";
import { commandWords, UsageError } from "./program.ts";

/** The options of a program as its commands get them. */
export type ValuesOf<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true }>
>["values"];

export type Command<Options extends ParseArgsOptionsConfig> = {
  /** The options that it takes, of those of the program. */
  options?: readonly (keyof Options)[];
  /** How many words it takes behind its name; none unless given. */
  positionals?: number;
  /** Each command is loaded when it is called: help needs no database driver. */
  load(): Promise<(values: ValuesOf<Options>, rest: string[]) => Promise<void>>;
};

export type Program<Options extends ParseArgsOptionsConfig> = {
  name: string;
  /** A line for each command that begins with two spaces and the program's name; those below it lie further in. */
  help: string;
  options: Options;
  commands: Record<string, Command<Options>>;
};

/**
 * Runs what the command line asks for. Help and version do nothing else, whatever stands beside them; a word or option
 * that a command does not take is refused before it begins. Throws UsageError.
 */
export async function runCommand<Options extends ParseArgsOptionsConfig>(program: Program<Options>): Promise<void> {
  const words = commandWords();
  if (words[0] === "help" || words.some((word) => word === "--help" || word === "-h")) {
    return console.log(helpFor(program, words[0] === "help" ? words.slice(1) : words));
  }
  if (words.includes("--version")) return console.log(RELEASE);
  const { values, positionals } = parsed(program, words);
  const name = nameOf(program, positionals);
  const { options = [], positionals: most = 0, load } = program.commands[name]!;
  const rest = positionals.slice(name.split(" ").length);
  const strange = Object.keys(values).find((option) => !options.includes(option));
  if (strange !== undefined || rest.length > most) {
    const what = strange === undefined ? `"${rest[most]}"` : `--${strange}`;
    throw new UsageError(`${name} does not take ${what}; ${program.name} ${name} --help says what it does`);
  }
  await (
    await load()
  )(values, rest);
}

function parsed<Options extends ParseArgsOptionsConfig>({ name, options }: Program<Options>, args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const said = (error as Error).message.split(". ")[0]!.replaceAll("\n", " ");
    throw new UsageError(`${said}; ${name} --help lists what there is`);
  }
}

function nameOf<Options extends ParseArgsOptionsConfig>(program: Program<Options>, words: string[]): string {
  const [first = "", second] = words;
  const found = [`${first} ${second}`, first].find((name) => Object.hasOwn(program.commands, name));
  if (found !== undefined) return found;
  const inside = Object.keys(program.commands).filter((name) => name.startsWith(`${first} `));
  if (inside.length > 0 && second === undefined)
    throw new UsageError(`"${first}" is not a command by itself; there are: ${inside.join(", ")}`);
  const what = words.length === 0 ? "no command" : `unknown command "${words.join(" ")}"`;
  throw new UsageError(`${what}; ${program.name} --help lists them`);
}

/** The lines of the help that are about a command or a group, all of them where none is named. */
function helpFor<Options extends ParseArgsOptionsConfig>({ name, help, commands }: Program<Options>, words: string[]) {
  const end = words.findIndex((word) => word.startsWith("-"));
  const named = end === -1 ? words : words.slice(0, end);
  if (named.length === 0) return help;
  const about = [named.slice(0, 2).join(" "), named[0]!].find((wanted) =>
    Object.keys(commands).some((known) => known === wanted || known.startsWith(`${wanted} `)),
  );
  if (about === undefined) throw new UsageError(`unknown command "${named.join(" ")}"; ${name} --help lists them`);
  const entries = help.match(/^ {2}\S.*(?:\n {3,}\S.*)*/gm) ?? [];
  return entries.filter((entry) => `${entry.trim()} `.startsWith(`${name} ${about} `)).join("\n");
}
