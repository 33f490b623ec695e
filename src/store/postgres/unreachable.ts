/** Codes of the operating system for a connection that was refused, cut, or never came about. */
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
/** pg gives these errors no code, so they are recognised by their sentences. */
const SENTENCES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;
/** SQLSTATE classes: connection, resources, operator intervention (shutdown, statement time-out), system error. */
const CLASSES = new Set(["08", "53", "57", "58"]);
/** A server that accepts no connections yet; a read-only one, such as a standby. */
const STATES = new Set(["55000", "25006"]);

/** Whether a query failed because the database cannot be used now, and not because the query was wrong. */
export function isUnreachable(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code } = thrown as { code?: unknown };
  if (typeof code !== "string") return SENTENCES.test(thrown.message);
  if (CONNECTION.has(code)) return "syscall" in thrown || "errno" in thrown;
  return /^[0-9A-Z]{5}$/.test(code) && (CLASSES.has(code.slice(0, 2)) || STATES.has(code));
}
