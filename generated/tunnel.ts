// Generated from openapi/ by `npm run generate`; do not edit.
export interface paths {
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
         * Run a chat
         * @description The body is the customer's request without `b3iq` and without what is not forwarded, with both names of the output bound. The host
         *     agent checks the body as `createLocalChatCompletion` of the local document does. The signed header `X-B3IQ-Router-Call` holds
         *     the dispatch: the job, prices, bounds and deadline that go into the receipt.
         *
         *     The interim answer 100 says that the agent took the job up. After the answer come the HTTP/2 trailers `x-b3iq-receipt`,
         *     `x-b3iq-receipt-signature` and `x-b3iq-commitment-salt`; an answer without trailers is not complete.
         */
        post: operations["dispatchChat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tunnel/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a job
         * @description The agent ends the job in order, with usage, `[DONE]` and a receipt of what was done. A call for another fence stops nothing.
         */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tunnel/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Count the tokens of a prompt
         * @description The agent asks its runtime's tokenizer. A runtime without one answers `runtime_failed`.
         */
        post: operations["countPrompt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tunnel/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for the next tunnel
         * @description The gateway is about to stop. The agent opens its next tunnel now, and serves this one until the gateway closes it.
         */
        post: operations["drainTunnel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tunnel/job": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask what became of a job
         * @description A gateway that recovers a hold asks this before it decides whether the hold is settled or released.
         */
        post: operations["getJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tunnel/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read acknowledged receipts again
         * @description A gateway whose database was restored reads the receipts that it had acknowledged since, a page at a time.
         */
        post: operations["refetchReceipts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tunnel/settled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge receipts
         * @description The gateway took these receipts from the trailers of their answers, so the outbox need not submit them.
         */
        post: operations["acknowledgeReceipts"];
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
        /** @description What the agent took note of. */
        acknowledged_receipts: {
            /**
             * Format: int32
             * @description How many.
             * @example 1
             */
            acknowledged: number;
        };
        /** @description What the customer asked for, with our bound under both names. */
        chat_dispatch: {
            /**
             * Format: int64
             * @description The same number.
             * @example 64
             */
            max_completion_tokens: number;
            /**
             * Format: int64
             * @description The most tokens of the answer.
             * @example 64
             */
            max_tokens: number;
            /** @description The chat so far. */
            messages: components["schemas"]["message"][];
            /**
             * @description The model.
             * @example b3iq-tiny.gguf
             */
            model: string;
            /**
             * @description Whether the answer comes as events.
             * @example true
             */
            stream?: boolean;
        } & {
            [key: string]: unknown;
        };
        /**
         * @description A code of the error catalogue (errors.yaml), which newer agents may have more of.
         * @example unauthorized
         */
        failure_code: string;
        /** @description The code with what belongs to it. */
        failure_detail: {
            code: components["schemas"]["failure_code"];
            /**
             * @description What was wrong.
             * @example The call over the tunnel is refused.
             */
            detail: string;
            /**
             * @description The member of the body at fault.
             * @example fence
             */
            param?: string;
            request_id: components["schemas"]["request_id"];
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 401
             */
            status: number;
            /**
             * @description The code in words.
             * @example Not authorized
             */
            title: string;
        } & {
            [key: string]: unknown;
        };
        /** @description The job to stop. */
        job_cancel: {
            /**
             * Format: int64
             * @description The attempt of the job.
             * @example 1
             */
            fence: number;
            job_id: components["schemas"]["job_id"];
        };
        /** @description The outcome of a cancel. */
        job_cancelled: {
            /**
             * @description False when no such attempt runs.
             * @example true
             */
            cancelled: boolean;
        };
        /**
         * @description A job's id, minted by the gateway.
         * @example job_0c2f8h5j7k1m3n9p4q6r8s2t5v
         */
        job_id: string;
        /** @description The job that is asked for. */
        job_question: {
            job_id: components["schemas"]["job_id"];
        };
        /** @description What the agent knows of a job. */
        job_state: {
            /** @description The receipts that the agent signed for the job. */
            receipts: components["schemas"]["untrusted_receipt"][];
            /**
             * @description `unknown`: the agent has neither the job nor a receipt of it.
             * @example finished
             * @enum {string}
             */
            state: "unknown" | "running" | "finished";
        };
        /** @description A message of a chat. The agent checks it as it checks a dispatched one. */
        message: {
            [key: string]: unknown;
        };
        /** @description A failure in the native envelope. */
        native_failure: {
            error: components["schemas"]["failure_detail"];
        };
        /** @description A failure in the OpenAI envelope. */
        openai_failure: {
            error: {
                code: components["schemas"]["failure_code"];
                /**
                 * @description What was wrong.
                 * @example Every slot of the runtime is taken.
                 */
                message: string;
                /**
                 * @description The request field at fault.
                 * @example messages
                 */
                param: string | null;
                /**
                 * @description OpenAI's kind of error.
                 * @example server_error
                 */
                type: string;
            } & {
                [key: string]: unknown;
            };
        };
        /** @description What the tokenizer counts. Other members count for nothing. */
        prompt: {
            /** @description The chat so far. */
            messages: components["schemas"]["message"][];
            /**
             * @description The model.
             * @example b3iq-tiny.gguf
             */
            model: string;
            /** @description Form of the answer. */
            response_format?: unknown;
            /** @description Which tool is called. */
            tool_choice?: unknown;
            /** @description Tools of the chat. */
            tools?: unknown;
        };
        /** @description The prompt's length. */
        prompt_count: {
            /**
             * Format: int64
             * @description Tokens.
             * @example 9
             */
            prompt_tokens: number;
        };
        /**
         * @description SHA-256 over the receipt's preimage, in lower-case hexadecimal digits.
         * @example 5d41402abc4b2a76b9719d911017c592ae2c1a9f0d8e7b6a5c4d3e2f1a0b9c8d
         */
        receipt_hash: string;
        /** @description A page of acknowledged receipts. */
        receipts_page: {
            /**
             * Format: int64
             * @description Where the page ends.
             * @example 450
             */
            last: number;
            /**
             * @description Whether another page follows.
             * @example false
             */
            more: boolean;
            /** @description The page. */
            receipts: components["schemas"]["untrusted_receipt"][];
        };
        /** @description A place in the agent's outbox. */
        receipts_question: {
            /**
             * Format: date-time
             * @description Receipts acknowledged from this time on, RFC 3339 in UTC.
             * @example 2026-11-21T10:15:30.123Z
             */
            acknowledged_since: string;
            /**
             * Format: int64
             * @description `last` of the page before; 0 for the first.
             * @example 0
             */
            after: number;
            /**
             * Format: int64
             * @description The most receipts of the page. The agent gives 500 at most.
             * @example 200
             */
            limit: number;
        };
        /**
         * @description The agent's name for a call.
         * @example req_2v4b6n8m1q3w5e7r9t0y2u4i6o
         */
        request_id: string;
        /** @description Receipts that are settled. */
        settled_receipts: {
            /** @description Their hashes. */
            receipt_hashes: components["schemas"]["receipt_hash"][];
        };
        /** @description A receipt with its hash and signature, as `submitNodeReceipt` of the hosted document takes it. The gateway checks each by itself, so that a malformed one takes no other with it. */
        untrusted_receipt: {
            [key: string]: unknown;
        };
    };
    responses: {
        /** @description The call was refused or failed; nothing was done. */
        native_failure: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["native_failure"];
            };
        };
        /** @description The chat was refused or failed before any output. No trailers follow. */
        openai_failure: {
            headers: {
                "x-request-id": components["headers"]["x_request_id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["openai_failure"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The agent's name for this call. */
        x_request_id: components["schemas"]["request_id"];
    };
    pathItems: never;
}
export type AcknowledgedReceipts = components['schemas']['acknowledged_receipts'];
export type ChatDispatch = components['schemas']['chat_dispatch'];
export type FailureCode = components['schemas']['failure_code'];
export type FailureDetail = components['schemas']['failure_detail'];
export type JobCancel = components['schemas']['job_cancel'];
export type JobCancelled = components['schemas']['job_cancelled'];
export type JobId = components['schemas']['job_id'];
export type JobQuestion = components['schemas']['job_question'];
export type JobState = components['schemas']['job_state'];
export type Message = components['schemas']['message'];
export type NativeFailure = components['schemas']['native_failure'];
export type OpenaiFailure = components['schemas']['openai_failure'];
export type Prompt = components['schemas']['prompt'];
export type PromptCount = components['schemas']['prompt_count'];
export type ReceiptHash = components['schemas']['receipt_hash'];
export type ReceiptsPage = components['schemas']['receipts_page'];
export type ReceiptsQuestion = components['schemas']['receipts_question'];
export type RequestId = components['schemas']['request_id'];
export type SettledReceipts = components['schemas']['settled_receipts'];
export type UntrustedReceipt = components['schemas']['untrusted_receipt'];
export type ResponseNativeFailure = components['responses']['native_failure'];
export type ResponseOpenaiFailure = components['responses']['openai_failure'];
export type HeaderXRequestId = components['headers']['x_request_id'];
export type $defs = Record<string, never>;
export interface operations {
    dispatchChat: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The chat. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["chat_dispatch"];
            };
        };
        responses: {
            "4XX": components["responses"]["openai_failure"];
            "5XX": components["responses"]["openai_failure"];
            /** @description The answer, whole or as events. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/event-stream": string;
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The job. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["job_cancel"];
            };
        };
        responses: {
            "4XX": components["responses"]["native_failure"];
            "5XX": components["responses"]["native_failure"];
            /** @description The agent took the call. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["job_cancelled"];
                };
            };
        };
    };
    countPrompt: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The parts of a chat that make its prompt. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["prompt"];
            };
        };
        responses: {
            "4XX": components["responses"]["native_failure"];
            "5XX": components["responses"]["native_failure"];
            /** @description The count. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["prompt_count"];
                };
            };
        };
    };
    drainTunnel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": components["responses"]["native_failure"];
            "5XX": components["responses"]["native_failure"];
            /** @description The agent moves. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The job. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["job_question"];
            };
        };
        responses: {
            "4XX": components["responses"]["native_failure"];
            "5XX": components["responses"]["native_failure"];
            /** @description The job's state, with every receipt of the job. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["job_state"];
                };
            };
        };
    };
    refetchReceipts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description From where the page begins. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["receipts_question"];
            };
        };
        responses: {
            "4XX": components["responses"]["native_failure"];
            "5XX": components["responses"]["native_failure"];
            /** @description A page, in the order in which the agent wrote the receipts. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["receipts_page"];
                };
            };
        };
    };
    acknowledgeReceipts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The receipts. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["settled_receipts"];
            };
        };
        responses: {
            "4XX": components["responses"]["native_failure"];
            "5XX": components["responses"]["native_failure"];
            /** @description How many the agent took note of. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["acknowledged_receipts"];
                };
            };
        };
    };
}
