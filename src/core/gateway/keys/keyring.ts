import { timingSafeEqual } from "node:crypto";
import { LRUCache } from "lru-cache";
import { findCredential } from "../../../store/postgres/customers/credentials.ts";
import { findCustomerToken } from "../../../store/postgres/customers/tokens.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { isUnreachable } from "../../../store/postgres/unreachable.ts";
import { bind } from "../../bind_context.ts";
import { ApiError } from "../../errors.ts";
import { checkKey, KEY_PREFIXES, keyedHash } from "../../protocol/bytes/api_keys.ts";
import { OPEN_POLICY, parsePolicy, type Policy } from "../billing/policy.ts";
import type { ControlView } from "../control.ts";
import { both, type CustomerPolicyView } from "./policies.ts";

export type GatewayKeyPrincipal = {
  kind: "gateway_key";
  credential_id: string;
  customer_id: string | null;
  scopes: readonly string[];
  operator: boolean;
};
export type CustomerPrincipal = { kind: "customer"; customer_id: string };

type KnownKey = {
  credential_id: string;
  customer_id: string | null;
  operator: boolean;
  scopes: string[];
  expires_at: Date | null;
  customer: Policy;
  key: Policy;
};
type KnownCustomer = { customer_id: string; policy: Policy };

const CACHE_MAX = 20_000;
const WRONG_KEY = "The key is not valid: it is unknown, expired or revoked.";
const WRONG_CUSTOMER = "The customer headers are not valid: the customer or the token is unknown, or was revoked.";

type CustomerHeaders = { customer_id: string; customer_token: string };

type KeyringState = {
  db: Database;
  pepper: Buffer;
  /** Keys and customers that were found, by the keyed hash of key or token. */
  keys: LRUCache<string, KnownKey>;
  customers: LRUCache<string, KnownCustomer>;
  /** The policies that routing needs for authenticated callers, by customer and key. */
  views: LRUCache<string, CustomerPolicyView>;
  /** Rises whenever a key, token, customer or policy changed. */
  generation: number;
};

/**
 * Finds the owner of a key or of a customer's headers. Found keys are cached by their keyed hash until any key, token,
 * customer or policy changes on any gateway (250 ms, control.ts). The ledger checks the key again in the transaction
 * that admits a request, so a cached key never spends after its revocation. A closed customer is found too: the
 * customer keeps its reads, and the ledger admits nothing.
 */
export function createKeyring(db: Database, pepper: Buffer, control: ControlView) {
  const state: KeyringState = {
    db,
    pepper,
    keys: new LRUCache({ max: CACHE_MAX }),
    customers: new LRUCache({ max: CACHE_MAX }),
    views: new LRUCache({ max: CACHE_MAX }),
    generation: 0,
  };
  control.onChange((name) => {
    if (name === "credentials" || name === "policies") forgetAll(state);
  });
  return bind(state, { gatewayKey, customer, policies });
}

/**
 * The principal of a key. An operator's key acts for the customer of the headers; a customer's own key must come
 * without headers.
 */
async function gatewayKey(
  state: KeyringState,
  token: string,
  headers: CustomerHeaders | null,
): Promise<GatewayKeyPrincipal> {
  if (!checkKey(token, KEY_PREFIXES.gateway)) throw new ApiError("unauthorized", WRONG_KEY);
  const known = await readKey(state, keyedHash(state.pepper, token));
  if (known.expires_at !== null && known.expires_at.getTime() <= Date.now())
    throw new ApiError("unauthorized", WRONG_KEY);
  const { credential_id, scopes, operator } = known;
  if (!headers) {
    if (known.customer_id !== null) keepView(state, known.customer_id, known, known.customer);
    return { kind: "gateway_key", credential_id, customer_id: known.customer_id, scopes, operator };
  }
  if (!operator)
    throw new ApiError(
      "mixed_credentials",
      "This key already names its customer; leave out X-B3IQ-Customer-ID and X-B3IQ-Customer-Token.",
    );
  const { customer_id, policy } = await readCustomer(state, headers);
  keepView(state, customer_id, known, policy);
  return { kind: "gateway_key", credential_id, customer_id, scopes, operator };
}

async function customer(state: KeyringState, headers: CustomerHeaders): Promise<CustomerPrincipal> {
  return { kind: "customer", customer_id: (await readCustomer(state, headers)).customer_id };
}

/** The policies that routing needs of a caller that was authenticated; the ledger enforces the policies again. */
function policies({ views }: KeyringState, customer_id: string, credential_id: string | null): CustomerPolicyView {
  return views.get(`${customer_id} ${credential_id}`) ?? { route_tiers: null, expose_node: false };
}

function forgetAll(state: KeyringState): void {
  state.generation += 1;
  state.keys.clear();
  state.customers.clear();
  state.views.clear();
}

function readKey(state: KeyringState, hash: Buffer): Promise<KnownKey> {
  return cached(state, state.keys, hash, async () => {
    const row = await findCredential(state.db, hash);
    if (!row || row.revoked_at !== null) throw new ApiError("unauthorized", WRONG_KEY);
    return { ...row, customer: policyOf(row.customer_policy), key: policyOf(row.credential_policy) };
  });
}

async function readCustomer(state: KeyringState, headers: CustomerHeaders): Promise<KnownCustomer> {
  if (!checkKey(headers.customer_token, KEY_PREFIXES.customer)) throw new ApiError("unauthorized", WRONG_CUSTOMER);
  const hash = keyedHash(state.pepper, headers.customer_token);
  const known = await cached(state, state.customers, hash, async () => {
    const row = await findCustomerToken(state.db, hash);
    if (!row) throw new ApiError("unauthorized", WRONG_CUSTOMER);
    return { customer_id: row.customer_id, policy: policyOf(row.policy) };
  });
  if (!sameText(known.customer_id, headers.customer_id)) throw new ApiError("unauthorized", WRONG_CUSTOMER);
  return known;
}

/**
 * Reads through a cache. A value is kept only if nothing changed while it was read: a read in flight must not bring a
 * revoked key back.
 */
async function cached<Value extends object>(
  state: KeyringState,
  cache: LRUCache<string, Value>,
  hash: Buffer,
  read: () => Promise<Value>,
): Promise<Value> {
  const name = hash.toString("base64");
  const found = cache.get(name);
  if (found) return found;
  const read_at = state.generation;
  const value = await reachable(read);
  if (read_at === state.generation) cache.set(name, value);
  return value;
}

function keepView({ views }: KeyringState, customer_id: string, key: KnownKey, policy: Policy): void {
  const name = `${customer_id} ${key.credential_id}`;
  if (views.has(name)) return;
  views.set(name, { route_tiers: both(policy.route_tiers, key.key.route_tiers), expose_node: policy.expose_node });
}

export function requireScope(principal: GatewayKeyPrincipal, scope: string): void {
  if (!principal.scopes.includes(scope))
    throw new ApiError("gateway_api_key_scope_denied", `This key does not have the scope ${scope}.`, {
      detail: { required_scope: scope },
    });
}

/** The customer that a request is billed to, for an operation that needs `scope`. */
export function billedCustomer(principal: GatewayKeyPrincipal, scope: string): string {
  requireScope(principal, scope);
  if (principal.customer_id === null)
    throw new ApiError(
      "gateway_api_key_scope_denied",
      "This operator key names no customer; send X-B3IQ-Customer-ID and X-B3IQ-Customer-Token with it.",
    );
  return principal.customer_id;
}

function policyOf(stored: Record<string, unknown> | null): Policy {
  return stored === null ? OPEN_POLICY : parsePolicy(stored);
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function reachable<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (cause) {
    if (!isUnreachable(cause)) throw cause;
    throw new ApiError("admission_unavailable", "The database cannot be reached, so the key cannot be checked.", {
      retry_after_ms: 2_000,
      cause,
    });
  }
}
