import { insertCredential } from "../../../store/postgres/customers/credentials_insert.ts";
import { type CredentialListRow, listCredentials } from "../../../store/postgres/customers/credentials_list.ts";
import { revokeCredential } from "../../../store/postgres/customers/credentials_revoke.ts";
import { updateCredential } from "../../../store/postgres/customers/credentials_update.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { putPolicy } from "../../../store/postgres/customers/policies_put.ts";
import { ApiError } from "../../errors.ts";
import { KEY_PREFIXES, keyedHash, mintKey } from "../../protocol/bytes/api_keys.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import { OPEN_POLICY, parsePolicy, policyJson } from "../billing/policy.ts";
import { policyWindows } from "../billing/windows.ts";
import type { ControlView } from "../control.ts";
import { pageBounds, type PageQuery, toPage } from "../page.ts";
import { unknownCustomer } from "../customers/customers.ts";

type NewKey = {
  label?: string;
  scopes: string[];
  expires_at?: string;
  operator?: boolean;
  policy?: Record<string, unknown>;
};
type KeyChange = {
  label?: string | null;
  scopes?: string[];
  expires_at?: string | null;
  policy?: Record<string, unknown>;
};

/** Gateway keys, for admins and for customers themselves; `owner` narrows every call to one customer's own keys. */
export function createKeys(ports: { db: Database; pepper: Buffer; control: ControlView }) {
  const { db, pepper, control } = ports;

  async function one(key_id: string, owner: string | null) {
    const [row] = await listCredentials(db, {
      credential_id: key_id,
      ...(owner === null ? {} : { customer_id: owner }),
      after: null,
      limit: 1,
    });
    if (!row) throw unknownKey();
    return toWire(row);
  }

  return {
    get: (key_id: string) => one(key_id, null),
    async list(customer_id: string, query: PageQuery) {
      const { limit, after } = pageBounds(query);
      const rows = await listCredentials(db, { customer_id, after, limit: limit + 1 });
      return toPage(rows, limit, (row) => row.credential_id, toWire);
    },
    /** Makes a key; `key` is in this answer only. An operator key has no customer of its own. */
    async create(customer_id: string, body: NewKey) {
      const expires_at = futureDate(body.expires_at);
      const key = mintKey(KEY_PREFIXES.gateway);
      const credential_id = mintId("key");
      const operator = body.operator === true;
      const policy = policyJson(body.policy ? parsePolicy(withoutVersion(body.policy)) : OPEN_POLICY);
      const created = await insertCredential(db, {
        credential_id,
        customer_id: operator ? null : customer_id,
        operator,
        key_hash: keyedHash(pepper, key),
        display_tail: key.slice(-4),
        label: body.label ?? null,
        scopes: body.scopes,
        expires_at,
        policy,
      });
      if (!created) throw unknownCustomer();
      return { ...(await one(credential_id, null)), key };
    },
    async update(key_id: string, owner: string | null, { policy, ...change }: KeyChange) {
      if (policy) {
        await one(key_id, owner);
        const given = policyJson(parsePolicy(withoutVersion(policy)));
        await putPolicy(db, { table: "credential", credential_id: key_id }, given, policyWindows(given));
      }
      const given = {
        ...change,
        ...(change.expires_at === undefined ? {} : { expires_at: futureDate(change.expires_at ?? undefined) }),
      } as Parameters<typeof updateCredential>[3];
      if (!(await updateCredential(db, key_id, owner, given))) throw unknownKey();
      await control.refresh();
      return one(key_id, owner);
    },
    /** Revokes for good, at once here and within a second elsewhere. With `abort`, answers in flight are cut too. */
    async revoke(key_id: string, owner: string | null, abort: boolean) {
      if (!(await revokeCredential(db, key_id, owner, abort))) throw unknownKey();
      await control.refresh();
      return one(key_id, owner);
    },
    async putPolicy(key_id: string, body: Record<string, unknown> & { expected_version?: number }) {
      const policy = policyJson(parsePolicy(withoutVersion(body)));
      const put = await putPolicy(
        db,
        { table: "credential", credential_id: key_id },
        policy,
        policyWindows(policy),
        body.expected_version,
      );
      if (put === "unknown") throw unknownKey();
      if (put === "other_version")
        throw new ApiError("conflict", "Another version of this policy is in force; read it again.", {
          param: "expected_version",
        });
      await control.refresh();
      return { ...keyPolicy(policy), version: put.version };
    },
  };
}

export type Keys = ReturnType<typeof createKeys>;

function unknownKey(): ApiError {
  return new ApiError("not_found", "There is no key with this id.", { param: "key_id" });
}

function futureDate(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const date = new Date(text);
  if (!(date.getTime() > Date.now()))
    throw new ApiError("invalid_request", "expires_at must lie in the future.", { param: "expires_at" });
  return date;
}

function withoutVersion(policy: Record<string, unknown>): Record<string, unknown> {
  const { expected_version: _, ...rest } = policy;
  return rest;
}

/** What a key's policy can say; the node's exposure and the low-balance mark belong to the customer. */
function keyPolicy(policy: ReturnType<typeof policyJson>) {
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
