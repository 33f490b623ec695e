import { commandWords, runProgram, UsageError } from "./program.ts";

const HELP = `b3iq-gateway: the hosted surface of B3IQ

  b3iq-gateway serve            serve until SIGTERM or Ctrl-C, then drain; several at once may use one database
  b3iq-gateway migrate          bring the database's schema up to this release
  b3iq-gateway ledger verify    check the ledger's invariants on the live database, and name the rows that break one
  b3iq-gateway backup FOLDER    copy the private database while it serves
  b3iq-gateway restore check [--adopt]
                                what a restored database lacks of what was published, and whether its books are right
  b3iq-gateway admin-token create NAME --roles ROLE[,ROLE] [--days N] > FILE
                                a named admin token; its roles are read, money, keys, network, payouts
  b3iq-gateway admin-token list | revoke NAME
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

Settings come from the environment (B3IQ_...). Ends with 0; 1 when something failed; 2 for a wrong setting or command line.`;

/** Each command is loaded when it is called: help needs no database driver. */
const COMMANDS: Record<string, () => Promise<() => Promise<void>>> = {
  serve: async () => (await import("./gateway_serve.ts")).serve,
  migrate: async () => (await import("./gateway_database.ts")).migrateDatabase,
  "ledger verify": async () => (await import("./gateway_database.ts")).printLedgerVerification,
  backup: async () => (await import("./gateway_backup.ts")).backup,
  "restore check": async () => (await import("./gateway_restore.ts")).restoreCheck,
  "admin-token create": async () => (await import("./gateway_admin.ts")).createToken,
  "admin-token list": async () => (await import("./gateway_admin.ts")).listTokens,
  "admin-token revoke": async () => (await import("./gateway_admin.ts")).revokeToken,
  "job seal": async () => (await import("./gateway_job.ts")).sealJob,
  "job submit": async () => (await import("./gateway_job.ts")).submitJob,
  "job wait": async () => (await import("./gateway_job.ts")).waitForJob,
  "job open": async () => (await import("./gateway_job.ts")).openJob,
  "log check": async () => (await import("./gateway_log.ts")).checkPublicLog,
  "log witness": async () => (await import("./gateway_log.ts")).witnessLogs,
  settings: async () => {
    const { printSettings } = await import("./settings.ts");
    return async () => printSettings("gateway");
  },
  "--version": async () => {
    const { RELEASE } = await import("../release.ts");
    return async () => console.log(RELEASE);
  },
  "--help": async () => async () => console.log(HELP),
  help: async () => async () => console.log(HELP),
};

await runProgram("b3iq-gateway", async () => {
  const command = commandWords().join(" ");
  // A command may have arguments of its own behind its two words.
  const load = [
    command,
    commandWords().slice(0, 2).join(" "),
    commandWords()[0] === "backup" ? "backup" : command,
  ].flatMap((name) => (Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]] : []))[0];
  if (load === undefined)
    throw new UsageError(
      `${command === "" ? "no command" : `unknown command "${command}"`}; b3iq-gateway --help lists them`,
    );
  await (
    await load()
  )();
});
