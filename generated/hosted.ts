// Generated from openapi/ by `npm run generate`; do not edit.
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the process alive
         * @description Answers as long as the process turns. It reads nothing and says nothing about the ability to serve; for that there
         *     is `/readyz`.
         */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Can it serve
         * @description 200 when the database is reachable, its schema is known and the gateway is not draining; 503 with the failed check
         *     otherwise.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/billing/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read balance, limits and policy
         * @description The customer's balance, what is reserved and available, the policy in force, every spend cap and rate limit with
         *     what is used of it, and the key that asked.
         */
        get: operations["getBillingAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/billing/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what a job cost
         * @description Billing state of a chat or a private job, by the job's id or by the reference that the request gave in
         *     `b3iq.job_id`.
         */
        get: operations["getBillingJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/billing/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the ledger
         * @description The customer's ledger, newest first: credits, reservations, charges, releases and refunds, with the running balance.
         *     By `Accept` as JSON with totals over the whole window, as CSV (RFC 4180) or as NDJSON, one entry a line; for the
         *     last two the next page's cursor is in `x-b3iq-next-cursor`. A window is `window_days` back from now, or the
         *     half-open span from `from` to `to`, which gives the same statement whenever it is asked.
         */
        get: operations["exportBillingUsage"];
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
         * Create a chat completion
         * @description Chooses a node by policy, quotes the request for its bounds, reserves the price, dispatches, and charges the usage
         *     that the node signed, never more than was reserved. A request that no node can serve is refused before anything is
         *     reserved.
         *
         *     **Output bound.** The smaller of `max_completion_tokens` and `max_tokens`, else the profile's default. It counts
         *     reasoning.
         *
         *     **Streams.** With `stream: true` the node's frames are passed on unchanged. The frame with the finish reason carries
         *     the `b3iq` object and comes after the settlement; usage is one more frame if `stream_options.include_usage` asks for
         *     it; `data: [DONE]` ends a whole answer, and nothing else does. Before the first output, and at most for 10 s,
         *     failures keep their own status; after it they are one `data: {"error": ...}` frame without `[DONE]`.
         *
         *     **What is charged.** A finished answer, and the signed part of a stream that broke or was left. A plain answer that
         *     was not delivered is not charged, unless the connection broke after the settlement: send the same `Idempotency-Key`
         *     again to learn hash and amount.
         */
        post: operations["createChatCompletion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List own keys
         * @description The customer's keys, newest first, revoked ones too. Secrets are never shown again.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Create a key
         * @description A new gateway key that bills this customer. Its secret is in this answer and nowhere else. It can be narrower than
         *     the customer's policy, never wider.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{key_id}": {
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
         * Revoke a key
         * @description The key is refused on every gateway within a second. Answers that are under way finish and are charged, unless
         *     `abort` cuts them. Revoking again changes nothing.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        /**
         * Change a key
         * @description Changes label, scopes, expiry or policy. In force on every gateway within a second; what was admitted before ends
         *     under its old terms. A revoked key cannot be changed.
         */
        patch: operations["updateKey"];
        trace?: never;
    };
    "/v1/log/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the newest checkpoint
         * @description A signed note (C2SP): origin, tree size, root hash and signatures of the log and its witnesses. Everything that it
         *     covers is served before it is.
         */
        get: operations["getLogCheckpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/log/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the key of the log
         * @description Name and public key of the log and its witnesses. Pin them: a checkpoint is worth as much as the key that you check
         *     it with.
         */
        get: operations["getLogKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/log/tile/{level}/{index}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a tile of the log
         * @description A tile of hashes as C2SP tlog-tiles describes it. Full tiles never change; a partial one has `.p/{width}` and gives
         *     way to the full one.
         */
        get: operations["getLogTile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/log/tile/entries/{index}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a bundle of leaves
         * @description The leaves of a level-0 tile as C2SP tlog-tiles describes it. A leaf is blinded: it reveals a receipt only to who
         *     has the receipt.
         */
        get: operations["getLogEntries"];
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
         * List the models that can be asked
         * @description Lists the models for which at least one node passes every gate now: enrolled, online, tunnel, runtime, protocol,
         *     model, fresh observed benchmark, tier, queue, price and policy. Each entry carries prices and abilities in its
         *     `b3iq` object, and never a node's id.
         */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one model
         * @description One entry of the list. Ids with slashes and colons work plain and percent-encoded; whatever the list shows can be
         *     read here.
         */
        get: operations["retrieveModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/receipts/{receipt_hash}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a receipt
         * @description The signed receipt with the node's key, signed and settled figures, and where its proof is. Public: it names the
         *     node and never the customer.
         */
        get: operations["getReceipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/receipts/{receipt_hash}/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the proof of a receipt
         * @description A C2SP tlog-proof: that the receipt's blinded leaf is in the log under a signed checkpoint. It verifies offline with
         *     the log's key. 404 until the log has taken the receipt, which is a matter of seconds.
         */
        get: operations["getReceiptProof"];
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
         * @description A payout batch's id.
         * @example pay_3q5w7e9r1t2y4u6i8o0p1a3s5d
         */
        batch_id: string;
        /** @description Balance, limits and policy of a customer. `available_wei` is `balance_wei` less `reserved_wei`. */
        billing_account: {
            available_wei: components["schemas"]["wei"];
            balance_wei: components["schemas"]["wei"];
            customer_id: components["schemas"]["customer_id"];
            generated_at: components["schemas"]["timestamp"];
            /** @description The key that asked, or null when the customer's own token did. */
            key: components["schemas"]["gateway_key"] | null;
            /**
             * @description Is the available balance below the policy's threshold.
             * @example false
             */
            low_balance: boolean;
            /**
             * @description Jobs that hold a reservation now.
             * @example 1
             */
            open_reservations: number;
            policy: components["schemas"]["customer_policy"];
            policy_version: components["schemas"]["policy_version"];
            /** @description Every rate limit that applies to this caller. */
            rate_limits: components["schemas"]["rate_limit_state"][];
            reserved_wei: components["schemas"]["wei"];
            /** @description Every spend cap that applies to this caller. */
            spend_caps: components["schemas"]["spend_cap_state"][];
            status: components["schemas"]["customer_status"];
        };
        /** @description What a job cost, and why. */
        billing_job: {
            billing_status: components["schemas"]["billing_status"];
            /** @description What the customer paid; null until settled. */
            charged_wei: components["schemas"]["wei"] | null;
            /**
             * @description The reference that the request gave.
             * @example null
             */
            client_job_id?: string | null;
            /** @description When the reservation ended. */
            completed_at: components["schemas"]["timestamp"] | null;
            completion_price_wei?: components["schemas"]["wei"];
            /**
             * @description Settled completion tokens.
             * @example 6
             */
            completion_tokens?: number | null;
            created_at: components["schemas"]["timestamp"];
            customer_id: components["schemas"]["customer_id"];
            expires_at?: components["schemas"]["timestamp"];
            /** @description What the platform keeps; null until settled. */
            fee_wei?: components["schemas"]["wei"] | null;
            job_id: components["schemas"]["job_reference"];
            /** @description The key that asked. */
            key_id?: components["schemas"]["key_id"] | null;
            /**
             * @description How it was asked.
             * @example plain
             * @enum {string}
             */
            mode?: "plain" | "stream" | "private";
            model_id: components["schemas"]["model_id"];
            model_profile_id?: components["schemas"]["model_profile_id"];
            /** @description The node; null while the customer's policy does not expose it and no receipt names it. */
            node_id: components["schemas"]["node_id"] | null;
            /** @description What the node earns; null until settled. */
            payout_price_wei: components["schemas"]["wei"] | null;
            policy_version?: components["schemas"]["policy_version"];
            prompt_price_wei?: components["schemas"]["wei"];
            /**
             * @description Settled prompt tokens.
             * @example 14
             */
            prompt_tokens?: number | null;
            quoted_price_wei: components["schemas"]["wei"];
            /**
             * @description Why it was released or expired, as a word.
             * @example null
             */
            reason?: string | null;
            /** @description The receipt that was settled. */
            receipt_hash: components["schemas"]["receipt_hash"] | null;
            refunded_wei: components["schemas"]["wei"];
            reserved_price_wei: components["schemas"]["wei"];
            status: components["schemas"]["job_status"];
        };
        /**
         * @description Where its money is.
         * @example settled
         * @enum {string}
         */
        billing_status: "reserved" | "settled" | "released" | "expired";
        /** @description A page of a customer's ledger, newest first, with the totals of the whole window. */
        billing_usage: {
            customer_id: components["schemas"]["customer_id"];
            /** @description The lines. */
            entries: components["schemas"]["usage_entry"][];
            from: components["schemas"]["timestamp"];
            generated_at: components["schemas"]["timestamp"];
            next_cursor: components["schemas"]["next_cursor"];
            /**
             * @description Always `ok`.
             * @example ok
             * @constant
             */
            status: "ok";
            to: components["schemas"]["timestamp"];
            /** @description One line a kind that occurs. */
            totals: components["schemas"]["usage_total"][];
        };
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
             * @description From the request's arrival to the end of the answer.
             * @example 412
             */
            latency_ms?: number;
            receipt_hash?: components["schemas"]["receipt_hash"];
            /**
             * @description Only where the customer's policy exposes the node.
             * @example llama_cpp-0
             */
            runtime_id?: string;
            /**
             * @description The kind of runtime that answered.
             * @example llama_cpp
             */
            runtime_kind?: string;
            /**
             * @description From the request's arrival to the first output.
             * @example 95
             */
            ttft_ms?: number;
        } & {
            [key: string]: unknown;
        };
        /** @description For the gateway's router; taken off before the request goes to a node. */
        chat_b3iq_request: {
            /**
             * @description `pooled_sync` is the only one that hosted chat accepts; all else is refused with `dispatch_mode_rejected`.
             * @example pooled_sync
             */
            dispatch_mode?: string;
            /**
             * @description A reference of your own, unique per customer; the job's id is minted by the gateway.
             * @example invoice-2026-11-21-0007
             */
            job_id?: string;
            max_price_wei?: components["schemas"]["wei"];
            /**
             * @description Serve this profile of the model only.
             * @example b3iq-tiny.gguf@llama_cpp
             */
            model_profile_id?: string;
        } | null;
        /** @description A choice. */
        chat_choice: {
            finish_reason: components["schemas"]["chat_finish_reason"];
            /**
             * @description Its place.
             * @example 0
             */
            index: number;
            logprobs?: components["schemas"]["chat_logprobs"];
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
             * @description Its place.
             * @example 0
             */
            index: number;
            logprobs?: components["schemas"]["chat_logprobs"];
        } & {
            [key: string]: unknown;
        };
        /** @description A whole answer. */
        chat_completion: {
            b3iq?: components["schemas"]["chat_b3iq"];
            /** @description The one choice. */
            choices: components["schemas"]["chat_choice"][];
            /**
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
         * @description A chat in OpenAI's words, with an optional `b3iq` object. A name that is not listed here is refused with 400 and `param`, never dropped:
         *     the schema stays open at the top only so that the refusal can name the field.
         */
        chat_completion_request: {
            b3iq?: components["schemas"]["chat_b3iq_request"];
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
             * @description The output bound, reasoning included. With `max_tokens` as well, the smaller counts.
             * @example 256
             */
            max_completion_tokens?: number | null;
            /**
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
            /**
             * @description How long the model may think; thinking is billed as completion.
             * @example low
             * @enum {string|null}
             */
            reasoning_effort?: "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | null;
            /**
             * @description Divides the chance of tokens that occurred.
             * @example 1.1
             */
            repetition_penalty?: number | null;
            response_format?: components["schemas"]["chat_response_format"];
            /**
             * @description Accepted, neither forwarded nor stored.
             * @example s-1
             */
            safety_identifier?: string | null;
            /**
             * @description Asks for a repeatable choice.
             * @example 7
             */
            seed?: number | null;
            /**
             * @description Accepted and without effect.
             * @example auto
             */
            service_tier?: string | null;
            /**
             * @description Up to 16 texts that end the answer.
             * @example [
             *       "\n\n"
             *     ]
             */
            stop?: string | string[] | null;
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
            stream_options?: {
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
            } | null;
            /**
             * @description Randomness of the choice, 0 for the least.
             * @example 0.7
             */
            temperature?: number | null;
            tool_choice?: components["schemas"]["chat_tool_choice"];
            /** @description Functions that the model may call. */
            tools?: components["schemas"]["chat_tool"][] | null;
            /**
             * @description Number of tokens that are considered.
             * @example 40
             */
            top_k?: number | null;
            /**
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
        } & {
            [key: string]: unknown;
        };
        /**
         * @description A text, parts of one, or null.
         * @example Say hello from B3IQ.
         */
        chat_content: string | components["schemas"]["chat_content_part"][] | null;
        /** @description A part of a message. Parts other than text need a model that lists them in `supported_parameters`. */
        chat_content_part: ({
            /** @description An image as a data URL; the gateway fetches nothing. */
            image_url?: {
                /**
                 * @description How closely to look.
                 * @example auto
                 */
                detail?: string;
                /**
                 * @description A data URL.
                 * @example data:image/png;base64,iVBORw0KGgo=
                 */
                url: string;
            } & {
                [key: string]: unknown;
            };
            /**
             * @description The text.
             * @example Say hello.
             */
            text?: string;
            /**
             * @description Kind of part, such as `text` or `image_url`.
             * @example text
             */
            type: string;
        } & {
            [key: string]: unknown;
        }) & (unknown & unknown);
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
            tool_calls?: ({
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
            })[] | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description Why the answer ended.
         * @example stop
         * @enum {string}
         */
        chat_finish_reason: "stop" | "length" | "tool_calls" | "content_filter" | "function_call";
        /**
         * @description Log probabilities, if asked for.
         * @example null
         */
        chat_logprobs: ({
            /** @description One entry a token. */
            content?: {
                [key: string]: unknown;
            }[] | null;
        } & {
            [key: string]: unknown;
        }) | null;
        /** @description One message. It goes to the node unchanged, so keys of a model family may be added. */
        chat_message: ({
            content?: components["schemas"]["chat_content"];
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
        } & {
            [key: string]: unknown;
        }) & (unknown & unknown);
        /**
         * @description The shape of the answer.
         * @example {
         *       "type": "json_object"
         *     }
         */
        chat_response_format: ({
            /**
             * @description Free text or any JSON object.
             * @example json_object
             * @enum {string}
             */
            type: "text" | "json_object";
        } & {
            [key: string]: unknown;
        }) | ({
            json_schema: {
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
             * @description JSON of a schema.
             * @example json_schema
             * @constant
             */
            type: "json_schema";
        } & {
            [key: string]: unknown;
        }) | null;
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
        chat_tool_choice: ("none" | "auto" | "required") | ({
            function?: {
                /**
                 * @description The function's name.
                 * @example get_weather
                 */
                name: string;
            } & {
                [key: string]: unknown;
            };
            /**
             * @description Kind of choice.
             * @example function
             * @enum {string}
             */
            type: "function" | "allowed_tools";
        } & {
            [key: string]: unknown;
        }) | null;
        /** @description The usage that the node signed, which is what is charged. */
        chat_usage: {
            /**
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
             * @description Their sum.
             * @example 20
             */
            total_tokens: number;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description A customer's id.
         * @example cus_4k7q2m9x0b5c8d1f3g6h7j2n5p
         */
        customer_id: string;
        /** @description The limits of a customer, in force on every gateway within a second of a change. */
        customer_policy: {
            /**
             * @description Answers name the node that served them.
             * @example false
             */
            expose_node: boolean;
            low_balance_threshold_wei: components["schemas"]["low_balance_threshold_wei"];
            max_concurrent_requests: components["schemas"]["max_concurrent_requests"];
            max_price_wei: components["schemas"]["max_price_wei"];
            model_allowlist: components["schemas"]["model_allowlist"];
            requests_per_minute: components["schemas"]["requests_per_minute"];
            route_tiers: components["schemas"]["route_tier_allowlist"];
            spend_caps: components["schemas"]["spend_caps"];
            tokens_per_minute: components["schemas"]["tokens_per_minute"];
            version: components["schemas"]["policy_version"];
        };
        /**
         * @description Only an `active` customer can reserve; `frozen` and `closed` keep their reads.
         * @example active
         * @enum {string}
         */
        customer_status: "active" | "frozen" | "closed";
        /**
         * @description An entry of the ledger.
         * @example 10482
         */
        entry_id: string;
        /**
         * @description Money in, reserved, charged (which ends the reservation), given back unused, or paid back.
         * @example debit
         * @enum {string}
         */
        entry_kind: "credit" | "reserve" | "debit" | "release" | "refund";
        /**
         * @description The stable machine code; branch on this.
         * @example invalid_request
         * @enum {string}
         */
        error_code: "invalid_request" | "unsupported_parameter" | "mixed_credentials" | "node_targeting_rejected" | "dispatch_mode_rejected" | "context_length_exceeded" | "invalid_encrypted_request" | "unauthorized" | "invalid_signature" | "clock_skew" | "replayed_request" | "stale_epoch" | "challenge_expired" | "insufficient_balance" | "gateway_spend_cap_exceeded" | "gateway_api_key_scope_denied" | "forbidden" | "model_not_allowed" | "route_tier_not_allowed" | "max_price_exceeded" | "customer_suspended" | "node_suspended" | "not_found" | "model_not_found" | "endpoint_not_supported" | "method_not_allowed" | "not_acceptable" | "request_timeout" | "idempotency_in_flight" | "idempotency_completed" | "idempotency_key_reused" | "conflict" | "model_benchmark_unverified" | "observed_benchmark_missing" | "protocol_stake_unsatisfied" | "receipt_hash_mismatch" | "sequence_reused" | "lease_superseded" | "not_enrolled" | "setup_already_claimed" | "payload_too_large" | "unsupported_media_type" | "upgrade_required" | "rate_limited" | "headers_too_large" | "internal_error" | "not_available_yet" | "router_dispatch_failed" | "runtime_failed" | "gateway_unreachable" | "no_healthy_candidates" | "admission_unavailable" | "database_unavailable" | "incident_paused" | "draining" | "runtime_busy" | "router_timeout";
        /** @description The code with what belongs to it; some codes carry facts of their own, such as `required_wei`. */
        error_detail: {
            /**
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
             * @description Server time less the caller's time, with `clock_skew`.
             * @example -5200
             */
            clock_offset_ms?: number;
            code: components["schemas"]["error_code"];
            /**
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
             * @description Tokens of the prompt that was refused.
             * @example 9000
             */
            prompt_tokens?: number;
            receipt_hash?: components["schemas"]["receipt_hash"];
            request_id?: components["schemas"]["request_id"];
            required_wei?: components["schemas"]["wei"];
            /**
             * @description When to come back.
             * @example 1200
             */
            retry_after_ms?: number;
            /**
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
        /** @description A gateway key, without its secret. */
        gateway_key: {
            created_at: components["schemas"]["timestamp"];
            /** @description The customer that it bills, or null for an operator's key. */
            customer_id: components["schemas"]["customer_id"] | null;
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
            /** @description The key's own limits; null where it has none. */
            policy: components["schemas"]["key_policy"] | null;
            /** @description When it was revoked. */
            revoked_at: components["schemas"]["timestamp"] | null;
            /**
             * @description What it may do.
             * @example [
             *       "models:read",
             *       "chat:create"
             *     ]
             */
            scopes: components["schemas"]["key_scope"][];
            /**
             * @description Is it accepted.
             * @example active
             * @enum {string}
             */
            status: "active" | "expired" | "revoked";
        };
        /** @description A new key. */
        gateway_key_create: {
            expires_at?: components["schemas"]["timestamp"];
            label?: components["schemas"]["label"];
            policy?: components["schemas"]["key_policy_request"];
            /**
             * @description What it may do; all three unless given.
             * @example [
             *       "models:read",
             *       "chat:create"
             *     ]
             */
            scopes?: components["schemas"]["key_scope"][];
        };
        /** @description The new key, with its secret for this one time. */
        gateway_key_created: components["schemas"]["gateway_key"] & {
            /**
             * @description The secret. It is shown once and cannot be read again.
             * @example b3iq_gateway_0Zk3vX5m0y8Zb1c2d3e4f5g6h7i8j9k0l1m2n3o4p5qx9Qa
             */
            key: string;
        };
        /** @description A page of keys, newest first. */
        gateway_key_list: {
            /** @description The keys. */
            data: components["schemas"]["gateway_key"][];
            next_cursor: components["schemas"]["next_cursor"];
        };
        /** @description What to change; what is missing stays. */
        gateway_key_update: {
            /** @description When it stops being accepted, or null for never. */
            expires_at?: components["schemas"]["timestamp"] | null;
            /** @description A name for people. */
            label?: components["schemas"]["label"] | null;
            policy?: components["schemas"]["key_policy_request"];
            /**
             * @description What it may do.
             * @example [
             *       "models:read"
             *     ]
             */
            scopes?: components["schemas"]["key_scope"][];
        };
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
         * @description A job's id, or the reference that its customer gave.
         * @example job_0c2f8h5j7k1m3n9p4q6r8s2t5v
         */
        job_reference: string;
        /**
         * @description Where the work is. A chat is `awaiting_receipt` while it runs; `completed` is settled, `failed` released, `expired` given up for want of
         *     a receipt.
         * @example completed
         * @enum {string}
         */
        job_status: "queued" | "claimed" | "awaiting_receipt" | "completed" | "failed" | "expired";
        /**
         * @description A key's id; it is no secret.
         * @example key_7w3e5r9t1y2u8i4o6p0a5s3d7f
         */
        key_id: string;
        /** @description The limits of a key; they narrow the customer's. */
        key_policy: {
            max_concurrent_requests: components["schemas"]["max_concurrent_requests"];
            max_price_wei: components["schemas"]["max_price_wei"];
            model_allowlist: components["schemas"]["model_allowlist"];
            requests_per_minute: components["schemas"]["requests_per_minute"];
            route_tiers: components["schemas"]["route_tier_allowlist"];
            spend_caps: components["schemas"]["spend_caps"];
            tokens_per_minute: components["schemas"]["tokens_per_minute"];
            version: components["schemas"]["policy_version"];
        };
        /** @description The whole policy of a key; it narrows the customer's and never widens it. Every field is required; null is no limit of the key's own. */
        key_policy_request: {
            /** @description The version that this change was made from; another one in force is 409 `conflict`. */
            expected_version?: components["schemas"]["policy_version"];
            max_concurrent_requests: components["schemas"]["max_concurrent_requests"];
            max_price_wei: components["schemas"]["max_price_wei"];
            model_allowlist: components["schemas"]["model_allowlist"];
            requests_per_minute: components["schemas"]["requests_per_minute"];
            route_tiers: components["schemas"]["route_tier_allowlist"];
            spend_caps: components["schemas"]["spend_caps"];
            tokens_per_minute: components["schemas"]["tokens_per_minute"];
        };
        /**
         * @description What a gateway key may do.
         * @example chat:create
         * @enum {string}
         */
        key_scope: "models:read" | "chat:create" | "billing:read";
        /**
         * @description A name for people, one line.
         * @example ci
         */
        label: string;
        liveness: {
            /**
             * @description Always `ok`.
             * @example ok
             * @constant
             */
            status: "ok";
        };
        /**
         * @description A tile's index as C2SP writes it, in groups of three digits, with `.p/{width}` for a partial tile.
         * @example x001/x234/067.p/8
         */
        log_index: string;
        /** @description The log's name and key, for whoever checks checkpoints and proofs. */
        log_key: {
            /**
             * @description The log's name as checkpoints carry it.
             * @example control-plane.b3iq.org/v1/log
             */
            origin: string;
            public_key_ed25519: components["schemas"]["public_key"];
            /**
             * @description The key as signed notes write it (C2SP).
             * @example control-plane.b3iq.org/v1/log+1c9a7e3d+Adda9jSH3aYVkQw9GkT3Pl1S0Zb5dB6sV3vQ0n1b2c3d
             */
            vkey: string;
            /**
             * @description Keys of the witnesses that co-sign.
             * @example []
             */
            witnesses: string[];
        };
        /** @description Below this available balance `low_balance` is true; null is never. */
        low_balance_threshold_wei: components["schemas"]["wei"] | null;
        /**
         * @description Requests in flight, counted as open holds; null is no limit.
         * @example 32
         */
        max_concurrent_requests: number | null;
        /** @description The most that one request may cost; null is no limit. */
        max_price_wei: components["schemas"]["wei_positive"] | null;
        /**
         * @description A time to the minute, RFC 3339 in UTC; a finer one would let an outsider join receipts with traffic that he saw.
         * @example 2026-11-21T10:15:00Z
         */
        minute: string;
        /** @description A model that can be asked now. */
        model: {
            b3iq: components["schemas"]["model_b3iq"];
            /**
             * @description Unix time of the freshest observed benchmark, or 0.
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
             * @description Always `b3iq`.
             * @example b3iq
             * @constant
             */
            owned_by: "b3iq";
        } & {
            [key: string]: unknown;
        };
        /**
         * @description The only models that may be used; null allows all, an empty list none.
         * @example [
         *       "b3iq-tiny.gguf"
         *     ]
         */
        model_allowlist: components["schemas"]["model_id"][] | null;
        /** @description Price, limits and abilities over the nodes that serve the model now; never a node's id. */
        model_b3iq: {
            completion_price: components["schemas"]["price_range"];
            /**
             * @description Tokens of prompt and answer together.
             * @example 8192
             */
            context_length: number;
            /**
             * @description The greatest output bound.
             * @example 4096
             */
            max_completion_tokens: number;
            /** @description When the gateway last measured a node that serves it. */
            observed_at: components["schemas"]["timestamp"] | null;
            /**
             * @description The best observed speed of output.
             * @example 42.5
             */
            observed_tokens_per_second?: number | null;
            /**
             * @description The best observed time to the first token.
             * @example 90
             */
            observed_ttft_ms?: number | null;
            prompt_price: components["schemas"]["price_range"];
            /**
             * @description Nodes that every gate lets through.
             * @example 3
             */
            route_ready_nodes: number;
            supported_parameters: components["schemas"]["supported_parameters"];
        } & {
            [key: string]: unknown;
        };
        /**
         * @description A model's id as `/v1/models` lists it; it may hold slashes and colons.
         * @example b3iq-tiny.gguf
         */
        model_id: string;
        /** @description The models that can be asked now. */
        model_list: {
            /** @description One entry a model, ordered by id. */
            data: components["schemas"]["model"][];
            /**
             * @description Always `list`.
             * @example list
             * @constant
             */
            object: "list";
        } & {
            [key: string]: unknown;
        };
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
        /**
         * @description The class of the node's machine, read from its inventory.
         * @example cpu
         * @enum {string}
         */
        node_class: "cpu" | "single_gpu" | "multi_gpu";
        /**
         * @description A node's id, the first 26 characters of the lower-case base32 of SHA-256 over its Ed25519 key.
         * @example node_mfrggzdfmztwq2lknnwg23tpob
         */
        node_id: string;
        /** @description An identity key of a node with its period. */
        node_key: {
            public_key_ed25519: components["schemas"]["public_key"];
            valid_from: components["schemas"]["timestamp"];
            /** @description Until when, or null while it is in use. */
            valid_to: components["schemas"]["timestamp"] | null;
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
        /**
         * @description Where the next page begins; opaque, taken from `next_cursor` of the page before.
         * @example eyJhZnRlciI6IjEwMjQifQ
         */
        page_cursor: string;
        /**
         * @description The version of the policy; it rises with every change.
         * @example 1
         */
        policy_version: string;
        /** @description The lowest and the highest price of a token among the nodes that are route-ready. */
        price_range: {
            highest_wei: components["schemas"]["wei"];
            lowest_wei: components["schemas"]["wei"];
        };
        /**
         * @description The customer's own id for the job, unique among that customer's jobs. Without one the gateway mints it.
         * @example job-2026-1121-0001
         */
        private_job_reference: string;
        /**
         * @description A public key of 32 bytes (Ed25519 or X25519), base64url without padding.
         * @example 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo
         */
        public_key: string;
        /** @description A rate limit with what is left of it. */
        rate_limit_state: {
            /**
             * @description What is counted.
             * @example requests
             * @enum {string}
             */
            kind: "requests" | "tokens" | "concurrent_requests";
            /**
             * @description What the window allows.
             * @example 600
             */
            limit: number;
            /**
             * @description What is left.
             * @example 598
             */
            remaining: number;
            /**
             * @description Until the window is whole again.
             * @example 12000
             */
            reset_ms?: number | null;
            /**
             * @description Whose limit.
             * @example customer
             * @enum {string}
             */
            scope: "customer" | "key";
            /**
             * @description Length of the window; null for what runs at once.
             * @example 60
             */
            window_seconds?: number | null;
        };
        /** @description Can this gateway serve now. */
        readiness: {
            /**
             * @description Each check, by name.
             * @example {
             *       "database": "ok",
             *       "schema": "ok",
             *       "lifecycle": "ok"
             *     }
             */
            checks: {
                [key: string]: "ok";
            };
            /**
             * @description Always `ready`.
             * @example ready
             * @constant
             */
            status: "ready";
        };
        /** @description What the node signed. Hash and signature cover `"b3iq-receipt-v1"`, a zero byte and this object in canonical JSON (RFC 8785). */
        receipt: {
            completion_price_wei: components["schemas"]["wei"];
            /**
             * @description Tokens of the answer.
             * @example 6
             */
            completion_tokens: number;
            /**
             * @description How the job was dispatched.
             * @example pooled_sync
             * @enum {string}
             */
            dispatch_mode: "pooled_sync" | "private_job";
            /**
             * @description The platform's share in hundredths of a percent.
             * @example 500
             */
            fee_bps: number;
            /**
             * @description Which attempt of the job.
             * @example 1
             */
            fence: number;
            finished_at: components["schemas"]["minute"];
            job_id: components["schemas"]["job_id"];
            model_id: components["schemas"]["model_id"];
            model_profile_id: components["schemas"]["model_profile_id"];
            /**
             * @description The node's epoch at dispatch.
             * @example 3
             */
            node_epoch: number;
            node_id: components["schemas"]["node_id"];
            /**
             * @description The receipt's number in that epoch, from 1.
             * @example 17
             */
            node_seq: number;
            /**
             * @description How the work ended.
             * @example ok
             * @enum {string}
             */
            outcome: "ok" | "truncated" | "cancelled" | "error";
            prompt_price_wei: components["schemas"]["wei"];
            /**
             * @description Tokens of the prompt.
             * @example 14
             */
            prompt_tokens: number;
            request_commitment: components["schemas"]["hash"];
            response_commitment: components["schemas"]["hash"];
            runtime_kind: components["schemas"]["runtime_kind"];
            tee_attestation_hash?: components["schemas"]["hash"];
            /**
             * @description Their sum.
             * @example 20
             */
            total_tokens: number;
            /**
             * @description The kind of receipt.
             * @example b3iq.receipt.v1
             * @constant
             */
            type: "b3iq.receipt.v1";
        };
        /** @description A receipt with what is needed to check it. It never names a customer. */
        receipt_evidence: {
            /** @description The payout batch that pays it, or null before. */
            batch_id: components["schemas"]["batch_id"] | null;
            job_id: components["schemas"]["job_id"];
            /**
             * @description Its place in the log, or null before it is there.
             * @example 1024
             */
            leaf_index: number | null;
            model_id: components["schemas"]["model_id"];
            /** @description The class of the node's machine. */
            node_class: components["schemas"]["node_class"] | null;
            node_id: components["schemas"]["node_id"];
            node_key: components["schemas"]["node_key"];
            /**
             * @description Where its proof is.
             * @example /v1/receipts/5d41402abc4b2a76b9719d911017c592ae2c1a9f0d8e7b6a5c4d3e2f1a0b9c8d/proof
             */
            proof_url: string;
            /** @description Why it was not paid. */
            reason?: components["schemas"]["receipt_reason"] | null;
            receipt: components["schemas"]["receipt"];
            receipt_hash: components["schemas"]["receipt_hash"];
            received_at: components["schemas"]["timestamp"];
            /** @description What was paid for it, or null. */
            settled: components["schemas"]["settled_figures"] | null;
            signature_ed25519: components["schemas"]["signature_ed25519"];
            signed: components["schemas"]["signed_figures"];
            status: components["schemas"]["receipt_status"];
        };
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
        /**
         * @description `settled`: it closed its job's reservation; `recorded`: kept as evidence and not paid.
         * @example settled
         * @enum {string}
         */
        receipt_status: "settled" | "recorded";
        /**
         * @description The gateway's name for this request; quote it when asking for help.
         * @example req_2v4b6n8m1q3w5e7r9t0y2u4i6o
         */
        request_id: string;
        /**
         * @description Requests within a rolling minute; null is no limit.
         * @example 600
         */
        requests_per_minute: number | null;
        /**
         * @description What the route is fit for. `network_beta` and above take paid work; `portable_local` only where an admin enabled the node for it; `local_convenience` and `unknown` never.
         * @example network_beta
         * @enum {string}
         */
        route_tier: "local_convenience" | "portable_local" | "network_beta" | "datacenter_optimized" | "fleet_orchestrated" | "unknown";
        /**
         * @description The only route tiers that may be used; null allows all that take paid work.
         * @example [
         *       "network_beta"
         *     ]
         */
        route_tier_allowlist: components["schemas"]["route_tier"][] | null;
        /**
         * @description The kind of model runtime; `openai` is any OpenAI-compatible server.
         * @example llama_cpp
         * @enum {string}
         */
        runtime_kind: "openai" | "vllm" | "sglang" | "ollama" | "llama_cpp";
        /** @description What counted after the clamp to bounds and observation. */
        settled_figures: {
            charged_wei: components["schemas"]["wei"];
            /**
             * @description Tokens of the answer.
             * @example 6
             */
            completion_tokens: number;
            fee_wei: components["schemas"]["wei"];
            payout_wei: components["schemas"]["wei"];
            /**
             * @description Tokens of the prompt.
             * @example 14
             */
            prompt_tokens: number;
            settled_at: components["schemas"]["timestamp"];
            /**
             * @description No gateway saw the answer; the payout is withheld for review.
             * @example false
             */
            unobserved: boolean;
        };
        /**
         * @description An Ed25519 signature, base64url without padding.
         * @example 5Lw1n0vGg1uV3m2c8b7a6Z5y4X3w2V1u0T9s8R7q6P5o4N3m2L1k0J9i8H7g6F5e4D3c2B1a0Z9y8X7w6V5u4Q
         */
        signature_ed25519: string;
        /** @description What the node claimed. */
        signed_figures: {
            /**
             * @description Tokens of the answer.
             * @example 6
             */
            completion_tokens: number;
            /**
             * @description Tokens of the prompt.
             * @example 14
             */
            prompt_tokens: number;
            /**
             * @description Their sum.
             * @example 20
             */
            total_tokens: number;
        };
        /** @description A rolling cap. The oldest part of the window is counted whole, so it may refuse a little early and never lets more through. */
        spend_cap: {
            cap_wei: components["schemas"]["wei"];
            /**
             * @description Length of the window.
             * @example 86400
             */
            window_seconds: number;
        };
        /** @description A rolling spend cap with what is used of it. */
        spend_cap_state: {
            cap_wei: components["schemas"]["wei"];
            remaining_wei: components["schemas"]["wei"];
            /**
             * @description Whose cap.
             * @example customer
             * @enum {string}
             */
            scope: "customer" | "key";
            used_wei: components["schemas"]["wei"];
            /**
             * @description Length of the window.
             * @example 86400
             */
            window_seconds: number;
        };
        /** @description Rolling spend caps, each with a window of its own; an empty list is no cap. */
        spend_caps: components["schemas"]["spend_cap"][];
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
         * @description Tokens within a rolling minute, reserved by their bound and corrected at settlement; null is no limit.
         * @example 1000000
         */
        tokens_per_minute: number | null;
        /** @description One line of a customer's ledger. */
        usage_entry: {
            amount_wei: components["schemas"]["wei"];
            balance_after_wei: components["schemas"]["wei"];
            /**
             * @description The reference that the request gave.
             * @example null
             */
            client_job_id?: string | null;
            /**
             * @description Settled completion tokens of a debit.
             * @example 6
             */
            completion_tokens?: number | null;
            created_at: components["schemas"]["timestamp"];
            entry_id: components["schemas"]["entry_id"];
            /** @description The job of either kind, or null for credit. */
            job_id: components["schemas"]["job_id"] | null;
            /** @description The key that asked. */
            key_id?: components["schemas"]["key_id"] | null;
            kind: components["schemas"]["entry_kind"];
            /**
             * @description The model that was asked.
             * @example b3iq-tiny.gguf
             */
            model_id?: string | null;
            /** @description The private job, or null. */
            private_job_id: components["schemas"]["private_job_reference"] | null;
            /**
             * @description Settled prompt tokens of a debit.
             * @example 14
             */
            prompt_tokens?: number | null;
            /** @description The receipt that was settled. */
            receipt_hash: components["schemas"]["receipt_hash"] | null;
            /**
             * @description The reference of a credit or refund.
             * @example null
             */
            reference?: string | null;
            reserved_after_wei: components["schemas"]["wei"];
        };
        /** @description One kind's sum over the whole window. */
        usage_total: {
            amount_wei: components["schemas"]["wei"];
            /**
             * @description Lines.
             * @example 12
             */
            count: number;
            kind: components["schemas"]["entry_kind"];
        };
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
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["native_error"];
            };
        };
        /** @description No media type of the `Accept` header can be produced. */
        native_406: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
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
        /** @description The operation is documented and not built yet. */
        native_501: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["native_error"];
            };
        };
        /** @description The service is not able to answer now. */
        native_503: {
            headers: {
                "retry-after": components["headers"]["retry_after"];
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
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_error"];
            };
        };
        /** @description Money does not allow the request. */
        openai_402: {
            headers: {
                "retry-after": components["headers"]["retry_after"];
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
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_error"];
            };
        };
        /** @description The request contradicts the present state. */
        openai_409: {
            headers: {
                "retry-after": components["headers"]["retry_after"];
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
        /** @description The operation is documented and not built yet. */
        openai_501: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
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
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_error"];
            };
        };
        /** @description The answer did not come in time. */
        openai_504: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                "x-should-retry": components["headers"]["x_should_retry"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_error"];
            };
        };
    };
    parameters: never;
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
        /** @description The cursor of the next page; absent on the last one. */
        x_b3iq_next_cursor: components["schemas"]["page_cursor"];
        /** @description The receipt of this answer. Absent on a stream, where it rides on the finish frame, and where nothing was charged. */
        x_b3iq_receipt_hash: components["schemas"]["receipt_hash"];
        /**
         * @description How the request was dispatched.
         * @example pooled_sync
         */
        x_b3iq_router_dispatch_mode: "pooled_sync";
        /** @description The node that answered; only where the customer's policy exposes it. */
        x_b3iq_router_node_id: components["schemas"]["node_id"];
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
export type BatchId = components['schemas']['batch_id'];
export type BillingAccount = components['schemas']['billing_account'];
export type BillingJob = components['schemas']['billing_job'];
export type BillingStatus = components['schemas']['billing_status'];
export type BillingUsage = components['schemas']['billing_usage'];
export type ChatAnswerMessage = components['schemas']['chat_answer_message'];
export type ChatB3iq = components['schemas']['chat_b3iq'];
export type ChatB3iqRequest = components['schemas']['chat_b3iq_request'];
export type ChatChoice = components['schemas']['chat_choice'];
export type ChatChunkChoice = components['schemas']['chat_chunk_choice'];
export type ChatCompletion = components['schemas']['chat_completion'];
export type ChatCompletionChunk = components['schemas']['chat_completion_chunk'];
export type ChatCompletionEvent = components['schemas']['chat_completion_event'];
export type ChatCompletionRequest = components['schemas']['chat_completion_request'];
export type ChatContent = components['schemas']['chat_content'];
export type ChatContentPart = components['schemas']['chat_content_part'];
export type ChatDelta = components['schemas']['chat_delta'];
export type ChatFinishReason = components['schemas']['chat_finish_reason'];
export type ChatLogprobs = components['schemas']['chat_logprobs'];
export type ChatMessage = components['schemas']['chat_message'];
export type ChatResponseFormat = components['schemas']['chat_response_format'];
export type ChatTool = components['schemas']['chat_tool'];
export type ChatToolCall = components['schemas']['chat_tool_call'];
export type ChatToolChoice = components['schemas']['chat_tool_choice'];
export type ChatUsage = components['schemas']['chat_usage'];
export type CustomerId = components['schemas']['customer_id'];
export type CustomerPolicy = components['schemas']['customer_policy'];
export type CustomerStatus = components['schemas']['customer_status'];
export type EntryId = components['schemas']['entry_id'];
export type EntryKind = components['schemas']['entry_kind'];
export type ErrorCode = components['schemas']['error_code'];
export type ErrorDetail = components['schemas']['error_detail'];
export type ErrorType = components['schemas']['error_type'];
export type GatewayKey = components['schemas']['gateway_key'];
export type GatewayKeyCreate = components['schemas']['gateway_key_create'];
export type GatewayKeyCreated = components['schemas']['gateway_key_created'];
export type GatewayKeyList = components['schemas']['gateway_key_list'];
export type GatewayKeyUpdate = components['schemas']['gateway_key_update'];
export type Hash = components['schemas']['hash'];
export type JobId = components['schemas']['job_id'];
export type JobReference = components['schemas']['job_reference'];
export type JobStatus = components['schemas']['job_status'];
export type KeyId = components['schemas']['key_id'];
export type KeyPolicy = components['schemas']['key_policy'];
export type KeyPolicyRequest = components['schemas']['key_policy_request'];
export type KeyScope = components['schemas']['key_scope'];
export type Label = components['schemas']['label'];
export type Liveness = components['schemas']['liveness'];
export type LogIndex = components['schemas']['log_index'];
export type LogKey = components['schemas']['log_key'];
export type LowBalanceThresholdWei = components['schemas']['low_balance_threshold_wei'];
export type MaxConcurrentRequests = components['schemas']['max_concurrent_requests'];
export type MaxPriceWei = components['schemas']['max_price_wei'];
export type Minute = components['schemas']['minute'];
export type Model = components['schemas']['model'];
export type ModelAllowlist = components['schemas']['model_allowlist'];
export type ModelB3iq = components['schemas']['model_b3iq'];
export type ModelId = components['schemas']['model_id'];
export type ModelList = components['schemas']['model_list'];
export type ModelProfileId = components['schemas']['model_profile_id'];
export type NativeError = components['schemas']['native_error'];
export type NextCursor = components['schemas']['next_cursor'];
export type NodeClass = components['schemas']['node_class'];
export type NodeId = components['schemas']['node_id'];
export type NodeKey = components['schemas']['node_key'];
export type OpenaiError = components['schemas']['openai_error'];
export type PageCursor = components['schemas']['page_cursor'];
export type PolicyVersion = components['schemas']['policy_version'];
export type PriceRange = components['schemas']['price_range'];
export type PrivateJobReference = components['schemas']['private_job_reference'];
export type PublicKey = components['schemas']['public_key'];
export type RateLimitState = components['schemas']['rate_limit_state'];
export type Readiness = components['schemas']['readiness'];
export type Receipt = components['schemas']['receipt'];
export type ReceiptEvidence = components['schemas']['receipt_evidence'];
export type ReceiptHash = components['schemas']['receipt_hash'];
export type ReceiptReason = components['schemas']['receipt_reason'];
export type ReceiptStatus = components['schemas']['receipt_status'];
export type RequestId = components['schemas']['request_id'];
export type RequestsPerMinute = components['schemas']['requests_per_minute'];
export type RouteTier = components['schemas']['route_tier'];
export type RouteTierAllowlist = components['schemas']['route_tier_allowlist'];
export type RuntimeKind = components['schemas']['runtime_kind'];
export type SettledFigures = components['schemas']['settled_figures'];
export type SignatureEd25519 = components['schemas']['signature_ed25519'];
export type SignedFigures = components['schemas']['signed_figures'];
export type SpendCap = components['schemas']['spend_cap'];
export type SpendCapState = components['schemas']['spend_cap_state'];
export type SpendCaps = components['schemas']['spend_caps'];
export type SupportedParameters = components['schemas']['supported_parameters'];
export type Timestamp = components['schemas']['timestamp'];
export type TokensPerMinute = components['schemas']['tokens_per_minute'];
export type UsageEntry = components['schemas']['usage_entry'];
export type UsageTotal = components['schemas']['usage_total'];
export type Wei = components['schemas']['wei'];
export type WeiPositive = components['schemas']['wei_positive'];
export type ResponseNative_400 = components['responses']['native_400'];
export type ResponseNative_401 = components['responses']['native_401'];
export type ResponseNative_403 = components['responses']['native_403'];
export type ResponseNative_404 = components['responses']['native_404'];
export type ResponseNative_406 = components['responses']['native_406'];
export type ResponseNative_409 = components['responses']['native_409'];
export type ResponseNative_413 = components['responses']['native_413'];
export type ResponseNative_415 = components['responses']['native_415'];
export type ResponseNative_429 = components['responses']['native_429'];
export type ResponseNative_500 = components['responses']['native_500'];
export type ResponseNative_501 = components['responses']['native_501'];
export type ResponseNative_503 = components['responses']['native_503'];
export type ResponseOpenai_400 = components['responses']['openai_400'];
export type ResponseOpenai_401 = components['responses']['openai_401'];
export type ResponseOpenai_402 = components['responses']['openai_402'];
export type ResponseOpenai_403 = components['responses']['openai_403'];
export type ResponseOpenai_404 = components['responses']['openai_404'];
export type ResponseOpenai_408 = components['responses']['openai_408'];
export type ResponseOpenai_409 = components['responses']['openai_409'];
export type ResponseOpenai_413 = components['responses']['openai_413'];
export type ResponseOpenai_415 = components['responses']['openai_415'];
export type ResponseOpenai_429 = components['responses']['openai_429'];
export type ResponseOpenai_500 = components['responses']['openai_500'];
export type ResponseOpenai_501 = components['responses']['openai_501'];
export type ResponseOpenai_502 = components['responses']['openai_502'];
export type ResponseOpenai_503 = components['responses']['openai_503'];
export type ResponseOpenai_504 = components['responses']['openai_504'];
export type HeaderCacheControl = components['headers']['cache_control'];
export type HeaderRetryAfter = components['headers']['retry_after'];
export type HeaderXB3iqNextCursor = components['headers']['x_b3iq_next_cursor'];
export type HeaderXB3iqReceiptHash = components['headers']['x_b3iq_receipt_hash'];
export type HeaderXB3iqRouterDispatchMode = components['headers']['x_b3iq_router_dispatch_mode'];
export type HeaderXB3iqRouterNodeId = components['headers']['x_b3iq_router_node_id'];
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
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process is alive. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["liveness"];
                };
            };
            500: components["responses"]["native_500"];
            501: components["responses"]["native_501"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can serve. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["readiness"];
                };
            };
            500: components["responses"]["native_500"];
            501: components["responses"]["native_501"];
            503: components["responses"]["native_503"];
        };
    };
    getBillingAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["billing_account"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            501: components["responses"]["native_501"];
            503: components["responses"]["native_503"];
        };
    };
    getBillingJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job's id, or your own reference of it.
                 * @example job_0c2f8h5j7k1m3n9p4q6r8s2t5v
                 */
                job_id: components["schemas"]["job_reference"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["billing_job"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            501: components["responses"]["native_501"];
            503: components["responses"]["native_503"];
        };
    };
    exportBillingUsage: {
        parameters: {
            query?: {
                /**
                 * @description The next page: `next_cursor` of the page before.
                 * @example eyJhZnRlciI6IjEwMjQifQ
                 */
                cursor?: components["schemas"]["page_cursor"];
                /**
                 * @description First moment of the span, UTC.
                 * @example 2026-11-01T00:00:00.000Z
                 */
                from?: components["schemas"]["timestamp"];
                /**
                 * @description Entries a page.
                 * @example 100
                 */
                limit?: number;
                /**
                 * @description First moment after the span, UTC.
                 * @example 2026-12-01T00:00:00.000Z
                 */
                to?: components["schemas"]["timestamp"];
                /**
                 * @description Days back from now. Not together with `from` and `to`.
                 * @example 30
                 */
                window_days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ledger. */
            200: {
                headers: {
                    "x-b3iq-next-cursor": components["headers"]["x_b3iq_next_cursor"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["billing_usage"];
                    "application/x-ndjson": components["schemas"]["usage_entry"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            406: components["responses"]["native_406"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            501: components["responses"]["native_501"];
            503: components["responses"]["native_503"];
        };
    };
    createChatCompletion: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes a repeat safe: the same key and body are never charged twice. Only a keyed hash of it is stored.
                 * @example 6f1c2f0e-chat-1
                 */
                "Idempotency-Key"?: string;
                /**
                 * @description The customer that an operator's key bills, on the smoke path only. Never with a key that a customer owns.
                 * @example cus_4k7q2m9x0b5c8d1f3g6h7j2n5p
                 */
                "X-B3IQ-Customer-ID"?: string;
                /**
                 * @description The token of that customer.
                 * @example b3iq_customer_example
                 */
                "X-B3IQ-Customer-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The chat. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["chat_completion_request"];
            };
        };
        responses: {
            /** @description The answer, whole or as events. */
            200: {
                headers: {
                    "x-b3iq-receipt-hash": components["headers"]["x_b3iq_receipt_hash"];
                    "x-b3iq-router-dispatch-mode": components["headers"]["x_b3iq_router_dispatch_mode"];
                    "x-b3iq-router-node-id": components["headers"]["x_b3iq_router_node_id"];
                    "x-ratelimit-limit-requests": components["headers"]["x_ratelimit_limit_requests"];
                    "x-ratelimit-limit-tokens": components["headers"]["x_ratelimit_limit_tokens"];
                    "x-ratelimit-remaining-requests": components["headers"]["x_ratelimit_remaining_requests"];
                    "x-ratelimit-remaining-tokens": components["headers"]["x_ratelimit_remaining_tokens"];
                    "x-ratelimit-reset-requests": components["headers"]["x_ratelimit_reset_requests"];
                    "x-ratelimit-reset-tokens": components["headers"]["x_ratelimit_reset_tokens"];
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
            402: components["responses"]["openai_402"];
            403: components["responses"]["openai_403"];
            404: components["responses"]["openai_404"];
            408: components["responses"]["openai_408"];
            409: components["responses"]["openai_409"];
            413: components["responses"]["openai_413"];
            415: components["responses"]["openai_415"];
            429: components["responses"]["openai_429"];
            500: components["responses"]["openai_500"];
            501: components["responses"]["openai_501"];
            502: components["responses"]["openai_502"];
            503: components["responses"]["openai_503"];
            504: components["responses"]["openai_504"];
        };
    };
    listKeys: {
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
            /** @description A page of keys. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["gateway_key_list"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            501: components["responses"]["native_501"];
            503: components["responses"]["native_503"];
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The key. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["gateway_key_create"];
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
                    "application/json": components["schemas"]["gateway_key_created"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            501: components["responses"]["native_501"];
            503: components["responses"]["native_503"];
        };
    };
    revokeKey: {
        parameters: {
            query?: {
                /** @description Cut answers that are under way. */
                abort?: boolean;
            };
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
                    "application/json": components["schemas"]["gateway_key"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            501: components["responses"]["native_501"];
            503: components["responses"]["native_503"];
        };
    };
    updateKey: {
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
        /** @description What to change. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["gateway_key_update"];
            };
        };
        responses: {
            /** @description The key. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["gateway_key"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            404: components["responses"]["native_404"];
            409: components["responses"]["native_409"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            501: components["responses"]["native_501"];
            503: components["responses"]["native_503"];
        };
    };
    getLogCheckpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The checkpoint. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            501: components["responses"]["native_501"];
            503: components["responses"]["native_503"];
        };
    };
    getLogKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["log_key"];
                };
            };
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            501: components["responses"]["native_501"];
            503: components["responses"]["native_503"];
        };
    };
    getLogTile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The tile's index; the rest of the path belongs to it, slashes too.
                 * @example x001/x234/067.p/8
                 */
                index: components["schemas"]["log_index"];
                /**
                 * @description The level, 0 for the leaves.
                 * @example 0
                 */
                level: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The hashes. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            400: components["responses"]["native_400"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            501: components["responses"]["native_501"];
            503: components["responses"]["native_503"];
        };
    };
    getLogEntries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The tile's index; the rest of the path belongs to it, slashes too.
                 * @example x001/x234/067.p/8
                 */
                index: components["schemas"]["log_index"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The leaves. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            400: components["responses"]["native_400"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            501: components["responses"]["native_501"];
            503: components["responses"]["native_503"];
        };
    };
    listModels: {
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
                    "application/json": components["schemas"]["model_list"];
                };
            };
            400: components["responses"]["openai_400"];
            401: components["responses"]["openai_401"];
            403: components["responses"]["openai_403"];
            429: components["responses"]["openai_429"];
            500: components["responses"]["openai_500"];
            501: components["responses"]["openai_501"];
            503: components["responses"]["openai_503"];
        };
    };
    retrieveModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The model's id; everything after `/v1/models/` belongs to it.
                 * @example qwen/qwen3:8b
                 */
                model: components["schemas"]["model_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The model. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["model"];
                };
            };
            400: components["responses"]["openai_400"];
            401: components["responses"]["openai_401"];
            403: components["responses"]["openai_403"];
            404: components["responses"]["openai_404"];
            429: components["responses"]["openai_429"];
            500: components["responses"]["openai_500"];
            501: components["responses"]["openai_501"];
            503: components["responses"]["openai_503"];
        };
    };
    getReceipt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The hash of the receipt.
                 * @example 5d41402abc4b2a76b9719d911017c592ae2c1a9f0d8e7b6a5c4d3e2f1a0b9c8d
                 */
                receipt_hash: components["schemas"]["receipt_hash"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The receipt. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["receipt_evidence"];
                };
            };
            400: components["responses"]["native_400"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            501: components["responses"]["native_501"];
            503: components["responses"]["native_503"];
        };
    };
    getReceiptProof: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The hash of the receipt.
                 * @example 5d41402abc4b2a76b9719d911017c592ae2c1a9f0d8e7b6a5c4d3e2f1a0b9c8d
                 */
                receipt_hash: components["schemas"]["receipt_hash"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proof. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["native_400"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            501: components["responses"]["native_501"];
            503: components["responses"]["native_503"];
        };
    };
}
