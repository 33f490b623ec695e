import {
  type CredentialListRow,
  insertCredential,
  listCredentials,
  revokeCredential,
  updateCredential,
} from "../../../store/postgres/customers/credentials.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { bind } from "../../bind_context.ts";
import { ApiError } from "../../errors.ts";
import { KEY_PREFIXES, keyedHash, mintKey } from "../../protocol/bytes/api_keys.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { audited } from "../audit/audit.ts";
import { OPEN_POLICY, parsePolicy, policyJson } from "../billing/policy.ts";
import type { ControlView } from "../control.ts";
import { unknownCustomer, unknownKey } from "../not_found.ts";
import { pageBounds, type PageQuery, toPage } from "../page.ts";
import { newPolicy, type PolicyBody, replacePolicy } from "./policies.ts";

type KeysContext = { db: Database; pepper: Buffer; control: ControlView };

type NewKey = {
  label?: string;
  scopes: string[];
  expires_at?: string;
  operator?: boolean;
  policy?: PolicyBody;
};
type KeyChange = { label?: string | null; scopes?: string[]; expires_at?: string | null };

/** The caller that changes a key: an admin, whose acts are audited, or a customer, who can see only its own keys. */
export type KeyActor = { audit: AuditContext } | { customer_id: string };

/** Gateway keys, for admins and for customers themselves. */
export const createKeys = (context: KeysContext) =>
  bind(context, { get: (given, key_id: string) => get(given, key_id, null), list, create, update, revoke, putPolicy });

async function get({ db }: KeysContext, key_id: string, owner: string | null) {
  const [row] = await listCredentials(db, {
    credential_id: key_id,
    ...(owner === null ? {} : { customer_id: owner }),
    after: null,
    limit: 1,
  });
  if (!row) throw unknownKey();
  return toWire(row);
}

async function list({ db }: KeysContext, customer_id: string, query: PageQuery) {
  const { limit, after } = pageBounds(query);
  const rows = await listCredentials(db, { customer_id, after, limit: limit + 1 });
  return toPage(rows, limit, (row) => row.credential_id, toWire);
}

/** Makes a key; only this answer shows it. An operator key has no customer of its own. */
async function create(context: KeysContext, customer_id: string, body: NewKey, audit: AuditContext | null) {
  const expires_at = futureDate(body.expires_at);
  const key = mintKey(KEY_PREFIXES.gateway);
  const credential_id = mintId("key");
  const operator = body.operator === true;
  const { scopes } = body;
  const credential = {
    credential_id,
    customer_id: operator ? null : customer_id,
    operator,
    key_hash: keyedHash(context.pepper, key),
    display_tail: key.slice(-4),
    label: body.label ?? null,
    scopes,
    expires_at,
    policy: newPolicy(body.policy),
  };
  const created = await insertCredential(context.db, credential, (at) =>
    at === null || audit === null ? null : audited(audit, credential_id, { scopes }),
  );
  if (!created) throw unknownCustomer();
  return { ...(await get(context, credential_id, null)), key };
}

async function update(context: KeysContext, key_id: string, change: KeyChange, actor: KeyActor) {
  const { expires_at, ...rest } = change;
  const given = { ...rest, ...(expires_at === undefined ? {} : { expires_at: futureDate(expires_at ?? undefined) }) };
  const { owner, audit } = partsOf(actor);
  const changed = await updateCredential(context.db, key_id, owner, given, (key) =>
    key === null || audit === null
      ? null
      : audited(audit, key_id, { scopes: key.scopes, expires_at: key.expires_at?.toISOString() ?? null }),
  );
  if (!changed) throw unknownKey();
  await context.control.refresh();
  return get(context, key_id, owner);
}

/**
 * Revokes a key for good, at once here and on the other gateways within a second. With `abort`, answers in flight are
 * cut too.
 */
async function revoke(context: KeysContext, key_id: string, abort: boolean, actor: KeyActor) {
  const { owner, audit } = partsOf(actor);
  const found = await revokeCredential(context.db, key_id, owner, abort, (exists) =>
    !exists || audit === null ? null : audited(audit, key_id, { abort }),
  );
  if (!found) throw unknownKey();
  await context.control.refresh();
  return get(context, key_id, owner);
}

async function putPolicy(context: KeysContext, key_id: string, body: PolicyBody, audit: AuditContext) {
  const subject = { table: "credential", credential_id: key_id } as const;
  return keyPolicy(await replacePolicy(context, subject, body, audit));
}

function partsOf(actor: KeyActor): { owner: string | null; audit: AuditContext | null } {
  return "audit" in actor ? { owner: null, audit: actor.audit } : { owner: actor.customer_id, audit: null };
}

function futureDate(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const date = new Date(text);
  if (!(date.getTime() > Date.now()))
    throw new ApiError("invalid_request", "expires_at must lie in the future.", { param: "expires_at" });
  return date;
}

/** The part of a policy that a key can have; exposure of the node and the low-balance mark belong to the customer. */
function keyPolicy<Shown extends ReturnType<typeof policyJson>>(policy: Shown) {
  const { expose_node: _, low_balance_threshold_wei: __, ...rest } = policy;
  return rest;
}

function statusOf(row: CredentialListRow): "active" | "expired" | "revoked" {
  if (row.revoked_at !== null) return "revoked";
  return row.expires_at !== null && row.expires_at.getTime() <= Date.now() ? "expired" : "active";
}

function toWire(row: CredentialListRow) {
  const policy = keyPolicy(policyJson(row.policy === null ? OPEN_POLICY : parsePolicy(row.policy)));
  return {
    key_id: row.credential_id,
    customer_id: row.customer_id,
    label: row.label,
    scopes: row.scopes as ("models:read" | "chat:create" | "billing:read")[],
    operator: row.operator,
    display_tail: row.display_tail,
    status: statusOf(row),
    policy: { ...policy, version: row.policy_version },
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
  };
}
