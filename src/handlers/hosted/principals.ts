import { billedCustomer, type CustomerPrincipal, type GatewayKeyPrincipal } from "../../core/gateway/keys/keyring.ts";
import { ApiError } from "../../core/errors.ts";
import type { Call, Principal } from "../operation.ts";

/** The principal of an operation that the document opens to gateway keys only. */
export function gatewayKeyOf(call: Call): GatewayKeyPrincipal {
  return expect(call.principal, "gateway_key");
}

/** The customer of an operation that the document opens to customers only. */
export function customerOf(call: Call): CustomerPrincipal {
  return expect(call.principal, "customer");
}

/** The reader of billing data: a customer, or a key with the scope `billing:read`. */
export function billingReader(call: Call): { customer_id: string; credential_id: string | null } {
  const { principal } = call;
  if (principal.kind === "customer") return { customer_id: principal.customer_id, credential_id: null };
  const key = expect(principal, "gateway_key");
  return { customer_id: billedCustomer(key, "billing:read"), credential_id: key.credential_id };
}

/** The node of a signed call. */
export function nodeOf(call: Call) {
  return expect(call.principal, "node");
}

function expect<Kind extends Principal["kind"]>(principal: Principal, kind: Kind): Extract<Principal, { kind: Kind }> {
  if (principal.kind !== kind) throw new ApiError("unauthorized", "This credential does not open this operation.");
  return principal as Extract<Principal, { kind: Kind }>;
}
