import { OPEN_POLICY } from "../core/gateway/billing/policy.ts";
import { NO_PRICE_BOUNDS } from "../core/gateway/prices/effective.ts";
import { readSecret, writeSecret } from "../core/secrets.ts";
import { CallError, createCall } from "./http_client.ts";
import type { Call } from "./http_client.ts";

/** What `make run` gives its customer: 1 ether of test credit, and no limits but the balance. */
const CREDIT_WEI = 10n ** 18n;
const POLICY = { ...OPEN_POLICY, low_balance_threshold_wei: String(CREDIT_WEI / 10n) };
/** Default price of a model of this machine: 1 gwei a prompt token, 2 gwei a completion token. */
const PRICE = {
  default_prompt_price_wei: "1000000000",
  default_completion_price_wei: "2000000000",
  ...NO_PRICE_BOUNDS,
};

export type Account = { customer_id: string; balance_wei: string };
export type PricedModel = { id: string; prompt_price_wei: string; completion_price_wei: string };

/**
 * A customer with credit and a gateway key, through the admin operations; what the secret files name already stays as
 * it is.
 */
export async function ensureCustomer(gateway_url: string, secrets_dir: string): Promise<string> {
  const admin = adminCall(gateway_url, secrets_dir);
  let customer_id = readSecret(secrets_dir, "customer-id");
  const known = customer_id !== undefined && (await exists(admin, `/v1/admin/customers/${customer_id}`));
  if (!known || customer_id === undefined) {
    const made = await admin<{ customer_id: string; customer_token: string }>("POST", "/v1/admin/customers", {
      label: "make run",
      policy: POLICY,
    });
    writeSecret(secrets_dir, "customer-token", made.customer_token);
    writeSecret(secrets_dir, "customer-id", made.customer_id);
    customer_id = made.customer_id;
  }
  // The reference makes it once, however often this runs.
  await admin("POST", `/v1/admin/customers/${customer_id}/credits`, {
    amount_wei: String(CREDIT_WEI),
    reference: `make-run:${customer_id}`,
  });
  await ensureGatewayKey(gateway_url, secrets_dir, admin, customer_id);
  return customer_id;
}

async function ensureGatewayKey(
  gateway_url: string,
  secrets_dir: string,
  admin: Call,
  customer_id: string,
): Promise<void> {
  let key = readSecret(secrets_dir, "gateway-key");
  if (key === undefined || !(await accepted(gateway_url, key, customer_id))) {
    const scopes = ["models:read", "chat:create", "billing:read"];
    const made = await admin<{ key: string }>("POST", `/v1/admin/customers/${customer_id}/keys`, {
      label: "make run",
      scopes,
    });
    key = made.key;
    writeSecret(secrets_dir, "gateway-key", key);
  }
  const file = `header = "Authorization: Bearer ${key}"`;
  if (readSecret(secrets_dir, "gateway-key.curl") !== file) writeSecret(secrets_dir, "gateway-key.curl", file);
}

/** A key for the local surface, through the setup token; answers the id of this node. */
export async function ensureLocalKey(local_url: string, secrets_dir: string): Promise<string> {
  const token = readSecret(secrets_dir, "setup-token");
  if (token === undefined) throw new Error("the host agent did not write its setup-token");
  const setup = createCall(local_url, { "x-b3iq-setup-token": token });
  const key = readSecret(secrets_dir, "local-key");
  const usable =
    key !== undefined && (await answered(createCall(local_url, { authorization: `Bearer ${key}` }), "/v1/models"));
  if (!usable)
    writeSecret(
      secrets_dir,
      "local-key",
      (await setup<{ key: string }>("POST", "/v1/setup/local-keys", { label: "make run" })).key,
    );
  return (await setup<{ node_id: string }>("GET", "/v1/setup/status")).node_id;
}

/**
 * Waits until the gateway knows the node, and approves it where it waits for that (B3IQ_NODE_APPROVAL=1): who starts
 * the gateway and the node is the operator of both.
 */
export async function ensureApproved(gateway_url: string, secrets_dir: string, node_id: string): Promise<void> {
  const admin = adminCall(gateway_url, secrets_dir);
  for (;;) {
    const node = await found<{ status: string }>(admin, `/v1/admin/nodes/${node_id}`);
    if (node?.status === "pending")
      await admin("PATCH", `/v1/admin/nodes/${node_id}`, { status: "active", reason: "The node of make run." });
    if (node !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * Waits until the gateway lists the node, gives its models a default price where they have none, and waits until one
 * of them is route-ready and listed for the customer: then a chat will succeed. `waiting` hears of the blockers, each
 * once.
 */
export async function waitForModel(
  gateway_url: string,
  secrets_dir: string,
  node_id: string,
  waiting: (line: string) => void,
  local_url?: string,
): Promise<PricedModel> {
  const admin = adminCall(gateway_url, secrets_dir);
  const open = createCall(gateway_url, {});
  const customer = createCall(gateway_url, { authorization: `Bearer ${readSecret(secrets_dir, "gateway-key")!}` });
  const agent =
    local_url === undefined
      ? customer
      : createCall(local_url, { authorization: `Bearer ${readSecret(secrets_dir, "local-key")!}` });
  const said = new Set<string>();
  for (;;) {
    const node = await found<PublicNode>(open, `/v1/public/nodes/${node_id}`);
    for (const model of node?.models ?? []) {
      if (model.prompt_price_wei === null || model.completion_price_wei === null)
        await ensurePrice(admin, model.model_id);
      const path = `/v1/public/nodes/${node_id}/route-readiness?model=${encodeURIComponent(model.model_id)}`;
      const readiness = await found<{ route_ready: boolean; blockers: { code: string; message: string }[] }>(
        open,
        path,
      );
      // Until the agent's first heartbeat the gateway shows what it knew of the node's last run.
      const served = readiness?.route_ready === true && (await modelsOf(agent)).includes(model.model_id);
      const listed = served && (await modelsOf(customer)).includes(model.model_id);
      if (listed && model.prompt_price_wei !== null && model.completion_price_wei !== null) {
        return {
          id: model.model_id,
          prompt_price_wei: model.prompt_price_wei,
          completion_price_wei: model.completion_price_wei,
        };
      }
      for (const blocker of readiness?.blockers ?? []) {
        if (!said.has(blocker.code)) waiting(blocker.message);
        said.add(blocker.code);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Balance as the customer's own key sees it. */
export async function readAccount(gateway_url: string, secrets_dir: string): Promise<Account> {
  return createCall(gateway_url, { authorization: `Bearer ${readSecret(secrets_dir, "gateway-key")!}` })(
    "GET",
    "/v1/billing/account",
  );
}

type PublicNode = {
  models: { model_id: string; prompt_price_wei: string | null; completion_price_wei: string | null }[];
};

async function ensurePrice(admin: Call, model_id: string): Promise<void> {
  const { data } = await admin<{ data: { model_id: string; default_prompt_price_wei: string | null }[] }>(
    "GET",
    "/v1/admin/prices",
  );
  if (data.some((price) => price.model_id === model_id && price.default_prompt_price_wei !== null)) return;
  await admin("PUT", `/v1/admin/prices/${encodeURIComponent(model_id)}`, PRICE);
}

async function modelsOf(customer: Call): Promise<string[]> {
  return (await customer<{ data: { id: string }[] }>("GET", "/v1/models")).data.map((model) => model.id);
}

function adminCall(gateway_url: string, secrets_dir: string): Call {
  const token = readSecret(secrets_dir, "admin-token");
  if (token === undefined) throw new Error("the gateway did not write its admin-token");
  return createCall(gateway_url, { "x-b3iq-admin-token": token });
}

async function found<Answer>(call: Call, path: string): Promise<Answer | undefined> {
  try {
    return await call<Answer>("GET", path);
  } catch (error) {
    if (error instanceof CallError && error.status === 404) return undefined;
    throw error;
  }
}

async function exists(call: Call, path: string): Promise<boolean> {
  return (await found(call, path)) !== undefined;
}

async function answered(call: Call, path: string): Promise<boolean> {
  try {
    await call("GET", path);
    return true;
  } catch (error) {
    if (error instanceof CallError && error.status === 401) return false;
    throw error;
  }
}

/** Whether the key is accepted and bills this customer. */
async function accepted(gateway_url: string, key: string, customer_id: string): Promise<boolean> {
  try {
    const account = await createCall(gateway_url, { authorization: `Bearer ${key}` })<Account>(
      "GET",
      "/v1/billing/account",
    );
    return account.customer_id === customer_id;
  } catch (error) {
    if (error instanceof CallError && (error.status === 401 || error.status === 403)) return false;
    throw error;
  }
}
