/** Operating system's words for a connection that was refused, cut, or never came about. */
const CONNECTION = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
]);
/** pg and knex have no code for these; the sentences are theirs. */
const SENTENCES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Knex: Timeout acquiring)/;
/** SQLSTATE classes: connection, resources, operator intervention (shutdown, statement time-out), system error. */
const CLASSES = new Set(["08", "53", "57", "58"]);
/** Not accepting connections; read-only, which a standby is. */
const STATES = new Set(["55000", "25006"]);

/** Whether a failure of a query says that the database cannot be used now, and not that the query was wrong. */
export function isUnreachable(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code } = thrown as { code?: unknown };
  if (typeof code !== "string") return SENTENCES.test(thrown.message);
  if (CONNECTION.has(code)) return "syscall" in thrown || "errno" in thrown;
  return /^[0-9A-Z]{5}$/.test(code) && (CLASSES.has(code.slice(0, 2)) || STATES.has(code));
}
