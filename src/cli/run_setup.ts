import { setTimeout as sleep } from "node:timers/promises";
import type { BillingAccount, CustomerPolicyRequest, KeyScope } from "../../generated/hosted.ts";
import { NO_LIMITS } from "../core/gateway/billing/policy.ts";
import { NO_PRICE_BOUNDS } from "../core/gateway/prices/effective.ts";
import { readSecret, writeSecret } from "../core/secrets.ts";
import { CallError, hostedClient, localClient, type HostedCall } from "./http_client.ts";

/** The test credit of the customer of `make run`: 1 ether. */
const CREDIT_WEI = 10n ** 18n;
const POLICY: CustomerPolicyRequest = {
  ...NO_LIMITS,
  expose_node: false,
  low_balance_threshold_wei: String(CREDIT_WEI / 10n),
};
/** Default price of a model of this machine: 1 gwei a prompt token, 2 gwei a completion token. */
const PRICE = {
  default_prompt_price_wei: "1000000000",
  default_completion_price_wei: "2000000000",
  ...NO_PRICE_BOUNDS,
};

export type PricedModel = { id: string; prompt_price_wei: string; completion_price_wei: string };

/** Makes a customer with credit and a gateway key by admin operations, unless the secret files name working ones. */
export async function ensureCustomer(gateway_url: string, secrets_dir: string): Promise<string> {
  const admin = adminCall(gateway_url, secrets_dir);
  let customer_id = readSecret(secrets_dir, "customer-id");
  if (customer_id === undefined || !(await found(admin("getCustomer", { path: { customer_id } })))) {
    const made = await admin("createCustomer", { body: { label: "make run", policy: POLICY } });
    writeSecret(secrets_dir, "customer-token", made.customer_token);
    writeSecret(secrets_dir, "customer-id", made.customer_id);
    customer_id = made.customer_id;
  }
  // The gateway books a reference once, however often it is sent.
  const credit = { amount_wei: String(CREDIT_WEI), reference: `make-run:${customer_id}` };
  await admin("createCredit", { path: { customer_id }, body: credit });
  await ensureGatewayKey(gateway_url, secrets_dir, admin, customer_id);
  return customer_id;
}

async function ensureGatewayKey(
  gateway_url: string,
  secrets_dir: string,
  admin: HostedCall,
  customer_id: string,
): Promise<void> {
  let key = readSecret(secrets_dir, "gateway-key");
  if (key === undefined || !(await accepted(gateway_url, key, customer_id))) {
    const scopes: KeyScope[] = ["models:read", "chat:create", "billing:read"];
    const body = { label: "make run", scopes, operator: false };
    ({ key } = await admin("createGatewayKey", { path: { customer_id }, body }));
    writeSecret(secrets_dir, "gateway-key", key);
  }
  const file = `header = "Authorization: Bearer ${key}"`;
  if (readSecret(secrets_dir, "gateway-key.curl") !== file) writeSecret(secrets_dir, "gateway-key.curl", file);
}

/** Makes a key for the local surface with the setup token. Resolves with the id of this node. */
export async function ensureLocalKey(local_url: string, secrets_dir: string): Promise<string> {
  const token = readSecret(secrets_dir, "setup-token");
  if (token === undefined) throw new Error("the host agent did not write its setup-token");
  const setup = localClient(local_url, { "x-b3iq-setup-token": token });
  const key = readSecret(secrets_dir, "local-key");
  if (key === undefined || !(await unless([401], localClient(local_url, bearer(key))("listLocalModels"))))
    writeSecret(secrets_dir, "local-key", (await setup("createLocalKey", { body: { label: "make run" } })).key);
  return (await setup("getSetupStatus")).node_id;
}

/**
 * Waits until the gateway knows the node, and approves a node that waits for approval (B3IQ_NODE_APPROVAL=1): one
 * operator started both.
 */
export async function ensureApproved(gateway_url: string, secrets_dir: string, node_id: string): Promise<void> {
  const admin = adminCall(gateway_url, secrets_dir);
  for (;;) {
    const node = await found(admin("getNode", { path: { node_id } }));
    if (node?.status === "pending") {
      const body = { status: "active" as const, reason: "The node of make run." };
      await admin("updateNode", { path: { node_id }, body });
    }
    if (node !== undefined) return;
    await sleep(100);
  }
}

/**
 * Waits until one model of the node is route-ready and listed for the customer, so that a chat will succeed. Models
 * without a price get a default one. `waiting` is called with each blocker once.
 */
export async function waitForModel(
  gateway_url: string,
  secrets_dir: string,
  node_id: string,
  waiting: (line: string) => void,
  local_url?: string,
): Promise<PricedModel> {
  const admin = adminCall(gateway_url, secrets_dir);
  const open = hostedClient(gateway_url, {});
  const customer = hostedClient(gateway_url, bearer(readSecret(secrets_dir, "gateway-key")!));
  const listed = async (model_id: string) => hasModel(await customer("listModels"), model_id);
  const served =
    local_url === undefined
      ? listed
      : async (model_id: string) =>
          hasModel(
            await localClient(local_url, bearer(readSecret(secrets_dir, "local-key")!))("listLocalModels"),
            model_id,
          );
  const said = new Set<string>();
  for (;;) {
    const node = await found(open("getPublicNode", { path: { node_id } }));
    for (const { model_id: id, prompt_price_wei, completion_price_wei } of node?.models ?? []) {
      if (prompt_price_wei === null || completion_price_wei === null) await ensurePrice(admin, id);
      const readiness = await found(open("getRouteReadiness", { path: { node_id }, query: { model: id } }));
      // Until the agent's first heartbeat the gateway shows the state of the node's last run.
      const ready = readiness?.route_ready === true && (await served(id)) && (await listed(id));
      if (ready && prompt_price_wei !== null && completion_price_wei !== null)
        return { id, prompt_price_wei, completion_price_wei };
      for (const blocker of readiness?.blockers ?? []) {
        if (!said.has(blocker.code)) waiting(blocker.message);
        said.add(blocker.code);
      }
    }
    await sleep(100);
  }
}

/** The account as the customer's own key shows it. */
export async function readAccount(gateway_url: string, secrets_dir: string): Promise<BillingAccount> {
  return hostedClient(gateway_url, bearer(readSecret(secrets_dir, "gateway-key")!))("getBillingAccount");
}

async function ensurePrice(admin: HostedCall, model: string): Promise<void> {
  const { data } = await admin("listPrices");
  if (data.some((price) => price.model_id === model && price.default_prompt_price_wei !== null)) return;
  await admin("putPrice", { path: { model }, body: PRICE });
}

const hasModel = ({ data }: { data: { id: string }[] }, id: string): boolean => data.some((model) => model.id === id);

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

function adminCall(gateway_url: string, secrets_dir: string): HostedCall {
  const token = readSecret(secrets_dir, "admin-token");
  if (token === undefined) throw new Error("the gateway did not write its admin-token");
  return hostedClient(gateway_url, { "x-b3iq-admin-token": token });
}

/** The call's answer; undefined when the call fails with one of these statuses. */
async function unless<Answer>(statuses: number[], answer: Promise<Answer>): Promise<Answer | undefined> {
  return answer.catch((error: unknown) => {
    if (error instanceof CallError && statuses.includes(error.status)) return undefined;
    throw error;
  });
}

const found = <Answer>(answer: Promise<Answer>) => unless([404], answer);

/** Whether the key is accepted and bills this customer. */
async function accepted(gateway_url: string, key: string, customer_id: string): Promise<boolean> {
  const account = await unless([401, 403], hostedClient(gateway_url, bearer(key))("getBillingAccount"));
  return account?.customer_id === customer_id;
}
