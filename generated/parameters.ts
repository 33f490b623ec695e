// Generated from openapi/ by `npm run generate`; do not edit.
/** How gateway and agent treat a request's top-level names (docs/design/chat.md); a name that is missing here is refused. */
export type ParameterRule = {
  rule: "used" | "capability" | "accepted" | "refused";
  /** The word in a profile's `supported_parameters`. */
  capability?: string;
  /** The error's code where a refused name is not simply `unsupported_parameter`. */
  code?: "node_targeting_rejected";
  use_instead?: string;
};

/** A map, since it is asked for names that strangers wrote: an object would answer for `toString` too. */
export const PARAMETERS: ReadonlyMap<string, ParameterRule> = new Map(
  Object.entries<ParameterRule>({
  "model": {
    "rule": "used"
  },
  "messages": {
    "rule": "used"
  },
  "b3iq": {
    "rule": "used"
  },
  "temperature": {
    "rule": "used"
  },
  "top_p": {
    "rule": "used"
  },
  "stop": {
    "rule": "used"
  },
  "seed": {
    "rule": "used"
  },
  "max_tokens": {
    "rule": "used"
  },
  "max_completion_tokens": {
    "rule": "used"
  },
  "stream": {
    "rule": "used"
  },
  "stream_options": {
    "rule": "used"
  },
  "presence_penalty": {
    "rule": "used"
  },
  "frequency_penalty": {
    "rule": "used"
  },
  "n": {
    "rule": "refused"
  },
  "tools": {
    "rule": "capability",
    "capability": "tools"
  },
  "tool_choice": {
    "rule": "capability",
    "capability": "tool_choice"
  },
  "parallel_tool_calls": {
    "rule": "capability",
    "capability": "parallel_tool_calls"
  },
  "response_format": {
    "rule": "capability",
    "capability": "response_format"
  },
  "logprobs": {
    "rule": "capability",
    "capability": "logprobs"
  },
  "top_logprobs": {
    "rule": "capability",
    "capability": "top_logprobs"
  },
  "logit_bias": {
    "rule": "capability",
    "capability": "logit_bias"
  },
  "top_k": {
    "rule": "capability",
    "capability": "top_k"
  },
  "min_p": {
    "rule": "capability",
    "capability": "min_p"
  },
  "repetition_penalty": {
    "rule": "capability",
    "capability": "repetition_penalty"
  },
  "reasoning_effort": {
    "rule": "capability",
    "capability": "reasoning_effort"
  },
  "user": {
    "rule": "accepted"
  },
  "metadata": {
    "rule": "accepted"
  },
  "store": {
    "rule": "accepted"
  },
  "service_tier": {
    "rule": "accepted"
  },
  "safety_identifier": {
    "rule": "accepted"
  },
  "verbosity": {
    "rule": "accepted"
  },
  "prompt_cache_key": {
    "rule": "accepted"
  },
  "n_predict": {
    "rule": "refused",
    "use_instead": "max_completion_tokens"
  },
  "max_new_tokens": {
    "rule": "refused",
    "use_instead": "max_completion_tokens"
  },
  "best_of": {
    "rule": "refused"
  },
  "min_tokens": {
    "rule": "refused"
  },
  "ignore_eos": {
    "rule": "refused"
  },
  "echo": {
    "rule": "refused"
  },
  "prompt_logprobs": {
    "rule": "refused"
  },
  "chat_template": {
    "rule": "refused"
  },
  "chat_template_kwargs": {
    "rule": "refused"
  },
  "documents": {
    "rule": "refused"
  },
  "add_special_tokens": {
    "rule": "refused"
  },
  "functions": {
    "rule": "refused",
    "use_instead": "tools"
  },
  "function_call": {
    "rule": "refused",
    "use_instead": "tool_choice"
  },
  "modalities": {
    "rule": "refused"
  },
  "audio": {
    "rule": "refused"
  },
  "prediction": {
    "rule": "refused"
  },
  "web_search_options": {
    "rule": "refused"
  },
  "prompt": {
    "rule": "refused",
    "use_instead": "messages"
  },
  "input": {
    "rule": "refused",
    "use_instead": "messages"
  },
  "node": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "node_id": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "node_ids": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "nodes": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "node_url": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "target_node": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "target_node_id": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "provider": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "provider_id": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "runtime_id": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "runtime_url": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "endpoint": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "endpoint_url": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "base_url": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "api_base": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "tunnel_id": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "key_id": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  },
  "encrypted_request": {
    "rule": "refused",
    "code": "node_targeting_rejected"
  }
}),
);
