import { listCredentials } from "../../../store/postgres/customers/credentials_list.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { getCustomerPolicy } from "../../../store/postgres/customers/policies_get.ts";
import { ApiError } from "../../errors.ts";
import { OPEN_POLICY, parsePolicy } from "../billing/policy.ts";

/**
 * What routing must know of a customer's policy; the ledger decides everything that is about money, inside its
 * transaction.
 */
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
  if (key_id !== undefined && !key)
    throw new ApiError("not_found", "There is no key with this id.", { param: "key_id" });
  const customer = customer_id === undefined ? undefined : await getCustomerPolicy(db, customer_id);
  if (customer === null)
    throw new ApiError("not_found", "There is no customer with this id.", { param: "customer_id" });
  const [own, of_key] = [
    customer ? parsePolicy(customer.policy) : OPEN_POLICY,
    key?.policy ? parsePolicy(key.policy) : OPEN_POLICY,
  ];
  return {
    model_allowlist: both(own.model_allowlist, of_key.model_allowlist),
    route_tiers: both(own.route_tiers, of_key.route_tiers),
  };
}

/** What two lists allow together; null allows everything. */
export function both(one: string[] | null, other: string[] | null): string[] | null {
  if (!one || !other) return one ?? other;
  return one.filter((value) => other.includes(value));
}
