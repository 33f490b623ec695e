/** The data that the steps need: customers with and without money, keys, existing ids of each kind. */
import { randomBytes } from "node:crypto";
import { hostedClient, localClient } from "../../src/cli/http_client.ts";
import type { KeyScope } from "../../generated/hosted.ts";
import { NO_LIMITS } from "../../src/core/gateway/billing/policy.ts";
import type { ContractSystem } from "./system.ts";

/** Values by the name that the workflows and the tools' settings use. */
export type Seeds = Record<
  | "gateway_key"
  | "admin_token"
  | "customer_id"
  | "customer_token"
  | "local_key"
  | "setup_token"
  | "model"
  | "node_id"
  | "job_id"
  | "receipt_hash"
  | "owner_cookie"
  | "key_id"
  | "ended_key_id"
  | "spare_key_id"
  | "command_id"
  | "spare_customer_id"
  | "incident_id"
  | "local_key_id"
  | "poor_customer_id"
  | "poor_gateway_key",
  string
>;

/** The access by which seeds are made. */
export type SeededSystem = Pick<ContractSystem, "admin" | "secret" | "gateway_url" | "local_url">;

const SCOPES: KeyScope[] = ["models:read", "chat:create", "billing:read"];
const NOT_THERE = "0".repeat(64);

/** Makes them through the documented operations. */
export async function makeSeeds(system: SeededSystem): Promise<Seeds> {
  const { admin, secret } = system;
  const gateway_key = secret("gateway-key");
  const mark = randomBytes(4).toString("hex"); // so that seeds can be made again
  const customer = hostedClient(system.gateway_url, { authorization: `Bearer ${gateway_key}` });
  const owner = localClient(system.local_url, { "x-b3iq-setup-token": secret("setup-token") });
  const model = (await customer("listModels")).data[0]!.id;
  const body = { model, messages: [{ role: "user" as const, content: "Hello" }], max_tokens: 4 };
  const answer = await customer("createChatCompletion", { body });
  const job = await customer("getBillingJob", { path: { job_id: answer.b3iq!.job_id! } });
  const policy = { ...NO_LIMITS, expose_node: false, low_balance_threshold_wei: null };
  const makeCustomer = (label: string) => admin("createCustomer", { body: { label, policy } });
  const makeKey = (customer_id: string) =>
    admin("createGatewayKey", {
      path: { customer_id },
      body: { label: "contract", scopes: SCOPES, operator: false },
    });
  const [poor, spare] = [await makeCustomer("no money"), await makeCustomer("spare")];
  const [poorKey, spareKey] = [await makeKey(poor.customer_id), await makeKey(spare.customer_id)];
  const [key, endedKey] = [await makeKey(secret("customer-id")), await makeKey(secret("customer-id"))];
  const incident = await admin("openIncident", {
    body: { scope: "model", target: `none-${mark}.gguf`, reason: "A seed." },
  });
  const { node_id } = await owner("getSetupStatus");
  const probe = {
    node_id,
    kind: "runtime_probe" as const,
    payload: { model_profile_id: `${model}@llama_cpp` },
    reason: "A seed.",
  };
  const command = await admin("createCommand", { body: probe });
  return {
    gateway_key,
    model,
    admin_token: secret("admin-token"),
    customer_id: secret("customer-id"),
    customer_token: secret("customer-token"),
    local_key: secret("local-key"),
    setup_token: secret("setup-token"),
    job_id: answer.b3iq!.job_id!,
    receipt_hash: job.receipt_hash ?? NOT_THERE,
    node_id,
    command_id: command.command_id,
    ended_key_id: endedKey.key_id,
    local_key_id: (await owner("createLocalKey", { body: { label: "contract" } })).key_id,
    owner_cookie: await ownerCookie(system),
    key_id: key.key_id,
    spare_key_id: spareKey.key_id,
    spare_customer_id: spare.customer_id,
    incident_id: incident.incident_id,
    poor_customer_id: poor.customer_id,
    poor_gateway_key: poorKey.key,
  };
}

/** The cookie of an owner's session. */
async function ownerCookie({ local_url, secret }: SeededSystem): Promise<string> {
  const answer = await fetch(`${local_url}/v1/setup/claim`, {
    method: "POST",
    headers: { "x-b3iq-setup-token": secret("setup-token"), "content-type": "application/json" },
    body: JSON.stringify({ name: "contract", password: randomBytes(16).toString("base64url"), recover: true }),
  });
  const cookie = answer.headers.get("set-cookie")?.split(";")[0];
  if (cookie === undefined) throw new Error(`the claim was answered ${answer.status} without a cookie`);
  return cookie;
}

/** The same as environment variables, `CONTRACT_GATEWAY_KEY` and so on: secrets are not for a command line. */
export function seedVariables(seeds: Seeds): Record<string, string> {
  return Object.fromEntries(Object.entries(seeds).map(([name, value]) => [`CONTRACT_${name.toUpperCase()}`, value]));
}
