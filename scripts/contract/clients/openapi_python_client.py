"""The client that openapi-python-client makes: models, a chat, a key, a customer, a node. Each answer is read through its types."""

import os

from b3iq import AuthenticatedClient, Client, models
from b3iq.api.admin_customers import create_customer
from b3iq.api.admin_nodes import get_node
from b3iq.api.billing import get_billing_account
from b3iq.api.chat import create_chat_completion
from b3iq.api.keys import create_key
from b3iq.api.models import list_models

URL = os.environ["CONTRACT_GATEWAY_URL"]


def with_key(key):
    return AuthenticatedClient(base_url=URL, token=key, timeout=60)


def with_headers(headers):
    return Client(base_url=URL, headers=headers, timeout=60)


def with_customer(customer_id, token):
    return with_headers({"X-B3IQ-Customer-ID": customer_id, "X-B3IQ-Customer-Token": token})


key = with_key(os.environ["CONTRACT_GATEWAY_KEY"])
customer = with_customer(os.environ["CONTRACT_CUSTOMER_ID"], os.environ["CONTRACT_CUSTOMER_TOKEN"])
admin = with_headers({"X-B3IQ-Admin-Token": os.environ["CONTRACT_ADMIN_TOKEN"]})

model = list_models.sync(client=key).data[0].id

message = models.ChatMessage(role=models.ChatMessageRole.USER, content="Hello")
answer = create_chat_completion.sync(client=key, body=models.ChatCompletionRequest(model=model, messages=[message], max_tokens=8))
assert answer.choices[0].message.content and answer.created > 0
assert answer.usage.prompt_tokens + answer.usage.completion_tokens == answer.usage.total_tokens
assert int(answer.b3iq.charged_wei) > 0

made = create_key.sync(client=customer, body=models.GatewayKeyCreate(scopes=[models.KeyScope.MODELSREAD]))
assert made.label is None and made.policy.max_price_wei is None and made.expires_at is None
assert list_models.sync(client=with_key(made.key)).data[0].id == model

policy = models.CustomerPolicyRequest(
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
new = create_customer.sync(client=admin, body=models.CustomerCreate(policy=policy))
assert new.label is None
account = get_billing_account.sync(client=with_customer(new.customer_id, new.customer_token))
assert account.policy.max_price_wei is None and account.policy.low_balance_threshold_wei is None

node = get_node.sync(os.environ["CONTRACT_NODE_ID"], client=admin)
assert node.inventory.memory_bytes > 2**31 and node.route_tier_override is None

print(f"{model} chatted for {answer.b3iq.charged_wei} wei; {made.key_id} made and used")
