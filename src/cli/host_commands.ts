import type { Command } from "commander";
import { collect, createProgram } from "./commands.ts";

const client = () => import("./host_client.ts");
const earnings = () => import("./host_earnings.ts");

/** The commands of `b3iq-host`. */
export function hostProgram(): Command {
  const program = createProgram("b3iq-host", "makes a machine with a model runtime into a node").addHelpText(
    "after",
    "All commands but serve call the running agent; the owner's commands use secrets/setup-token.",
  );
  program
    .command("serve")
    .description("serve until SIGTERM or Ctrl-C, then drain; with a gateway: enroll and take its work")
    .option("--gateway <URL>", "the gateway whose work the node takes")
    .action(async (options) => (await import("./host_serve.ts")).serve(options));
  program
    .command("status")
    .description("mode, runtime, tunnel, and what keeps each model from paid work, as the gateway says now")
    .action(async () => (await import("./host_status.ts")).showStatus());
  addKeys(program);
  program
    .command("chat")
    .description("ask a model of this machine; the message comes from standard input")
    .option("--api-key-file <FILE>", "a file with a local key; unless given, secrets/local-key")
    .option("--api-key-stdin", "the key is the first line of standard input")
    .option("--model <ID>", "the model; unless given, the first")
    .option("--max-tokens <N>", "the most tokens of the answer")
    .action(async (options) => (await client()).chat(options));
  addSettings(program);
  program
    .command("earnings")
    .description("what the node earned, by where it stands, and its last payouts")
    .option("--limit <N>", "how many payouts, 1 to 1000", "10")
    .option("--json", "print the answer as JSON")
    .action(async (options) => (await earnings()).earnings(options));
  program
    .command("payout-address")
    .description("where payouts go; with an address: go from 24 hours later on, signed by the node")
    .argument("[ADDRESS]", "the new address, 0x and 40 hexadecimal digits")
    .option("--json", "print the answer as JSON")
    .action(async (wanted, options) => (await earnings()).payoutAddress(wanted, options));
  program
    .command("wizard")
    .description("the set-up in a browser")
    .command("url")
    .description("the address of the set-up page")
    .option("--with-token", "with the setup token behind #, which browsers do not send")
    .action(async (options) => (await client()).wizardUrl(options));
  program
    .command("settings")
    .description("every setting: environment name, default, what is allowed")
    .action(async () => (await import("./print_settings.ts")).printSettings("host"));
  return program;
}

function addKeys(program: Command): void {
  const group = program.command("keys").description("local keys, for chats on this machine");
  group
    .command("create")
    .description("make a local key and show it once")
    .option("--label <TEXT>", "a name for the owner")
    .option("--scope <SCOPE>", "models:read or chat:create; may be given again", collect)
    .option("--expires-at <TIME>", "when it ends, RFC 3339")
    .option("--output <FILE>", "a new file for the key, in place of standard output")
    .action(async (options) => (await client()).createKey(options));
  group
    .command("list")
    .description("one line for each key")
    .action(async () => (await client()).listKeys());
  group
    .command("revoke")
    .description("end a key; b3iq-host keys list shows the ids")
    .argument("<KEY_ID>")
    .action(async (key_id) => (await client()).revokeKey(key_id));
}

function addSettings(program: Command): void {
  program
    .command("price")
    .description("prices of the node")
    .command("set")
    .description("what you ask for a token")
    .option("--profile <ID>", "the model's profile; may be left out where there is one")
    .option("--prompt <WEI|default>", "for a prompt token")
    .option("--completion <WEI|default>", "for a completion token")
    .action(async (options) => (await client()).setPrice(options));
  program
    .command("pause")
    .description("no work of the network until resumed; local chat goes on")
    .action(async () => (await client()).changeSettings({ paused: true }));
  program
    .command("resume")
    .description("take work of the network again")
    .action(async () => (await client()).changeSettings({ paused: false }));
  program
    .command("slots")
    .description("slots of the runtime")
    .command("keep")
    .description("slots of the runtime that work of the network may not take")
    .argument("<N>")
    .action(async (count) => (await client()).keepSlots(count));
}
