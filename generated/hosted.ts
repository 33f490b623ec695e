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
         * @description Answers as long as the process turns. It reads nothing and says nothing about the ability to serve; for that there is `/readyz`.
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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
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
         * @description A job's id, minted by the gateway.
         * @example job_0c2f8h5j7k1m3n9p4q6r8s2t5v
         */
        job_id: string;
        liveness: {
            /**
             * @description Always `ok`.
             * @example ok
             * @constant
             */
            status: "ok";
        };
        /** @description A failure in the native envelope. */
        native_error: {
            error: components["schemas"]["error_detail"];
        };
        /**
         * @description SHA-256 over the receipt's preimage, as 64 lower-case hexadecimal digits.
         * @example 5d41402abc4b2a76b9719d911017c592ae2c1a9f0d8e7b6a5c4d3e2f1a0b9c8d
         */
        receipt_hash: string;
        /**
         * @description The gateway's name for this request; quote it when asking for help.
         * @example req_2v4b6n8m1q3w5e7r9t0y2u4i6o
         */
        request_id: string;
        /**
         * @description A whole number of wei as a decimal string, without sign, leading zeros or exponent.
         * @example 1500000000000
         */
        wei: string;
    };
    responses: {
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
    };
    parameters: never;
    requestBodies: never;
    headers: {
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
export type ErrorCode = components['schemas']['error_code'];
export type ErrorDetail = components['schemas']['error_detail'];
export type JobId = components['schemas']['job_id'];
export type Liveness = components['schemas']['liveness'];
export type NativeError = components['schemas']['native_error'];
export type ReceiptHash = components['schemas']['receipt_hash'];
export type RequestId = components['schemas']['request_id'];
export type Wei = components['schemas']['wei'];
export type ResponseNative_500 = components['responses']['native_500'];
export type ResponseNative_501 = components['responses']['native_501'];
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
}
