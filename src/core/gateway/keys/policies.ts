import { listCredentials } from "../../../store/postgres/customers/credentials.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { getCustomerPolicy, type PolicySubject, putPolicy } from "../../../store/postgres/customers/policies.ts";
import { ApiError } from "../../errors.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { audited } from "../audit/audit.ts";
import { OPEN_POLICY, parsePolicy, policyJson } from "../billing/policy.ts";
import { policyWindows } from "../billing/windows.ts";
import type { ControlView } from "../control.ts";
import { unknownCustomer, unknownKey } from "../not_found.ts";

/** A policy as the wire has it, with the version that it is to replace. */
export type PolicyBody = Record<string, unknown> & { expected_version?: number };

/** The part of a customer's policy that routing needs; the ledger decides about money, inside its transaction. */
export type CustomerPolicyView = {
  route_tiers: string[] | null;
  expose_node: boolean;
};

/** The models and tiers that the policies of a customer and a key allow together; null is no limit. */
export async function routingPolicy(
  db: Database,
  customer_id: string | undefined,
  key_id: string | undefined,
): Promise<{ model_allowlist: string[] | null; route_tiers: string[] | null }> {
  const [key] = key_id === undefined ? [] : await listCredentials(db, { credential_id: key_id, after: null, limit: 1 });
  if (key_id !== undefined && !key) throw unknownKey();
  const customer = customer_id === undefined ? undefined : await getCustomerPolicy(db, customer_id);
  if (customer === null) throw unknownCustomer();
  const [own, of_key] = [
    customer ? parsePolicy(customer.policy) : OPEN_POLICY,
    key?.policy ? parsePolicy(key.policy) : OPEN_POLICY,
  ];
  return {
    model_allowlist: both(own.model_allowlist, of_key.model_allowlist),
    route_tiers: both(own.route_tiers, of_key.route_tiers),
  };
}

/** The values that two lists both allow; a list that is null allows everything. */
export function both(one: string[] | null, other: string[] | null): string[] | null {
  if (!one || !other) return one ?? other;
  return one.filter((value) => other.includes(value));
}

/** The first policy of a customer or a key, as the database keeps it: without `given` nothing is limited. */
export function newPolicy(given: PolicyBody | undefined) {
  return policyJson(given ? parsePolicy(withoutVersion(given)) : OPEN_POLICY);
}

/** Puts the next version of a policy in force. Throws `conflict` when another version than the expected one is. */
export async function replacePolicy(
  { db, control }: { db: Database; control: ControlView },
  subject: PolicySubject,
  body: PolicyBody,
  audit: AuditContext,
) {
  const policy = newPolicy(body);
  const target = subject.table === "customer" ? subject.customer_id : subject.credential_id;
  const put = await putPolicy(db, subject, policy, policyWindows(policy), body.expected_version, (result) =>
    typeof result === "string" ? null : audited(audit, target, { version: result.version }),
  );
  if (put === "unknown") throw subject.table === "customer" ? unknownCustomer() : unknownKey();
  if (put === "other_version")
    throw new ApiError("conflict", "Another version of this policy is in force; read it again.", {
      param: "expected_version",
    });
  await control.refresh();
  return { ...policy, version: put.version };
}

function withoutVersion({ expected_version: _, ...policy }: PolicyBody): Record<string, unknown> {
  return policy;
}
