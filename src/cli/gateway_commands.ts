import type { Command } from "commander";
import { collect, createProgram } from "./commands.ts";

/** The commands of `b3iq-gateway`. */
export function gatewayProgram(): Command {
  const program = createProgram("b3iq-gateway", "the hosted surface of B3IQ");
  program
    .command("serve")
    .description("serve until SIGTERM or Ctrl-C, then drain; several at once may use one database")
    .action(async () => (await import("./gateway_serve.ts")).serve());
  program
    .command("migrate")
    .description("bring the database's schema up to this release")
    .action(async () => (await import("./gateway_database.ts")).migrateDatabase());
  program
    .command("ledger")
    .description("the ledger")
    .command("verify")
    .description("check the ledger's invariants on the live database, and name the rows that break one")
    .action(async () => (await import("./gateway_database.ts")).printLedgerVerification());
  program
    .command("backup")
    .description("copy the private database while it serves")
    .argument("<FOLDER>", "an empty or new folder")
    .action(async (folder) => (await import("./gateway_backup.ts")).backup(folder));
  program
    .command("restore")
    .description("a restored database")
    .command("check")
    .description("say what a restored database lacks of what was published, and whether its books are right")
    .option("--adopt", "take the leaves of the published tiles, and receipts again from the nodes")
    .action(async (options) => (await import("./gateway_restore.ts")).restoreCheck(options));
  addAdminTokens(program);
  addJobs(program);
  addLog(program);
  program
    .command("settings")
    .description("every setting: environment name, default, what is allowed")
    .action(async () => (await import("./print_settings.ts")).printSettings("gateway"));
  return program;
}

function addAdminTokens(program: Command): void {
  const commands = () => import("./gateway_admin.ts");
  const group = program.command("admin-token").description("named admin tokens");
  group
    .command("create")
    .description("write a named admin token to standard output, which must be a file or a pipe")
    .argument("<NAME>")
    .option("--roles <ROLE[,ROLE]>", "its roles, of read, money, keys, network, payouts (required)")
    .option("--days <N>", "how long it is good, 1 to 366", "90")
    .action(async (name, options) => (await commands()).createToken(name, options));
  group
    .command("list")
    .description("names, roles and ends of the tokens")
    .action(async () => (await commands()).listTokens());
  group
    .command("revoke")
    .description("end a token")
    .argument("<NAME>")
    .action(async (name) => (await commands()).revokeToken(name));
}

function addJobs(program: Command): void {
  const commands = () => import("./gateway_job.ts");
  const group = program
    .command("job")
    .description("a customer's private job; B3IQ_GATEWAY_BASE_URL, B3IQ_CUSTOMER_ID, B3IQ_CUSTOMER_TOKEN_FILE");
  group
    .command("seal")
    .description("seal the chat on standard input to a node; the node's key is checked first")
    .option("--node <ID>", "the node that may open it (required)")
    .option("--model <ID>", "the model that answers (required)")
    .option("--max-price-wei <N>", "the most that the job may cost")
    .option("--job-id <ID>", "your own id for the job; unless given, one is made")
    .option("--text", "standard input is the user's message, not a chat request in JSON")
    .option("--output <FILE>", "a new file for the sealed request (required)")
    .option("--session <FILE>", "a new file for what opens the result; keep it private (required)")
    .action(async (options) => (await commands()).sealJob(options));
  group
    .command("submit")
    .description("send a sealed request; sending it again is harmless")
    .option("--request <FILE>", "the file that job seal wrote (required)")
    .action(async (options) => (await commands()).submitJob(options));
  group
    .command("wait")
    .description("wait until the job has ended; fails with the reason when it was not done")
    .argument("<JOB_ID>")
    .option("--output <FILE>", "a new file for the sealed result (required)")
    .option("--timeout-seconds <N>", "how long to wait", "3600")
    .action(async (job_id, options) => (await commands()).waitForJob(job_id, options));
  group
    .command("open")
    .description("print the answer of a job, and delete its session")
    .option("--job <FILE>", "the file that job wait wrote (required)")
    .option("--session <FILE>", "the session that job seal wrote (required)")
    .option("--text", "print the answer's text alone")
    .action(async (options) => (await commands()).openJob(options));
}

function addLog(program: Command): void {
  const commands = () => import("./gateway_log.ts");
  const group = program.command("log").description("the public log, from outside");
  group
    .command("check")
    .description("check a public log from outside, and that it contains what FILE saw of it the last time")
    .option("--log <URL>", "the log's address, as https://gateway.example/v1/log (required)", collect)
    .option("--state <FILE>", "what the checks before saw (required)")
    .option("--key <KEY>", "the log's verifier key; unless given, that of FILE or, the first time, of the log")
    .option("--witness <KEY>", "a witness that must have co-signed; may be given again", collect)
    .option("--entries", "check every entry too")
    .action(async (options) => (await commands()).checkPublicLog(options));
  group
    .command("witness")
    .description("co-sign the checkpoints of these logs (c2sp.org/tlog-witness) until SIGTERM or Ctrl-C")
    .option("--name <NAME>", "the witness's name, without spaces (required)")
    .option("--state <FOLDER>", "its key, and what it has co-signed (required)")
    .option("--log <KEY>", "a log's verifier key; may be given again (required)", collect)
    .option("--listen <HOST:PORT>", "where it serves", "127.0.0.1:8850")
    .action(async (options) => (await commands()).witnessLogs(options));
}
