/** The client that openapi-generator makes for TypeScript: models, a chat, a key, a customer, a node. Each answer is read through its types. */
import assert from "node:assert/strict";
import {
  AdminCustomersApi,
  AdminNodesApi,
  BillingApi,
  ChatApi,
  Configuration,
  KeysApi,
  ModelsApi,
} from "./client/index.js";

const env = (name: string): string => process.env[`CONTRACT_${name}`] ?? "";
const basePath = env("GATEWAY_URL");
const withKey = (accessToken: string): Configuration => new Configuration({ basePath, accessToken });
const withHeaders = (headers: Record<string, string>): Configuration => new Configuration({ basePath, headers });
const withCustomer = (id: string, token: string): Configuration =>
  withHeaders({ "X-B3IQ-Customer-ID": id, "X-B3IQ-Customer-Token": token });

const key = withKey(env("GATEWAY_KEY"));
const admin = withHeaders({ "X-B3IQ-Admin-Token": env("ADMIN_TOKEN") });

const model = (await new ModelsApi(key).listModels()).data[0]!.id;

const answer = await new ChatApi(key).createChatCompletion({
  chatCompletionRequest: { model, messages: [{ role: "user", content: "Hello" }], maxTokens: 8 },
});
assert.ok(answer.choices[0]!.message.content && answer.created > 0);
assert.equal(answer.usage!.promptTokens + answer.usage!.completionTokens, answer.usage!.totalTokens);
assert.ok(BigInt(answer.b3iq!.chargedWei!) > 0n);

const made = await new KeysApi(withCustomer(env("CUSTOMER_ID"), env("CUSTOMER_TOKEN"))).createKey({
  gatewayKeyCreate: { scopes: new Set(["models:read"]) },
});
assert.deepEqual([made.label, made.policy!.maxPriceWei, made.expiresAt], [null, null, null]);
assert.equal((await new ModelsApi(withKey(made.key)).listModels()).data[0]!.id, model);

const created = await new AdminCustomersApi(admin).createCustomer({
  customerCreate: {
    policy: {
      maxPriceWei: null,
      modelAllowlist: null,
      routeTiers: null,
      spendCaps: [],
      requestsPerMinute: null,
      tokensPerMinute: null,
      maxConcurrentRequests: null,
      exposeNode: false,
      lowBalanceThresholdWei: null,
    },
  },
});
assert.equal(created.label, null);
const account = await new BillingApi(withCustomer(created.customerId, created.customerToken)).getBillingAccount();
assert.deepEqual([account.policy.maxPriceWei, account.policy.lowBalanceThresholdWei], [null, null]);

const node = await new AdminNodesApi(admin).getNode({ nodeId: env("NODE_ID") });
assert.ok(node.inventory!.memoryBytes > 2 ** 31);
assert.equal(node.routeTierOverride, null);

console.log(`${model} chatted for ${answer.b3iq!.chargedWei} wei; ${made.keyId} made and used`);
