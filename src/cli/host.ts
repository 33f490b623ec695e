import { parseArgs } from "node:util";
import { commandWords, runProgram, UsageError } from "./program.ts";

const HELP = `b3iq-host: makes a machine with a model runtime into a node

  b3iq-host serve [--gateway URL]         serve until SIGTERM or Ctrl-C, then drain; with a gateway: enroll and take its work
  b3iq-host status                        mode, runtime, tunnel, and what keeps each model from paid work, as the gateway says now
  b3iq-host keys create [--label TEXT] [--scope models:read] [--scope chat:create] [--expires-at TIME] [--output FILE]
  b3iq-host keys list
  b3iq-host keys revoke KEY_ID
  b3iq-host chat [--api-key-file FILE | --api-key-stdin] [--model ID] [--max-tokens N]    the message comes from standard input
  b3iq-host price set [--profile ID] [--prompt WEI|default] [--completion WEI|default]      what you ask for a token
  b3iq-host pause | resume                no work of the network until resumed; local chat goes on
  b3iq-host slots keep N                  slots of the runtime that work of the network may not take
  b3iq-host earnings [--limit N] [--json] what the node earned, by where it stands, and its last payouts
  b3iq-host payout-address [0x...] [--json]    where payouts go; with an address: go from 24 hours later on, signed by the node
  b3iq-host wizard url [--with-token]
  b3iq-host settings                      every setting: environment name, default, what is allowed
  b3iq-host --version

Settings come from the environment (B3IQ_...). All but serve ask the agent that runs; those of the owner use secrets/setup-token.
Ends with 0; 1 when something failed; 2 for a wrong setting or command line.`;

const OPTIONS = {
  gateway: { type: "string" },
  label: { type: "string" },
  scope: { type: "string", multiple: true },
  "expires-at": { type: "string" },
  output: { type: "string" },
  "with-token": { type: "boolean" },
  "api-key-file": { type: "string" },
  "api-key-stdin": { type: "boolean" },
  model: { type: "string" },
  "max-tokens": { type: "string" },
  profile: { type: "string" },
  prompt: { type: "string" },
  completion: { type: "string" },
  limit: { type: "string" },
  json: { type: "boolean" },
  version: { type: "boolean" },
  help: { type: "boolean" },
} as const;

type Options = ReturnType<typeof parse>["values"];
type Command = {
  words: number;
  options: readonly string[];
  load(): Promise<(options: Options, rest: string[]) => Promise<void>>;
};

const client = async () => import("./host_client.ts");

/** Each command is loaded when it is called, and takes only its own options. */
const COMMANDS: Record<string, Command> = {
  serve: { words: 1, options: ["gateway"], load: async () => (await import("./host_serve.ts")).serve },
  status: { words: 1, options: [], load: async () => (await import("./host_status.ts")).showStatus },
  earnings: {
    words: 1,
    options: ["limit", "json"],
    load: async () => (await import("./host_earnings.ts")).earnings,
  },
  "payout-address": {
    words: 2,
    options: ["json"],
    load: async () => (await import("./host_earnings.ts")).payoutAddress,
  },
  "keys create": {
    words: 2,
    options: ["label", "scope", "expires-at", "output"],
    load: async () => (await client()).createKey,
  },
  "keys list": { words: 2, options: [], load: async () => (await client()).listKeys },
  "keys revoke": { words: 3, options: [], load: async () => (await client()).revokeKey },
  chat: {
    words: 1,
    options: ["api-key-file", "api-key-stdin", "model", "max-tokens"],
    load: async () => (await client()).chat,
  },
  "price set": { words: 2, options: ["profile", "prompt", "completion"], load: async () => (await client()).setPrice },
  pause: { words: 1, options: [], load: async () => (await client()).pause },
  resume: { words: 1, options: [], load: async () => (await client()).resume },
  "slots keep": { words: 3, options: [], load: async () => (await client()).keepSlots },
  "wizard url": { words: 2, options: ["with-token"], load: async () => (await client()).wizardUrl },
  settings: {
    words: 1,
    options: [],
    async load() {
      const { printSettings } = await import("./settings.ts");
      return async () => printSettings("host");
    },
  },
};

function parse() {
  try {
    return parseArgs({ args: commandWords(), options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message.split(". ")[0]!);
  }
}

await runProgram("b3iq-host", async () => {
  const { values, positionals } = parse();
  if (values.version) return console.log((await import("../release.ts")).RELEASE);
  if (values.help || positionals[0] === "help") return console.log(HELP);
  const name = [positionals.slice(0, 2).join(" "), positionals[0] ?? ""].find((words) =>
    Object.hasOwn(COMMANDS, words),
  );
  if (name === undefined) {
    throw new UsageError(
      `${positionals.length === 0 ? "no command" : `unknown command "${positionals.join(" ")}"`}; b3iq-host --help lists them`,
    );
  }
  const command = COMMANDS[name]!;
  const strange = Object.keys(values).find((option) => !command.options.includes(option));
  if (strange !== undefined || positionals.length > command.words) {
    throw new UsageError(
      `${name} does not take ${strange === undefined ? `"${positionals[command.words]}"` : `--${strange}`}; b3iq-host --help lists what it does`,
    );
  }
  await (
    await command.load()
  )(values, positionals.slice(name.split(" ").length));
});
