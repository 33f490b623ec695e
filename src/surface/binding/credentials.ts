import type { IncomingHttpHeaders } from "node:http";
import { ApiError } from "../../core/errors.ts";
import type { Principal } from "../../handlers/operation.ts";
import type { Operation } from "./document.ts";

export type CustomerHeaders = { customer_id: string; customer_token: string };

/** The exact call, for schemes that sign the call. */
export type SignedCall = { method: string; target: string; headers: Readonly<IncomingHttpHeaders>; body: Buffer };

/**
 * The authentication of each scheme by the core of a program. Every function returns a principal or throws an
 * `ApiError` (`unauthorized`, `invalid_signature`, `clock_skew`, ...). A scheme without a function admits nobody.
 */
export type Authenticate = {
  /**
   * A gateway key, with customer headers or without: an operator's key acts for that customer, a customer's own key
   * with headers is `mixed_credentials`.
   */
  gatewayKey?(token: string, customer: CustomerHeaders | null): Promise<Principal>;
  customer?(customer: CustomerHeaders): Promise<Principal>;
  adminToken?(token: string): Promise<Principal>;
  /** All five node headers are there; the signature is over the call. */
  node?(call: SignedCall): Promise<Principal>;
  /** Called only for calls that came through the agent's tunnel. */
  router?(call: SignedCall): Promise<Principal>;
  localKey?(token: string): Promise<Principal>;
  ownerSession?(cookie: string): Promise<Principal>;
  setupToken?(token: string): Promise<Principal>;
};

/** Credentials that open an operation only together, by the names of the document's security schemes. */
type Group = keyof Authenticate;
const GROUPS: Record<Group, string[]> = {
  router: ["routerSignature"],
  node: ["nodeId", "nodeEpoch", "nodeSeq", "nodeTime", "nodeSignature"],
  gatewayKey: ["gatewayKey"],
  customer: ["customerId", "customerToken"],
  adminToken: ["adminToken"],
  localKey: ["localKey"],
  ownerSession: ["ownerSession"],
  setupToken: ["setupToken"],
};

/** Every scheme that the surface can extract; a document with another one does not start. */
export const SCHEMES: readonly string[] = Object.values(GROUPS).flat();

const HEADERS: Record<string, string> = {
  routerSignature: "x-b3iq-router-signature",
  nodeId: "x-b3iq-node-id",
  nodeEpoch: "x-b3iq-node-epoch",
  nodeSeq: "x-b3iq-node-seq",
  nodeTime: "x-b3iq-node-time",
  nodeSignature: "x-b3iq-node-signature",
  customerId: "x-b3iq-customer-id",
  customerToken: "x-b3iq-customer-token",
  adminToken: "x-b3iq-admin-token",
  setupToken: "x-b3iq-setup-token",
};

const WORDS: Record<Group, string> = {
  router: "a router signature",
  node: "the five X-B3IQ-Node headers",
  gatewayKey: "Authorization: Bearer with a gateway key",
  customer: "X-B3IQ-Customer-ID and X-B3IQ-Customer-Token",
  adminToken: "X-B3IQ-Admin-Token",
  localKey: "Authorization: Bearer with a local key",
  ownerSession: "an owner session",
  setupToken: "X-B3IQ-Setup-Token",
};

export const OWNER_COOKIE = "b3iq_owner";

export type Presented = {
  headers: Readonly<IncomingHttpHeaders>;
  cookies: Readonly<Record<string, string>>;
  transport: "direct" | "tunnel";
  /** Read only by schemes that sign the body. */
  signedCall(): Promise<SignedCall>;
};

export type Authenticated = { group: Group | null; principal: Principal };

function text(headers: Readonly<IncomingHttpHeaders>, scheme: string): string | undefined {
  const value = headers[HEADERS[scheme] ?? ""];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function bearer(headers: Readonly<IncomingHttpHeaders>): string | undefined {
  return /^Bearer ([^\s]{1,512})$/i.exec(headers.authorization ?? "")?.[1];
}

function isPresented(group: Group, from: Presented): boolean {
  if (group === "gatewayKey" || group === "localKey") return from.headers.authorization !== undefined;
  if (group === "ownerSession") return from.cookies[OWNER_COOKIE] !== undefined;
  return GROUPS[group].some((scheme) => text(from.headers, scheme) !== undefined);
}

/** The headers of a group, or 401 naming the one that is missing. */
function complete(group: Group, headers: Readonly<IncomingHttpHeaders>): string[] {
  return GROUPS[group].map((scheme) => {
    const value = text(headers, scheme);
    if (value === undefined)
      throw new ApiError("unauthorized", `${WORDS[group]} belong together; ${HEADERS[scheme]} is missing.`);
    return value;
  });
}

function customerHeaders(from: Presented): CustomerHeaders | null {
  if (!isPresented("customer", from)) return null;
  const [customer_id, customer_token] = complete("customer", from.headers);
  return { customer_id: customer_id!, customer_token: customer_token! };
}

function token(group: Group, headers: Readonly<IncomingHttpHeaders>): string {
  const found = bearer(headers);
  if (found === undefined)
    throw new ApiError("unauthorized", `The Authorization header is malformed; send ${WORDS[group]}.`);
  return found;
}

async function ask(group: Group, from: Presented, authenticate: Authenticate): Promise<Principal | undefined> {
  switch (group) {
    case "gatewayKey":
      return authenticate.gatewayKey?.(token(group, from.headers), customerHeaders(from));
    case "localKey":
      return authenticate.localKey?.(token(group, from.headers));
    case "customer":
      return authenticate.customer?.(customerHeaders(from)!);
    case "adminToken":
      return authenticate.adminToken?.(text(from.headers, "adminToken")!);
    case "setupToken":
      return authenticate.setupToken?.(text(from.headers, "setupToken")!);
    case "ownerSession":
      return authenticate.ownerSession?.(from.cookies[OWNER_COOKIE]!);
    case "node":
      complete(group, from.headers);
      return authenticate.node?.(await from.signedCall());
    case "router":
      return authenticate.router?.(await from.signedCall());
  }
}

const known = new WeakMap<Operation, { groups: Group[]; anonymous: boolean }>();

/** The groups that open an operation, in the order in which they are looked for. */
export function groupsOf(operation: Operation): { groups: Group[]; anonymous: boolean } {
  const found = known.get(operation) ?? findGroups(operation);
  known.set(operation, found);
  return found;
}

/** Throws when the document asks for schemes that are no group: such an operation must not start. */
function findGroups(operation: Operation): { groups: Group[]; anonymous: boolean } {
  const named = operation.security.map((requirement) => Object.keys(requirement));
  const isGroup = (group: Group, schemes: string[]) => [...GROUPS[group]].sort().join() === [...schemes].sort().join();
  const groups = (Object.keys(GROUPS) as Group[]).filter((group) => named.some((schemes) => isGroup(group, schemes)));
  const strange = named.find((schemes) => schemes.length > 0 && !groups.some((group) => isGroup(group, schemes)));
  if (strange)
    throw new Error(
      `${operation.operationId} asks for ${strange.join(" and ")}, which the surface does not know together`,
    );
  return { groups, anonymous: named.length === 0 || named.some((schemes) => schemes.length === 0) };
}

function missing(groups: Group[], from: Presented): ApiError {
  const lone =
    !groups.includes("customer") && isPresented("customer", from)
      ? " Customer headers alone do not open this operation."
      : "";
  const bearers = groups.includes("gatewayKey") || groups.includes("localKey");
  return new ApiError("unauthorized", `Send ${groups.map((group) => WORDS[group]).join(", or ")}.${lone}`, {
    headers: bearers ? { "www-authenticate": "Bearer" } : {},
  });
}

/**
 * Finds the caller by the one credential of the request that the operation accepts. A wrong credential is refused, even
 * where another one, or none, would be enough. Throws `unauthorized`, `mixed_credentials`, or the error of the core.
 */
export async function authenticateCall(
  operation: Operation,
  from: Presented,
  authenticate: Authenticate,
): Promise<Authenticated> {
  const { groups, anonymous } = groupsOf(operation);
  // Only the gateway's calls, which come over the tunnel, carry a router signature, and they can use nothing else.
  const usable = groups.filter((group) => (group === "router") === (from.transport === "tunnel"));
  if (from.transport === "tunnel" && usable.length === 0) {
    throw new ApiError("unauthorized", "This operation is not served over the tunnel.");
  }
  const sent = usable.filter((group) => isPresented(group, from));
  if (sent.includes("gatewayKey") && sent.includes("customer")) {
    throw new ApiError("mixed_credentials", "A gateway key and customer headers came together; send one of them.");
  }
  const group = sent[0];
  if (group === undefined) {
    if (anonymous) return { group: null, principal: { kind: "none" } };
    throw missing(usable, from);
  }
  const principal = await ask(group, from, authenticate);
  if (!principal || principal.kind === "none") throw missing(usable, from);
  return { group, principal };
}

/** Whether the scheme belongs to the credential of the call; openapi-backend combines these answers itself. */
export function satisfies(found: Authenticated | undefined, scheme: string): boolean {
  return found?.group ? GROUPS[found.group].includes(scheme) : false;
}
