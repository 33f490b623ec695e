import type { Program, ValuesOf } from "./commands.ts";

const HELP = `b3iq-gateway: the hosted surface of B3IQ

  b3iq-gateway serve            serve until SIGTERM or Ctrl-C, then drain; several at once may use one database
  b3iq-gateway migrate          bring the database's schema up to this release
  b3iq-gateway ledger verify    check the ledger's invariants on the live database, and name the rows that break one
  b3iq-gateway backup FOLDER    copy the private database while it serves
  b3iq-gateway restore check [--adopt]
                                what a restored database lacks of what was published, and whether its books are right
  b3iq-gateway admin-token create NAME --roles ROLE[,ROLE] [--days N] > FILE
                                a named admin token; its roles are read, money, keys, network, payouts
  b3iq-gateway admin-token list
  b3iq-gateway admin-token revoke NAME
  b3iq-gateway job seal --node ID --model ID [--max-price-wei N] [--job-id ID] [--text] --output FILE --session FILE
                                seals the chat on standard input to a node; the node's key is checked first
  b3iq-gateway job submit --request FILE
  b3iq-gateway job wait JOB_ID --output FILE [--timeout-seconds N]
  b3iq-gateway job open --job FILE --session FILE [--text]
                                a customer's private job; B3IQ_GATEWAY_BASE_URL, B3IQ_CUSTOMER_ID, B3IQ_CUSTOMER_TOKEN_FILE
  b3iq-gateway log check --log URL --state FILE [--key KEY] [--witness KEY]... [--entries]
                                checks a public log from outside, and that it contains what FILE saw of it the last time
  b3iq-gateway log witness --name NAME --state FOLDER --log KEY... [--listen HOST:PORT]
                                co-signs the checkpoints of these logs (c2sp.org/tlog-witness) until SIGTERM or Ctrl-C
  b3iq-gateway settings         every setting: environment name, default, what is allowed
  b3iq-gateway --version

Settings come from the environment (B3IQ_...). Each command and group takes --help.
Ends with 0; 1 when something failed; 2 for a wrong setting or command line.`;

const OPTIONS = {
  adopt: { type: "boolean" },
  roles: { type: "string" },
  days: { type: "string" },
  node: { type: "string" },
  model: { type: "string" },
  "max-price-wei": { type: "string" },
  "job-id": { type: "string" },
  text: { type: "boolean" },
  output: { type: "string" },
  session: { type: "string" },
  request: { type: "string" },
  job: { type: "string" },
  "timeout-seconds": { type: "string" },
  name: { type: "string" },
  state: { type: "string" },
  log: { type: "string", multiple: true },
  key: { type: "string" },
  witness: { type: "string", multiple: true },
  entries: { type: "boolean" },
  listen: { type: "string" },
} as const;

export type GatewayOptions = ValuesOf<typeof OPTIONS>;

const admin = () => import("./gateway_admin.ts");
const job = () => import("./gateway_job.ts");

export const GATEWAY_PROGRAM: Program<typeof OPTIONS> = {
  name: "b3iq-gateway",
  help: HELP,
  options: OPTIONS,
  commands: {
    serve: { load: async () => (await import("./gateway_serve.ts")).serve },
    migrate: { load: async () => (await import("./gateway_database.ts")).migrateDatabase },
    "ledger verify": { load: async () => (await import("./gateway_database.ts")).printLedgerVerification },
    backup: { positionals: 1, load: async () => (await import("./gateway_backup.ts")).backup },
    "restore check": { options: ["adopt"], load: async () => (await import("./gateway_restore.ts")).restoreCheck },
    "admin-token create": {
      options: ["roles", "days"],
      positionals: 1,
      load: async () => (await admin()).createToken,
    },
    "admin-token list": { load: async () => (await admin()).listTokens },
    "admin-token revoke": { positionals: 1, load: async () => (await admin()).revokeToken },
    "job seal": {
      options: ["node", "model", "max-price-wei", "job-id", "text", "output", "session"],
      load: async () => (await job()).sealJob,
    },
    "job submit": { options: ["request"], load: async () => (await job()).submitJob },
    "job wait": { options: ["output", "timeout-seconds"], positionals: 1, load: async () => (await job()).waitForJob },
    "job open": { options: ["job", "session", "text"], load: async () => (await job()).openJob },
    "log check": {
      options: ["log", "state", "key", "witness", "entries"],
      load: async () => (await import("./gateway_log.ts")).checkPublicLog,
    },
    "log witness": {
      options: ["name", "state", "log", "listen"],
      load: async () => (await import("./gateway_log.ts")).witnessLogs,
    },
    settings: {
      async load() {
        const { printSettings } = await import("./print_settings.ts");
        return async () => printSettings("gateway");
      },
    },
  },
};
