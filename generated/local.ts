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
         * Is the agent able to work
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
         * @description With a local key: a chat on this machine, which stays on it. It makes a receipt of the local kind and costs nothing.
         *
         *     With the router's signature, inside the tunnel only: a dispatch of the gateway. Model profile, prices, bounds and
         *     deadline are in the signed headers. The answer always has usage, a stream always has the usage frame and `[DONE]`,
         *     and receipt, signature and salt follow as HTTP/2 trailers `x-b3iq-receipt`, `x-b3iq-receipt-signature` and
         *     `x-b3iq-commitment-salt`. An answer without trailers is not complete.
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
         * @description How each model is run here, what it is priced at, and what still keeps it from paid work, with the next action.
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
         * @description Receipts that this node signed, newest first: local ones and those of the network with what the gateway said. They
         *     hold no prompt and no output.
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
         * @description Sends a receipt of the network to the gateway now, rather than when the agent would by itself. Submitting again is
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
         * @description Makes the owner's account with the setup token and logs in. Once claimed it is refused, unless `recover` replaces
         *     the owner.
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
         * Read what the agent counts
         * @description The runtime's own token counters, the queue, and what was done since the start.
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
         * @description Asks the gateway, by a call that this node's identity signs, what this node earned, by where it stands, and its line
         *     in each payout batch, newest first.
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
         * @description All local keys, revoked ones too. Secrets are never shown again.
         */
        get: operations["listLocalKeys"];
        put?: never;
        /**
         * Create a local key
         * @description A new key for applications on this machine. Its secret is in this answer and nowhere else.
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
         * @description Starts a session of the owner. Wrong names and wrong passwords cannot be told apart, and attempts are limited.
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
         * @description Pause, slots kept for local use, and what each profile asks for a token.
         */
        get: operations["getNodeSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the owner's settings
         * @description Pauses or resumes the node, keeps slots for local use, sets what a profile asks. What runs for the network ends in order.
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
         * @description Signs the address with this node's identity and sends it to the gateway. It applies after 24 hours; until then the
         *     one before stays in force. A later one replaces one that waits. An address that is not EIP-55 is refused before
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
         * Read how far the setup is
         * @description What is set and what is missing, for the owner and for who holds the setup token.
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
         * @description Version of the host agent.
         * @example 0.1.0
         */
        agent_version: string;
        /** @description What the owner asks for a profile, in wei a token; null leaves it to the gateway's default. */
        asking_price: {
            /** @description For a completion token. */
            completion_price_wei_per_token: components["schemas"]["wei_positive"] | null;
            model_profile_id: components["schemas"]["model_profile_id"];
            /** @description For a prompt token. */
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
        /** @description What the gateway adds. On a stream it rides on the frame with the finish reason. */
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
             * @description Which of the node's runtimes answered, by its public name: the model profile. Like `X-B3IQ-Router-Node-ID` only where the
             *     customer's policy exposes the node (`expose_node`).
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
             * @description Its place.
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
            /** @description Null until the answer ends, then why. */
            finish_reason?: components["schemas"]["chat_finish_reason"] | null;
            /**
             * Format: int64
             * @description Its place.
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
             * @description The model as it was asked.
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
             * @description Passed through.
             * @example null
             */
            service_tier?: string | null;
            /**
             * @description The runtime's configuration, where it tells.
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
             * @description The model as it was asked.
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
             * @description The runtime's configuration, where it tells.
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
         * @description A text or parts of one.
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
             * @description Which of the other members the part has.
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
            /** @description More of the calls; `index` says of which. */
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
             * @description Which call.
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
             * @description How closely to look.
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
             * @description What it is for.
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
             * @description Must the answer match.
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
         * @description One message. The node gets what is listed here. `cache_control`, `annotations`, `parsed`, `parsed_arguments`, `thinking_blocks`,
         *     `reasoning_details`, `provider_specific_fields` and `extra_content` are taken, in calls and tools too, and not passed on; every other
         *     member that is not null, false or empty is refused by name, since a model server might fetch what it says.
         */
        chat_message: {
            /** @description A text, parts of one, or null. */
            content?: components["schemas"]["chat_content"] | null;
            /**
             * @description The legacy form of a tool call, in history.
             * @example null
             */
            function_call?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description Name of the speaker, or of the function.
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
             * @description Who speaks.
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
         * @description Up to 16 texts that end the answer.
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
         * @description The log probability of one token, as the runtime tells it.
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
                 * @description What it does.
                 * @example Weather at a place
                 */
                description?: string;
                /**
                 * @description Its name.
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
                 * @description Must the arguments match the schema.
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
                 * @description Its arguments as JSON text.
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
         * @description Whether and which tool is called.
         * @example auto
         */
        chat_tool_choice: ("none" | "auto" | "required") | components["schemas"]["chat_tool_choice_named"];
        /** @description The function that must be called. */
        chat_tool_choice_function: {
            /**
             * @description The function's name.
             * @example get_weather
             */
            name: string;
        } & {
            [key: string]: unknown;
        };
        /** @description The tool that must be called. */
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
             * @description Passed through.
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
             * @description Passed through.
             * @example {
             *       "cached_tokens": 0
             *     }
             */
            prompt_tokens_details?: {
                [key: string]: unknown;
            } | null;
            /**
             * Format: int64
             * @description Their sum.
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
        /** @description The code with what belongs to it; some codes carry facts of their own, such as `required_wei`. */
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
             * @description Server time less the caller's time, with `clock_skew`.
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
             * @description What was wrong and what is allowed, for a reader.
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
             * @description When to come back.
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
         * @description The family of the failure, in OpenAI's words.
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
         * @description A name for people, one line.
         * @example ci
         */
        label: string;
        /**
         * @description A chat in OpenAI's words. On this surface a name that the runtime does not have is refused with 400 `unsupported_parameter` and `param`, and so is
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
             * @description The output bound, reasoning included. With `max_tokens` as well, the smaller counts.
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
             * @description Least probability relative to the likeliest token.
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
             * @description May the model call several tools at once.
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
            /** @description Up to 16 texts that end the answer. */
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
             * @description Randomness of the choice, 0 for the least.
             * @example 0.7
             */
            temperature?: number | null;
            /** @description Whether and which tool is called. */
            tool_choice?: components["schemas"]["chat_tool_choice"] | null;
            /** @description Functions that the model may call. */
            tools?: components["schemas"]["chat_tool"][] | null;
            /**
             * Format: int32
             * @description Number of tokens that are considered.
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
             * @description Share of probability that is considered.
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
        /** @description What the agent counts, without prompts, outputs, paths or addresses. */
        local_diagnostics: {
            counters: components["schemas"]["node_counters"];
            queue: components["schemas"]["node_queue"];
            /** @description The runtime's own counters; null where it has none to read. */
            runtime: components["schemas"]["runtime_counters"] | null;
            runtime_kind: components["schemas"]["runtime_kind"];
        };
        /** @description Whether the agent works, with nothing private. */
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
             * @description Its last four characters.
             * @example x9Qa
             */
            display_tail: string;
            /** @description When it stops being accepted. */
            expires_at: components["schemas"]["timestamp"] | null;
            key_id: components["schemas"]["key_id"];
            /** @description A name for people. */
            label: components["schemas"]["label"] | null;
            /** @description When it was revoked. */
            revoked_at: components["schemas"]["timestamp"] | null;
            /**
             * @description What it may do.
             * @example [
             *       "models:read",
             *       "chat:create"
             *     ]
             */
            scopes: components["schemas"]["local_key_scope"][];
            /**
             * @description Is it accepted.
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
             * @description What it may do; both unless given.
             * @example [
             *       "chat:create"
             *     ]
             */
            scopes?: components["schemas"]["local_key_scope"][];
        };
        /** @description The new key, with its secret for this one time. */
        local_key_created: {
            created_at: components["schemas"]["timestamp"];
            /**
             * @description Its last four characters.
             * @example x9Qa
             */
            display_tail: string;
            /** @description When it stops being accepted. */
            expires_at: components["schemas"]["timestamp"] | null;
            /**
             * @description The secret. It is shown once and cannot be read again.
             * @example b3iq_local_0Zk3vX5m0y8Zb1c2d3e4f5g6h7i8j9k0l1m2n3o4p5qx9Qa
             */
            key: string;
            key_id: components["schemas"]["key_id"];
            /** @description A name for people. */
            label: components["schemas"]["label"] | null;
            /** @description When it was revoked. */
            revoked_at: components["schemas"]["timestamp"] | null;
            /**
             * @description What it may do.
             * @example [
             *       "models:read",
             *       "chat:create"
             *     ]
             */
            scopes: components["schemas"]["local_key_scope"][];
            /**
             * @description Is it accepted.
             * @example active
             * @enum {string}
             */
            status: "active" | "expired" | "revoked";
        };
        /** @description The local keys, newest first, revoked ones too. */
        local_key_list: {
            /** @description The keys. */
            data: components["schemas"]["local_key"][];
        };
        /**
         * @description What a local key may do.
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
        /** @description What the runtime can do. */
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
        /** @description How a model is run here, and what still keeps it from paid work. */
        local_model_profile: {
            /**
             * @description The agent's own benchmark passed.
             * @example true
             */
            benchmark_verified: boolean;
            /** @description What keeps it from paid work, first thing first. */
            blockers: components["schemas"]["blocker"][];
            /** @description What the owner asks; null for the gateway's default. */
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
             * @description The owner offers it to the network.
             * @example true
             */
            network_eligible: boolean;
            /** @description The gateway's measurement, as far as this agent was told. */
            observed_benchmark: components["schemas"]["observed_benchmark"] | null;
            /**
             * @description Every gate that this agent can see lets it through.
             * @example false
             */
            paid_route_eligible: boolean;
            /** @description What the owner asks; null for the gateway's default. */
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
        /** @description Where payouts of this node shall go. */
        local_payout_address_request: {
            payout_address: components["schemas"]["payout_address"];
        };
        /** @description A receipt that this node signed. Receipts of local chats are of another type and go nowhere. */
        local_receipt: {
            created_at: components["schemas"]["timestamp"];
            /**
             * @description Whose work it was.
             * @example network
             * @enum {string}
             */
            kind: "network" | "local";
            /** @description Why it was not paid. */
            reason: components["schemas"]["receipt_reason"] | null;
            /** @description What was signed: a receipt of the network, or of type `b3iq.local-receipt.v1`. */
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
             * @description `pending`: the gateway has not answered for it yet; `local`: never submitted.
             * @example settled
             * @enum {string}
             */
            status: "local" | "pending" | "settled" | "recorded";
            /** @description When the gateway answered for it. */
            submitted_at: components["schemas"]["timestamp"] | null;
        };
        /** @description A page of receipts, newest first. */
        local_receipt_list: {
            /** @description The receipts. */
            data: components["schemas"]["local_receipt"][];
            next_cursor: components["schemas"]["next_cursor"];
        };
        /** @description Which receipt to submit. */
        local_receipt_submit: {
            receipt_hash: components["schemas"]["receipt_hash"];
        };
        /**
         * @description A model's id as `/v1/models` lists it; it may hold slashes and colons.
         * @example b3iq-tiny.gguf
         */
        model_id: string;
        /**
         * @description How a model is run: model, runtime and settings that change its answers or its limits. Nodes that run the same have the same profile, so that it never names a node.
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
        /** @description What the agent counted since it started. Counters say nothing about customers or content. */
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
             * @description Receipts that no gateway has answered for yet.
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
                /** @description Settled less than the maturing time ago, 24 hours unless set otherwise. */
                maturing_wei: components["schemas"]["wei"];
                /** @description Final. */
                paid_wei: components["schemas"]["wei"];
                /** @description Taken for refunds of what had been paid already. */
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
        /** @description What the owner chose for this node. Changes act at once and reach the gateway with the next heartbeat. */
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
        /** @description What to change; a field that is absent stays as it is. */
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
         * @description Where the node stands with the gateway. `pending`: enrolled, and waits for an admin's approval; `draining`: finishes its work and gets no more; `suspended`: refused, payouts withheld; `retired`: its identity will not come back.
         * @example active
         * @enum {string}
         */
        node_status: "pending" | "active" | "draining" | "suspended" | "retired";
        /** @description What the gateway measured through the node's tunnel. */
        observed_benchmark: {
            /**
             * @description Young enough for paid work.
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
                 * @description What was wrong and what is allowed, for a reader.
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
        /** @description Who logs in. */
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
         * @description Where the next page begins; opaque, taken from `next_cursor` of the page before.
         * @example eyJhZnRlciI6IjEwMjQifQ
         */
        page_cursor: string;
        /**
         * @description An account on the settlement chain; with a capital in it, it must be a correct EIP-55 checksum.
         * @example 0x52908400098527886E0F7030069857D2E4169EE7
         */
        payout_address: string;
        /** @description Where payouts go now and, after a change, where they will go. */
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
         * @description State of the node's queue; `blocked` and `unhealthy` take it out of routing.
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
        /** @description What became of a receipt. */
        receipt_verdict: {
            /**
             * @description Why it was not paid, or has to be sent again.
             * @example hold_closed
             * @enum {string}
             */
            reason?: "superseded" | "hold_closed" | "job_unknown" | "price_mismatch" | "sequence_reused" | "answer_open";
            /**
             * @description `settled`: its hold is closed by it, or was before; `recorded`: kept as evidence and not paid, for `reason`; `retry`: the gateway does not decide yet, as with `answer_open`, because the answer itself is still on its way: send it again. The agent keeps a receipt until it hears one of the first two, and 30 days longer.
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
         * @description What the route is fit for. `network_beta` and above take paid work; `portable_local` only where an admin enabled the node for it; `local_convenience` and `unknown` never.
         * @example network_beta
         * @enum {string}
         */
        route_tier: "local_convenience" | "portable_local" | "network_beta" | "datacenter_optimized" | "fleet_orchestrated" | "unknown";
        /** @description Counted by the runtime itself, since it was started. They stand still when it does nothing. */
        runtime_counters: {
            /**
             * Format: int64
             * @description Tokens of prompts that were read.
             * @example 4210
             */
            evaluated_tokens: number;
            /**
             * Format: int64
             * @description Tokens that were written.
             * @example 1830
             */
            generated_tokens: number;
            /**
             * Format: int64
             * @description Requests that it works on.
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
         * @description `created`: built and committed to; `submitted`: its root is on its way to the chain; `finalized`: final; `reset`: taken back before it was submitted.
         * @example finalized
         * @enum {string}
         */
        settlement_status: "created" | "submitted" | "finalized" | "reset";
        /** @description How far the setup is. */
        setup_status: {
            agent_version: components["schemas"]["agent_version"];
            /**
             * @description Has this agent an owner.
             * @example true
             */
            claimed: boolean;
            /** @description When the gateway last answered what it thinks of this node; null before the first time. */
            gateway_answered_at?: components["schemas"]["timestamp"] | null;
            /**
             * @description The gateway that it is enrolled with, or null.
             * @example null
             */
            gateway_url: string | null;
            /** @description The newest version that the gateway knows of; null before it has answered. */
            latest_agent_version?: components["schemas"]["agent_version"] | null;
            /**
             * Format: int64
             * @description Local keys that are accepted.
             * @example 1
             */
            local_keys: number;
            mode: components["schemas"]["node_mode"];
            node_id: components["schemas"]["node_id"];
            /** @description Where the node stands with the gateway, as it said last; `pending`: an operator has to approve it. Null before it has answered. */
            node_status?: components["schemas"]["node_status"] | null;
            /** @description The owner's name. */
            owner_name: components["schemas"]["owner_name"] | null;
            /** @description The runtime that is set. */
            runtime_kind: components["schemas"]["runtime_kind"] | null;
            runtime_next_check_at: components["schemas"]["timestamp"];
            /**
             * @description Whether the runtime answered when it was last asked.
             * @example true
             */
            runtime_ready: boolean;
            /**
             * @description Why the runtime cannot be used, without its URL; null when it can.
             * @example null
             */
            runtime_reason: string | null;
            /**
             * @description Where the runtime is asked; null for one that the agent runs itself.
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
         * @description Request parameters beyond the common ones that this profile obeys. A request that uses another one is not routed here.
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
        /** @description The request did not arrive whole in time. */
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
        /** @description The gateway failed. */
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
        /** @description The answer could not be had from where it had to come. */
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
        /** @description The request did not arrive whole in time. */
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
        /** @description The gateway failed. */
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
        /** @description The answer could not be had from where it had to come. */
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
        /** @description The receipt of this answer. Absent on a stream, where it rides on the finish frame, and where nothing was charged. */
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
            /** @description It works. */
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
                 * @description Ask the gateway first, for up to five seconds, rather than tell what it said of this node at the last heartbeat.
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
            /** @description The models. */
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
                 * @description The next page: `next_cursor` of the page before.
                 * @example eyJhZnRlciI6IjEwMjQifQ
                 */
                cursor?: components["schemas"]["page_cursor"];
                /**
                 * @description Entries a page.
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
            /** @description What the gateway said. */
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
            /** @description The owner, logged in. */
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
        /** @description Name and password. */
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
            /** @description The address in force and the one that waits. */
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
            /** @description The address in force and the one that waits. */
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
