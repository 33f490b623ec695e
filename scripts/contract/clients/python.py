"""The client that openapi-generator makes for Python: models, a chat, a key, a customer, a node. Each answer is read through its types."""

import os

import b3iq

URL = os.environ["CONTRACT_GATEWAY_URL"]


def client(**credentials):
    configuration = b3iq.Configuration(host=URL, access_token=credentials.pop("key", None), api_key=credentials)
    return b3iq.ApiClient(configuration)


key = client(key=os.environ["CONTRACT_GATEWAY_KEY"])
customer = client(customerId=os.environ["CONTRACT_CUSTOMER_ID"], customerToken=os.environ["CONTRACT_CUSTOMER_TOKEN"])
admin = client(adminToken=os.environ["CONTRACT_ADMIN_TOKEN"])

model = b3iq.ModelsApi(key).list_models().data[0].id

message = b3iq.ChatMessage(role="user", content=b3iq.ChatContent("Hello"))
answer = b3iq.ChatApi(key).create_chat_completion(b3iq.ChatCompletionRequest(model=model, messages=[message], max_tokens=8))
assert answer.choices[0].message.content and answer.created > 0
assert answer.usage.prompt_tokens + answer.usage.completion_tokens == answer.usage.total_tokens
assert int(answer.b3iq.charged_wei) > 0

made = b3iq.KeysApi(customer).create_key(b3iq.GatewayKeyCreate(scopes=[b3iq.KeyScope.MODELS_COLON_READ]))
assert made.label is None and made.policy.max_price_wei is None and made.expires_at is None
assert b3iq.ModelsApi(client(key=made.key)).list_models().data[0].id == model

policy = b3iq.CustomerPolicyRequest(
    max_price_wei=None,
    model_allowlist=None,
    route_tiers=None,
    spend_caps=[],
    requests_per_minute=None,
    tokens_per_minute=None,
    max_concurrent_requests=None,
    expose_node=False,
    low_balance_threshold_wei=None,
)
new = b3iq.AdminCustomersApi(admin).create_customer(b3iq.CustomerCreate(policy=policy))
assert new.label is None
account = b3iq.BillingApi(client(customerId=new.customer_id, customerToken=new.customer_token)).get_billing_account()
assert account.policy.max_price_wei is None and account.policy.low_balance_threshold_wei is None

node = b3iq.AdminNodesApi(admin).get_node(os.environ["CONTRACT_NODE_ID"])
assert node.inventory.memory_bytes > 2**31 and node.route_tier_override is None

print(f"{model} chatted for {answer.b3iq.charged_wei} wei; {made.key_id} made and used")
