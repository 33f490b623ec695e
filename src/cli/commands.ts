import { Command, CommanderError } from "commander";
import { RELEASE } from "../release.ts";
import { commandWords, UsageError } from "./program.ts";

const EPILOGUE = `
Settings come from the environment (B3IQ_...). Each command and group takes --help.
Ends with 0; 1 when something failed; 2 for a wrong setting or command line.`;

/**
 * An empty program. Its help lists the commands of its groups too, and its errors are thrown. Commands load their code
 * when they run: help needs no database driver.
 */
export function createProgram(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .version(RELEASE, "--version")
    .helpCommand(false)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, getOutHelpWidth: () => Math.max(100, process.stdout.columns ?? 120) })
    .configureHelp({
      visibleCommands: commandsBelow,
      subcommandTerm: (command) => {
        const usage = command.options.length > 0 ? command.usage() : command.usage().replace("[options]", "");
        return `${nameOf(command)} ${usage.trim()}`.trim();
      },
    })
    .addHelpText("after", EPILOGUE);
}

/** For an option that may be given several times. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** Every command that does something, in groups or not. */
export function commandsBelow({ commands }: Pick<Command, "commands">): Command[] {
  return commands.flatMap((command) => (command.commands.length > 0 ? commandsBelow(command) : [command]));
}

/** A command's words behind the program's name. */
export function nameOf(command: Command): string {
  return command.parent === null ? "" : `${nameOf(command.parent)} ${command.name()}`.trim();
}

/** Runs the command line. Throws UsageError for a word or option that a command does not take, before it begins. */
export async function runCommand(program: Command): Promise<void> {
  const [first, ...others] = commandWords();
  const words = first === "help" ? [...others, "--help"] : commandWords();
  const command = commandAt(program, words);
  // A misspelt command is an error even where help is asked for, which would hide the mistake.
  const misspelt = command === program && words[0] !== undefined && !words[0].startsWith("-");
  try {
    await program.parseAsync(misspelt ? words.slice(0, 1) : words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(program, command, error);
  }
}

/** The command that the first words name, or the group where they end. */
function commandAt(program: Command, words: string[]): Command {
  const found = program.commands.find((command) => command.name() === words[0]);
  return found === undefined ? program : commandAt(found, words.slice(1));
}

function usageError(program: Command, command: Command, { code, message }: CommanderError): UsageError {
  const name = nameOf(command);
  const asked = [program.name(), name, "--help"].filter(Boolean).join(" ");
  if (code !== "commander.help") {
    const reason = message.replace(/^error: |\.$/g, "").replaceAll("\n", " ");
    return new UsageError(`${reason}; ${asked} ${command.commands.length > 0 ? "lists them" : "says what it takes"}`);
  }
  if (command === program) return new UsageError(`no command; ${asked} lists them`);
  const inside = commandsBelow(command).map(nameOf).join(", ");
  return new UsageError(`"${name}" is not a command by itself; there are: ${inside}`);
}
