import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { LRUCache } from "lru-cache";

const ACCEPTED_MAX = 50_000;
const CREDENTIAL_HEADERS = ["x-b3iq-node-id", "x-b3iq-admin-token", "authorization", "x-b3iq-customer-token", "cookie"];

/**
 * Credentials that were accepted lately, by address: a caller with a good credential is not slowed by a neighbour who
 * sends bad ones from the same address. Credentials are kept as hashes; for a node its id is kept, since each of its
 * calls has another signature.
 */
export function acceptedCallers(most = ACCEPTED_MAX) {
  const accepted = new LRUCache<string, true>({ max: most });
  const nameOf = (address: string, headers: Readonly<IncomingHttpHeaders>): string | undefined => {
    const credential = CREDENTIAL_HEADERS.map((name) => headers[name]).find((value) => value !== undefined);
    if (credential === undefined) return undefined;
    return createHash("sha256")
      .update(`${address}\0${String(credential)}`)
      .digest("base64");
  };
  return {
    has(address: string, headers: Readonly<IncomingHttpHeaders>): boolean {
      const name = nameOf(address, headers);
      return name !== undefined && accepted.get(name) === true;
    },
    add(address: string, headers: Readonly<IncomingHttpHeaders>): void {
      const name = nameOf(address, headers);
      if (name !== undefined) accepted.set(name, true);
    },
  };
}

export type AcceptedCallers = ReturnType<typeof acceptedCallers>;
