import { CUSTOMER } from "./customer_settings.ts";
import { GATEWAY } from "./gateway_settings.ts";
import { HOST } from "./host_settings.ts";

export { CUSTOMER, GATEWAY, HOST };

/** Names that only clients and the samples of the guides read; a program starts although its shell has them set. */
const CLIENT_NAMES = [
  "B3IQ_GATEWAY_BASE_URL",
  "B3IQ_GATEWAY_KEY_FILE",
  "B3IQ_LOCAL_BASE_URL",
  "B3IQ_LOCAL_KEY_FILE",
  "B3IQ_CUSTOMER_ID",
  "B3IQ_CUSTOMER_TOKEN_FILE",
  "B3IQ_PRIVATE_NODE_ID",
  "B3IQ_PRIVATE_JOB_ID",
  "B3IQ_ENCRYPTED_REQUEST_FILE",
  "B3IQ_ADMIN_TOKEN_FILE",
] as const;

/** The prefix of the tests' settings. */
const TEST_PREFIX = "B3IQ_TEST_";

/** The names of all settings of all programs. */
const KNOWN: ReadonlySet<string> = new Set([
  ...[GATEWAY, HOST, CUSTOMER].flatMap((table) => Object.values(table).map(({ name }) => name)),
  ...CLIENT_NAMES,
]);

/** A name that begins with B3IQ_ and is no setting; `nearest` is the setting that was probably meant, if any. */
export type Misspelt = { name: string; nearest: string | undefined };

export function misspeltSettings(names: readonly string[]): Misspelt[] {
  return names
    .filter((name) => /^B3IQ_/i.test(name) && !KNOWN.has(name) && !isForeign(name, names))
    .sort()
    .map((name) => ({ name, nearest: nearestTo(name) }));
}

/** True for names of tests, and for those that Kubernetes sets in a pod for a Service whose name begins with b3iq. */
function isForeign(name: string, names: readonly string[]): boolean {
  const service = /^(.+?)_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_\w+)?)$/.exec(name)?.[1];
  return name.startsWith(TEST_PREFIX) || (service !== undefined && names.includes(`${service}_SERVICE_HOST`));
}

/** The setting that differs least from a name, if that is by less than a third of its letters. */
function nearestTo(name: string): string | undefined {
  const wanted = name.toUpperCase();
  const ours = [...KNOWN].filter((known) => known.startsWith("B3IQ_"));
  // A beginning of a name, or a name with letters too many at its end, counts as one letter off.
  const far = (known: string) =>
    known.startsWith(wanted) || wanted.startsWith(known) ? 1 : editDistance(wanted, known);
  const nearest = ours.reduce((best, known) => (far(known) < far(best) ? known : best));
  return far(nearest) * 3 < wanted.length - "B3IQ_".length ? nearest : undefined;
}

/** The letters to insert, delete or replace to turn one text into the other (Levenshtein). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [done, letter] of [...one].entries()) {
    const next = [done + 1];
    for (const [at, wanted] of [...other].entries())
      next.push(Math.min(next[at]! + 1, row[at + 1]! + 1, row[at]! + (letter === wanted ? 0 : 1)));
    row = next;
  }
  return row.at(-1)!;
}
