import type { Program, ValuesOf } from "./commands.ts";

const HELP = `b3iq-host: makes a machine with a model runtime into a node

  b3iq-host serve [--gateway URL]         serve until SIGTERM or Ctrl-C, then drain; with a gateway: enroll and take its work
  b3iq-host status                        mode, runtime, tunnel, and what keeps each model from paid work, as the gateway says now
  b3iq-host keys create [--label TEXT] [--scope models:read] [--scope chat:create] [--expires-at TIME] [--output FILE]
  b3iq-host keys list
  b3iq-host keys revoke KEY_ID
  b3iq-host chat [--api-key-file FILE | --api-key-stdin] [--model ID] [--max-tokens N]    the message comes from standard input
  b3iq-host price set [--profile ID] [--prompt WEI|default] [--completion WEI|default]      what you ask for a token
  b3iq-host pause                         no work of the network until resumed; local chat goes on
  b3iq-host resume
  b3iq-host slots keep N                  slots of the runtime that work of the network may not take
  b3iq-host earnings [--limit N] [--json] what the node earned, by where it stands, and its last payouts
  b3iq-host payout-address [0x...] [--json]    where payouts go; with an address: go from 24 hours later on, signed by the node
  b3iq-host wizard url [--with-token]
  b3iq-host settings                      every setting: environment name, default, what is allowed
  b3iq-host --version

Settings come from the environment (B3IQ_...). Each command and group takes --help.
All but serve ask the agent that runs; those of the owner use secrets/setup-token.
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
} as const;

export type HostOptions = ValuesOf<typeof OPTIONS>;

const client = () => import("./host_client.ts");
const earnings = () => import("./host_earnings.ts");

export const HOST_PROGRAM: Program<typeof OPTIONS> = {
  name: "b3iq-host",
  help: HELP,
  options: OPTIONS,
  commands: {
    serve: { options: ["gateway"], load: async () => (await import("./host_serve.ts")).serve },
    status: { load: async () => (await import("./host_status.ts")).showStatus },
    earnings: { options: ["limit", "json"], load: async () => (await earnings()).earnings },
    "payout-address": { options: ["json"], positionals: 1, load: async () => (await earnings()).payoutAddress },
    "keys create": {
      options: ["label", "scope", "expires-at", "output"],
      load: async () => (await client()).createKey,
    },
    "keys list": { load: async () => (await client()).listKeys },
    "keys revoke": { positionals: 1, load: async () => (await client()).revokeKey },
    chat: {
      options: ["api-key-file", "api-key-stdin", "model", "max-tokens"],
      load: async () => (await client()).chat,
    },
    "price set": { options: ["profile", "prompt", "completion"], load: async () => (await client()).setPrice },
    pause: { load: async () => (await client()).pause },
    resume: { load: async () => (await client()).resume },
    "slots keep": { positionals: 1, load: async () => (await client()).keepSlots },
    "wizard url": { options: ["with-token"], load: async () => (await client()).wizardUrl },
    settings: {
      async load() {
        const { printSettings } = await import("./print_settings.ts");
        return async () => printSettings("host");
      },
    },
  },
};
