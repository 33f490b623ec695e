// Generated from openapi/ by `npm run generate`; do not edit.
export const ERRORS = {
  "invalid_request": {
    "status": 400,
    "type": "invalid_request_error",
    "title": "Invalid request",
    "meaning": "The request does not match the document.",
    "what_to_do": "Correct the field that `param` names.",
    "retryable": false,
    "charged": "never"
  },
  "unsupported_parameter": {
    "status": 400,
    "type": "invalid_request_error",
    "title": "Unsupported parameter",
    "meaning": "The parameter is unknown, or no node that serves this model supports it.",
    "what_to_do": "Leave it out, or choose a model whose `supported_parameters` lists it.",
    "retryable": false,
    "charged": "never"
  },
  "mixed_credentials": {
    "status": 400,
    "type": "invalid_request_error",
    "title": "Mixed credentials",
    "meaning": "A key that a customer owns came together with customer headers.",
    "what_to_do": "Send the key alone.",
    "retryable": false,
    "charged": "never"
  },
  "node_targeting_rejected": {
    "status": 400,
    "type": "invalid_request_error",
    "title": "Node targeting rejected",
    "meaning": "Hosted chat chooses the node by policy; a request cannot name one.",
    "what_to_do": "Leave the field out, or use a private job for a known node.",
    "retryable": false,
    "charged": "never"
  },
  "dispatch_mode_rejected": {
    "status": 400,
    "type": "invalid_request_error",
    "title": "Dispatch mode rejected",
    "meaning": "Hosted chat is dispatched as `pooled_sync` only.",
    "what_to_do": "Leave `b3iq.dispatch_mode` out, or use `/v1/private-inference/jobs`.",
    "retryable": false,
    "charged": "never"
  },
  "context_length_exceeded": {
    "status": 400,
    "type": "invalid_request_error",
    "title": "Context length exceeded",
    "meaning": "The prompt is longer than the model can hold.",
    "what_to_do": "Shorten the messages; the error names the tokens of the prompt and of the model's context.",
    "retryable": false,
    "charged": "never"
  },
  "invalid_encrypted_request": {
    "status": 400,
    "type": "invalid_request_error",
    "title": "Invalid encrypted request",
    "meaning": "The encrypted envelope of a private job is malformed or carries unknown fields.",
    "what_to_do": "Seal the request again, as the guide on private jobs says.",
    "retryable": false,
    "charged": "never"
  },
  "unauthorized": {
    "status": 401,
    "type": "authentication_error",
    "title": "Unauthorized",
    "meaning": "The credential is missing, unknown, expired or revoked.",
    "what_to_do": "Send the credential that the operation names.",
    "retryable": false,
    "charged": "never"
  },
  "invalid_signature": {
    "status": 401,
    "type": "authentication_error",
    "title": "Invalid signature",
    "meaning": "A signed payload does not verify under its key.",
    "what_to_do": "Sign the exact bytes with the enrolled key.",
    "retryable": false,
    "charged": "never"
  },
  "clock_skew": {
    "status": 401,
    "type": "authentication_error",
    "title": "Clock skew",
    "meaning": "The signed time is too far from the server's time.",
    "what_to_do": "Correct the clock by `clock_offset_ms`, then sign again.",
    "retryable": false,
    "charged": "never"
  },
  "replayed_request": {
    "status": 401,
    "type": "authentication_error",
    "title": "Replayed request",
    "meaning": "The sequence number or nonce was used before.",
    "what_to_do": "Sign a new request with a higher sequence or a new nonce.",
    "retryable": false,
    "charged": "never"
  },
  "stale_epoch": {
    "status": 401,
    "type": "authentication_error",
    "title": "Stale epoch",
    "meaning": "The node's epoch is not the newest: another tunnel was opened since.",
    "what_to_do": "Open the tunnel again and use its epoch.",
    "retryable": false,
    "charged": "never"
  },
  "challenge_expired": {
    "status": 401,
    "type": "authentication_error",
    "title": "Challenge expired",
    "meaning": "The enrollment challenge is unknown, used or older than five minutes.",
    "what_to_do": "Ask for a new challenge.",
    "retryable": false,
    "charged": "never"
  },
  "insufficient_balance": {
    "status": 402,
    "type": "insufficient_quota",
    "title": "Balance too low",
    "meaning": "The balance does not cover the reservation.",
    "what_to_do": "Lower `max_tokens` to `affordable_max_tokens`, or add credit.",
    "retryable": false,
    "charged": "never"
  },
  "gateway_spend_cap_exceeded": {
    "status": 402,
    "type": "insufficient_quota",
    "title": "Spend cap exceeded",
    "meaning": "The request would exceed a rolling spend cap.",
    "what_to_do": "Wait until the window has moved on, or raise the cap.",
    "retryable": false,
    "charged": "never"
  },
  "gateway_api_key_scope_denied": {
    "status": 403,
    "type": "authentication_error",
    "title": "Scope denied",
    "meaning": "The key does not have the scope, or the request does not say which customer pays.",
    "what_to_do": "Use a key with the scope that the message names.",
    "retryable": false,
    "charged": "never"
  },
  "forbidden": {
    "status": 403,
    "type": "authentication_error",
    "title": "Forbidden",
    "meaning": "The credential is valid and its role does not allow this.",
    "what_to_do": "Use a credential with the role that the message names.",
    "retryable": false,
    "charged": "never"
  },
  "model_not_allowed": {
    "status": 403,
    "type": "authentication_error",
    "title": "Model not allowed",
    "meaning": "The policy of the customer or key does not allow this model.",
    "what_to_do": "Choose an allowed model, or change the policy.",
    "retryable": false,
    "charged": "never"
  },
  "route_tier_not_allowed": {
    "status": 403,
    "type": "authentication_error",
    "title": "Route tier not allowed",
    "meaning": "The policy of the customer or key does not allow the tiers that serve this model.",
    "what_to_do": "Choose another model, or change the policy.",
    "retryable": false,
    "charged": "never"
  },
  "max_price_exceeded": {
    "status": 403,
    "type": "authentication_error",
    "title": "Price above the ceiling",
    "meaning": "The quote is above the ceiling of the request, key or customer.",
    "what_to_do": "Raise the ceiling or lower `max_tokens`.",
    "retryable": false,
    "charged": "never"
  },
  "customer_frozen": {
    "status": 403,
    "type": "authentication_error",
    "title": "Customer frozen",
    "meaning": "The customer's account is frozen or closed.",
    "what_to_do": "Ask the operator of the gateway.",
    "retryable": false,
    "charged": "never"
  },
  "node_suspended": {
    "status": 403,
    "type": "authentication_error",
    "title": "Node suspended",
    "meaning": "The node is suspended.",
    "what_to_do": "Ask the operator of the gateway.",
    "retryable": false,
    "charged": "never"
  },
  "not_found": {
    "status": 404,
    "type": "not_found_error",
    "title": "Not found",
    "meaning": "There is nothing under this path or id, or it is not the caller's.",
    "what_to_do": "Check the path and the id.",
    "retryable": false,
    "charged": "never"
  },
  "model_not_found": {
    "status": 404,
    "type": "not_found_error",
    "title": "Model not found",
    "meaning": "No model of this name is served.",
    "what_to_do": "Choose one of `/v1/models`.",
    "retryable": false,
    "charged": "never"
  },
  "endpoint_not_supported": {
    "status": 404,
    "type": "not_found_error",
    "title": "Endpoint not supported",
    "meaning": "This OpenAI endpoint does not exist here.",
    "what_to_do": "Use what the message names, usually `/v1/chat/completions`.",
    "retryable": false,
    "charged": "never"
  },
  "method_not_allowed": {
    "status": 405,
    "type": "invalid_request_error",
    "title": "Method not allowed",
    "meaning": "The path exists, but not with this method.",
    "what_to_do": "Use a method of the `Allow` header.",
    "retryable": false,
    "charged": "never"
  },
  "not_acceptable": {
    "status": 406,
    "type": "invalid_request_error",
    "title": "Not acceptable",
    "meaning": "No media type of the `Accept` header can be produced.",
    "what_to_do": "Ask for one that the operation documents.",
    "retryable": false,
    "charged": "never"
  },
  "request_timeout": {
    "status": 408,
    "type": "invalid_request_error",
    "title": "Request timed out",
    "meaning": "The request did not arrive completely in time.",
    "what_to_do": "Send the request again.",
    "retryable": true,
    "charged": "never"
  },
  "idempotency_in_flight": {
    "status": 409,
    "type": "conflict_error",
    "title": "Idempotency key in flight",
    "meaning": "The first request with this key is still running.",
    "what_to_do": "Send the request again after the time in `retry-after`.",
    "retryable": true,
    "charged": "never"
  },
  "idempotency_completed": {
    "status": 409,
    "type": "conflict_error",
    "title": "Idempotency key completed",
    "meaning": "The first request with this key was answered and charged; no copy of the answer exists.",
    "what_to_do": "Read the receipt hash, the usage and the amount in the error; use a new key to run the request again.",
    "retryable": false,
    "charged": "earlier_attempt"
  },
  "idempotency_key_reused": {
    "status": 409,
    "type": "conflict_error",
    "title": "Idempotency key reused",
    "meaning": "The key was used for another body.",
    "what_to_do": "Use a new key for a new request.",
    "retryable": false,
    "charged": "never"
  },
  "conflict": {
    "status": 409,
    "type": "conflict_error",
    "title": "Conflict",
    "meaning": "The request contradicts the present state.",
    "what_to_do": "Read the state, then decide.",
    "retryable": false,
    "charged": "never"
  },
  "model_benchmark_unverified": {
    "status": 409,
    "type": "conflict_error",
    "title": "Benchmark unverified",
    "meaning": "The profile has no verified benchmark.",
    "what_to_do": "Run the benchmark on the node.",
    "retryable": false,
    "charged": "never"
  },
  "observed_benchmark_missing": {
    "status": 409,
    "type": "conflict_error",
    "title": "Observed benchmark missing",
    "meaning": "The gateway has no fresh benchmark of its own for this profile.",
    "what_to_do": "Wait for the gateway's benchmark, or ask an admin to run one.",
    "retryable": false,
    "charged": "never"
  },
  "protocol_stake_unsatisfied": {
    "status": 409,
    "type": "conflict_error",
    "title": "Stake unsatisfied",
    "meaning": "The node does not satisfy the stake policy.",
    "what_to_do": "Complete registration and stake.",
    "retryable": false,
    "charged": "never"
  },
  "receipt_hash_mismatch": {
    "status": 409,
    "type": "conflict_error",
    "title": "Receipt hash mismatch",
    "meaning": "The submitted hash is not the hash of the payload.",
    "what_to_do": "Hash the canonical payload with its prefix.",
    "retryable": false,
    "charged": "never"
  },
  "lease_superseded": {
    "status": 409,
    "type": "conflict_error",
    "title": "Lease superseded",
    "meaning": "A newer lease of this command exists.",
    "what_to_do": "Drop the result.",
    "retryable": false,
    "charged": "never"
  },
  "not_enrolled": {
    "status": 409,
    "type": "conflict_error",
    "title": "Not enrolled",
    "meaning": "This agent is not enrolled with a gateway.",
    "what_to_do": "Enroll it first.",
    "retryable": false,
    "charged": "never"
  },
  "setup_already_claimed": {
    "status": 409,
    "type": "conflict_error",
    "title": "Setup already claimed",
    "meaning": "This agent has an owner.",
    "what_to_do": "Log in, or use the setup token to recover.",
    "retryable": false,
    "charged": "never"
  },
  "payload_too_large": {
    "status": 413,
    "type": "invalid_request_error",
    "title": "Payload too large",
    "meaning": "The body is larger than allowed.",
    "what_to_do": "Send less; the message names the limit.",
    "retryable": false,
    "charged": "never"
  },
  "unsupported_media_type": {
    "status": 415,
    "type": "invalid_request_error",
    "title": "Unsupported media type",
    "meaning": "The body's media type is not supported.",
    "what_to_do": "Send `application/json`.",
    "retryable": false,
    "charged": "never"
  },
  "upgrade_required": {
    "status": 426,
    "type": "invalid_request_error",
    "title": "Upgrade required",
    "meaning": "The agent or protocol is too old, or the call must be an upgrade.",
    "what_to_do": "Update the agent; the message names the versions that are served.",
    "retryable": false,
    "charged": "never"
  },
  "rate_limited": {
    "status": 429,
    "type": "rate_limit_error",
    "title": "Rate limited",
    "meaning": "A limit of requests, tokens or concurrency is reached.",
    "what_to_do": "Send the request again after the time in `retry-after`.",
    "retryable": true,
    "charged": "never"
  },
  "headers_too_large": {
    "status": 431,
    "type": "invalid_request_error",
    "title": "Headers too large",
    "meaning": "The request's headers are larger than allowed.",
    "what_to_do": "Send fewer or shorter headers.",
    "retryable": false,
    "charged": "never"
  },
  "internal_error": {
    "status": 500,
    "type": "api_error",
    "title": "Internal error",
    "meaning": "The program failed.",
    "what_to_do": "Send the request again; if it fails again, quote the request id to the operator.",
    "retryable": true,
    "charged": "partial_usage"
  },
  "router_dispatch_failed": {
    "status": 502,
    "type": "api_error",
    "title": "Dispatch failed",
    "meaning": "The selected nodes gave no usable answer.",
    "what_to_do": "Send the request again.",
    "retryable": true,
    "charged": "partial_usage"
  },
  "runtime_failed": {
    "status": 502,
    "type": "api_error",
    "title": "Runtime failed",
    "meaning": "The model runtime of the node failed.",
    "what_to_do": "Send the request again; the node's owner finds the cause in the agent's log.",
    "retryable": true,
    "charged": "partial_usage"
  },
  "gateway_unreachable": {
    "status": 502,
    "type": "api_error",
    "title": "Gateway unreachable",
    "meaning": "The agent cannot reach its gateway.",
    "what_to_do": "Check the network; the agent tries again by itself.",
    "retryable": true,
    "charged": "never"
  },
  "no_healthy_candidates": {
    "status": 503,
    "type": "api_error",
    "title": "No healthy candidates",
    "meaning": "No node passes every gate; the counts by blocker are in the error.",
    "what_to_do": "Send the request again later, or choose another model.",
    "retryable": true,
    "charged": "never"
  },
  "admission_unavailable": {
    "status": 503,
    "type": "api_error",
    "title": "Admission unavailable",
    "meaning": "The reservation cannot be written.",
    "what_to_do": "Send the request again after the time in `retry-after`.",
    "retryable": true,
    "charged": "never"
  },
  "settlement_unavailable": {
    "status": 503,
    "type": "api_error",
    "title": "Settlement unavailable",
    "meaning": "The ledger did not say in time what is charged, for an answer that is there or for a private job that may be queued.",
    "what_to_do": "Send the request again after the time in `retry-after`; `getBillingJob` shows what the job costs that `job_id` in the error names.",
    "retryable": true,
    "charged": "partial_usage"
  },
  "database_unavailable": {
    "status": 503,
    "type": "api_error",
    "title": "Database unavailable",
    "meaning": "The database cannot be reached.",
    "what_to_do": "Send the request again after the time in `retry-after`.",
    "retryable": true,
    "charged": "never"
  },
  "incident_paused": {
    "status": 503,
    "type": "api_error",
    "title": "Paused by an incident",
    "meaning": "An incident pauses this traffic.",
    "what_to_do": "Send the request again later.",
    "retryable": true,
    "charged": "never"
  },
  "draining": {
    "status": 503,
    "type": "api_error",
    "title": "Draining",
    "meaning": "This gateway is stopping.",
    "what_to_do": "Send the request again; another gateway answers it.",
    "retryable": true,
    "charged": "partial_usage"
  },
  "runtime_busy": {
    "status": 503,
    "type": "api_error",
    "title": "Runtime busy",
    "meaning": "Every slot of the model runtime is taken.",
    "what_to_do": "Send the request again after the time in `retry-after`.",
    "retryable": true,
    "charged": "never"
  },
  "router_timeout": {
    "status": 504,
    "type": "api_error",
    "title": "Timed out",
    "meaning": "The selected nodes did not answer in time; the message names which time-out.",
    "what_to_do": "Send the request again, or ask for a stream.",
    "retryable": true,
    "charged": "partial_usage"
  },
  "http_version_not_supported": {
    "status": 505,
    "type": "api_error",
    "title": "HTTP version not supported",
    "meaning": "The request line names a version of HTTP that is not served.",
    "what_to_do": "Send HTTP/1.1.",
    "retryable": false,
    "charged": "never"
  }
} as const;
