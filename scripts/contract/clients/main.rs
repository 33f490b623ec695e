//! The client that openapi-generator makes for Rust: models, a chat, a key, a customer, a node. Each answer is read through its types.
use b3iq::apis::configuration::Configuration;
use b3iq::apis::{admin_customers_api, admin_nodes_api, billing_api, chat_api, keys_api, models_api};
use b3iq::models::{self, ChatContent, ChatMessage, KeyScope};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::env::var;
use std::error::Error;

fn with_key(key: &str) -> Configuration {
    Configuration { base_path: var("CONTRACT_GATEWAY_URL").unwrap(), bearer_access_token: Some(key.to_owned()), ..Default::default() }
}

/// This client has one place for a key in a header, and a customer has two.
fn with_headers(headers: &[(&'static str, &str)]) -> Result<Configuration, Box<dyn Error>> {
    let mut all = HeaderMap::new();
    for (name, value) in headers {
        all.insert(HeaderName::from_static(name), HeaderValue::from_str(value)?);
    }
    let client = reqwest::Client::builder().default_headers(all).build()?;
    Ok(Configuration { base_path: var("CONTRACT_GATEWAY_URL")?, client, ..Default::default() })
}

fn with_customer(id: &str, token: &str) -> Result<Configuration, Box<dyn Error>> {
    with_headers(&[("x-b3iq-customer-id", id), ("x-b3iq-customer-token", token)])
}

fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run())
}

async fn run() -> Result<(), Box<dyn Error>> {
    let key = with_key(&var("CONTRACT_GATEWAY_KEY")?);
    let customer = with_customer(&var("CONTRACT_CUSTOMER_ID")?, &var("CONTRACT_CUSTOMER_TOKEN")?)?;
    let admin = with_headers(&[("x-b3iq-admin-token", &var("CONTRACT_ADMIN_TOKEN")?)])?;

    let model = models_api::list_models(&key).await?.data[0].id.clone();

    let mut message = ChatMessage::new(models::chat_message::Role::User);
    message.content = Some(Some(Box::new(ChatContent::String("Hello".to_owned()))));
    let mut request = models::ChatCompletionRequest::new(model.clone(), vec![message]);
    request.max_tokens = Some(Some(8));
    let answer = chat_api::create_chat_completion(&key, request, None, None, None).await?;
    let usage = answer.usage.unwrap();
    let charged = answer.b3iq.unwrap().charged_wei.unwrap();
    assert!(answer.choices[0].message.content.as_ref().unwrap().as_ref().unwrap() != "" && answer.created > 0);
    assert_eq!(usage.prompt_tokens + usage.completion_tokens, usage.total_tokens);
    assert!(charged.parse::<u128>()? > 0);

    let made = keys_api::create_key(&customer, models::GatewayKeyCreate::new(vec![KeyScope::ModelsColonRead])).await?;
    assert!(made.label.is_none() && made.policy.unwrap().max_price_wei.is_none() && made.expires_at.is_none());
    assert_eq!(models_api::list_models(&with_key(&made.key)).await?.data[0].id, model);

    let policy = models::CustomerPolicyRequest::new(None, None, None, vec![], None, None, None, false, None);
    let body = models::CustomerCreate { label: None, policy: Some(Box::new(policy)) };
    let new = admin_customers_api::create_customer(&admin, body).await?;
    assert!(new.label.is_none());
    let account = billing_api::get_billing_account(&with_customer(&new.customer_id, &new.customer_token)?).await?;
    assert!(account.policy.max_price_wei.is_none() && account.policy.low_balance_threshold_wei.is_none());

    let node = admin_nodes_api::get_node(&admin, &var("CONTRACT_NODE_ID")?).await?;
    assert!(node.inventory.unwrap().memory_bytes > 1 << 31 && node.route_tier_override.is_none());

    println!("{model} chatted for {charged} wei; {} made and used", made.key_id);
    Ok(())
}
