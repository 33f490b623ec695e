// Generated from openapi/ by `npm run generate`; do not edit.
export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check whether the agent can work
         * @description 200 as long as the agent can take work on this machine: its state folder is open and its runtime is set. The state
         *     of runtime and tunnel is in the answer.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a chat completion on this machine
         * @description With a local key, runs a chat on this machine; nothing of the chat leaves it. The chat makes a local receipt and costs nothing.
         *
         *     With the router's signature, which is taken inside the tunnel only, runs a dispatch of the gateway. Model profile, prices, bounds and
         *     deadline are in the signed headers. The answer always has usage, a stream always has the usage frame and `[DONE]`,
         *     and the receipt, its signature and its salt follow as the HTTP/2 trailers `x-b3iq-receipt`, `x-b3iq-receipt-signature` and
         *     `x-b3iq-commitment-salt`. An answer without these trailers is not complete.
         */
        post: operations["createLocalChatCompletion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/model-profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List model profiles
         * @description How this machine runs each model, what the model costs, and what still keeps it from paid work, with the next action.
         */
        get: operations["listModelProfiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the models of this machine
         * @description The installed models that the runtime can run now.
         */
        get: operations["listLocalModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List receipts of this node
         * @description Receipts that this node signed, newest first: local ones, and those of the network with the gateway's verdict. Receipts hold
         *     no prompt and no output.
         */
        get: operations["listLocalReceipts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/receipts/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit a receipt
         * @description Sends a receipt of the network to the gateway now; the agent would send it later by itself. Submitting again is
         *     harmless.
         */
        post: operations["submitLocalReceipt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/setup/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Claim this agent
         * @description Makes the owner's account with the setup token and logs the owner in. A claim of an agent that has an owner is refused,
         *     unless `recover` replaces the owner.
         */
        post: operations["claimOwner"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/setup/diagnostics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the agent's counters
         * @description The runtime's own token counters, the queue, and the agent's counters since its start.
         */
        get: operations["getDiagnostics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/setup/earnings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what this node earned
         * @description Asks the gateway, by a call that this node's identity signs, what this node earned, by the state of the money, and for the
         *     node's line in each payout batch, newest first.
         */
        get: operations["listEarnings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/setup/local-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List local keys
         * @description All local keys, with revoked ones. Secrets are never shown again.
         */
        get: operations["listLocalKeys"];
        put?: never;
        /**
         * Create a local key
         * @description Makes a key for applications on this machine. The key's secret is in this answer and nowhere else.
         */
        post: operations["createLocalKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/setup/local-keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a local key
         * @description The key is refused at once. Revoking again changes nothing.
         */
        delete: operations["revokeLocalKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/setup/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description Starts a session of the owner. The answer does not tell a wrong name from a wrong password, and attempts are limited.
         */
        post: operations["createOwnerSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/setup/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log out
         * @description Ends the session of the cookie and clears it.
         */
        post: operations["deleteOwnerSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/setup/node-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the owner's settings
         * @description The pause, the slots that are kept for local use, and the prices of each profile.
         */
        get: operations["getNodeSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the owner's settings
         * @description Pauses or resumes the node, keeps slots for local use, and sets the prices of a profile. Requests of the network that are running finish.
         */
        patch: operations["updateNodeSettings"];
        trace?: never;
    };
    "/v1/setup/payout-address": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the payout address
         * @description Asks the gateway, by a call that this node's identity signs, where payouts go now and where they will go after a
         *     change.
         */
        get: operations["getPayoutAddress"];
        /**
         * Set the payout address
         * @description Signs the address with this node's identity and sends it to the gateway. The address applies after 24 hours; until then the
         *     earlier one stays in force. A later address replaces one that waits. An address that is not EIP-55 is refused before
         *     anything is sent.
         */
        put: operations["updatePayoutAddress"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/setup/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the state of the setup
         * @description What is set and what is missing, for the owner and for the holder of the setup token.
         */
        get: operations["getSetupStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description The version of the host agent.
         * @example 0.1.0
         */
        agent_version: string;
        /** @description The owner's prices for a profile, in wei a token; null means the gateway's default. */
        asking_price: {
            /** @description The price of a completion token. */
            completion_price_wei_per_token: components["schemas"]["wei_positive"] | null;
            model_profile_id: components["schemas"]["model_profile_id"];
            /** @description The price of a prompt token. */
            prompt_price_wei_per_token: components["schemas"]["wei_positive"] | null;
        };
        /**
         * @description A payout batch's id.
         * @example pay_3q5w7e9r1t2y4u6i8o0p1a3s5d
         */
        batch_id: string;
        /** @description Why a node or profile gets no work, and what its operator can do. */
        blocker: {
            code: components["schemas"]["blocker_code"];
            /**
             * @description The blocker in a sentence.
             * @example The gateway has not measured this profile yet.
             */
            message: string;
            /**
             * @description What the operator can do.
             * @example Keep the node online; it is measured within minutes.
             */
            next_action: string;
        };
        /**
         * @description Why a gate refuses. Stable; branch on it.
         * @example observed_benchmark_missing
         * @enum {string}
         */
        blocker_code: "not_enrolled" | "approval_pending" | "node_suspended" | "node_paused" | "node_draining" | "node_offline" | "agent_outdated" | "tunnel_down" | "runtime_not_ready" | "protocol_unregistered" | "protocol_inactive" | "protocol_stake_unsatisfied" | "model_not_installed" | "model_not_network_eligible" | "model_not_paid_route_eligible" | "model_benchmark_unverified" | "observed_benchmark_missing" | "observed_benchmark_stale" | "route_tier_blocked" | "queue_blocked" | "price_unknown" | "price_out_of_bounds" | "incident_paused" | "customer_policy_rejected" | "capability_missing";
        /** @description The assistant's message. */
        chat_answer_message: {
            /**
             * @description The text.
             * @example Hello from B3IQ.
             */
            content?: string | null;
            /**
             * @description Reasoning; it is billed as completion.
             * @example null
             */
            reasoning?: string | null;
            /**
             * @description Reasoning, in the older word.
             * @example null
             */
            reasoning_content?: string | null;
            /**
             * @description A refusal.
             * @example null
             */
            refusal?: string | null;
            /**
             * @description Always `assistant`.
             * @example assistant
             * @constant
             */
            role: "assistant";
            /** @description Calls that the assistant makes. */
            tool_calls?: components["schemas"]["chat_tool_call"][] | null;
        } & {
            [key: string]: unknown;
        };
        /** @description What the gateway adds. In a stream the frame with the finish reason carries it. */
        chat_b3iq: {
            charged_wei?: components["schemas"]["wei"];
            /**
             * @description The reference of the request's `b3iq.job_id`, if one was given.
             * @example invoice-2026-11-21-0007
             */
            client_job_id?: string;
            /**
             * @description The salt of the receipt's commitments, 32 bytes base64url; the gateway keeps no copy. Keep it with the answer to prove what was signed.
             * @example kq3vX5m0y8Zb1c2d3e4f5g6h7i8j9k0l1m2n3o4p5q4
             */
            commitment_salt?: string;
            job_id?: components["schemas"]["job_id"];
            /**
             * Format: int64
             * @description From the request's arrival to the end of the answer.
             * @example 412
             */
            latency_ms?: number;
            receipt_hash?: components["schemas"]["receipt_hash"];
            /**
             * @description The model profile that answered, which is the public name of one of the node's runtimes. Present, as
             *     `X-B3IQ-Router-Node-ID` is, only where the customer's policy exposes the node (`expose_node`).
             * @example b3iq-tiny.gguf@llama_cpp
             */
            runtime_id?: string;
            /**
             * @description The kind of runtime that answered.
             * @example llama_cpp
             */
            runtime_kind?: string;
            /**
             * Format: int64
             * @description From the request's arrival to the first output.
             * @example 95
             */
            ttft_ms?: number;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description Accepted, as some clients send it, and not passed to the runtime.
         * @example {
         *       "type": "ephemeral"
         *     }
         */
        chat_cache_control: {
            [key: string]: unknown;
        } | null;
        /** @description A choice. */
        chat_choice: {
            finish_reason: components["schemas"]["chat_finish_reason"];
            /**
             * Format: int64
             * @description The place of this choice.
             * @example 0
             */
            index: number;
            /** @description Log probabilities, if asked for. */
            logprobs?: components["schemas"]["chat_logprobs"] | null;
            message: components["schemas"]["chat_answer_message"];
        } & {
            [key: string]: unknown;
        };
        /** @description What is added to the choice. */
        chat_chunk_choice: {
            delta: components["schemas"]["chat_delta"];
            /** @description Null until the answer ends, then the reason why it ended. */
            finish_reason?: components["schemas"]["chat_finish_reason"] | null;
            /**
             * Format: int64
             * @description The place of this choice.
             * @example 0
             */
            index: number;
            /** @description Log probabilities, if asked for. */
            logprobs?: components["schemas"]["chat_logprobs"] | null;
        } & {
            [key: string]: unknown;
        };
        /** @description A whole answer. */
        chat_completion: {
            b3iq?: components["schemas"]["chat_b3iq"];
            /** @description The one choice. */
            choices: components["schemas"]["chat_choice"][];
            /**
             * Format: int64
             * @description Unix time in seconds.
             * @example 1795256130
             */
            created: number;
            /**
             * @description The node's name for this answer.
             * @example chatcmpl-8Zq1
             */
            id: string;
            /**
             * @description The model that the request named.
             * @example b3iq-tiny.gguf
             */
            model: string;
            /**
             * @description Always `chat.completion`.
             * @example chat.completion
             * @constant
             */
            object: "chat.completion";
            /**
             * @description The runtime's value, passed through.
             * @example null
             */
            service_tier?: string | null;
            /**
             * @description The runtime's configuration, where the runtime gives one.
             * @example null
             */
            system_fingerprint?: string | null;
            usage?: components["schemas"]["chat_usage"];
        } & {
            [key: string]: unknown;
        };
        /** @description A piece of an answer. Id, created and model are the same in all of them. */
        chat_completion_chunk: {
            b3iq?: components["schemas"]["chat_b3iq"];
            /** @description The one choice, or none on the frame with the usage. */
            choices: components["schemas"]["chat_chunk_choice"][];
            /**
             * Format: int64
             * @description Unix time in seconds.
             * @example 1795256130
             */
            created: number;
            /**
             * @description The node's name for this answer.
             * @example chatcmpl-8Zq1
             */
            id: string;
            /**
             * @description The model that the request named.
             * @example b3iq-tiny.gguf
             */
            model: string;
            /**
             * @description Always `chat.completion.chunk`.
             * @example chat.completion.chunk
             * @constant
             */
            object: "chat.completion.chunk";
            /**
             * @description The runtime's configuration, where the runtime gives one.
             * @example null
             */
            system_fingerprint?: string | null;
            /** @description With `include_usage`: null, and the usage on the last frame. */
            usage?: components["schemas"]["chat_usage"] | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description One event of the stream: a chunk, a failure after the stream began (no `[DONE]` follows), or `[DONE]`. Lines that begin with a colon are
         *     comments that keep the connection alive.
         */
        chat_completion_event: "[DONE]" | components["schemas"]["chat_completion_chunk"] | components["schemas"]["openai_error"];
        /**
         * @description A text, or the parts of one.
         * @example Say hello from B3IQ.
         */
        chat_content: string | components["schemas"]["chat_content_parts"];
        /**
         * @description A part of a message: a `text`, an `image_url` for a model that lists `images` in `supported_parameters`, or the assistant's `refusal`. The
         *     set is closed: a part of another type, or with a member that does not belong to its type, is refused with its place. Whatever a part
         *     holds stands in the request itself; nothing is fetched.
         * @example {
         *       "type": "text",
         *       "text": "Say hello."
         *     }
         */
        chat_content_part: {
            cache_control?: components["schemas"]["chat_cache_control"];
            image_url?: components["schemas"]["chat_image_url"];
            /**
             * @description The refusal by the assistant.
             * @example I cannot help with that.
             */
            refusal?: string;
            /**
             * @description The text.
             * @example Say hello.
             */
            text?: string;
            /**
             * @description The kind of the part, which says what other members it has.
             * @example text
             * @enum {string}
             */
            type: "text" | "image_url" | "refusal";
        };
        /**
         * @description The parts of a text, in order.
         * @example [
         *       {
         *         "type": "text",
         *         "text": "Say hello from B3IQ."
         *       }
         *     ]
         */
        chat_content_parts: components["schemas"]["chat_content_part"][];
        /** @description What is added to the message. */
        chat_delta: {
            /**
             * @description More text.
             * @example Hello
             */
            content?: string | null;
            /**
             * @description More reasoning.
             * @example null
             */
            reasoning?: string | null;
            /**
             * @description More reasoning, in the older word.
             * @example null
             */
            reasoning_content?: string | null;
            /**
             * @description More of a refusal.
             * @example null
             */
            refusal?: string | null;
            /**
             * @description On the first frame.
             * @example assistant
             */
            role?: string;
            /** @description More of the calls; `index` says which call each part belongs to. */
            tool_calls?: components["schemas"]["chat_delta_tool_call"][] | null;
        } & {
            [key: string]: unknown;
        };
        /** @description More of one call. */
        chat_delta_tool_call: {
            /**
             * @description More of name and arguments.
             * @example {
             *       "arguments": "{\"ci"
             *     }
             */
            function?: {
                [key: string]: unknown;
            };
            /**
             * @description The call's id.
             * @example call_1
             */
            id?: string;
            /**
             * Format: int64
             * @description The index of the call.
             * @example 0
             */
            index: number;
            /**
             * @description Always `function`.
             * @example function
             */
            type?: string;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description Why the answer ended.
         * @example stop
         * @enum {string}
         */
        chat_finish_reason: "stop" | "length" | "tool_calls" | "content_filter" | "function_call";
        /** @description The image itself, as a data URL. */
        chat_image_url: {
            /**
             * @description How closely the model looks at the image.
             * @example auto
             * @enum {string}
             */
            detail?: "auto" | "low" | "high";
            /**
             * @description A data URL of a PNG, JPEG, WebP or GIF image in base64. Any other URL is refused.
             * @example data:image/png;base64,iVBORw0KGgo=
             */
            url: string;
        };
        /** @description The schema that the answer has to keep. */
        chat_json_schema: {
            /**
             * @description The purpose of the schema.
             * @example A short answer
             */
            description?: string;
            /**
             * @description The schema's name.
             * @example answer
             */
            name: string;
            /**
             * @description JSON Schema of the answer.
             * @example {
             *       "type": "object"
             *     }
             */
            schema?: {
                [key: string]: unknown;
            };
            /**
             * @description Whether the answer must match the schema.
             * @example true
             */
            strict?: boolean | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description Log probabilities, if asked for.
         * @example {
         *       "content": [
         *         {
         *           "token": "Hello",
         *           "logprob": -0.3
         *         }
         *       ]
         *     }
         */
        chat_logprobs: {
            /** @description One entry a token. */
            content?: components["schemas"]["chat_token_logprob"][] | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description One message. The gateway passes on to the node only what is listed here. `cache_control`, `annotations`, `parsed`, `parsed_arguments`, `thinking_blocks`,
         *     `reasoning_details`, `provider_specific_fields` and `extra_content` are accepted, in calls and tools too, and not passed on;
         *     every other member that is not null, false or empty is refused by name, since a model server might fetch what the member
         *     names.
         */
        chat_message: {
            /** @description A text, the parts of one, or null. */
            content?: components["schemas"]["chat_content"] | null;
            /**
             * @description The legacy form of a tool call, in history.
             * @example null
             */
            function_call?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description The name of the speaker or of the function.
             * @example ada
             */
            name?: string;
            /**
             * @description Reasoning of the assistant.
             * @example null
             */
            reasoning?: string | null;
            /**
             * @description Reasoning of the assistant, in the older word.
             * @example null
             */
            reasoning_content?: string | null;
            /**
             * @description A refusal by the assistant.
             * @example null
             */
            refusal?: string | null;
            /**
             * @description The role of the speaker.
             * @example user
             * @enum {string}
             */
            role: "system" | "developer" | "user" | "assistant" | "tool" | "function";
            /**
             * @description The call that this message answers.
             * @example call_1
             */
            tool_call_id?: string;
            /** @description Calls that the assistant made. */
            tool_calls?: components["schemas"]["chat_tool_call"][] | null;
        };
        /**
         * @description How long the model may think; thinking is billed as completion.
         * @example low
         * @enum {string}
         */
        chat_reasoning_effort: "none" | "minimal" | "low" | "medium" | "high" | "xhigh";
        /**
         * @description The shape of the answer.
         * @example {
         *       "type": "json_object"
         *     }
         */
        chat_response_format: components["schemas"]["chat_response_format_plain"] | components["schemas"]["chat_response_format_json_schema"];
        /** @description JSON of a schema. */
        chat_response_format_json_schema: {
            json_schema: components["schemas"]["chat_json_schema"];
            /**
             * @description JSON of a schema.
             * @example json_schema
             * @constant
             */
            type: "json_schema";
        };
        /** @description Free text or any JSON object. */
        chat_response_format_plain: {
            /**
             * @description Free text or any JSON object.
             * @example json_object
             * @enum {string}
             */
            type: "text" | "json_object";
        } & {
            [key: string]: unknown;
        };
        /**
         * @description Up to 16 texts; the answer ends before the first that occurs.
         * @example [
         *       "\n\n"
         *     ]
         */
        chat_stop: string | string[];
        /** @description Options of a stream. */
        chat_stream_options: {
            /**
             * @description Accepted and without effect.
             * @example false
             */
            include_obfuscation?: boolean | null;
            /**
             * @description Send one more frame with `choices: []` and the usage before `[DONE]`.
             * @example true
             */
            include_usage?: boolean | null;
        };
        /**
         * @description The log probability of one token, as the runtime reports it.
         * @example {
         *       "token": "Hello",
         *       "logprob": -0.3
         *     }
         */
        chat_token_logprob: {
            [key: string]: unknown;
        };
        /** @description A function that the model may call. */
        chat_tool: {
            /** @description The function. */
            function: {
                /**
                 * @description What the function does.
                 * @example Weather at a place
                 */
                description?: string;
                /**
                 * @description The function's name.
                 * @example get_weather
                 */
                name: string;
                /**
                 * @description JSON Schema of its arguments.
                 * @example {
                 *       "type": "object",
                 *       "properties": {
                 *         "city": {
                 *           "type": "string"
                 *         }
                 *       }
                 *     }
                 */
                parameters?: {
                    [key: string]: unknown;
                };
                /**
                 * @description Whether the arguments must match the schema.
                 * @example false
                 */
                strict?: boolean | null;
            } & {
                [key: string]: unknown;
            };
            /**
             * @description Always `function`.
             * @example function
             * @constant
             */
            type: "function";
        } & {
            [key: string]: unknown;
        };
        /** @description A call of a tool. */
        chat_tool_call: {
            function: {
                /**
                 * @description The arguments as JSON text.
                 * @example {"city":"Bern"}
                 */
                arguments: string;
                /**
                 * @description The function's name.
                 * @example get_weather
                 */
                name: string;
            } & {
                [key: string]: unknown;
            };
            /**
             * @description The call's id.
             * @example call_1
             */
            id: string;
            /**
             * @description Always `function`.
             * @example function
             * @constant
             */
            type: "function";
        } & {
            [key: string]: unknown;
        };
        /**
         * @description Whether the model calls a tool, and which one.
         * @example auto
         */
        chat_tool_choice: ("none" | "auto" | "required") | components["schemas"]["chat_tool_choice_named"];
        /** @description The function that the model must call. */
        chat_tool_choice_function: {
            /**
             * @description The function's name.
             * @example get_weather
             */
            name: string;
        } & {
            [key: string]: unknown;
        };
        /** @description The tool that the model must call. */
        chat_tool_choice_named: {
            function: components["schemas"]["chat_tool_choice_function"];
            /**
             * @description Always `function`.
             * @example function
             * @constant
             */
            type: "function";
        };
        /** @description The usage that the node signed, which is what is charged. */
        chat_usage: {
            /**
             * Format: int64
             * @description Tokens of the answer, reasoning included.
             * @example 6
             */
            completion_tokens: number;
            /**
             * @description The runtime's value, passed through.
             * @example {
             *       "reasoning_tokens": 0
             *     }
             */
            completion_tokens_details?: {
                [key: string]: unknown;
            } | null;
            /**
             * Format: int64
             * @description Tokens of the prompt.
             * @example 14
             */
            prompt_tokens: number;
            /**
             * @description The runtime's value, passed through.
             * @example {
             *       "cached_tokens": 0
             *     }
             */
            prompt_tokens_details?: {
                [key: string]: unknown;
            } | null;
            /**
             * Format: int64
             * @description The sum of prompt and completion tokens.
             * @example 20
             */
            total_tokens: number;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The stable machine code; branch on this.
         * @example invalid_request
         * @enum {string}
         */
        error_code: "invalid_request" | "unsupported_parameter" | "mixed_credentials" | "node_targeting_rejected" | "dispatch_mode_rejected" | "context_length_exceeded" | "invalid_encrypted_request" | "unauthorized" | "invalid_signature" | "clock_skew" | "replayed_request" | "stale_epoch" | "challenge_expired" | "insufficient_balance" | "gateway_spend_cap_exceeded" | "gateway_api_key_scope_denied" | "forbidden" | "model_not_allowed" | "route_tier_not_allowed" | "max_price_exceeded" | "customer_frozen" | "node_suspended" | "not_found" | "model_not_found" | "endpoint_not_supported" | "method_not_allowed" | "not_acceptable" | "request_timeout" | "idempotency_in_flight" | "idempotency_completed" | "idempotency_key_reused" | "conflict" | "model_benchmark_unverified" | "observed_benchmark_missing" | "protocol_stake_unsatisfied" | "receipt_hash_mismatch" | "lease_superseded" | "not_enrolled" | "setup_already_claimed" | "payload_too_large" | "unsupported_media_type" | "upgrade_required" | "rate_limited" | "headers_too_large" | "internal_error" | "router_dispatch_failed" | "runtime_failed" | "gateway_unreachable" | "no_healthy_candidates" | "admission_unavailable" | "settlement_unavailable" | "database_unavailable" | "incident_paused" | "draining" | "runtime_busy" | "router_timeout" | "http_version_not_supported";
        /** @description The code with its facts, such as `required_wei`; which facts there are depends on the code. */
        error_detail: {
            /**
             * Format: int64
             * @description The greatest `max_tokens` that the balance covers.
             * @example 512
             */
            affordable_max_tokens?: number;
            available_wei?: components["schemas"]["wei"];
            /**
             * @description How many candidates each gate refused, by blocker code.
             * @example {
             *       "heartbeat_stale": 2
             *     }
             */
            blockers?: {
                [key: string]: number;
            };
            charged_wei?: components["schemas"]["wei"];
            /**
             * Format: int64
             * @description The server's time less the caller's, with the code `clock_skew`.
             * @example -5200
             */
            clock_offset_ms?: number;
            code: components["schemas"]["error_code"];
            /**
             * Format: int64
             * @description Tokens that the model can hold.
             * @example 8192
             */
            context_length?: number;
            /**
             * @description A sentence that says what was wrong and what is allowed.
             * @example The quote needs 40960 wei, 1200 are available.
             */
            detail: string;
            job_id?: components["schemas"]["job_id"];
            /**
             * @description Which limit refused.
             * @example customer.requests_per_minute
             */
            limit?: string;
            /**
             * @description The request field at fault.
             * @example max_tokens
             */
            param?: string | null;
            /**
             * Format: int64
             * @description Tokens of the prompt that was refused.
             * @example 9000
             */
            prompt_tokens?: number;
            receipt_hash?: components["schemas"]["receipt_hash"];
            request_id?: components["schemas"]["request_id"];
            required_wei?: components["schemas"]["wei"];
            /**
             * Format: int64
             * @description The milliseconds to wait before the next attempt.
             * @example 1200
             */
            retry_after_ms?: number;
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 402
             */
            status: number;
            /**
             * @description The code in words; it may change.
             * @example Balance too low
             */
            title: string;
            /**
             * Format: int64
             * @description The window of that limit.
             * @example 60
             */
            window_seconds?: number;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The family of the failure, as OpenAI names it.
         * @example invalid_request_error
         * @enum {string}
         */
        error_type: "invalid_request_error" | "authentication_error" | "insufficient_quota" | "not_found_error" | "conflict_error" | "rate_limit_error" | "api_error";
        /**
         * @description SHA-256 as 64 lower-case hexadecimal digits.
         * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
         */
        hash: string;
        /**
         * @description A job's id, minted by the gateway.
         * @example job_0c2f8h5j7k1m3n9p4q6r8s2t5v
         */
        job_id: string;
        /**
         * @description A key's id; it is no secret.
         * @example key_7w3e5r9t1y2u8i4o6p0a5s3d7f
         */
        key_id: string;
        /**
         * @description A name for people to read, in one line.
         * @example ci
         */
        label: string;
        /**
         * @description A chat in OpenAI's format. On this surface a name that the runtime does not have is refused with 400 `unsupported_parameter` and `param`, and so is
         *     `b3iq`, which says how a gateway routes a chat.
         */
        local_chat_completion_request: {
            /**
             * @description Lowers the chance of tokens by how often they occurred.
             * @example 0
             */
            frequency_penalty?: number | null;
            /**
             * @description A bias by token id.
             * @example {
             *       "50256": -100
             *     }
             */
            logit_bias?: {
                [key: string]: number;
            } | null;
            /**
             * @description Return log probabilities of the output tokens.
             * @example false
             */
            logprobs?: boolean | null;
            /**
             * Format: int32
             * @description The output bound, reasoning included. Where `max_tokens` is given too, the smaller one counts.
             * @example 256
             */
            max_completion_tokens?: number | null;
            /**
             * Format: int32
             * @description The older name of `max_completion_tokens`.
             * @example 64
             */
            max_tokens?: number | null;
            /** @description The conversation so far, in order. */
            messages: components["schemas"]["chat_message"][];
            /**
             * @description Accepted, neither forwarded nor stored.
             * @example {
             *       "team": "search"
             *     }
             */
            metadata?: {
                [key: string]: string;
            } | null;
            /**
             * @description The least probability, relative to that of the likeliest token.
             * @example 0.05
             */
            min_p?: number | null;
            model: components["schemas"]["model_id"];
            /**
             * Format: int32
             * @description Only 1 is supported; more is refused with `unsupported_parameter`.
             * @example 1
             */
            n?: number | null;
            /**
             * @description Whether the model may call several tools at once.
             * @example true
             */
            parallel_tool_calls?: boolean | null;
            /**
             * @description Lowers the chance of tokens that occurred.
             * @example 0
             */
            presence_penalty?: number | null;
            /**
             * @description Requests with the same key go to the same node where possible. Only a keyed hash of it is used.
             * @example session-42
             */
            prompt_cache_key?: string | null;
            /** @description How long the model may think; thinking is billed as completion. */
            reasoning_effort?: components["schemas"]["chat_reasoning_effort"] | null;
            /**
             * @description Divides the chance of tokens that occurred.
             * @example 1.1
             */
            repetition_penalty?: number | null;
            /** @description The shape of the answer. */
            response_format?: components["schemas"]["chat_response_format"] | null;
            /**
             * @description Accepted, neither forwarded nor stored.
             * @example s-1
             */
            safety_identifier?: string | null;
            /**
             * Format: int64
             * @description Asks for a repeatable choice.
             * @example 7
             */
            seed?: number | null;
            /**
             * @description Accepted and without effect.
             * @example auto
             */
            service_tier?: string | null;
            /** @description Up to 16 texts; the answer ends before the first that occurs. */
            stop?: components["schemas"]["chat_stop"] | null;
            /**
             * @description Accepted; nothing is ever stored.
             * @example false
             */
            store?: boolean | null;
            /**
             * @description Answer as server-sent events.
             * @example false
             */
            stream?: boolean | null;
            /** @description Options of a stream. */
            stream_options?: components["schemas"]["chat_stream_options"] | null;
            /**
             * @description The randomness of the choice; 0 is the least.
             * @example 0.7
             */
            temperature?: number | null;
            /** @description Whether the model calls a tool, and which one. */
            tool_choice?: components["schemas"]["chat_tool_choice"] | null;
            /** @description Functions that the model may call. */
            tools?: components["schemas"]["chat_tool"][] | null;
            /**
             * Format: int32
             * @description The number of tokens that are considered.
             * @example 40
             */
            top_k?: number | null;
            /**
             * Format: int32
             * @description How many likely tokens to return at each position.
             * @example 0
             */
            top_logprobs?: number | null;
            /**
             * @description The share of probability that is considered.
             * @example 1
             */
            top_p?: number | null;
            /**
             * @description Accepted, neither forwarded nor stored.
             * @example u-1
             */
            user?: string | null;
            /**
             * @description Accepted and without effect.
             * @example medium
             */
            verbosity?: string | null;
        };
        /** @description The agent's counters, without prompts, outputs, paths or addresses. */
        local_diagnostics: {
            counters: components["schemas"]["node_counters"];
            queue: components["schemas"]["node_queue"];
            /** @description The runtime's own counters; null where it has none to read. */
            runtime: components["schemas"]["runtime_counters"] | null;
            runtime_kind: components["schemas"]["runtime_kind"];
        };
        /** @description Whether the agent works; nothing in the answer is private. */
        local_health: {
            agent_version: components["schemas"]["agent_version"];
            mode: components["schemas"]["node_mode"];
            /**
             * @description The state of the model runtime. `starting`: the model of the embedded runtime is being loaded; `unreachable`: another runtime cannot be used, and `runtime_reason` of the setup status says why.
             * @example ready
             * @enum {string}
             */
            runtime?: "ready" | "starting" | "unreachable" | "none";
            /**
             * @description Always `ok`.
             * @example ok
             * @constant
             */
            status: "ok";
            /**
             * @description The tunnel to the gateway, if enrolled.
             * @example none
             * @enum {string}
             */
            tunnel?: "open" | "closed" | "none";
        };
        /** @description A local key, without its secret. */
        local_key: {
            created_at: components["schemas"]["timestamp"];
            /**
             * @description The last four characters of the key.
             * @example x9Qa
             */
            display_tail: string;
            /** @description When the key stops being accepted. */
            expires_at: components["schemas"]["timestamp"] | null;
            key_id: components["schemas"]["key_id"];
            /** @description A name for people to read. */
            label: components["schemas"]["label"] | null;
            /** @description When the key was revoked. */
            revoked_at: components["schemas"]["timestamp"] | null;
            /**
             * @description The scopes of the key.
             * @example [
             *       "models:read",
             *       "chat:create"
             *     ]
             */
            scopes: components["schemas"]["local_key_scope"][];
            /**
             * @description Whether the key is accepted.
             * @example active
             * @enum {string}
             */
            status: "active" | "expired" | "revoked";
        };
        /** @description A new local key. */
        local_key_create: {
            expires_at?: components["schemas"]["timestamp"];
            label?: components["schemas"]["label"];
            /**
             * @description The scopes of the key; both where none is given.
             * @example [
             *       "chat:create"
             *     ]
             */
            scopes?: components["schemas"]["local_key_scope"][];
        };
        /** @description The new key, with its secret, which is shown this once. */
        local_key_created: {
            created_at: components["schemas"]["timestamp"];
            /**
             * @description The last four characters of the key.
             * @example x9Qa
             */
            display_tail: string;
            /** @description When the key stops being accepted. */
            expires_at: components["schemas"]["timestamp"] | null;
            /**
             * @description The secret. It is shown once and cannot be read again.
             * @example b3iq_local_0Zk3vX5m0y8Zb1c2d3e4f5g6h7i8j9k0l1m2n3o4p5qx9Qa
             */
            key: string;
            key_id: components["schemas"]["key_id"];
            /** @description A name for people to read. */
            label: components["schemas"]["label"] | null;
            /** @description When the key was revoked. */
            revoked_at: components["schemas"]["timestamp"] | null;
            /**
             * @description The scopes of the key.
             * @example [
             *       "models:read",
             *       "chat:create"
             *     ]
             */
            scopes: components["schemas"]["local_key_scope"][];
            /**
             * @description Whether the key is accepted.
             * @example active
             * @enum {string}
             */
            status: "active" | "expired" | "revoked";
        };
        /** @description The local keys, newest first, with revoked ones. */
        local_key_list: {
            /** @description The keys. */
            data: components["schemas"]["local_key"][];
        };
        /**
         * @description A scope of a local key.
         * @example chat:create
         * @enum {string}
         */
        local_key_scope: "models:read" | "chat:create";
        /** @description A model that this machine can run now. */
        local_model: {
            b3iq?: components["schemas"]["local_model_b3iq"];
            /**
             * Format: int64
             * @description Unix time of the model's file, or 0.
             * @example 1795256000
             */
            created: number;
            id: components["schemas"]["model_id"];
            /**
             * @description Always `model`.
             * @example model
             * @constant
             */
            object: "model";
            /**
             * @description Always `local`.
             * @example local
             */
            owned_by: string;
        } & {
            [key: string]: unknown;
        };
        /** @description The abilities of the runtime. */
        local_model_b3iq: {
            /**
             * Format: int64
             * @description Tokens of prompt and answer together.
             * @example 2048
             */
            context_length: number;
            /**
             * Format: int64
             * @description The greatest output bound.
             * @example 1024
             */
            max_completion_tokens: number;
            model_profile_id: components["schemas"]["model_profile_id"];
            runtime_kind: components["schemas"]["runtime_kind"];
            supported_parameters: components["schemas"]["supported_parameters"];
        } & {
            [key: string]: unknown;
        };
        /** @description The models of this machine. */
        local_model_list: {
            /** @description One entry a model, ordered by id. */
            data: components["schemas"]["local_model"][];
            /**
             * @description Always `list`.
             * @example list
             * @constant
             */
            object: "list";
        } & {
            [key: string]: unknown;
        };
        /** @description How this machine runs a model, and what still keeps the model from paid work. */
        local_model_profile: {
            /**
             * @description The agent's own benchmark passed.
             * @example true
             */
            benchmark_verified: boolean;
            /** @description What keeps the profile from paid work, in the order in which to solve it. */
            blockers: components["schemas"]["blocker"][];
            /** @description The owner's price; null for the gateway's default. */
            completion_price_wei_per_token: components["schemas"]["wei"] | null;
            /**
             * Format: int64
             * @description Tokens of prompt and answer together.
             * @example 2048
             */
            context_length: number;
            /**
             * Format: int64
             * @description The greatest output bound.
             * @example 1024
             */
            max_completion_tokens: number;
            model_id: components["schemas"]["model_id"];
            model_profile_id: components["schemas"]["model_profile_id"];
            /**
             * @description The owner offers the profile to the network.
             * @example true
             */
            network_eligible: boolean;
            /** @description The gateway's measurement, as the gateway last reported it to this agent. */
            observed_benchmark: components["schemas"]["observed_benchmark"] | null;
            /**
             * @description Every gate that this agent can see lets the profile through.
             * @example false
             */
            paid_route_eligible: boolean;
            /** @description The owner's price; null for the gateway's default. */
            prompt_price_wei_per_token: components["schemas"]["wei"] | null;
            queue_health: components["schemas"]["queue_health"];
            route_tier: components["schemas"]["route_tier"];
            runtime_kind: components["schemas"]["runtime_kind"];
            status: components["schemas"]["profile_status"];
            supported_parameters: components["schemas"]["supported_parameters"];
        };
        /** @description The profiles of this machine. */
        local_model_profile_list: {
            /** @description One entry a profile, ordered by id. */
            data: components["schemas"]["local_model_profile"][];
        };
        /** @description The address to which payouts of this node go. */
        local_payout_address_request: {
            payout_address: components["schemas"]["payout_address"];
        };
        /** @description A receipt that this node signed. Receipts of local chats have another type and are never submitted. */
        local_receipt: {
            created_at: components["schemas"]["timestamp"];
            /**
             * @description Whether the work was local or the network's.
             * @example network
             * @enum {string}
             */
            kind: "network" | "local";
            /** @description Why the receipt was not paid. */
            reason: components["schemas"]["receipt_reason"] | null;
            /** @description The signed object: a receipt of the network, or one of type `b3iq.local-receipt.v1`. */
            receipt: {
                /**
                 * @description The kind of receipt.
                 * @example b3iq.receipt.v1
                 */
                type: string;
            } & {
                [key: string]: unknown;
            };
            receipt_hash: components["schemas"]["receipt_hash"];
            signature_ed25519: components["schemas"]["signature_ed25519"];
            /**
             * @description `pending`: the gateway has not given a verdict yet; `local`: the receipt is never submitted.
             * @example settled
             * @enum {string}
             */
            status: "local" | "pending" | "settled" | "recorded";
            /** @description When the gateway gave its verdict. */
            submitted_at: components["schemas"]["timestamp"] | null;
        };
        /** @description A page of receipts, newest first. */
        local_receipt_list: {
            /** @description The receipts. */
            data: components["schemas"]["local_receipt"][];
            next_cursor: components["schemas"]["next_cursor"];
        };
        /** @description The receipt to submit. */
        local_receipt_submit: {
            receipt_hash: components["schemas"]["receipt_hash"];
        };
        /**
         * @description A model's id as `/v1/models` lists it; it may hold slashes and colons.
         * @example b3iq-tiny.gguf
         */
        model_id: string;
        /**
         * @description How a model is run: the model, the runtime, and the settings that change its answers or its limits. Nodes that run the same have the same profile, so that a profile never names a node.
         * @example b3iq-tiny.gguf@llama_cpp
         */
        model_profile_id: string;
        /** @description A failure in the native envelope. */
        native_error: {
            error: components["schemas"]["error_detail"];
        };
        /**
         * @description The `cursor` of the next page, or null on the last one.
         * @example null
         */
        next_cursor: string | null;
        /** @description The agent's counters since its start. They say nothing about customers or content. */
        node_counters: {
            /**
             * Format: int64
             * @description Completion tokens of all answers.
             * @example 20344
             */
            completion_tokens?: number;
            /**
             * Format: int64
             * @description Answers that were cancelled.
             * @example 5
             */
            jobs_cancelled?: number;
            /**
             * Format: int64
             * @description Answers that failed.
             * @example 2
             */
            jobs_failed?: number;
            /**
             * Format: int64
             * @description Answers that ended in order.
             * @example 120
             */
            jobs_ok?: number;
            /**
             * Format: int64
             * @description Prompt tokens of all answers.
             * @example 48210
             */
            prompt_tokens?: number;
            /**
             * Format: int64
             * @description Receipts without a verdict of a gateway.
             * @example 0
             */
            receipts_waiting?: number;
        };
        /**
         * @description A node's id, the first 26 characters of the lower-case base32 of SHA-256 over its Ed25519 key.
         * @example node_mfrggzdfmztwq2lknnwg23tpob
         */
        node_id: string;
        /**
         * @description `local`: works alone; `managed`: enrolled; `network`: enrolled and route-ready for paid work.
         * @example local
         * @enum {string}
         */
        node_mode: "local" | "managed" | "network";
        /** @description This node's line in a payout batch, with its proof. The leaf is SHA-256 over a zero byte and the canonical JSON (RFC 8785) of `index`, `node_id`, `amount_wei` and `receipt_count`; `proof` leads from it to `merkle_root` (RFC 6962), which the log key has signed with the batch. */
        node_payout: {
            amount_wei: components["schemas"]["wei"];
            batch_id: components["schemas"]["batch_id"];
            /** @description As in the public batch. */
            commitment_signature: components["schemas"]["signature_ed25519"];
            created_at: components["schemas"]["timestamp"];
            /** @description When the payout became final. */
            finalized_at: components["schemas"]["timestamp"] | null;
            /**
             * Format: int64
             * @description The line's place in the batch.
             * @example 0
             */
            index: number;
            merkle_root: components["schemas"]["hash"];
            /** @description The address in force when the batch was built; null when the node had none. */
            payout_address: components["schemas"]["payout_address"] | null;
            /**
             * Format: int64
             * @description Lines of the batch.
             * @example 1
             */
            payout_count: number;
            period_end: components["schemas"]["timestamp"];
            /**
             * @description The path from the line's leaf to the root, its sibling first.
             * @example []
             */
            proof: components["schemas"]["hash"][];
            /**
             * Format: int64
             * @description Receipts that it pays.
             * @example 212
             */
            receipt_count: number;
            status: components["schemas"]["settlement_status"];
            /** @description Of the whole batch. */
            total_amount_wei: components["schemas"]["wei"];
            transaction_hash: components["schemas"]["transaction_hash"];
            /**
             * Format: int64
             * @description The size of the public log that the batch is pinned to.
             * @example 120934
             */
            tree_size: number;
        };
        /** @description What this node earned, and its payouts with the newest first. */
        node_payout_list: {
            /** @description When the waiting address comes into force. */
            applies_at: components["schemas"]["timestamp"] | null;
            /** @description Newest first. */
            data: components["schemas"]["node_payout"][];
            next_cursor: components["schemas"]["next_cursor"];
            /** @description The address in force; null before the first one applies. */
            payout_address: components["schemas"]["payout_address"] | null;
            /** @description An address that waits for its 24 hours. */
            pending_payout_address: components["schemas"]["payout_address"] | null;
            server_time: components["schemas"]["timestamp"];
            /** @description Every settled wei of this node is in exactly one of these. */
            totals: {
                /** @description In a batch that is not final yet. */
                batched_wei: components["schemas"]["wei"];
                /** @description Goes into the next batch. */
                matured_wei: components["schemas"]["wei"];
                /** @description Settled within the maturing time, which is 24 hours unless it is set otherwise. */
                maturing_wei: components["schemas"]["wei"];
                /** @description Final. */
                paid_wei: components["schemas"]["wei"];
                /** @description The amount that is set off for refunds of what had been paid already. */
                set_off_wei: components["schemas"]["wei"];
                /** @description Held back by a refund, a review or a suspension. */
                withheld_wei: components["schemas"]["wei"];
            };
        };
        /** @description The node's work at this moment. */
        node_queue: {
            /**
             * Format: int32
             * @description Requests being answered.
             * @example 1
             */
            active: number;
            /**
             * Format: int32
             * @description Requests that can be answered at once.
             * @example 4
             */
            capacity: number;
            health: components["schemas"]["queue_health"];
            /**
             * Format: int32
             * @description Requests waiting.
             * @example 0
             */
            queued: number;
        };
        /** @description The owner's settings of this node. Changes act at once and reach the gateway with the next heartbeat. */
        node_settings: {
            /**
             * @description The models are offered to the network.
             * @example true
             */
            network_eligible: boolean;
            /**
             * @description The node takes no work of the network; local chat goes on.
             * @example false
             */
            paused: boolean;
            /** @description One entry a profile, ordered by id. */
            prices: components["schemas"]["asking_price"][];
            /**
             * Format: int32
             * @description Slots of the runtime that work of the network may not take.
             * @example 1
             */
            slots_kept_for_owner: number;
        };
        /** @description The changes; a field that is absent stays as it is. */
        node_settings_update: {
            /**
             * @description Offer the models to the network.
             * @example true
             */
            network_eligible?: boolean;
            /**
             * @description Take no work of the network; local chat goes on.
             * @example true
             */
            paused?: boolean;
            /** @description Prices of these profiles; others stay as they are. */
            prices?: components["schemas"]["asking_price"][];
            /**
             * Format: int32
             * @description Slots of the runtime that work of the network may not take.
             * @example 1
             */
            slots_kept_for_owner?: number;
        };
        /**
         * @description The status of the node at the gateway. `pending`: enrolled, and waits for an admin's approval; `draining`: finishes its work and gets no more; `suspended`: refused, and its payouts are withheld; `retired`: its identity is not used again.
         * @example active
         * @enum {string}
         */
        node_status: "pending" | "active" | "draining" | "suspended" | "retired";
        /** @description The gateway's measurement through the node's tunnel. */
        observed_benchmark: {
            /**
             * @description Whether the measurement is recent enough for paid work.
             * @example true
             */
            fresh: boolean;
            observed_at: components["schemas"]["timestamp"];
            /**
             * @description Completion tokens a second after the first.
             * @example 42.5
             */
            tokens_per_second: number;
            /**
             * Format: int64
             * @description Time to the first token.
             * @example 180
             */
            ttft_ms: number;
        };
        /** @description A failure in the OpenAI envelope. The four keys of OpenAI are always there; `b3iq` repeats the code with its facts. */
        openai_error: {
            error: {
                b3iq: components["schemas"]["error_detail"];
                code: components["schemas"]["error_code"];
                /**
                 * @description A sentence that says what was wrong and what is allowed.
                 * @example Bearer key is missing.
                 */
                message: string;
                /**
                 * @description The request field at fault, or null.
                 * @example null
                 */
                param: string | null;
                type: components["schemas"]["error_type"];
            };
        };
        /** @description The owner of this agent. */
        owner_claim: {
            name: components["schemas"]["owner_name"];
            password: components["schemas"]["owner_password"];
            /**
             * @description Replace the owner and end every session.
             * @default false
             * @example false
             */
            recover: boolean;
        };
        /** @description The owner's name and password. */
        owner_login: {
            name: components["schemas"]["owner_name"];
            /**
             * Format: password
             * @description The owner's password.
             * @example correct horse battery staple
             */
            password: string;
        };
        /** @description The session is over. */
        owner_logout: {
            /**
             * @description Always `ok`.
             * @example ok
             * @constant
             */
            status: "ok";
        };
        /**
         * @description The owner's name on this machine.
         * @example ada
         */
        owner_name: string;
        /**
         * Format: password
         * @description At least twelve characters; kept as a salted hash.
         * @example correct horse battery staple
         */
        owner_password: string;
        /** @description The session that the cookie carries. */
        owner_session: {
            expires_at: components["schemas"]["timestamp"];
            name: components["schemas"]["owner_name"];
        };
        /**
         * @description The beginning of the next page; an opaque value from `next_cursor` of the page before.
         * @example eyJhZnRlciI6IjEwMjQifQ
         */
        page_cursor: string;
        /**
         * @description An account on the settlement chain; with a capital in it, it must be a correct EIP-55 checksum.
         * @example 0x52908400098527886E0F7030069857D2E4169EE7
         */
        payout_address: string;
        /** @description The address to which payouts go now and, after a change, the address that waits. */
        payout_address_state: {
            /** @description When the waiting address comes into force. */
            applies_at: components["schemas"]["timestamp"] | null;
            /** @description The address in force; null before the first one applies. */
            payout_address: components["schemas"]["payout_address"] | null;
            /** @description An address that waits for its 24 hours. */
            pending_payout_address: components["schemas"]["payout_address"] | null;
            server_time: components["schemas"]["timestamp"];
        };
        /**
         * @description Whether this machine can run the profile now, after an installation, or not at all.
         * @example installed
         * @enum {string}
         */
        profile_status: "installed" | "ready_to_install" | "runtime_missing" | "hardware_unsupported";
        /**
         * @description The state of the node's queue; `blocked` and `unhealthy` take the node out of routing.
         * @example ok
         * @enum {string}
         */
        queue_health: "ok" | "busy" | "blocked" | "unhealthy";
        /**
         * @description SHA-256 over the receipt's preimage, as 64 lower-case hexadecimal digits.
         * @example 5d41402abc4b2a76b9719d911017c592ae2c1a9f0d8e7b6a5c4d3e2f1a0b9c8d
         */
        receipt_hash: string;
        /**
         * @description Why a receipt was not paid: another attempt superseded it, the reservation was closed before, the job is unknown, the prices are not the
         *     quote's, or its number was signed twice.
         * @example hold_closed
         * @enum {string}
         */
        receipt_reason: "superseded" | "hold_closed" | "job_unknown" | "price_mismatch" | "sequence_reused";
        /** @description The gateway's verdict on a receipt. */
        receipt_verdict: {
            /**
             * @description Why the receipt was not paid, or has to be sent again.
             * @example hold_closed
             * @enum {string}
             */
            reason?: "superseded" | "hold_closed" | "job_unknown" | "price_mismatch" | "sequence_reused" | "answer_open";
            /**
             * @description `settled`: its hold is closed by it, or was before; `recorded`: kept as evidence and not paid, for `reason`; `retry`: the gateway cannot decide yet, as with `answer_open`, because the answer itself is still on its way: send the receipt again. The agent keeps a receipt until its verdict is one of the first two, and 30 days longer.
             * @example settled
             * @enum {string}
             */
            status: "settled" | "recorded" | "retry";
        };
        /**
         * @description The gateway's name for this request; quote it when asking for help.
         * @example req_2v4b6n8m1q3w5e7r9t0y2u4i6o
         */
        request_id: string;
        /**
         * @description The use for which the route is fit. `network_beta` and above take paid work; `portable_local` only where an admin enabled the node for it; `local_convenience` and `unknown` never.
         * @example network_beta
         * @enum {string}
         */
        route_tier: "local_convenience" | "portable_local" | "network_beta" | "datacenter_optimized" | "fleet_orchestrated" | "unknown";
        /** @description Counted by the runtime itself, since it was started. They do not change while the runtime is idle. */
        runtime_counters: {
            /**
             * Format: int64
             * @description Tokens of prompts that were read.
             * @example 4210
             */
            evaluated_tokens: number;
            /**
             * Format: int64
             * @description Tokens of answers that were written.
             * @example 1830
             */
            generated_tokens: number;
            /**
             * Format: int64
             * @description Requests that the runtime is working on.
             * @example 0
             */
            running: number;
        };
        /**
         * @description The kind of model runtime; `openai` is any OpenAI-compatible server.
         * @example llama_cpp
         * @enum {string}
         */
        runtime_kind: "openai" | "vllm" | "sglang" | "ollama" | "llama_cpp";
        /**
         * @description `created`: built and committed to; `submitted`: its root is on its way to the chain; `finalized`: final; `reset`: its payouts were returned before it was submitted.
         * @example finalized
         * @enum {string}
         */
        settlement_status: "created" | "submitted" | "finalized" | "reset";
        /** @description The state of the setup. */
        setup_status: {
            agent_version: components["schemas"]["agent_version"];
            /**
             * @description Whether this agent has an owner.
             * @example true
             */
            claimed: boolean;
            /** @description When the gateway last answered a heartbeat of this node; null before the first time. */
            gateway_answered_at?: components["schemas"]["timestamp"] | null;
            /**
             * @description The gateway that it is enrolled with, or null.
             * @example null
             */
            gateway_url: string | null;
            /** @description The newest version that the gateway knows of; null before the gateway has answered. */
            latest_agent_version?: components["schemas"]["agent_version"] | null;
            /**
             * Format: int64
             * @description Local keys that are accepted.
             * @example 1
             */
            local_keys: number;
            mode: components["schemas"]["node_mode"];
            node_id: components["schemas"]["node_id"];
            /** @description The node's status by the gateway's last answer; `pending`: an operator has to approve the node. Null before the first answer. */
            node_status?: components["schemas"]["node_status"] | null;
            /** @description The owner's name. */
            owner_name: components["schemas"]["owner_name"] | null;
            /** @description The kind of runtime that is configured. */
            runtime_kind: components["schemas"]["runtime_kind"] | null;
            runtime_next_check_at: components["schemas"]["timestamp"];
            /**
             * @description Whether the runtime answered the latest probe.
             * @example true
             */
            runtime_ready: boolean;
            /**
             * @description Why the runtime cannot be used, without its URL; null where it can.
             * @example null
             */
            runtime_reason: string | null;
            /**
             * @description The URL of the runtime; null for a runtime that the agent runs itself.
             * @example null
             */
            runtime_url: string | null;
        };
        /**
         * @description An Ed25519 signature, base64url without padding.
         * @example 5Lw1n0vGg1uV3m2c8b7a6Z5y4X3w2V1u0T9s8R7q6P5o4N3m2L1k0J9i8H7g6F5e4D3c2B1a0Z9y8X7w6V5u4Q
         */
        signature_ed25519: string;
        /**
         * @description Request parameters, beyond the common ones, that this profile honours. A request that uses another one is not routed here.
         * @example [
         *       "tools",
         *       "tool_choice",
         *       "response_format"
         *     ]
         */
        supported_parameters: string[];
        /**
         * Format: date-time
         * @description A point in time, RFC 3339 in UTC.
         * @example 2026-11-21T10:15:30.123Z
         */
        timestamp: string;
        /**
         * @description The transaction that carries the batch's root; null before there is one.
         * @example 0x3f1c2b4a5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708
         */
        transaction_hash: string | null;
        /**
         * @description A whole number of wei as a decimal string, without sign, leading zeros or exponent.
         * @example 1500000000000
         */
        wei: string;
        /**
         * @description A whole number of wei above zero as a decimal string, without sign, leading zeros or exponent.
         * @example 1500000000000
         */
        wei_positive: string;
    };
    responses: {
        /** @description The request cannot be served as it is. */
        native_400: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["native_error"];
            };
        };
        /** @description The credential is missing or not accepted. */
        native_401: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["native_error"];
            };
        };
        /** @description The credential is valid and does not allow this. */
        native_403: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["native_error"];
            };
        };
        /** @description There is nothing under this id for the caller. */
        native_404: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["native_error"];
            };
        };
        /** @description The request did not arrive completely in time. */
        native_408: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["native_error"];
            };
        };
        /** @description The request contradicts the present state. */
        native_409: {
            headers: {
                "retry-after": components["headers"]["retry_after"];
                "retry-after-ms": components["headers"]["retry_after_ms"];
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["native_error"];
            };
        };
        /** @description The body is larger than allowed. */
        native_413: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["native_error"];
            };
        };
        /** @description The body's media type is not supported. */
        native_415: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["native_error"];
            };
        };
        /** @description A limit is reached. */
        native_429: {
            headers: {
                "retry-after": components["headers"]["retry_after"];
                "retry-after-ms": components["headers"]["retry_after_ms"];
                "x-ratelimit-limit-requests": components["headers"]["x_ratelimit_limit_requests"];
                "x-ratelimit-limit-tokens": components["headers"]["x_ratelimit_limit_tokens"];
                "x-ratelimit-remaining-requests": components["headers"]["x_ratelimit_remaining_requests"];
                "x-ratelimit-remaining-tokens": components["headers"]["x_ratelimit_remaining_tokens"];
                "x-ratelimit-reset-requests": components["headers"]["x_ratelimit_reset_requests"];
                "x-ratelimit-reset-tokens": components["headers"]["x_ratelimit_reset_tokens"];
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["native_error"];
            };
        };
        /** @description The program failed. */
        native_500: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["native_error"];
            };
        };
        /** @description The program that had to give the answer did not. */
        native_502: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["native_error"];
            };
        };
        /** @description The request cannot be served as it is. */
        openai_400: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_error"];
            };
        };
        /** @description The credential is missing or not accepted. */
        openai_401: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_error"];
            };
        };
        /** @description The credential is valid and does not allow this. */
        openai_403: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_error"];
            };
        };
        /** @description There is nothing under this id for the caller. */
        openai_404: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_error"];
            };
        };
        /** @description The request did not arrive completely in time. */
        openai_408: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_error"];
            };
        };
        /** @description The body is larger than allowed. */
        openai_413: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_error"];
            };
        };
        /** @description The body's media type is not supported. */
        openai_415: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_error"];
            };
        };
        /** @description A limit is reached. */
        openai_429: {
            headers: {
                "retry-after": components["headers"]["retry_after"];
                "retry-after-ms": components["headers"]["retry_after_ms"];
                "x-ratelimit-limit-requests": components["headers"]["x_ratelimit_limit_requests"];
                "x-ratelimit-limit-tokens": components["headers"]["x_ratelimit_limit_tokens"];
                "x-ratelimit-remaining-requests": components["headers"]["x_ratelimit_remaining_requests"];
                "x-ratelimit-remaining-tokens": components["headers"]["x_ratelimit_remaining_tokens"];
                "x-ratelimit-reset-requests": components["headers"]["x_ratelimit_reset_requests"];
                "x-ratelimit-reset-tokens": components["headers"]["x_ratelimit_reset_tokens"];
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_error"];
            };
        };
        /** @description The program failed. */
        openai_500: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_error"];
            };
        };
        /** @description The program that had to give the answer did not. */
        openai_502: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_error"];
            };
        };
        /** @description The service is not able to answer now. */
        openai_503: {
            headers: {
                "retry-after": components["headers"]["retry_after"];
                "retry-after-ms": components["headers"]["retry_after_ms"];
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_error"];
            };
        };
    };
    parameters: {
        /**
         * @description The `next_cursor` of the page before; absent for the first page.
         * @example eyJhZnRlciI6IjEwMjQifQ
         */
        cursor: components["schemas"]["page_cursor"];
        /**
         * @description The most entries of a page.
         * @example 100
         */
        limit: number;
    };
    requestBodies: never;
    headers: {
        /**
         * @description How long the answer may be kept.
         * @example no-store
         */
        cache_control: string;
        /**
         * @description Whole seconds to wait before the next attempt. Absent where waiting does not help.
         * @example 2
         */
        retry_after: number;
        /**
         * @description The exact form of `retry-after` in milliseconds.
         * @example 1200
         */
        retry_after_ms: number;
        /**
         * @description The session cookie `b3iq_owner`: HttpOnly, SameSite=Strict, Path=/.
         * @example b3iq_owner=...; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200
         */
        set_cookie: string;
        /** @description The receipt of this answer. Absent in a stream, where the frame with the finish reason carries it, and where nothing was charged. */
        x_b3iq_receipt_hash: components["schemas"]["receipt_hash"];
        /**
         * @description Requests that the window allows.
         * @example 600
         */
        x_ratelimit_limit_requests: number;
        /**
         * @description Tokens that the window allows.
         * @example 1000000
         */
        x_ratelimit_limit_tokens: number;
        /**
         * @description Requests that are left in the window.
         * @example 599
         */
        x_ratelimit_remaining_requests: number;
        /**
         * @description Tokens that are left in the window.
         * @example 998720
         */
        x_ratelimit_remaining_tokens: number;
        /**
         * @description Time until the window is whole again, such as `12ms` or `6m0s`.
         * @example 100ms
         */
        x_ratelimit_reset_requests: string;
        /**
         * @description Time until the window is whole again, such as `12ms` or `6m0s`.
         * @example 6m0s
         */
        x_ratelimit_reset_tokens: string;
        /** @description The gateway's name for this request; quote it when asking for help. */
        x_request_id: components["schemas"]["request_id"];
        /**
         * @description `false` where sending the request again cannot help, `true` where it can.
         * @example false
         */
        x_should_retry: "true" | "false";
    };
    pathItems: never;
}
export type AgentVersion = components['schemas']['agent_version'];
export type AskingPrice = components['schemas']['asking_price'];
export type BatchId = components['schemas']['batch_id'];
export type Blocker = components['schemas']['blocker'];
export type BlockerCode = components['schemas']['blocker_code'];
export type ChatAnswerMessage = components['schemas']['chat_answer_message'];
export type ChatB3iq = components['schemas']['chat_b3iq'];
export type ChatCacheControl = components['schemas']['chat_cache_control'];
export type ChatChoice = components['schemas']['chat_choice'];
export type ChatChunkChoice = components['schemas']['chat_chunk_choice'];
export type ChatCompletion = components['schemas']['chat_completion'];
export type ChatCompletionChunk = components['schemas']['chat_completion_chunk'];
export type ChatCompletionEvent = components['schemas']['chat_completion_event'];
export type ChatContent = components['schemas']['chat_content'];
export type ChatContentPart = components['schemas']['chat_content_part'];
export type ChatContentParts = components['schemas']['chat_content_parts'];
export type ChatDelta = components['schemas']['chat_delta'];
export type ChatDeltaToolCall = components['schemas']['chat_delta_tool_call'];
export type ChatFinishReason = components['schemas']['chat_finish_reason'];
export type ChatImageUrl = components['schemas']['chat_image_url'];
export type ChatJsonSchema = components['schemas']['chat_json_schema'];
export type ChatLogprobs = components['schemas']['chat_logprobs'];
export type ChatMessage = components['schemas']['chat_message'];
export type ChatReasoningEffort = components['schemas']['chat_reasoning_effort'];
export type ChatResponseFormat = components['schemas']['chat_response_format'];
export type ChatResponseFormatJsonSchema = components['schemas']['chat_response_format_json_schema'];
export type ChatResponseFormatPlain = components['schemas']['chat_response_format_plain'];
export type ChatStop = components['schemas']['chat_stop'];
export type ChatStreamOptions = components['schemas']['chat_stream_options'];
export type ChatTokenLogprob = components['schemas']['chat_token_logprob'];
export type ChatTool = components['schemas']['chat_tool'];
export type ChatToolCall = components['schemas']['chat_tool_call'];
export type ChatToolChoice = components['schemas']['chat_tool_choice'];
export type ChatToolChoiceFunction = components['schemas']['chat_tool_choice_function'];
export type ChatToolChoiceNamed = components['schemas']['chat_tool_choice_named'];
export type ChatUsage = components['schemas']['chat_usage'];
export type ErrorCode = components['schemas']['error_code'];
export type ErrorDetail = components['schemas']['error_detail'];
export type ErrorType = components['schemas']['error_type'];
export type Hash = components['schemas']['hash'];
export type JobId = components['schemas']['job_id'];
export type KeyId = components['schemas']['key_id'];
export type Label = components['schemas']['label'];
export type LocalChatCompletionRequest = components['schemas']['local_chat_completion_request'];
export type LocalDiagnostics = components['schemas']['local_diagnostics'];
export type LocalHealth = components['schemas']['local_health'];
export type LocalKey = components['schemas']['local_key'];
export type LocalKeyCreate = components['schemas']['local_key_create'];
export type LocalKeyCreated = components['schemas']['local_key_created'];
export type LocalKeyList = components['schemas']['local_key_list'];
export type LocalKeyScope = components['schemas']['local_key_scope'];
export type LocalModel = components['schemas']['local_model'];
export type LocalModelB3iq = components['schemas']['local_model_b3iq'];
export type LocalModelList = components['schemas']['local_model_list'];
export type LocalModelProfile = components['schemas']['local_model_profile'];
export type LocalModelProfileList = components['schemas']['local_model_profile_list'];
export type LocalPayoutAddressRequest = components['schemas']['local_payout_address_request'];
export type LocalReceipt = components['schemas']['local_receipt'];
export type LocalReceiptList = components['schemas']['local_receipt_list'];
export type LocalReceiptSubmit = components['schemas']['local_receipt_submit'];
export type ModelId = components['schemas']['model_id'];
export type ModelProfileId = components['schemas']['model_profile_id'];
export type NativeError = components['schemas']['native_error'];
export type NextCursor = components['schemas']['next_cursor'];
export type NodeCounters = components['schemas']['node_counters'];
export type NodeId = components['schemas']['node_id'];
export type NodeMode = components['schemas']['node_mode'];
export type NodePayout = components['schemas']['node_payout'];
export type NodePayoutList = components['schemas']['node_payout_list'];
export type NodeQueue = components['schemas']['node_queue'];
export type NodeSettings = components['schemas']['node_settings'];
export type NodeSettingsUpdate = components['schemas']['node_settings_update'];
export type NodeStatus = components['schemas']['node_status'];
export type ObservedBenchmark = components['schemas']['observed_benchmark'];
export type OpenaiError = components['schemas']['openai_error'];
export type OwnerClaim = components['schemas']['owner_claim'];
export type OwnerLogin = components['schemas']['owner_login'];
export type OwnerLogout = components['schemas']['owner_logout'];
export type OwnerName = components['schemas']['owner_name'];
export type OwnerPassword = components['schemas']['owner_password'];
export type OwnerSession = components['schemas']['owner_session'];
export type PageCursor = components['schemas']['page_cursor'];
export type PayoutAddress = components['schemas']['payout_address'];
export type PayoutAddressState = components['schemas']['payout_address_state'];
export type ProfileStatus = components['schemas']['profile_status'];
export type QueueHealth = components['schemas']['queue_health'];
export type ReceiptHash = components['schemas']['receipt_hash'];
export type ReceiptReason = components['schemas']['receipt_reason'];
export type ReceiptVerdict = components['schemas']['receipt_verdict'];
export type RequestId = components['schemas']['request_id'];
export type RouteTier = components['schemas']['route_tier'];
export type RuntimeCounters = components['schemas']['runtime_counters'];
export type RuntimeKind = components['schemas']['runtime_kind'];
export type SettlementStatus = components['schemas']['settlement_status'];
export type SetupStatus = components['schemas']['setup_status'];
export type SignatureEd25519 = components['schemas']['signature_ed25519'];
export type SupportedParameters = components['schemas']['supported_parameters'];
export type Timestamp = components['schemas']['timestamp'];
export type TransactionHash = components['schemas']['transaction_hash'];
export type Wei = components['schemas']['wei'];
export type WeiPositive = components['schemas']['wei_positive'];
export type ResponseNative_400 = components['responses']['native_400'];
export type ResponseNative_401 = components['responses']['native_401'];
export type ResponseNative_403 = components['responses']['native_403'];
export type ResponseNative_404 = components['responses']['native_404'];
export type ResponseNative_408 = components['responses']['native_408'];
export type ResponseNative_409 = components['responses']['native_409'];
export type ResponseNative_413 = components['responses']['native_413'];
export type ResponseNative_415 = components['responses']['native_415'];
export type ResponseNative_429 = components['responses']['native_429'];
export type ResponseNative_500 = components['responses']['native_500'];
export type ResponseNative_502 = components['responses']['native_502'];
export type ResponseOpenai_400 = components['responses']['openai_400'];
export type ResponseOpenai_401 = components['responses']['openai_401'];
export type ResponseOpenai_403 = components['responses']['openai_403'];
export type ResponseOpenai_404 = components['responses']['openai_404'];
export type ResponseOpenai_408 = components['responses']['openai_408'];
export type ResponseOpenai_413 = components['responses']['openai_413'];
export type ResponseOpenai_415 = components['responses']['openai_415'];
export type ResponseOpenai_429 = components['responses']['openai_429'];
export type ResponseOpenai_500 = components['responses']['openai_500'];
export type ResponseOpenai_502 = components['responses']['openai_502'];
export type ResponseOpenai_503 = components['responses']['openai_503'];
export type ParameterCursor = components['parameters']['cursor'];
export type ParameterLimit = components['parameters']['limit'];
export type HeaderCacheControl = components['headers']['cache_control'];
export type HeaderRetryAfter = components['headers']['retry_after'];
export type HeaderRetryAfterMs = components['headers']['retry_after_ms'];
export type HeaderSetCookie = components['headers']['set_cookie'];
export type HeaderXB3iqReceiptHash = components['headers']['x_b3iq_receipt_hash'];
export type HeaderXRatelimitLimitRequests = components['headers']['x_ratelimit_limit_requests'];
export type HeaderXRatelimitLimitTokens = components['headers']['x_ratelimit_limit_tokens'];
export type HeaderXRatelimitRemainingRequests = components['headers']['x_ratelimit_remaining_requests'];
export type HeaderXRatelimitRemainingTokens = components['headers']['x_ratelimit_remaining_tokens'];
export type HeaderXRatelimitResetRequests = components['headers']['x_ratelimit_reset_requests'];
export type HeaderXRatelimitResetTokens = components['headers']['x_ratelimit_reset_tokens'];
export type HeaderXRequestId = components['headers']['x_request_id'];
export type HeaderXShouldRetry = components['headers']['x_should_retry'];
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agent can work. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["local_health"];
                };
            };
            400: components["responses"]["native_400"];
        };
    };
    createLocalChatCompletion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The chat. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["local_chat_completion_request"];
            };
        };
        responses: {
            /** @description The answer, whole or as events. */
            200: {
                headers: {
                    "x-b3iq-receipt-hash": components["headers"]["x_b3iq_receipt_hash"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["chat_completion"];
                    "text/event-stream": components["schemas"]["chat_completion_event"];
                };
            };
            400: components["responses"]["openai_400"];
            401: components["responses"]["openai_401"];
            403: components["responses"]["openai_403"];
            404: components["responses"]["openai_404"];
            408: components["responses"]["openai_408"];
            413: components["responses"]["openai_413"];
            415: components["responses"]["openai_415"];
            429: components["responses"]["openai_429"];
            500: components["responses"]["openai_500"];
            502: components["responses"]["openai_502"];
            503: components["responses"]["openai_503"];
        };
    };
    listModelProfiles: {
        parameters: {
            query?: {
                /**
                 * @description Ask the gateway first, for up to five seconds. Otherwise the answer shows what the gateway answered to the last heartbeat.
                 * @example true
                 */
                fresh?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The profiles. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["local_model_profile_list"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
        };
    };
    listLocalModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list of models. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["local_model_list"];
                };
            };
            400: components["responses"]["openai_400"];
            401: components["responses"]["openai_401"];
            403: components["responses"]["openai_403"];
            429: components["responses"]["openai_429"];
            500: components["responses"]["openai_500"];
        };
    };
    listLocalReceipts: {
        parameters: {
            query?: {
                /**
                 * @description The `next_cursor` of the page before; absent for the first page.
                 * @example eyJhZnRlciI6IjEwMjQifQ
                 */
                cursor?: components["schemas"]["page_cursor"];
                /**
                 * @description The number of entries on a page.
                 * @example 100
                 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of receipts. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["local_receipt_list"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
        };
    };
    submitLocalReceipt: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The receipt. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["local_receipt_submit"];
            };
        };
        responses: {
            /** @description The gateway's verdict. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["receipt_verdict"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            404: components["responses"]["native_404"];
            408: components["responses"]["native_408"];
            409: components["responses"]["native_409"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            502: components["responses"]["native_502"];
        };
    };
    claimOwner: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The owner. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["owner_claim"];
            };
        };
        responses: {
            /** @description The owner is logged in. */
            201: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "set-cookie": components["headers"]["set_cookie"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["owner_session"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            408: components["responses"]["native_408"];
            409: components["responses"]["native_409"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
        };
    };
    getDiagnostics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counters. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["local_diagnostics"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
        };
    };
    listEarnings: {
        parameters: {
            query?: {
                /**
                 * @description The `next_cursor` of the page before; absent for the first page.
                 * @example eyJhZnRlciI6IjEwMjQifQ
                 */
                cursor?: components["parameters"]["cursor"];
                /**
                 * @description The most entries of a page.
                 * @example 100
                 */
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of payouts. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["node_payout_list"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            409: components["responses"]["native_409"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            502: components["responses"]["native_502"];
        };
    };
    listLocalKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["local_key_list"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
        };
    };
    createLocalKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The key. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["local_key_create"];
            };
        };
        responses: {
            /** @description The key with its secret. */
            201: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["local_key_created"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            408: components["responses"]["native_408"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
        };
    };
    revokeLocalKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The key's id.
                 * @example key_7w3e5r9t1y2u8i4o6p0a5s3d7f
                 */
                key_id: components["schemas"]["key_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The revoked key. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["local_key"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
        };
    };
    createOwnerSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The owner's name and password. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["owner_login"];
            };
        };
        responses: {
            /** @description The session. */
            201: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "set-cookie": components["headers"]["set_cookie"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["owner_session"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            408: components["responses"]["native_408"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
        };
    };
    deleteOwnerSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Logged out. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "set-cookie": components["headers"]["set_cookie"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["owner_logout"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
        };
    };
    getNodeSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["node_settings"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
        };
    };
    updateNodeSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The changes. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["node_settings_update"];
            };
        };
        responses: {
            /** @description The settings as they are now. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["node_settings"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            404: components["responses"]["native_404"];
            408: components["responses"]["native_408"];
            409: components["responses"]["native_409"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
        };
    };
    getPayoutAddress: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The address in force, and the address that waits. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["payout_address_state"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            409: components["responses"]["native_409"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            502: components["responses"]["native_502"];
        };
    };
    updatePayoutAddress: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The address. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["local_payout_address_request"];
            };
        };
        responses: {
            /** @description The address in force, and the address that waits. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["payout_address_state"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            408: components["responses"]["native_408"];
            409: components["responses"]["native_409"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            502: components["responses"]["native_502"];
        };
    };
    getSetupStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The status. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["setup_status"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
        };
    };
}
