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
         * Check whether the process is alive
         * @description Answers as long as the process runs. The answer reads nothing and says nothing about the ability to serve, which `/readyz`
         *     tells.
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
         * Check whether the gateway can serve
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
    "/v1/admin/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the audit log
         * @description The acts of admins, newest first. Each entry's hash covers the hash of the entry before it, so that a change or a gap shows.
         */
        get: operations["listAuditLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/billing/treasury-report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the treasury report
         * @description Protocol fees and payout totals over a window, computed from the rows of customer debits and node payouts, with refunds,
         *     withheld and set-off amounts shown separately.
         */
        get: operations["getTreasuryReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List commands
         * @description Commands to nodes, newest first. Sealed bytes are not shown.
         */
        get: operations["listCommands"];
        put?: never;
        /**
         * Send a command to a node
         * @description Queues one of the few commands that there are. A payload that does not fit the kind is 400, an unknown node is 404, a
         *     retired or suspended node is 409.
         */
        post: operations["createCommand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/commands/{command_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a command
         * @description Takes back a command that is queued or leased; a result that still comes is refused. A closed command is 409. A
         *     cancelled private job is released.
         */
        post: operations["cancelCommand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/commands/{command_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Queue a command again
         * @description Queues a command that failed or ran out of attempts, with three new attempts. Any other state is 409, and so is a private
         *     job whose hold is closed.
         */
        post: operations["retryCommand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List customers
         * @description The customers with their balances, oldest first.
         */
        get: operations["listCustomers"];
        put?: never;
        /**
         * Create a customer
         * @description Makes a customer with balance 0. The customer's token is in this answer and nowhere else. Without a policy, the balance is
         *     the only limit.
         */
        post: operations["createCustomer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/customers/{customer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a customer
         * @description The state and the balances of one customer.
         */
        get: operations["getCustomer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a customer
         * @description Changes the label or the status. `frozen` refuses new requests on every gateway within a second, and requests that were
         *     admitted settle. `closed` cannot be undone (409) and is refused while money is reserved.
         */
        patch: operations["updateCustomer"];
        trace?: never;
    };
    "/v1/admin/customers/{customer_id}/credits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Credit a customer
         * @description Books a credit. `reference` is unique: sent again with the same customer and amount it answers the first booking
         *     with `repeated`, and moves no money; with another customer or amount it is 409 `conflict`.
         */
        post: operations["createCredit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/customers/{customer_id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a customer's keys
         * @description The customer's gateway keys, newest first, with revoked ones. Secrets are never shown again.
         */
        get: operations["listGatewayKeys"];
        put?: never;
        /**
         * Create a key for a customer
         * @description Makes a gateway key that bills this customer; the key's secret is in this answer and nowhere else. With `operator` the key
         *     has no owner, `customer_id` of the answer is null, and the customer headers of each request name the customer who pays. A
         *     closed customer gets no key (409).
         */
        post: operations["createGatewayKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/customers/{customer_id}/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a customer's policy
         * @description The limits in force, with their version.
         */
        get: operations["getCustomerPolicy"];
        /**
         * Set a customer's policy
         * @description Replaces the whole policy and gives it a new version, which is in force on every gateway within a second. Requests that were
         *     admitted before settle under their frozen quotes. With `expected_version`, another version in force is 409 `conflict`.
         */
        put: operations["putCustomerPolicy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/customers/{customer_id}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refund a job
         * @description Gives back part or all of what a settled job was charged; several refunds of a job are together at most that
         *     amount (409 `conflict` beyond it). The node's payout of that job is withheld, set off later, or borne by the platform,
         *     according to its state. `refund_id` makes a repeat harmless.
         */
        post: operations["createRefund"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/customers/{customer_id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate a customer's token
         * @description Makes a new token, which is shown once. The old token stops at once, or after `overlap_seconds`. A closed customer gets no
         *     token (409).
         */
        post: operations["rotateCustomerToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List incidents
         * @description The incidents that pause traffic, newest first.
         */
        get: operations["listIncidents"];
        put?: never;
        /**
         * Open an incident
         * @description Pauses everything, a route class, a tier, a model, a node, a customer, or payouts. The pause is in force on every gateway
         *     within a second; requests in flight finish. A target that does not fit its scope is 400; a target that is paused already is
         *     409.
         */
        post: operations["openIncident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/incidents/{incident_id}/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Clear an incident
         * @description Lifts the pause on every gateway within a second. An incident that was cleared already is 409.
         */
        post: operations["clearIncident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/keys/{key_id}": {
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
        delete: operations["revokeGatewayKey"];
        options?: never;
        head?: never;
        /**
         * Change a key
         * @description Changes the label, the scopes or the expiry. The change is in force on every gateway within a second; `putKeyPolicy` sets the limits. A
         *     revoked key cannot be changed (409).
         */
        patch: operations["updateGatewayKey"];
        trace?: never;
    };
    "/v1/admin/keys/{key_id}/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set a key's policy
         * @description Replaces the key's own limits. They narrow the customer's policy and never widen it. With `expected_version`,
         *     another version in force is 409 `conflict`, and so is a revoked key.
         */
        put: operations["putKeyPolicy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List nodes
         * @description Every node in short, with what an operator needs to find those that need attention. Addresses and routes are not shown here
         *     either.
         */
        get: operations["listNodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/nodes/{node_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a node
         * @description A node with its machine, queue, profiles, every gate, keys and stake.
         */
        get: operations["getNode"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a node
         * @description Approves (`active`), drains, suspends or retires a node, or sets the tier of its routes. The change is in force on every
         *     gateway within a second; requests in flight finish. Suspension withholds payouts. A retired node stays retired (409).
         */
        patch: operations["updateNode"];
        trace?: never;
    };
    "/v1/admin/nodes/{node_id}/benchmarks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a benchmark on a node
         * @description Runs a benchmark through the node's tunnel now and waits for the result. Routing and the public views use these measurements
         *     of the gateway. A node without a tunnel or without the model is 409; one that fails or does not
         *     answer is 502 or 504. Nobody is charged.
         */
        post: operations["runBenchmark"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/nodes/{node_id}/stake": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Record a node's stake
         * @description Records an observation of the node's stake. Observations age, and one that is too old counts as no stake. An observation that is
         *     older than the one in force is 409 `conflict`.
         */
        put: operations["putNodeStake"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/payout-batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List payout batches
         * @description Payout batches, newest first, with those that were reset.
         */
        get: operations["listPayoutBatches"];
        put?: never;
        /**
         * Build a payout batch
         * @description Collects every payout that matured before `period_end` and is not withheld into a batch, pinned to one size of the
         *     public log, and signs its root, count and total. Nothing to pay is 409, payouts paused by an incident 503
         *     `incident_paused`.
         */
        post: operations["createPayoutBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/payout-batches/{batch_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a payout batch
         * @description A batch with its lines.
         */
        get: operations["getPayoutBatch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/payout-batches/{batch_id}/finalize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finalize a payout batch
         * @description Marks a submitted batch as paid, with the evidence. Any state but `submitted` is 409; the same request with the same
         *     evidence gets the same answer.
         */
        post: operations["finalizePayoutBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/payout-batches/{batch_id}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset a payout batch
         * @description Returns the payouts of a batch, so that the next batch collects them. Only a batch that is not submitted can be reset: any
         *     state but `created` is 409.
         */
        post: operations["resetPayoutBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/payout-batches/{batch_id}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit a payout batch
         * @description Marks a batch as submitted, with the transaction that carries its root. A submitted batch cannot be reset. Any state but
         *     `created` is 409; the same request with the same transaction gets the same answer.
         */
        post: operations["submitPayoutBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/payout-batches/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview a payout batch
         * @description What a batch would hold: every line, what is withheld and what is set off. The gateway keeps nothing of the preview.
         */
        post: operations["previewPayoutBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List prices
         * @description The prices that the operator set for each model, in wei a token.
         */
        get: operations["listPrices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/prices/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the price of a model
         * @description Sets the default, the floor and the ceiling of the prices that nodes may ask for a model, whether the model is served or
         *     not. The default counts where an owner set no price; a price outside the bounds takes the node out of routing. A floor above its ceiling, or a
         *     default outside both, is 400. `hidden_reasoning` says whether nodes of the model are paid for reasoning that they do
         *     not show. The prices apply to quotes that are made afterwards.
         */
        put: operations["putPrice"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/reservations/recover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Recover stale reservations
         * @description Looks at open reservations whose gateway is gone or whose time is over, asks the nodes for the state of the jobs, and
         *     settles or releases the reservations. With `dry_run` the answer says what would be done and why, and nothing changes.
         *     Reservations of a gateway that is alive are left alone. The audit log has an entry for each reservation that was
         *     ended.
         */
        post: operations["recoverReservations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/routing/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Explain how a chat would be routed
         * @description Evaluates gates and ranking for the outline of a chat, as routing would now: every candidate, every gate, scores,
         *     and the quote. Nothing is held and nothing is dispatched. A model that no node offers is 404 `model_not_found`.
         */
        post: operations["explainRoute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/withheld-payouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List payouts withheld for review
         * @description Settlements of the first release whose answer no gateway saw to its end, so that the signed usage could only be
         *     bounded by the hold: the customer was charged, and the node's payout waits for a decision. They come newest first, with
         *     those that were decided. Newer releases make none: they settle such an answer for what its gateway had recorded as
         *     delivered.
         */
        get: operations["listWithheldPayouts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/withheld-payouts/{receipt_hash}/refuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refuse a withheld payout
         * @description The node is never paid for this receipt. The customer's charge stands; `createRefund` gives it back. The decision is final:
         *     the same decision again gets the same answer, another one is 409 `conflict`. A receipt whose payout was not withheld for
         *     review is 404.
         */
        post: operations["refuseWithheldPayout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/withheld-payouts/{receipt_hash}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Release a withheld payout
         * @description The payout goes into the next batch, as every payout that has matured. The decision is final: the same decision again gets
         *     the same answer, another one is 409 `conflict`. A receipt whose payout was not withheld for review is 404.
         */
        post: operations["releaseWithheldPayout"];
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
         * Read the balance, limits and policy
         * @description The customer's balance, what is reserved and available, the policy in force, every spend cap and rate limit with its use,
         *     and the key of this request.
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
         * @description The billing state of a chat or a private job, by the job's id or by the reference that the request gave in `b3iq.job_id`.
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
         *     `Accept` chooses JSON with totals over the whole window, CSV (RFC 4180), or NDJSON with one entry a line; for the last two
         *     the cursor of the next page is in `x-b3iq-next-cursor`. A window is `window_days` back from now, or the
         *     half-open span from `from` to `to`, which gives the same statement at any time.
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
         *     **Streams.** With `stream: true` the node's frames are passed on as it wrote them, up to its last finish reason,
         *     which has a frame of its own. That frame carries the `b3iq` object and comes after the settlement; usage is one more frame if `stream_options.include_usage` asks for
         *     it; `data: [DONE]` ends a whole answer, and nothing else does. Before the first output, and at most for 10 s,
         *     failures keep their own status; after it they are one `data: {"error": ...}` frame without `[DONE]`.
         *
         *     **What is charged.** A finished answer, and the signed part of a stream that broke or was left. A plain answer that
         *     was not delivered is not charged, unless the connection broke after the settlement: send the same `Idempotency-Key`
         *     again to learn hash and amount. Where the settlement cannot be written in time, the answer is 503
         *     `settlement_unavailable` with the `job_id`: a plain answer is then free, and a stream is charged later for what was
         *     delivered.
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
         * List your keys
         * @description The customer's keys in the order of their ids, with revoked ones. Secrets are never shown again.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Create a key
         * @description Makes a gateway key that bills this customer. The key's secret is in this answer and nowhere else. The key's limits can be
         *     narrower than the customer's policy, never wider.
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
         * @description Changes the label, the scopes or the expiry. The change is in force on every gateway within a second; requests that were
         *     admitted before end under the old terms. A revoked key cannot be changed.
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
         * @description A signed note (C2SP): origin, tree size, root hash and signatures of the log and its witnesses. Everything that a checkpoint
         *     covers is served before the checkpoint is.
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
         * @description The name and public key of the log, and the keys of its witnesses. Pin them: a checkpoint proves as much as the key with
         *     which you check it.
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
         * @description A tile of hashes as C2SP tlog-tiles describes it. Full tiles never change; a partial one has `.p/{width}` and is replaced by
         *     the full one.
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
         * @description The leaves of a level-0 tile as C2SP tlog-tiles describes it. A leaf is blinded: it reveals a receipt only to those who have
         *     the receipt.
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
         * List the models that are served
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
         * @description One entry of the list. An id with slashes and colons may be sent plain or percent-encoded; every id of the list can be read
         *     here.
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
    "/v1/node/commands/{command_id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report on a command
         * @description Closes a command, or renews its lease with `running`. Only the newest lease may do so: an older token is 409
         *     `lease_superseded`. A result under the newest token is accepted after `lease_until` too. The same result again gets the same
         *     answer; another result for a closed command is 409 `conflict`.
         */
        post: operations["submitCommandResult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/node/commands/poll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Poll for commands
         * @description Hands out commands under a lease, or waits for one as long as the request allows. A command whose lease ends without a
         *     result is handed out again, at most three times in all.
         */
        post: operations["pollCommands"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/node/enrollment/challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for an enrollment challenge
         * @description The first step of enrollment: the answer holds a nonce of 32 random bytes, which this key has to sign once, within five
         *     minutes. A key that is not canonical or has a small order is refused. Callers are limited by their address.
         */
        post: operations["createEnrollmentChallenge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/node/enrollments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enroll a node
         * @description The second step: the node signs audience, nonce, keys and expiry with its identity. The answer holds the node's
         *     id, which follows from its key, and the router secret, sealed so that only this node can open it. A node that is
         *     enrolled already gets a new router secret and its old id. A nonce that is unknown, used or too old is 401
         *     `challenge_expired`, a wrong signature 401 `invalid_signature`. A new node is `pending` and gets no work until an admin
         *     approves it, unless the gateway takes every node; a known node keeps its status. An identity that was retired
         *     is refused with 401.
         */
        post: operations["enrollNode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/node/heartbeats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a heartbeat
         * @description The agent sends a heartbeat every ten seconds, with jitter. It describes the machine, the models that it can run with their
         *     prices, and the load. A node without a heartbeat for 40 seconds, by the gateway's clock, is taken out of routing. The answer
         *     names what keeps the node or its profiles from getting work.
         */
        post: operations["publishHeartbeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/node/payout-address": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the payout address
         * @description Sets the address to which payouts go. The node's identity signs the address, and it applies after 24 hours, so that a stolen
         *     session alone redirects nothing. A later address replaces one that waits; a `signed_at` that is not later than that of the
         *     last address is 409.
         */
        put: operations["putPayoutAddress"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/node/payouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the node's payouts
         * @description What this node earned, by the state of the money, and the node's line in each payout batch.
         */
        get: operations["listNodePayouts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/node/receipts": {
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
         * @description Takes a receipt that did not reach the gateway with its answer. The gateway checks it against the key and epoch of its
         *     dispatch, not against today's. Submitting again is harmless and gets the same answer. A hash that is not the payload's is 409
         *     `receipt_hash_mismatch`; a signature that does not verify is 401 `invalid_signature`. A number that was signed
         *     before for another receipt is recorded as `sequence_reused`: both are kept as evidence, and the node is suspended.
         */
        post: operations["submitNodeReceipt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/node/transport-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish a key for private jobs
         * @description A new X25519 key, signed by the node's identity and good for at most seven days. It becomes a leaf of the public
         *     log. Publishing the same key again changes nothing; a `key_id` that stands for another key is 409.
         */
        post: operations["publishTransportKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/node/tunnel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Open the tunnel
         * @description Turns this connection into the node's tunnel. The agent sends `Connection: Upgrade` and `Upgrade: b3iq-h2`; after
         *     the 101 the gateway speaks HTTP/2 to the agent over it, so that nothing ever dials in. `Upgrade: websocket` with
         *     the subprotocol `b3iq-h2` carries the same for proxies that pass nothing else. Opening gives the node a new epoch,
         *     above all earlier ones, and closes its earlier tunnel. Where the upgrade headers did not arrive, the answer is 426
         *     `upgrade_required`, and its `detail` says what a proxy in between has to be told.
         */
        get: operations["openNodeTunnel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/private-inference/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Queue an encrypted job
         * @description Takes a job that was sealed to one enrolled node, reserves its price and queues it for that node. The gateway
         *     cannot read it. It checks the sealed context (node, model, price, job id) and the envelope before any money is
         *     held: a mismatch is 400 `invalid_encrypted_request`. The gateway reserves the smaller of `max_price_wei` and what
         *     the bytes of the ciphertext and the longest answer could cost. A node that may not take the job is 409 with the
         *     code of its blocker, such as `observed_benchmark_missing`, or 503 `no_healthy_candidates`. The same `job_id` with
         *     the same envelope is answered with the first 202 again; with another envelope it is 409. When the database does not
         *     say in time whether the job is queued, the answer is 503 `settlement_unavailable` with the `job_id`: the job, or the
         *     same request again, says whether it was charged.
         */
        post: operations["createPrivateJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/private-inference/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an encrypted job
         * @description State, money and, once the node has answered, the sealed result of a job. The sealed result stays until an hour
         *     after it was read, at most 24 hours; the sealed request goes when the job closes. A job of another customer is
         *     404.
         */
        get: operations["getPrivateJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/public/model-profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List how models are served
         * @description Every way in which a model is served, with its limits, capabilities, prices and number of nodes. No node is named.
         */
        get: operations["listPublicModelProfiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/public/network": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the state of the network
         * @description The counts of nodes, models and receipts, the newest checkpoint of the log, and the pauses in force. Callers without a key
         *     are limited by their address.
         */
        get: operations["getNetworkStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/public/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List nodes
         * @description The public facts of every enrolled node: models, prices, measurements, and the identity keys with which its receipts verify.
         *     Addresses, routes and owners are not public.
         */
        get: operations["listPublicNodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/public/nodes/{node_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a node
         * @description The public facts of one node. An auditor needs the keys with their periods to verify its receipts, the old ones too.
         */
        get: operations["getPublicNode"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/public/nodes/{node_id}/route-readiness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read why a node gets no work
         * @description Evaluates the gates that routing itself uses, for this node and model, and says which of them refuse and what the node's
         *     operator can do. No customer's policy is applied. A model that the node does not offer is a blocker,
         *     not an error.
         */
        get: operations["getRouteReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/public/nodes/{node_id}/transport-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the key for private jobs
         * @description The X25519 key to which a client seals private jobs for this node, signed by the node's identity. The client has
         *     to check that signature. A node without a valid key is 404 as well.
         */
        get: operations["getNodeTransportKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/public/settlement/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List payout batches
         * @description Batches of payouts to nodes, each with the root and total that the gateway committed to and, once there is one,
         *     the transaction. Nothing in a batch leads to a customer.
         */
        get: operations["listSettlementBatches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/public/settlement/batches/{batch_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a payout batch
         * @description A batch with all its lines, from which everyone can compute root, count and total again.
         */
        get: operations["getSettlementBatch"];
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
         * @description The signed receipt with the node's key, the signed and the settled figures, and the address of its proof. The answer is
         *     public: it names the node and never the customer.
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
         *     the log's key. The answer is 404 until the log has taken the receipt, which takes seconds.
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
        /** @description A command and its state. Sealed bytes are not shown. */
        admin_command: {
            /**
             * Format: int32
             * @description How often the command was leased since it was queued.
             * @example 1
             */
            attempts: number;
            /** @description Null while it is open. */
            closed_at: components["schemas"]["timestamp"] | null;
            command_id: components["schemas"]["command_id"];
            created_at: components["schemas"]["timestamp"];
            /**
             * @description The admin's name, or `gateway`.
             * @example ops
             */
            created_by: string;
            /** @description Why the command failed. */
            failure: components["schemas"]["command_failure"] | null;
            kind: components["schemas"]["command_kind"];
            /** @description When the lease ends; null while no node has the command. */
            lease_until: components["schemas"]["timestamp"] | null;
            node_id: components["schemas"]["node_id"];
            /** @description The node's result; null before it came, and always for `private_job`. */
            result: components["schemas"]["result_benchmark_smoke"] | components["schemas"]["result_tunnel_check"] | components["schemas"]["result_runtime_probe"] | components["schemas"]["result_model_install"] | components["schemas"]["result_support_bundle"] | null;
            state: components["schemas"]["command_state"];
        };
        /** @description A command for a node. Only customers make private jobs. */
        admin_command_create: {
            /**
             * @description The kind of command.
             * @example runtime_probe
             * @enum {string}
             */
            kind: "benchmark_smoke" | "tunnel_check" | "runtime_probe" | "model_install" | "support_bundle";
            node_id: components["schemas"]["node_id"];
            /** @description The arguments of the command; their shape follows from `kind`. */
            payload: components["schemas"]["payload_benchmark_smoke"] | components["schemas"]["payload_tunnel_check"] | components["schemas"]["payload_runtime_probe"] | components["schemas"]["payload_model_install"] | components["schemas"]["payload_support_bundle"];
            reason: components["schemas"]["reason"];
        };
        /** @description A page of commands. */
        admin_command_list: {
            /** @description Newest first. */
            data: components["schemas"]["admin_command"][];
            next_cursor: components["schemas"]["next_cursor"];
        };
        /** @description A node with its machine, queue, profiles, gates, keys and stake. */
        admin_node: {
            agent_version: components["schemas"]["agent_version"];
            /** @description The name that its owner gave it. */
            display_name: components["schemas"]["label"] | null;
            /**
             * @description Whether the agent is about to stop.
             * @example false
             */
            draining: boolean;
            enrolled_at: components["schemas"]["timestamp"];
            /**
             * Format: int64
             * @description The newest epoch; 0 before the first tunnel.
             * @example 3
             */
            epoch: number;
            /** @description The machine, by the latest heartbeat; null before the first. */
            inventory: components["schemas"]["inventory"] | null;
            /** @description The node's identity keys, newest first. */
            keys: components["schemas"]["node_key"][];
            /** @description The latest heartbeat by the gateway's clock; null before the first. */
            last_heartbeat_at: components["schemas"]["timestamp"] | null;
            /** @description The models that the node offers. */
            models: components["schemas"]["model_id"][];
            node_class: components["schemas"]["node_class"];
            node_id: components["schemas"]["node_id"];
            /**
             * @description A heartbeat came within 40 seconds.
             * @example true
             */
            online: boolean;
            /** @description What is held for work that the node has now. */
            open_exposure_wei: components["schemas"]["wei"];
            /**
             * @description Whether the owner paused the node.
             * @example false
             */
            paused: boolean;
            /**
             * @description An admin allowed paid work on tier `portable_local` here.
             * @example false
             */
            portable_paid_route: boolean;
            /** @description The node's profiles, each with every gate. */
            profiles: components["schemas"]["admin_node_profile"][];
            protocol_version: components["schemas"]["protocol_version"];
            /** @description The queue, by the latest heartbeat; null before the first. */
            queue: components["schemas"]["node_queue"] | null;
            /**
             * @description Whether every gate lets at least one profile through.
             * @example true
             */
            route_ready: boolean;
            /** @description The tier that an admin set for all its profiles; null where none was set. */
            route_tier_override: components["schemas"]["route_tier"] | null;
            /** @description Null where there was never an observation. */
            stake: components["schemas"]["stake_observation"] | null;
            status: components["schemas"]["node_status"];
            /**
             * @description Whether the node's tunnel is open at some gateway.
             * @example true
             */
            tunnel: boolean;
        };
        /** @description A page of nodes. */
        admin_node_list: {
            /** @description By node id. */
            data: components["schemas"]["admin_node_summary"][];
            next_cursor: components["schemas"]["next_cursor"];
        };
        /** @description A profile of the node with every gate. */
        admin_node_profile: {
            /** @description The owner's price of a completion token; null where the owner set none. */
            asking_completion_price_wei: components["schemas"]["wei"] | null;
            /** @description The owner's price of a prompt token; null where the owner set none. */
            asking_prompt_price_wei: components["schemas"]["wei"] | null;
            /**
             * @description The agent ran its own benchmark.
             * @example true
             */
            benchmark_verified: boolean;
            /** @description The price in force for a completion token; null where it is unknown or out of bounds. */
            completion_price_wei: components["schemas"]["wei"] | null;
            /**
             * Format: int64
             * @description Tokens that prompt and answer may have together.
             * @example 8192
             */
            context_length: number;
            /** @description Every gate in order. */
            gates: components["schemas"]["gate_result"][];
            /**
             * Format: int64
             * @description The longest answer.
             * @example 4096
             */
            max_completion_tokens: number;
            model_id: components["schemas"]["model_id"];
            model_profile_id: components["schemas"]["model_profile_id"];
            /**
             * @description The owner offers this profile to the network.
             * @example true
             */
            network_eligible: boolean;
            /** @description The latest measurement by the gateway; null before the first. */
            observed_benchmark: components["schemas"]["observed_benchmark"] | null;
            /**
             * @description Whether the profile's tier may take paid work on this node.
             * @example true
             */
            paid_route_eligible: boolean;
            /**
             * Format: int64
             * @description The requests that it can answer at once.
             * @example 4
             */
            parallel: number;
            /** @description The price in force for a prompt token; null where it is unknown or out of bounds. */
            prompt_price_wei: components["schemas"]["wei"] | null;
            /**
             * @description Every gate lets it through.
             * @example true
             */
            route_ready: boolean;
            route_tier: components["schemas"]["route_tier"];
            runtime_kind: components["schemas"]["runtime_kind"];
            /**
             * @description The runtime answered its latest probe.
             * @example true
             */
            runtime_ready: boolean;
            status: components["schemas"]["profile_status"];
            supported_parameters: components["schemas"]["supported_parameters"];
        };
        /** @description A node in short. */
        admin_node_summary: {
            agent_version: components["schemas"]["agent_version"];
            /** @description The name that its owner gave it. */
            display_name: components["schemas"]["label"] | null;
            /**
             * @description Whether the agent is about to stop.
             * @example false
             */
            draining: boolean;
            enrolled_at: components["schemas"]["timestamp"];
            /**
             * Format: int64
             * @description The newest epoch; 0 before the first tunnel.
             * @example 3
             */
            epoch: number;
            /** @description The latest heartbeat by the gateway's clock; null before the first. */
            last_heartbeat_at: components["schemas"]["timestamp"] | null;
            /** @description The models that the node offers. */
            models: components["schemas"]["model_id"][];
            node_class: components["schemas"]["node_class"];
            node_id: components["schemas"]["node_id"];
            /**
             * @description A heartbeat came within 40 seconds.
             * @example true
             */
            online: boolean;
            /**
             * @description Whether the owner paused the node.
             * @example false
             */
            paused: boolean;
            /**
             * @description An admin allowed paid work on tier `portable_local` here.
             * @example false
             */
            portable_paid_route: boolean;
            protocol_version: components["schemas"]["protocol_version"];
            /**
             * @description Whether every gate lets at least one profile through.
             * @example true
             */
            route_ready: boolean;
            /** @description The tier that an admin set for all its profiles; null where none was set. */
            route_tier_override: components["schemas"]["route_tier"] | null;
            status: components["schemas"]["node_status"];
            /**
             * @description Whether the node's tunnel is open at some gateway.
             * @example true
             */
            tunnel: boolean;
        };
        /** @description What to change, and why. */
        admin_node_update: {
            /**
             * @description Allow paid work on tier `portable_local` here.
             * @example true
             */
            portable_paid_route?: boolean;
            reason: components["schemas"]["reason"];
            /** @description The tier for all profiles of the node; null returns to the tiers that they claim. */
            route_tier_override?: components["schemas"]["route_tier"] | null;
            /**
             * @description The new status; `retired` is final.
             * @example suspended
             * @enum {string}
             */
            status?: "active" | "draining" | "suspended" | "retired";
        };
        /**
         * @description The version of the host agent.
         * @example 0.1.0
         */
        agent_version: string;
        /** @description An act of an admin. The entry's hash covers its own canonical text and the hash of the entry before it, so that no entry can be changed or left out. */
        audit_entry: {
            /**
             * @description The operation.
             * @example openIncident
             */
            action: string;
            /**
             * @description The admin's name.
             * @example ops
             */
            actor: string;
            at: components["schemas"]["timestamp"];
            /**
             * @description What was changed, or facts of the act; never a secret.
             * @example {
             *       "scope": "model",
             *       "reason": "Wrong answers."
             *     }
             */
            detail: {
                [key: string]: unknown;
            };
            hash: components["schemas"]["hash"];
            previous_hash: components["schemas"]["hash"];
            /**
             * Format: int64
             * @description The entry's number; there are no gaps.
             * @example 118
             */
            seq: number;
            /**
             * @description The object of the operation.
             * @example inc_9a1s3d5f7g2h4j6k8l0z2x4c6v
             */
            target: string;
        };
        /** @description A page of the audit log. */
        audit_log: {
            /** @description Newest first. */
            data: components["schemas"]["audit_entry"][];
            next_cursor: components["schemas"]["next_cursor"];
        };
        /**
         * @description A payout batch's id.
         * @example pay_3q5w7e9r1t2y4u6i8o0p1a3s5d
         */
        batch_id: string;
        /** @description The gateway's own measurement, through the node's tunnel. */
        benchmark: {
            /**
             * Format: int64
             * @description Tokens of the answer.
             * @example 64
             */
            completion_tokens: number;
            fresh_until: components["schemas"]["timestamp"];
            model_id: components["schemas"]["model_id"];
            model_profile_id: components["schemas"]["model_profile_id"];
            node_id: components["schemas"]["node_id"];
            observed_at: components["schemas"]["timestamp"];
            /**
             * Format: int64
             * @description Tokens of the prompt.
             * @example 24
             */
            prompt_tokens: number;
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
        /** @description What to measure. */
        benchmark_request: {
            /**
             * Format: int32
             * @description Length of the answer.
             * @default 64
             * @example 64
             */
            max_tokens: number;
            model: components["schemas"]["model_id"];
            /** @description The profile to measure; absent means the node's first profile of the model. */
            model_profile_id?: components["schemas"]["model_profile_id"];
        };
        /** @description Balance, limits and policy of a customer. `available_wei` is `balance_wei` less `reserved_wei`. */
        billing_account: {
            available_wei: components["schemas"]["wei"];
            balance_wei: components["schemas"]["wei"];
            customer_id: components["schemas"]["customer_id"];
            generated_at: components["schemas"]["timestamp"];
            /** @description The key of this request, or null where the customer's own token was sent. */
            key: components["schemas"]["gateway_key"] | null;
            /**
             * @description Whether the available balance is below the policy's threshold.
             * @example false
             */
            low_balance: boolean;
            /**
             * Format: int64
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
             * Format: int64
             * @description The completion tokens that were settled.
             * @example 6
             */
            completion_tokens?: number | null;
            created_at: components["schemas"]["timestamp"];
            customer_id: components["schemas"]["customer_id"];
            expires_at?: components["schemas"]["timestamp"];
            /** @description What the platform keeps; null until settled. */
            fee_wei?: components["schemas"]["wei"] | null;
            job_id: components["schemas"]["job_reference"];
            /** @description The key that made the request. */
            key_id?: components["schemas"]["key_id"] | null;
            /**
             * @description How the job was requested.
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
             * Format: int64
             * @description The prompt tokens that were settled.
             * @example 14
             */
            prompt_tokens?: number | null;
            quoted_price_wei: components["schemas"]["wei"];
            /**
             * @description The reason why the reservation was released or expired, as a word.
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
         * @description The state of the job's money.
         * @example settled
         * @enum {string}
         */
        billing_status: "reserved" | "settled" | "released" | "expired";
        /** @description A page of a customer's ledger, newest first, with the totals of the whole window. */
        billing_usage: {
            customer_id: components["schemas"]["customer_id"];
            /** @description The entries of the page. */
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
            /** @description One entry for each kind that occurs. */
            totals: components["schemas"]["usage_total"][];
        };
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
        /** @description For the gateway's router; the gateway removes this object before the request goes to a node. */
        chat_b3iq_request: {
            /**
             * @description The only mode of hosted chat; anything else is refused with `dispatch_mode_rejected`.
             * @example pooled_sync
             * @enum {string}
             */
            dispatch_mode?: "pooled_sync";
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
         * @description A chat in OpenAI's format, with an optional `b3iq` object. A name that is not listed here is refused with 400 and `param`, never dropped:
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
        /** @description A command under a lease. It is delivered at least once; doing it twice must be harmless. */
        command: {
            /**
             * Format: int32
             * @description The number of this attempt.
             * @example 1
             */
            attempt: number;
            command_id: components["schemas"]["command_id"];
            kind: components["schemas"]["command_kind"];
            lease_token: components["schemas"]["lease_token"];
            lease_until: components["schemas"]["timestamp"];
            /** @description The arguments of the command; their shape follows from `kind`. */
            payload: components["schemas"]["payload_benchmark_smoke"] | components["schemas"]["payload_tunnel_check"] | components["schemas"]["payload_runtime_probe"] | components["schemas"]["payload_model_install"] | components["schemas"]["payload_support_bundle"] | components["schemas"]["payload_private_job"];
        };
        /** @description Why a command failed. */
        command_failure: {
            /**
             * @description A stable word.
             * @example runtime_not_ready
             */
            code: string;
            /**
             * @description A sentence without prompts, outputs, paths or addresses.
             * @example The runtime did not start.
             */
            message: string;
        };
        /**
         * @description A command's id.
         * @example cmd_5b8n2m6v9c1x3z7l0k4j8h2g6f
         */
        command_id: string;
        /**
         * @description The kinds of commands. No command runs anything else.
         * @example runtime_probe
         * @enum {string}
         */
        command_kind: "benchmark_smoke" | "tunnel_check" | "runtime_probe" | "model_install" | "support_bundle" | "private_job";
        /** @description The commands that this poll leased; empty when none came in time. */
        command_list: {
            /** @description Oldest first. */
            commands: components["schemas"]["command"][];
            server_time: components["schemas"]["timestamp"];
        };
        /** @description What the agent is ready to take. */
        command_poll: {
            /** @description The kinds of commands to hand out; absent means all. */
            kinds?: components["schemas"]["command_kind"][];
            /**
             * Format: int32
             * @description The most commands to hand out.
             * @example 4
             */
            max: number;
            /**
             * Format: int32
             * @description How long to wait for a command when there is none.
             * @example 20
             */
            wait_seconds: number;
        };
        /** @description What the gateway did with the result. */
        command_result: {
            lease_until?: components["schemas"]["timestamp"];
            receipt?: components["schemas"]["receipt_verdict"];
            server_time: components["schemas"]["timestamp"];
            /**
             * @description `renewed`: the lease runs to `lease_until`; `accepted`: the command is closed. The same result again is answered the same.
             * @example accepted
             * @enum {string}
             */
            status: "renewed" | "accepted";
        };
        /** @description The outcome, or with `running` a wish for a longer lease. A succeeded `private_job` brings `encrypted_response` and `receipt`, every other kind brings `result`. At most 256 kB without the sealed answer. */
        command_result_request: {
            encrypted_response?: components["schemas"]["private_envelope"];
            failure?: components["schemas"]["command_failure"];
            lease_token: components["schemas"]["lease_token"];
            receipt?: components["schemas"]["signed_receipt"];
            /** @description The result; its shape follows from the command's kind. */
            result?: components["schemas"]["result_benchmark_smoke"] | components["schemas"]["result_tunnel_check"] | components["schemas"]["result_runtime_probe"] | components["schemas"]["result_model_install"] | components["schemas"]["result_support_bundle"];
            /**
             * @description The state of the work; `running` renews the lease.
             * @example succeeded
             * @enum {string}
             */
            status: "succeeded" | "failed" | "running";
        };
        /**
         * @description `leased`: a node has it; `dead`: three attempts ended without a result.
         * @example queued
         * @enum {string}
         */
        command_state: "queued" | "leased" | "succeeded" | "failed" | "cancelled" | "dead";
        /** @description The credit as it was booked. */
        credit: {
            amount_wei: components["schemas"]["wei_positive"];
            /** @description The balance right after the credit was booked. */
            balance_wei: components["schemas"]["wei"];
            customer_id: components["schemas"]["customer_id"];
            entry_id: components["schemas"]["entry_id"];
            reference: components["schemas"]["reference"];
            /**
             * @description Whether it had been booked before.
             * @example false
             */
            repeated: boolean;
        };
        /** @description Money to add to a balance. */
        credit_request: {
            amount_wei: components["schemas"]["wei_positive"];
            reference: components["schemas"]["reference"];
        };
        /** @description A customer. The gateway knows no name, address or mail; the label is the operator's own note. */
        customer: {
            /** @description The balance less what is reserved. */
            available_wei: components["schemas"]["wei"];
            /** @description The credits and refunds less the debits. */
            balance_wei: components["schemas"]["wei"];
            created_at: components["schemas"]["timestamp"];
            customer_id: components["schemas"]["customer_id"];
            /** @description The operator's note. */
            label: components["schemas"]["label"] | null;
            policy_version: components["schemas"]["policy_version"];
            /** @description What is held for requests in flight. */
            reserved_wei: components["schemas"]["wei"];
            status: components["schemas"]["customer_status"];
        };
        /** @description A new customer. */
        customer_create: {
            label?: components["schemas"]["label"];
            policy?: components["schemas"]["customer_policy_request"];
        };
        /** @description The new customer, with the token that is shown once. */
        customer_created: {
            /** @description The balance less what is reserved. */
            available_wei: components["schemas"]["wei"];
            /** @description The credits and refunds less the debits. */
            balance_wei: components["schemas"]["wei"];
            created_at: components["schemas"]["timestamp"];
            customer_id: components["schemas"]["customer_id"];
            customer_token: components["schemas"]["customer_token"];
            /** @description The operator's note. */
            label: components["schemas"]["label"] | null;
            policy_version: components["schemas"]["policy_version"];
            /** @description What is held for requests in flight. */
            reserved_wei: components["schemas"]["wei"];
            status: components["schemas"]["customer_status"];
        };
        /**
         * @description A customer's id.
         * @example cus_4k7q2m9x0b5c8d1f3g6h7j2n5p
         */
        customer_id: string;
        /** @description A page of customers. */
        customer_list: {
            /** @description Oldest first. */
            data: components["schemas"]["customer"][];
            next_cursor: components["schemas"]["next_cursor"];
        };
        /** @description The limits of a customer, in force on every gateway within a second of a change. */
        customer_policy: {
            /**
             * @description Whether answers name the node that served them.
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
        /** @description The whole policy. Every field is required, so that nothing becomes unlimited by being forgotten; null is no limit. */
        customer_policy_request: {
            /** @description The version from which this change was made; another version in force is 409 `conflict`. */
            expected_version?: components["schemas"]["policy_version"];
            /**
             * @description Whether answers name the node that served them.
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
        };
        /**
         * @description Only an `active` customer can reserve; `frozen` and `closed` keep their reads.
         * @example active
         * @enum {string}
         */
        customer_status: "active" | "frozen" | "closed";
        /**
         * @description The customer's token. It is shown once and kept as a keyed hash.
         * @example b3iq_customer_1f4Kq8zX0aL7c2VbN5mR9tYwE3uH6sDgPjQxZkCoMi7x2Tq9a
         */
        customer_token: string;
        /** @description How to rotate. */
        customer_token_request: {
            /**
             * Format: int32
             * @description How long the old token goes on working.
             * @default 0
             * @example 3600
             */
            overlap_seconds: number;
        };
        /** @description The new token, shown once. */
        customer_token_rotated: {
            customer_id: components["schemas"]["customer_id"];
            customer_token: components["schemas"]["customer_token"];
            previous_valid_until: components["schemas"]["timestamp"];
        };
        /** @description What to change. */
        customer_update: {
            /** @description The operator's note; null removes it. */
            label?: components["schemas"]["label"] | null;
            status?: components["schemas"]["customer_status"];
        };
        /** @description The node's place in the network. */
        enrollment: {
            /**
             * Format: int64
             * @description The newest epoch of this node; 0 before its first tunnel.
             * @example 0
             */
            epoch: number;
            node_id: components["schemas"]["node_id"];
            router_secret_sealed: components["schemas"]["sealed_secret"];
            server_time: components["schemas"]["timestamp"];
            status: components["schemas"]["node_status"];
        };
        /**
         * @description The gateway's public URL. An enrollment that was signed for one gateway is refused by every other.
         * @example https://control-plane.b3iq.org
         */
        enrollment_audience: string;
        /** @description What the node has to sign. */
        enrollment_challenge: {
            audience: components["schemas"]["enrollment_audience"];
            expires_at: components["schemas"]["timestamp_seconds"];
            nonce: components["schemas"]["enrollment_nonce"];
            server_time: components["schemas"]["timestamp"];
        };
        /** @description The node that wants to enroll. */
        enrollment_challenge_request: {
            agent_version: components["schemas"]["agent_version"];
            ed25519_public_key: components["schemas"]["public_key"];
            protocol_version: components["schemas"]["protocol_version"];
        };
        /**
         * @description 32 random bytes of the gateway, base64url without padding; good once, for five minutes.
         * @example u2m3n4b5v6c7x8z9a0s1d2f3g4h5j6k7l8q9w0e1r2t
         */
        enrollment_nonce: string;
        /** @description The signed enrollment: Ed25519 over `b3iq-enroll-v1`, a zero byte and the canonical JSON (RFC 8785) of `audience`, `nonce`, `ed25519_public_key`, `transport_key` (with `x25519` for `x25519_public_key`), `router_secret_public_key`, `expires_at` and `protocol_version`. */
        enrollment_request: {
            agent_version: components["schemas"]["agent_version"];
            audience: components["schemas"]["enrollment_audience"];
            display_name?: components["schemas"]["label"];
            ed25519_public_key: components["schemas"]["public_key"];
            /** @description The `expires_at` of the challenge, unchanged. */
            expires_at: components["schemas"]["timestamp_seconds"];
            nonce: components["schemas"]["enrollment_nonce"];
            protocol_version: components["schemas"]["protocol_version"];
            /**
             * @description An X25519 key, made for this enrollment, to which the gateway seals the router secret.
             * @example 3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08
             */
            router_secret_public_key: string;
            signature_ed25519: components["schemas"]["signature_ed25519"];
            transport_key: components["schemas"]["transport_key"];
        };
        /**
         * @description An entry of the ledger.
         * @example 10482
         */
        entry_id: string;
        /**
         * @description `credit` is money in, `reserve` money held; `debit` charges and ends the reservation, `release` gives it back unused, `refund` pays back.
         * @example debit
         * @enum {string}
         */
        entry_kind: "credit" | "reserve" | "debit" | "release" | "refund";
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
         * @description A condition that a node and profile must meet before they get work, in the order in which they are tried.
         * @example enrolled
         * @enum {string}
         */
        gate_name: "enrolled" | "online" | "agent_version" | "tunnel" | "runtime" | "protocol" | "model" | "benchmark" | "route_tier" | "queue" | "price" | "incident" | "customer_policy" | "capability";
        /** @description One gate and whether it lets the profile through. */
        gate_passed: {
            gate: components["schemas"]["gate_name"];
            /**
             * @description Whether the gate lets the profile through.
             * @example true
             */
            passed: boolean;
        };
        /** @description One gate with the blocker that it found. */
        gate_result: {
            /** @description The blocker's code, or null where the gate passed. */
            blocker: components["schemas"]["blocker_code"] | null;
            gate: components["schemas"]["gate_name"];
            /**
             * @description Whether the gate lets the profile through.
             * @example false
             */
            passed: boolean;
        };
        /** @description A gateway key, without its secret. */
        gateway_key: {
            created_at: components["schemas"]["timestamp"];
            /** @description The customer that it bills, or null for an operator's key. */
            customer_id: components["schemas"]["customer_id"] | null;
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
            /**
             * @description An operator's key names its customer by the customer headers.
             * @example false
             */
            operator: boolean;
            /** @description The key's own limits; null where it has none. */
            policy: components["schemas"]["key_policy"] | null;
            /** @description When the key was revoked. */
            revoked_at: components["schemas"]["timestamp"] | null;
            /**
             * @description The scopes of the key.
             * @example [
             *       "models:read",
             *       "chat:create"
             *     ]
             */
            scopes: components["schemas"]["key_scope"][];
            /**
             * @description Whether the key is accepted.
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
             * @description The scopes of the key.
             * @example [
             *       "models:read",
             *       "chat:create"
             *     ]
             */
            scopes: components["schemas"]["key_scope"][];
        };
        /** @description A new gateway key. */
        gateway_key_create_admin: {
            expires_at?: components["schemas"]["timestamp"];
            label?: components["schemas"]["label"];
            /**
             * @description Make a key without an owner, for the operator's smoke tests: it bills the customer that the customer headers name.
             * @default false
             * @example false
             */
            operator: boolean;
            policy?: components["schemas"]["key_policy_request"];
            /** @description The scopes of the key. */
            scopes: components["schemas"]["key_scope"][];
        };
        /** @description The new key, with its secret, which is shown this once. */
        gateway_key_created: {
            created_at: components["schemas"]["timestamp"];
            /** @description The customer that it bills, or null for an operator's key. */
            customer_id: components["schemas"]["customer_id"] | null;
            /**
             * @description The last four characters of the key.
             * @example x9Qa
             */
            display_tail: string;
            /** @description When the key stops being accepted. */
            expires_at: components["schemas"]["timestamp"] | null;
            /**
             * @description The secret. It is shown once and cannot be read again.
             * @example b3iq_gateway_0Zk3vX5m0y8Zb1c2d3e4f5g6h7i8j9k0l1m2n3o4p5qx9Qa
             */
            key: string;
            key_id: components["schemas"]["key_id"];
            /** @description A name for people to read. */
            label: components["schemas"]["label"] | null;
            /**
             * @description An operator's key names its customer by the customer headers.
             * @example false
             */
            operator: boolean;
            /** @description The key's own limits; null where it has none. */
            policy: components["schemas"]["key_policy"] | null;
            /** @description When the key was revoked. */
            revoked_at: components["schemas"]["timestamp"] | null;
            /**
             * @description The scopes of the key.
             * @example [
             *       "models:read",
             *       "chat:create"
             *     ]
             */
            scopes: components["schemas"]["key_scope"][];
            /**
             * @description Whether the key is accepted.
             * @example active
             * @enum {string}
             */
            status: "active" | "expired" | "revoked";
        };
        /** @description A page of keys, in the order of their ids. */
        gateway_key_list: {
            /** @description The keys. */
            data: components["schemas"]["gateway_key"][];
            next_cursor: components["schemas"]["next_cursor"];
        };
        /** @description The changes; a member that is missing stays as it is. */
        gateway_key_update: {
            /** @description When the key stops being accepted, or null for never. */
            expires_at?: components["schemas"]["timestamp"] | null;
            /** @description A name for people to read. */
            label?: components["schemas"]["label"] | null;
            /**
             * @description The scopes of the key.
             * @example [
             *       "models:read"
             *     ]
             */
            scopes?: components["schemas"]["key_scope"][];
        };
        /** @description A graphics processor. */
        gpu: {
            /**
             * @description The version of its driver.
             * @example 580.95
             */
            driver_version?: string;
            /**
             * Format: int64
             * @description The memory of the processor.
             * @example 25769803776
             */
            memory_bytes: number;
            /**
             * @description The name that its driver reports.
             * @example NVIDIA GeForce RTX 4090
             */
            name: string;
        };
        /**
         * @description SHA-256 as 64 lower-case hexadecimal digits.
         * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
         */
        hash: string;
        /** @description The gateway's clock, and the gateway's view of the node. */
        heartbeat_answer: {
            /** @description Empty when every profile of the node gets work. */
            blockers: components["schemas"]["node_blocker"][];
            /**
             * Format: int64
             * @description The newest epoch of this node.
             * @example 3
             */
            epoch: number;
            latest_agent_version?: components["schemas"]["agent_version"];
            server_time: components["schemas"]["timestamp"];
            status?: components["schemas"]["node_status"];
        };
        /** @description A model as this node runs it. Its limits and prices bound quotes, up to the gateway's own ceilings; the gateway checks by its own measurements what it can. */
        heartbeat_profile: {
            /** @description The owner's price of a completion token; absent means the gateway's default. */
            asking_completion_price_wei?: components["schemas"]["wei_positive"];
            /** @description The owner's price of a prompt token; absent means the gateway's default. */
            asking_prompt_price_wei?: components["schemas"]["wei_positive"];
            /**
             * @description The agent ran its own benchmark of this profile.
             * @example true
             */
            benchmark_verified: boolean;
            /**
             * Format: int32
             * @description Tokens that prompt and answer may have together; counts up to what the operator allows, as `max_completion_tokens` and `default_max_tokens` do.
             * @example 8192
             */
            context_length: number;
            /**
             * Format: int32
             * @description The output bound where a request names none.
             * @example 1024
             */
            default_max_tokens: number;
            /**
             * Format: int32
             * @description Greatest number of tokens for a byte of text, in thousandths; at most 4000 count. 1000 for every tokenizer that does not rewrite its input.
             * @example 1000
             */
            growth_factor_milli: number;
            /**
             * @description The model counts reasoning tokens that its answer does not show; they count where the operator allowed it for the model.
             * @example false
             */
            hidden_reasoning: boolean;
            /**
             * Format: int32
             * @description The longest answer.
             * @example 4096
             */
            max_completion_tokens: number;
            model_id: components["schemas"]["model_id"];
            model_profile_id: components["schemas"]["model_profile_id"];
            /**
             * @description The owner offers this profile to the network.
             * @example true
             */
            network_eligible: boolean;
            /**
             * Format: int32
             * @description Requests that this profile can answer at once.
             * @example 4
             */
            parallel: number;
            route_tier: components["schemas"]["route_tier"];
            runtime_kind: components["schemas"]["runtime_kind"];
            /**
             * @description The runtime answered its latest probe.
             * @example true
             */
            runtime_ready: boolean;
            status: components["schemas"]["profile_status"];
            supported_parameters: components["schemas"]["supported_parameters"];
            /**
             * Format: int32
             * @description Tokens that the chat template adds to a prompt; at most 256 count.
             * @example 16
             */
            template_tokens: number;
            /**
             * Format: int32
             * @description Tokens that the chat template adds to each message; at most 16 count.
             * @example 8
             */
            tokens_per_message: number;
        };
        /** @description The state of the node, sent every ten seconds. */
        heartbeat_request: {
            agent_version: components["schemas"]["agent_version"];
            counters?: components["schemas"]["node_counters"];
            /**
             * @description The agent is about to stop and finishes what it has.
             * @example false
             */
            draining: boolean;
            inventory: components["schemas"]["inventory"];
            /**
             * @description The owner wants no work from the network now.
             * @example false
             */
            paused: boolean;
            /** @description The profiles that this node can run. */
            profiles: components["schemas"]["heartbeat_profile"][];
            protocol_version: components["schemas"]["protocol_version"];
            queue: components["schemas"]["node_queue"];
        };
        /** @description A pause; in force on every gateway within a second of being opened. */
        incident: {
            /**
             * @description Why it was cleared.
             * @example null
             */
            clear_reason: string | null;
            /** @description Null while it is in force. */
            cleared_at: components["schemas"]["timestamp"] | null;
            /**
             * @description The admin's name; null while it is in force.
             * @example null
             */
            cleared_by: string | null;
            incident_id: components["schemas"]["incident_id"];
            opened_at: components["schemas"]["timestamp"];
            /**
             * @description The admin's name.
             * @example ops
             */
            opened_by: string;
            reason: components["schemas"]["reason"];
            scope: components["schemas"]["incident_scope"];
            target: components["schemas"]["incident_target"];
        };
        /**
         * @description An incident's id.
         * @example inc_9a1s3d5f7g2h4j6k8l0z2x4c6v
         */
        incident_id: string;
        /** @description A page of incidents. */
        incident_list: {
            /** @description Newest first. */
            data: components["schemas"]["incident"][];
            next_cursor: components["schemas"]["next_cursor"];
        };
        /** @description What to pause, and why. */
        incident_request: {
            reason: components["schemas"]["reason"];
            scope: components["schemas"]["incident_scope"];
            /** @description Required, except for scope `global` and `payouts`. */
            target?: components["schemas"]["incident_target"];
        };
        /**
         * @description What is paused. `route_class` is `pooled_sync` or `private_job`; `payouts` stops batches, not chats. What is in flight finishes.
         * @example model
         * @enum {string}
         */
        incident_scope: "global" | "route_class" | "tier" | "model" | "node" | "customer" | "payouts";
        /**
         * @description Which route class, tier, model, node or customer; `*` for scope `global` and `payouts`.
         * @example b3iq-tiny.gguf
         */
        incident_target: string;
        /** @description The hardware and system of the machine, read by the agent. */
        inventory: {
            /**
             * @description The processor's architecture.
             * @example x64
             * @enum {string}
             */
            arch: "x64" | "arm64";
            /**
             * Format: int32
             * @description Logical processors that the agent may use.
             * @example 8
             */
            cpu_cores: number;
            /**
             * @description The processor's name.
             * @example AMD EPYC 7763
             */
            cpu_model: string;
            /**
             * Format: int64
             * @description Free space where models are kept.
             * @example 214748364800
             */
            disk_free_bytes: number;
            /** @description The graphics processors that the runtimes may use. */
            gpus: components["schemas"]["gpu"][];
            /**
             * Format: int64
             * @description Main memory.
             * @example 34359738368
             */
            memory_bytes: number;
            /**
             * @description The operating system.
             * @example linux
             * @enum {string}
             */
            os: "linux" | "darwin" | "windows";
        };
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
         * @description The state of the work. A chat is `awaiting_receipt` while it runs; `completed` is settled, `failed` released, `expired` given up for want of
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
            /** @description The version from which this change was made; another version in force is 409 `conflict`. */
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
         * @description A scope of a gateway key.
         * @example chat:create
         * @enum {string}
         */
        key_scope: "models:read" | "chat:create" | "billing:read";
        /**
         * @description A name for people to read, in one line.
         * @example ci
         */
        label: string;
        /**
         * @description How long ago the node's last heartbeat came; coarse on purpose.
         * @example now
         * @enum {string}
         */
        last_seen: "now" | "last_hour" | "last_day" | "earlier" | "never";
        /**
         * Format: int64
         * @description Rises with every lease of a command; only the newest one may close it.
         * @example 1
         */
        lease_token: number;
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
        /** @description The log's name and key, with which checkpoints and proofs are checked. */
        log_key: {
            ed25519_public_key: components["schemas"]["public_key"];
            /**
             * @description The log's name, as in checkpoints.
             * @example control-plane.b3iq.org/v1/log
             */
            origin: string;
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
        /**
         * @description `low_balance` is true while the available balance in wei is below this; null means never.
         * @example 1500000000000
         */
        low_balance_threshold_wei: string | null;
        /**
         * Format: int32
         * @description Requests in flight, counted as open holds; null is no limit.
         * @example 32
         */
        max_concurrent_requests: number | null;
        /**
         * @description The most that one request may cost, in wei from 1 on; null is no limit.
         * @example 1000000000000000
         */
        max_price_wei: string | null;
        /**
         * @description A time to the minute, RFC 3339 in UTC; a finer one would let an outsider match receipts with observed traffic.
         * @example 2026-11-21T10:15:00Z
         */
        minute: string;
        /** @description A model that is served now. */
        model: {
            b3iq: components["schemas"]["model_b3iq"];
            /**
             * Format: int64
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
        /** @description Prices, limits and abilities of the nodes that serve the model now; never a node's id. Prices above four times the lowest are left out, as they are left out of quotes. */
        model_b3iq: {
            /** @description When the gateway last measured a node that serves it. */
            benchmark_observed_at: components["schemas"]["timestamp"] | null;
            completion_price_wei_per_token_highest: components["schemas"]["wei"];
            completion_price_wei_per_token_lowest: components["schemas"]["wei"];
            /**
             * Format: int64
             * @description The most tokens of prompt and answer together.
             * @example 8192
             */
            context_length: number;
            /**
             * Format: int64
             * @description The greatest output bound.
             * @example 4096
             */
            max_completion_tokens: number;
            /**
             * @description The best observed speed of output.
             * @example 42.5
             */
            observed_tokens_per_second?: number | null;
            /**
             * Format: int64
             * @description The best observed time to the first token.
             * @example 90
             */
            observed_ttft_ms?: number | null;
            prompt_price_wei_per_token_highest: components["schemas"]["wei"];
            prompt_price_wei_per_token_lowest: components["schemas"]["wei"];
            /**
             * Format: int64
             * @description The number of nodes that every gate lets through.
             * @example 3
             */
            serving_nodes: number;
            supported_parameters: components["schemas"]["supported_parameters"];
        } & {
            [key: string]: unknown;
        };
        /**
         * @description A model's id as `/v1/models` lists it; it may hold slashes and colons.
         * @example b3iq-tiny.gguf
         */
        model_id: string;
        /** @description The models that are served now. */
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
        /** @description The operator's prices for a model, in wei a token. A change applies to quotes that are made afterwards. */
        model_price: {
            /** @description The highest price of a completion token that an owner may set. */
            ceiling_completion_price_wei: components["schemas"]["wei"] | null;
            /** @description The highest price of a prompt token that an owner may set. */
            ceiling_prompt_price_wei: components["schemas"]["wei"] | null;
            /** @description The price of a completion token where the owner set none. */
            default_completion_price_wei: components["schemas"]["wei"] | null;
            /** @description The price of a prompt token where the owner set none. */
            default_prompt_price_wei: components["schemas"]["wei"] | null;
            /** @description The lowest price of a completion token that an owner may set. */
            floor_completion_price_wei: components["schemas"]["wei"] | null;
            /** @description The lowest price of a prompt token that an owner may set. */
            floor_prompt_price_wei: components["schemas"]["wei"] | null;
            /**
             * @description Whether nodes of this model may count reasoning that their answers do not show.
             * @example false
             */
            hidden_reasoning: boolean;
            model_id: components["schemas"]["model_id"];
            updated_at: components["schemas"]["timestamp"];
        };
        /** @description A page of prices. */
        model_price_list: {
            /** @description By model id. */
            data: components["schemas"]["model_price"][];
            next_cursor: components["schemas"]["next_cursor"];
        };
        /** @description The whole price of a model in wei a token. Every price is required; null leaves a bound open, or sets no default. A price of 0 does not exist: where the owner set no price and the operator no default, nodes of this model get no work. */
        model_price_request: {
            /** @description The highest price of a completion token that an owner may set. */
            ceiling_completion_price_wei: components["schemas"]["wei_positive"] | null;
            /** @description The highest price of a prompt token that an owner may set. */
            ceiling_prompt_price_wei: components["schemas"]["wei_positive"] | null;
            /** @description The price of a completion token where the owner set none. */
            default_completion_price_wei: components["schemas"]["wei_positive"] | null;
            /** @description The price of a prompt token where the owner set none. */
            default_prompt_price_wei: components["schemas"]["wei_positive"] | null;
            /** @description The lowest price of a completion token that an owner may set. */
            floor_completion_price_wei: components["schemas"]["wei_positive"] | null;
            /** @description The lowest price of a prompt token that an owner may set. */
            floor_prompt_price_wei: components["schemas"]["wei_positive"] | null;
            /**
             * @description Whether nodes of this model may count reasoning that their answers do not show, up to `max_tokens`. A request without it changes nothing; it is false at first. Where it is false, completion tokens count up to what the gateway saw, whatever a node declares.
             * @example false
             */
            hidden_reasoning?: boolean;
        };
        /**
         * @description How a model is run: the model, the runtime, and the settings that change its answers or its limits. Nodes that run the same have the same profile, so that a profile never names a node.
         * @example b3iq-tiny.gguf@llama_cpp
         */
        model_profile_id: string;
        /** @description A failure in the native envelope. */
        native_error: {
            error: components["schemas"]["error_detail"];
        };
        /** @description A checkpoint of the public log. */
        network_log: {
            published_at: components["schemas"]["timestamp"];
            root_hash: components["schemas"]["hash"];
            /**
             * Format: int64
             * @description The number of leaves under the checkpoint.
             * @example 120934
             */
            tree_size: number;
        };
        /** @description The network in numbers. */
        network_status: {
            /**
             * @description The version of the gateway that answers.
             * @example 0.1.0
             */
            gateway_version: string;
            generated_at: components["schemas"]["timestamp"];
            /** @description Pauses in force. */
            incidents: components["schemas"]["public_incident"][];
            /** @description The newest checkpoint of the public log; null before the first. */
            log: components["schemas"]["network_log"] | null;
            /**
             * Format: int64
             * @description Models that at least one node serves.
             * @example 3
             */
            models: number;
            /** @description Counts of nodes. */
            nodes: {
                /**
                 * Format: int64
                 * @description Enrolled and not retired.
                 * @example 12
                 */
                enrolled: number;
                /**
                 * Format: int64
                 * @description A heartbeat came within 40 seconds.
                 * @example 9
                 */
                online: number;
                /**
                 * Format: int64
                 * @description With a profile that every gate lets through.
                 * @example 7
                 */
                route_ready: number;
            };
            /** @description The protocol versions that are served. */
            protocol_versions: components["schemas"]["protocol_version"][];
            /** @description Counts of settled receipts. */
            receipts: {
                /**
                 * Format: int64
                 * @description In the last 24 hours.
                 * @example 3022
                 */
                last_24_hours: number;
                /**
                 * Format: int64
                 * @description Since the beginning.
                 * @example 120934
                 */
                total: number;
            };
            /**
             * @description `paused` while a global incident is open.
             * @example ok
             * @enum {string}
             */
            status: "ok" | "paused";
        };
        /**
         * @description The `cursor` of the next page, or null on the last one.
         * @example null
         */
        next_cursor: string | null;
        /** @description Why this node, or one of its profiles, gets no work, and what its owner can do. */
        node_blocker: {
            code: components["schemas"]["blocker_code"];
            /**
             * @description The blocker in a sentence.
             * @example The gateway has not measured this profile yet.
             */
            message: string;
            /**
             * @description The profile that is blocked; null where the whole node is.
             * @example b3iq-tiny.gguf@llama_cpp
             */
            model_profile_id: string | null;
            /**
             * @description What the owner can do.
             * @example Keep the node online; it is measured within minutes.
             */
            next_action: string;
        };
        /**
         * @description The class of the node's machine, read from its inventory.
         * @example cpu
         * @enum {string}
         */
        node_class: "cpu" | "single_gpu" | "multi_gpu";
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
        /** @description An identity key of a node with the period in which its signatures count. */
        node_key: {
            ed25519_public_key: components["schemas"]["public_key"];
            from: components["schemas"]["timestamp"];
            /** @description The end of the period, or null while the key is in use. */
            to: components["schemas"]["timestamp"] | null;
        };
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
        /** @description The node's stake as it now counts. */
        node_stake: {
            node_id: components["schemas"]["node_id"];
            stake: components["schemas"]["stake_observation"];
        };
        /**
         * @description The status of the node at the gateway. `pending`: enrolled, and waits for an admin's approval; `draining`: finishes its work and gets no more; `suspended`: refused, and its payouts are withheld; `retired`: its identity is not used again.
         * @example active
         * @enum {string}
         */
        node_status: "pending" | "active" | "draining" | "suspended" | "retired";
        /** @description A transport key as the gateway keeps it. */
        node_transport_key: {
            key_id: components["schemas"]["transport_key_id"];
            node_id: components["schemas"]["node_id"];
            not_after: components["schemas"]["timestamp_seconds"];
            not_before: components["schemas"]["timestamp_seconds"];
            server_time: components["schemas"]["timestamp"];
            signature_ed25519: components["schemas"]["signature_ed25519"];
            x25519_public_key: components["schemas"]["public_key"];
        };
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
        /**
         * @description The beginning of the next page; an opaque value from `next_cursor` of the page before.
         * @example eyJhZnRlciI6IjEwMjQifQ
         */
        page_cursor: string;
        /** @description Answer a built-in prompt with one profile, and say how long it took. */
        payload_benchmark_smoke: {
            /**
             * Format: int32
             * @description Length of the answer.
             * @example 64
             */
            max_tokens: number;
            model_profile_id: components["schemas"]["model_profile_id"];
        };
        /** @description Install a model from the agent's own catalogue; there is no field for an address to load it from. */
        payload_model_install: {
            model_id: components["schemas"]["model_id"];
            runtime_kind: components["schemas"]["runtime_kind"];
            /** @description What the installed file must hash to. */
            sha256?: components["schemas"]["hash"];
        };
        /** @description A sealed job under a frozen quote. The node opens it, stops where `reserved_wei` ends, and seals the result for the key in the request. */
        payload_private_job: {
            /**
             * @description The `job_id` that the customer sent, which is part of what was sealed in.
             * @example null
             */
            client_job_id: string | null;
            /** @description The `max_price_wei` that the customer sent, which is part of what was sealed in. */
            client_max_price_wei: components["schemas"]["wei"] | null;
            /**
             * Format: int32
             * @description The most completion tokens that are paid.
             * @example 4096
             */
            completion_bound: number;
            completion_price_wei: components["schemas"]["wei_positive"];
            deadline_at: components["schemas"]["timestamp"];
            encrypted_request: components["schemas"]["private_envelope"];
            /**
             * Format: int32
             * @description The platform's share in hundredths of a percent.
             * @example 1000
             */
            fee_bps: number;
            /**
             * Format: int64
             * @description Rises with every lease; the receipt carries it, and only that of the newest lease is paid.
             * @example 2
             */
            fence: number;
            job_id: components["schemas"]["job_id"];
            model_id: components["schemas"]["model_id"];
            model_profile_id: components["schemas"]["model_profile_id"];
            /**
             * Format: int64
             * @description The epoch under which this lease was given; the receipt carries it.
             * @example 3
             */
            node_epoch: number;
            /**
             * Format: int32
             * @description The most prompt tokens that are paid.
             * @example 528
             */
            prompt_bound: number;
            prompt_price_wei: components["schemas"]["wei_positive"];
            reserved_wei: components["schemas"]["wei"];
        };
        /** @description Probe the runtimes again, all of them or that of one profile. */
        payload_runtime_probe: {
            model_profile_id?: components["schemas"]["model_profile_id"];
        };
        /** @description Collect diagnostics; the agent leaves out secrets, prompts, outputs, paths and addresses. */
        payload_support_bundle: {
            /** @description What to collect. */
            sections: ("versions" | "inventory" | "profiles" | "queue" | "log")[];
        };
        /** @description Say whether the tunnel is open, and under which epoch. */
        payload_tunnel_check: Record<string, never>;
        /**
         * @description An account on the settlement chain; with a capital in it, it must be a correct EIP-55 checksum.
         * @example 0x52908400098527886E0F7030069857D2E4169EE7
         */
        payout_address: string;
        /** @description The new address, signed by the node's identity: Ed25519 over `b3iq-payout-address-v1`, a zero byte and the canonical JSON (RFC 8785) of `node_id`, `payout_address` and `signed_at`. */
        payout_address_request: {
            payout_address: components["schemas"]["payout_address"];
            signature_ed25519: components["schemas"]["signature_ed25519"];
            signed_at: components["schemas"]["timestamp_seconds"];
        };
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
        /** @description A payout batch. */
        payout_batch: {
            batch_id: components["schemas"]["batch_id"];
            /**
             * Format: int64
             * @description The block with the transaction.
             * @example 20123456
             */
            block_number: number | null;
            commitment_signature: components["schemas"]["signature_ed25519"];
            created_at: components["schemas"]["timestamp"];
            /**
             * @description The admin's name.
             * @example ops
             */
            created_by: string;
            /** @description Null until the batch is final. */
            finalized_at: components["schemas"]["timestamp"] | null;
            merkle_root: components["schemas"]["hash"];
            /**
             * Format: int64
             * @description Lines, one a node.
             * @example 7
             */
            payout_count: number;
            period_end: components["schemas"]["timestamp"];
            /** @description Null unless the batch was reset. */
            reset_at: components["schemas"]["timestamp"] | null;
            /**
             * @description Why the batch was reset.
             * @example null
             */
            reset_reason: string | null;
            /** @description The amount that is set off for refunds of what had been paid already. */
            set_off_wei: components["schemas"]["wei"];
            status: components["schemas"]["settlement_status"];
            /** @description Null until the batch is submitted. */
            submitted_at: components["schemas"]["timestamp"] | null;
            total_amount_wei: components["schemas"]["wei"];
            transaction_hash: components["schemas"]["transaction_hash"];
            /**
             * Format: int64
             * @description The size of the public log that the batch is pinned to.
             * @example 120934
             */
            tree_size: number;
            /** @description The amount that is left out because of a refund, a review or a suspension. */
            withheld_wei: components["schemas"]["wei"];
        };
        /** @description A payout batch with its lines. */
        payout_batch_detail: {
            batch: components["schemas"]["payout_batch"];
            /** @description By index. */
            lines: components["schemas"]["payout_line"][];
        };
        /** @description A page of payout batches. */
        payout_batch_list: {
            /** @description Newest first. */
            data: components["schemas"]["payout_batch"][];
            next_cursor: components["schemas"]["next_cursor"];
        };
        /** @description Up to when payouts are collected. */
        payout_batch_request: {
            /** @description Rows that matured before this; absent means now. */
            period_end?: components["schemas"]["timestamp"];
        };
        /** @description The evidence that the payout is final. */
        payout_finalize_request: {
            /**
             * Format: int64
             * @description The block with the transaction.
             * @example 20123456
             */
            block_number?: number;
            reason: components["schemas"]["reason"];
        };
        /** @description The share of one node in a batch. The leaf is SHA-256 over a zero byte and the canonical JSON of the line. */
        payout_line: {
            amount_wei: components["schemas"]["wei_positive"];
            /**
             * Format: int64
             * @description The line's place in the batch.
             * @example 0
             */
            index: number;
            node_id: components["schemas"]["node_id"];
            /**
             * Format: int64
             * @description Receipts that it pays.
             * @example 212
             */
            receipt_count: number;
        };
        /** @description What a batch would hold. The gateway keeps nothing of the preview. */
        payout_preview: {
            /** @description By index. */
            lines: components["schemas"]["payout_line"][];
            /** @description Null without lines. */
            merkle_root: components["schemas"]["hash"] | null;
            /**
             * Format: int64
             * @description Lines, one a node.
             * @example 7
             */
            payout_count: number;
            period_end: components["schemas"]["timestamp"];
            /** @description The amount that is set off for refunds of what had been paid already. */
            set_off_wei: components["schemas"]["wei"];
            total_amount_wei: components["schemas"]["wei"];
            /**
             * Format: int64
             * @description The size of the public log that the batch would be pinned to.
             * @example 120934
             */
            tree_size: number;
            /** @description The amount that is left out because of a refund, a review or a suspension. */
            withheld_wei: components["schemas"]["wei"];
        };
        /** @description The transaction of the batch. */
        payout_submit_request: {
            /**
             * @description The transaction that carries the root; absent where payment does not go through the chain.
             * @example 0x3f1c2b4a5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708
             */
            transaction_hash?: string;
        };
        /**
         * Format: int64
         * @description The version of the policy; it rises with every change.
         * @example 3
         */
        policy_version: number;
        /** @description The lowest and the highest price of a token among the nodes that are route-ready, without those that are left out of quotes. */
        price_range: {
            highest_wei: components["schemas"]["wei"];
            lowest_wei: components["schemas"]["wei"];
        };
        /** @description Sealed bytes of the private transport: exactly these fields. Public keys, nonce and ciphertext are base64url without padding, and decode to what they encode again. In an answer `client_public_key_x25519` is the request's. */
        private_envelope: {
            /**
             * @description SHA-256 of the public context that was sealed in, hexadecimal or base64url. Where it is given it must match.
             * @example ef7f1025d6bc1661a907b9a489f2bdf6e41684fd40979517f5848dafa896873d
             */
            aad_hash?: string;
            /**
             * @description The algorithms.
             * @example x25519-hkdf-sha256-chacha20poly1305
             * @enum {string}
             */
            algorithm: "x25519-hkdf-sha256-chacha20poly1305";
            /**
             * @description The sealed bytes. A whole request envelope has at most 1 MiB, a result's 4 MiB.
             * @example 8uQM5wRZcv-KGN_slm76MBSFYQt8hXDfASIqSYh2nOANl-fLuWhwbwZg-FmG4JAOsW9rx7G_fTVBK-JNaA
             */
            ciphertext: string;
            client_public_key_x25519: components["schemas"]["public_key"];
            key_id: components["schemas"]["transport_key_id"];
            /**
             * @description The 12-byte nonce.
             * @example AAECAwQFBgcICQoL
             */
            nonce: string;
            /**
             * @description The transport's version.
             * @example b3iq-private-transport-v1
             * @enum {string}
             */
            version: "b3iq-private-transport-v1";
        };
        /** @description A private job with its sealed result. */
        private_job: {
            billing: components["schemas"]["private_job_billing"];
            command_id: components["schemas"]["command_id"];
            /** @description Null while it is open. */
            completed_at: components["schemas"]["timestamp"] | null;
            created_at: components["schemas"]["timestamp"];
            /** @description What was sent; null once the job is closed. */
            encrypted_request: components["schemas"]["private_envelope"] | null;
            /** @description The sealed result; kept until an hour after it was read, at most 24 hours. */
            encrypted_response: components["schemas"]["private_envelope"] | null;
            job_id: components["schemas"]["private_job_reference"];
            /** @description The lease under which the result was sealed; with `command_id` it is part of what is sealed in. Null before that. */
            lease_token: components["schemas"]["lease_token"] | null;
            model_id: components["schemas"]["model_id"];
            node_id: components["schemas"]["node_id"];
            /** @description The receipt that settled the job. */
            receipt_hash: components["schemas"]["receipt_hash"] | null;
            status: components["schemas"]["job_status"];
        };
        /** @description The money of the job. */
        private_job_billing: {
            customer_id: components["schemas"]["customer_id"];
            /** @description What the node gets; 0 until the job is settled. */
            payout_price_wei: components["schemas"]["wei"];
            /**
             * @description The version of the policy that admitted the job.
             * @example 3
             */
            policy_version: string;
            quoted_price_wei: components["schemas"]["wei"];
            reserved_price_wei: components["schemas"]["wei"];
            status: components["schemas"]["billing_status"];
        };
        /** @description The job waits for its node, and its price is reserved. */
        private_job_queued: {
            billing: components["schemas"]["private_job_billing"];
            command_id: components["schemas"]["command_id"];
            created_at: components["schemas"]["timestamp"];
            job_id: components["schemas"]["private_job_reference"];
            node_id: components["schemas"]["node_id"];
            /**
             * @description The job's state.
             * @example queued
             * @enum {string}
             */
            status: "queued";
        };
        /**
         * @description The customer's own id for the job, unique among that customer's jobs. Without one the gateway mints it.
         * @example job-2026-1121-0001
         */
        private_job_reference: string;
        /** @description Exactly these fields; anything else is refused before money is reserved, so that no plaintext can ride along. */
        private_job_request: {
            encrypted_request: components["schemas"]["private_envelope"];
            job_id?: components["schemas"]["private_job_reference"];
            /** @description The most that the job may cost; it is part of what is sealed in. */
            max_price_wei?: components["schemas"]["wei_positive"];
            model_id: components["schemas"]["model_id"];
            node_id: components["schemas"]["node_id"];
        };
        /**
         * @description Whether this machine can run the profile now, after an installation, or not at all.
         * @example installed
         * @enum {string}
         */
        profile_status: "installed" | "ready_to_install" | "runtime_missing" | "hardware_unsupported";
        /**
         * Format: int32
         * @description Version of the protocol between gateway and agent. The current and the previous one are served, an older one is answered 426.
         * @example 1
         */
        protocol_version: number;
        /** @description A pause that is in force. Pauses of single nodes and customers are not shown. */
        public_incident: {
            opened_at: components["schemas"]["timestamp"];
            /**
             * @description What is paused.
             * @example model
             * @enum {string}
             */
            scope: "global" | "route_class" | "tier" | "model" | "payouts";
            /**
             * @description The paused target; `*` for all.
             * @example b3iq-tiny.gguf
             */
            target: string;
        };
        /**
         * @description A public key of 32 bytes (Ed25519 or X25519), base64url without padding.
         * @example 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo
         */
        public_key: string;
        /** @description A way in which a model is served, over all nodes that serve it so. */
        public_model_profile: {
            /** @description Null while no node is route-ready. */
            completion_price: components["schemas"]["price_range"] | null;
            /**
             * Format: int64
             * @description The smallest value among its nodes.
             * @example 8192
             */
            context_length: number;
            /**
             * Format: int64
             * @description The output bound where a request names none.
             * @example 1024
             */
            default_max_tokens: number;
            /**
             * Format: int64
             * @description The smallest value among its nodes.
             * @example 4096
             */
            max_completion_tokens: number;
            model_id: components["schemas"]["model_id"];
            model_profile_id: components["schemas"]["model_profile_id"];
            /**
             * Format: int64
             * @description Nodes that offer it.
             * @example 4
             */
            nodes: number;
            /** @description The freshest measurement by the gateway; null before the first. */
            observed_at: components["schemas"]["timestamp"] | null;
            /** @description Null while no node is route-ready. */
            prompt_price: components["schemas"]["price_range"] | null;
            /**
             * Format: int64
             * @description The number of nodes that every gate lets through.
             * @example 3
             */
            route_ready_nodes: number;
            runtime_kind: components["schemas"]["runtime_kind"];
            supported_parameters: components["schemas"]["supported_parameters"];
        };
        /** @description A page of model profiles. */
        public_model_profile_list: {
            /** @description By profile id. */
            data: components["schemas"]["public_model_profile"][];
            next_cursor: components["schemas"]["next_cursor"];
        };
        /** @description The public facts of a node. They hold no address, route or owner. */
        public_node: {
            first_seen: components["schemas"]["timestamp"];
            /** @description The node's identity keys, newest first, with which its receipts verify. */
            keys: components["schemas"]["node_key"][];
            last_seen: components["schemas"]["last_seen"];
            /** @description The models that the node offers to the network. */
            models: components["schemas"]["public_node_model"][];
            node_class: components["schemas"]["node_class"];
            node_id: components["schemas"]["node_id"];
            stake_status: components["schemas"]["stake_status"];
            status: components["schemas"]["node_status"];
        };
        /** @description A page of nodes. */
        public_node_list: {
            /** @description By node id. */
            data: components["schemas"]["public_node"][];
            next_cursor: components["schemas"]["next_cursor"];
        };
        /** @description A model that the node offers. */
        public_node_model: {
            /** @description Price of a completion token; null where none is known. */
            completion_price_wei: components["schemas"]["wei"] | null;
            /**
             * Format: int64
             * @description Tokens that prompt and answer may have together.
             * @example 8192
             */
            context_length: number;
            model_id: components["schemas"]["model_id"];
            model_profile_id: components["schemas"]["model_profile_id"];
            /** @description The latest measurement; null before the first. */
            observed_benchmark: components["schemas"]["observed_benchmark"] | null;
            /** @description Price of a prompt token; null where none is known. */
            prompt_price_wei: components["schemas"]["wei"] | null;
            /**
             * @description Every gate lets it through.
             * @example true
             */
            route_ready: boolean;
            route_tier: components["schemas"]["route_tier"];
            runtime_kind: components["schemas"]["runtime_kind"];
        };
        /** @description The node's transport key with the identity key that signed it. A client must check `signature_ed25519` under `ed25519_public_key`, and that `node_id` follows from that key; a client that does not check this trusts the gateway not to have put in a key of its own. */
        public_transport_key: {
            ed25519_public_key: components["schemas"]["public_key"];
            key_id: components["schemas"]["transport_key_id"];
            /**
             * Format: int64
             * @description The key's place in the public log; null until it is there.
             * @example 4711
             */
            leaf_index: number | null;
            node_id: components["schemas"]["node_id"];
            not_after: components["schemas"]["timestamp_seconds"];
            not_before: components["schemas"]["timestamp_seconds"];
            signature_ed25519: components["schemas"]["signature_ed25519"];
            x25519_public_key: components["schemas"]["public_key"];
        };
        /**
         * @description The state of the node's queue; `blocked` and `unhealthy` take the node out of routing.
         * @example ok
         * @enum {string}
         */
        queue_health: "ok" | "busy" | "blocked" | "unhealthy";
        /** @description A rate limit with its remainder. */
        rate_limit_state: {
            /**
             * @description What is counted.
             * @example requests
             * @enum {string}
             */
            kind: "requests" | "tokens" | "concurrent_requests";
            /**
             * Format: int64
             * @description What the window allows.
             * @example 600
             */
            limit: number;
            /**
             * Format: int64
             * @description What remains in the window.
             * @example 598
             */
            remaining: number;
            /**
             * Format: int64
             * @description The time until the window is whole again.
             * @example 12000
             */
            reset_ms?: number | null;
            /**
             * @description Whether the limit is the customer's or the key's.
             * @example customer
             * @enum {string}
             */
            scope: "customer" | "key";
            /**
             * Format: int64
             * @description The length of the window; null for the limit of requests at once.
             * @example 60
             */
            window_seconds?: number | null;
        };
        /** @description Whether this gateway can serve now. */
        readiness: {
            /**
             * @description Always `ready`.
             * @example ready
             * @constant
             */
            status: "ready";
        };
        /**
         * @description The reason, in one line for people to read; the audit log keeps it. Nothing private belongs in it.
         * @example Answers of this node did not match a second run.
         */
        reason: string;
        /** @description The reason of the act. */
        reason_request: {
            reason: components["schemas"]["reason"];
        };
        /** @description The object that the node signed. Hash and signature cover `"b3iq-receipt-v1"`, a zero byte and this object in canonical JSON (RFC 8785). */
        receipt: {
            completion_price_wei: components["schemas"]["wei"];
            /**
             * Format: int64
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
             * Format: int32
             * @description The platform's share in hundredths of a percent.
             * @example 500
             */
            fee_bps: number;
            /**
             * Format: int64
             * @description The number of the attempt of the job.
             * @example 1
             */
            fence: number;
            finished_at: components["schemas"]["minute"];
            job_id: components["schemas"]["job_id"];
            model_id: components["schemas"]["model_id"];
            model_profile_id: components["schemas"]["model_profile_id"];
            /**
             * Format: int64
             * @description The node's epoch at dispatch.
             * @example 3
             */
            node_epoch: number;
            node_id: components["schemas"]["node_id"];
            /**
             * Format: int64
             * @description The receipt's number in that epoch, from 1.
             * @example 17
             */
            node_seq: number;
            /**
             * @description The outcome of the work.
             * @example ok
             * @enum {string}
             */
            outcome: "ok" | "truncated" | "cancelled" | "error";
            prompt_price_wei: components["schemas"]["wei"];
            /**
             * Format: int64
             * @description Tokens of the prompt.
             * @example 14
             */
            prompt_tokens: number;
            request_commitment: components["schemas"]["hash"];
            response_commitment: components["schemas"]["hash"];
            runtime_kind: components["schemas"]["runtime_kind"];
            tee_attestation_hash?: components["schemas"]["hash"];
            /**
             * Format: int64
             * @description The sum of prompt and completion tokens.
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
        /** @description A receipt with everything that is needed to check it. It never names a customer. */
        receipt_evidence: {
            /** @description The payout batch that pays it, or null before. */
            batch_id: components["schemas"]["batch_id"] | null;
            job_id: components["schemas"]["job_id"];
            /**
             * Format: int64
             * @description The receipt's place in the log, or null before the log has taken it.
             * @example 1024
             */
            leaf_index: number | null;
            model_id: components["schemas"]["model_id"];
            /** @description The class of the node's machine. */
            node_class: components["schemas"]["node_class"] | null;
            node_id: components["schemas"]["node_id"];
            node_key: components["schemas"]["node_key"];
            /**
             * @description The address of the receipt's proof.
             * @example /v1/receipts/5d41402abc4b2a76b9719d911017c592ae2c1a9f0d8e7b6a5c4d3e2f1a0b9c8d/proof
             */
            proof_url: string;
            /** @description Why the receipt was not paid. */
            reason?: components["schemas"]["receipt_reason"] | null;
            receipt: components["schemas"]["receipt"];
            receipt_hash: components["schemas"]["receipt_hash"];
            received_at: components["schemas"]["timestamp"];
            /** @description The payout for the receipt, or null. */
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
        /** @description Which reservations to look at. */
        recover_request: {
            /**
             * @description Say what would be done and do nothing.
             * @example true
             */
            dry_run: boolean;
            /**
             * Format: int32
             * @description The most reservations to look at.
             * @default 100
             * @example 100
             */
            limit: number;
            /**
             * Format: int32
             * @description Only reservations that are at least this old.
             * @default 0
             * @example 600
             */
            older_than_seconds: number;
        };
        /** @description A reservation, the action, and the reason. */
        recovered_reservation: {
            /**
             * @description The action.
             * @example release
             * @enum {string}
             */
            action: "settle" | "release" | "expire" | "leave";
            /** @description The reserved amount. */
            amount_wei: components["schemas"]["wei"];
            created_at: components["schemas"]["timestamp"];
            customer_id: components["schemas"]["customer_id"];
            /**
             * @description Whether the action was done; false in a dry run, for `leave`, and where the reservation was closed by something else first.
             * @example false
             */
            done: boolean;
            expires_at: components["schemas"]["timestamp"];
            job_id: components["schemas"]["job_id"];
            /**
             * @description The reason in a sentence.
             * @example No gateway ever sent this job to a node.
             */
            message: string;
            node_id: components["schemas"]["node_id"];
            /**
             * @description The reason.
             * @example not_delivered
             * @enum {string}
             */
            reason: "receipt_found" | "not_delivered" | "node_says_unknown" | "past_expiry" | "owner_alive" | "node_unreachable" | "running";
        };
        /** @description What recovery found and did. */
        recovery: {
            /**
             * @description Whether this was a dry run, which changes nothing.
             * @example true
             */
            dry_run: boolean;
            /**
             * Format: int64
             * @description The number of reservations that were looked at.
             * @example 2
             */
            examined: number;
            /** @description Oldest first. */
            items: components["schemas"]["recovered_reservation"][];
            /** @description The amount that was given back, or in a dry run would be. */
            released_wei: components["schemas"]["wei"];
            /** @description The amount that was charged, or in a dry run would be. */
            settled_wei: components["schemas"]["wei"];
        };
        /**
         * @description The operator's own name for this credit, unique among all credits. The same reference again gets the first answer and moves no money.
         * @example invoice-2026-1121
         */
        reference: string;
        /** @description The refund as it was booked. */
        refund: {
            amount_wei: components["schemas"]["wei_positive"];
            /** @description The balance right after the refund was booked. */
            balance_wei: components["schemas"]["wei"];
            customer_id: components["schemas"]["customer_id"];
            entry_id: components["schemas"]["entry_id"];
            job_id: components["schemas"]["job_id"];
            refund_id: components["schemas"]["refund_id"];
            /**
             * @description Whether it had been booked before.
             * @example false
             */
            repeated: boolean;
        };
        /**
         * @description The operator's own id for the refund. The same id again gets the first answer and moves no money.
         * @example refund-2026-1121-a
         */
        refund_id: string;
        /** @description The amount to give back. All refunds of a job together are at most what it was charged. */
        refund_request: {
            amount_wei: components["schemas"]["wei_positive"];
            job_id: components["schemas"]["job_id"];
            /**
             * @description The reason, in one line for people to read; the ledger keeps it. Nothing private belongs in it.
             * @example The answer was cut by a fault of ours.
             */
            reason: string;
            refund_id: components["schemas"]["refund_id"];
        };
        /**
         * @description The gateway's name for this request; quote it when asking for help.
         * @example req_2v4b6n8m1q3w5e7r9t0y2u4i6o
         */
        request_id: string;
        /**
         * Format: int32
         * @description Requests within a rolling minute; null is no limit.
         * @example 600
         */
        requests_per_minute: number | null;
        /** @description The agent's own measurement. */
        result_benchmark_smoke: {
            /**
             * Format: int32
             * @description Tokens of the answer.
             * @example 64
             */
            completion_tokens: number;
            /**
             * Format: int32
             * @description Time to the last token.
             * @example 1460
             */
            duration_ms: number;
            model_profile_id: components["schemas"]["model_profile_id"];
            /**
             * Format: int32
             * @description Tokens of the prompt.
             * @example 24
             */
            prompt_tokens: number;
            /**
             * Format: int32
             * @description Time to the first token.
             * @example 180
             */
            ttft_ms: number;
        };
        /** @description What was installed. */
        result_model_install: {
            model_id: components["schemas"]["model_id"];
            /** @description What the installed file hashes to. */
            sha256?: components["schemas"]["hash"];
            /**
             * Format: int64
             * @description Size of the installed file.
             * @example 469000000
             */
            size_bytes?: number;
            status: components["schemas"]["profile_status"];
        };
        /** @description What each probed profile answered. */
        result_runtime_probe: {
            /** @description One entry a profile. */
            profiles: {
                /**
                 * @description Why the runtime did not answer, without address or path.
                 * @example The runtime refused the connection.
                 */
                message?: string;
                model_profile_id: components["schemas"]["model_profile_id"];
                /**
                 * @description The runtime answered.
                 * @example true
                 */
                runtime_ready: boolean;
            }[];
        };
        /** @description Redacted diagnostics. */
        result_support_bundle: {
            /** @description One entry a section that was asked for. */
            sections: {
                /**
                 * @description Which section.
                 * @example versions
                 * @enum {string}
                 */
                name: "versions" | "inventory" | "profiles" | "queue" | "log";
                /**
                 * @description Its text.
                 * @example agent 0.1.0, protocol 1
                 */
                text: string;
            }[];
        };
        /** @description State of the tunnel as the agent sees it. */
        result_tunnel_check: {
            /**
             * @description The tunnel is open.
             * @example true
             */
            connected: boolean;
            /**
             * Format: int64
             * @description The epoch under which it was opened.
             * @example 3
             */
            tunnel_epoch: number | null;
        };
        /**
         * @description `open`: waits for a decision; `released`: goes into the next batch, as any that has matured; `refused`: never paid.
         * @example open
         * @enum {string}
         */
        review_status: "open" | "released" | "refused";
        /** @description A node and profile, with the result of each gate and the place in the ranking. */
        route_candidate: {
            /** @description Price of a completion token; null where none is known. */
            completion_price_wei: components["schemas"]["wei"] | null;
            /**
             * @description Every gate lets it through.
             * @example true
             */
            eligible: boolean;
            /** @description Every gate in order. */
            gates: components["schemas"]["gate_result"][];
            model_profile_id: components["schemas"]["model_profile_id"];
            node_id: components["schemas"]["node_id"];
            /** @description Price of a prompt token; null where none is known. */
            prompt_price_wei: components["schemas"]["wei"] | null;
            /**
             * Format: int64
             * @description The place by score; null where a gate refuses the candidate.
             * @example 1
             */
            rank: number | null;
            /** @description Null where a gate refuses the candidate. */
            score: components["schemas"]["route_score"] | null;
        };
        /** @description The outline of a chat, without its text. Nothing is held and nothing is dispatched. */
        route_explain_request: {
            /** @description Apply this customer's policy. */
            customer_id?: components["schemas"]["customer_id"];
            /** @description Apply this key's policy too. */
            key_id?: components["schemas"]["key_id"];
            /**
             * Format: int32
             * @description The output bound; absent means the profile's default.
             * @example 256
             */
            max_completion_tokens?: number;
            /** @description The most that the request may cost. */
            max_price_wei?: components["schemas"]["wei_positive"];
            /**
             * Format: int32
             * @description Number of messages.
             * @default 1
             * @example 2
             */
            messages: number;
            model: components["schemas"]["model_id"];
            model_profile_id?: components["schemas"]["model_profile_id"];
            /** @description Parameters that the request would use. */
            needs?: components["schemas"]["supported_parameters"];
            /**
             * Format: int32
             * @description Bytes of the prompt's text.
             * @default 1000
             * @example 1000
             */
            prompt_bytes: number;
        };
        /** @description How the gateway would choose now. */
        route_explanation: {
            /**
             * @description How many candidates each blocker refused, by code.
             * @example {
             *       "observed_benchmark_missing": 2
             *     }
             */
            blockers: {
                [key: string]: number;
            };
            /** @description The candidates, eligible ones first, by rank. */
            candidates: components["schemas"]["route_candidate"][];
            evaluated_at: components["schemas"]["timestamp"];
            model: components["schemas"]["model_id"];
            /** @description The amount that would be held: the most that any of the first three may cost; null where no candidate is eligible. */
            quote: components["schemas"]["route_quote"] | null;
            /**
             * @description The choice in a sentence.
             * @example Lowest score first; two are drawn at random and the better one goes next.
             */
            reason: string;
        };
        /** @description The amount that would be held. */
        route_quote: {
            amount_wei: components["schemas"]["wei"];
            /**
             * Format: int64
             * @description The most completion tokens that can be charged.
             * @example 256
             */
            completion_bound: number;
            /**
             * Format: int64
             * @description The most prompt tokens that can be charged.
             * @example 1024
             */
            prompt_bound: number;
        };
        /** @description Whether a node could get paid work for a model now; if not, why, and what its operator can do. */
        route_readiness: {
            /** @description In the order in which they should be solved. */
            blockers: components["schemas"]["blocker"][];
            checked_at: components["schemas"]["timestamp"];
            /** @description Every gate in order. */
            gates: components["schemas"]["gate_passed"][];
            model: components["schemas"]["model_id"];
            node_id: components["schemas"]["node_id"];
            /**
             * @description Every gate lets it through.
             * @example false
             */
            route_ready: boolean;
        };
        /** @description The ranking of a candidate; lower is better, and the total weighs the other members. */
        route_score: {
            /**
             * @description Recent failures.
             * @example 0
             */
            failures: number;
            /**
             * @description The load, compared with the capacity.
             * @example 0.25
             */
            load: number;
            /**
             * @description The price, compared with the other candidates.
             * @example 0.5
             */
            price: number;
            /**
             * @description The observed speed, compared with the other candidates.
             * @example 0.1
             */
            speed: number;
            /**
             * @description Below zero where the candidate served this conversation before.
             * @example 0
             */
            sticky: number;
            /**
             * @description The score.
             * @example 0.85
             */
            total: number;
            /**
             * @description How far recounts found the token counts overstated.
             * @example 0
             */
            usage?: number;
        };
        /**
         * @description The use for which the route is fit. `network_beta` and above take paid work; `portable_local` only where an admin enabled the node for it; `local_convenience` and `unknown` never.
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
        /** @description The router secret, sealed for the node's `router_secret_public_key` by X25519, HKDF-SHA256 and ChaCha20-Poly1305. The key is bound to both public keys and to the node id, and seals one message only. Only the node can open it. */
        sealed_secret: {
            /**
             * @description The sealed bytes with their tag, base64url without padding.
             * @example 8uQM5wRZcv-KGN_slm76MBSFYQt8hXDfASIqSYh2nOANl-fLuWhwbwZg-FmG4JAO
             */
            ciphertext: string;
            ephemeral_public_key: components["schemas"]["public_key"];
            /**
             * @description The 12-byte nonce, base64url without padding.
             * @example AAAAAAAAAAAAAAAA
             */
            nonce: string;
        };
        /** @description The figures that were charged, after the clamp to the bounds and to what the gateway saw. */
        settled_figures: {
            charged_wei: components["schemas"]["wei"];
            /**
             * Format: int64
             * @description Tokens of the answer.
             * @example 6
             */
            completion_tokens: number;
            fee_wei: components["schemas"]["wei"];
            payout_wei: components["schemas"]["wei"];
            /**
             * Format: int64
             * @description Tokens of the prompt.
             * @example 14
             */
            prompt_tokens: number;
            settled_at: components["schemas"]["timestamp"];
            /**
             * @description Settled by the first release although no gateway saw the answer; the payout is withheld for review.
             * @example false
             */
            unobserved: boolean;
        };
        /** @description The public view of a payout batch. */
        settlement_batch: {
            batch_id: components["schemas"]["batch_id"];
            /**
             * Format: int64
             * @description The block with the transaction.
             * @example 20123456
             */
            block_number: number | null;
            /** @description By the log key over `b3iq-payout-v1`, a zero byte and the canonical JSON (RFC 8785) of `batch_id`, `merkle_root`, `payout_count`, `total_amount_wei`, `tree_size` and `period_end`. Once the batch is submitted, the commitment is a leaf of the log too. */
            commitment_signature: components["schemas"]["signature_ed25519"];
            created_at: components["schemas"]["timestamp"];
            /** @description Null until the batch is final. */
            finalized_at: components["schemas"]["timestamp"] | null;
            merkle_root: components["schemas"]["hash"];
            /**
             * Format: int64
             * @description Lines, one a node.
             * @example 7
             */
            payout_count: number;
            period_end: components["schemas"]["timestamp"];
            status: components["schemas"]["settlement_status"];
            /** @description Null until the batch is submitted. */
            submitted_at: components["schemas"]["timestamp"] | null;
            total_amount_wei: components["schemas"]["wei"];
            transaction_hash: components["schemas"]["transaction_hash"];
            /**
             * Format: int64
             * @description The size of the public log that the batch is pinned to.
             * @example 120934
             */
            tree_size: number;
        };
        /** @description A payout batch with its lines, from which everyone can compute the root and the total again. */
        settlement_batch_detail: {
            batch: components["schemas"]["settlement_batch"];
            /** @description By index. */
            lines: components["schemas"]["payout_line"][];
        };
        /** @description A page of payout batches. */
        settlement_batch_list: {
            /** @description Newest first. */
            data: components["schemas"]["settlement_batch"][];
            next_cursor: components["schemas"]["next_cursor"];
        };
        /**
         * @description `created`: built and committed to; `submitted`: its root is on its way to the chain; `finalized`: final; `reset`: its payouts were returned before it was submitted.
         * @example finalized
         * @enum {string}
         */
        settlement_status: "created" | "submitted" | "finalized" | "reset";
        /**
         * @description An Ed25519 signature, base64url without padding.
         * @example 5Lw1n0vGg1uV3m2c8b7a6Z5y4X3w2V1u0T9s8R7q6P5o4N3m2L1k0J9i8H7g6F5e4D3c2B1a0Z9y8X7w6V5u4Q
         */
        signature_ed25519: string;
        /** @description The figures that the node signed. */
        signed_figures: {
            /**
             * Format: int64
             * @description Tokens of the answer.
             * @example 6
             */
            completion_tokens: number;
            /**
             * Format: int64
             * @description Tokens of the prompt.
             * @example 14
             */
            prompt_tokens: number;
            /**
             * Format: int64
             * @description The sum of prompt and completion tokens.
             * @example 20
             */
            total_tokens: number;
        };
        /** @description A receipt with its hash and the node's signature over the same bytes. */
        signed_receipt: {
            receipt: components["schemas"]["receipt"];
            receipt_hash: components["schemas"]["receipt_hash"];
            signature_ed25519: components["schemas"]["signature_ed25519"];
        };
        /** @description A rolling cap. The oldest part of the window is counted whole, so that the cap may refuse a little early and never lets more through. */
        spend_cap: {
            cap_wei: components["schemas"]["wei"];
            /**
             * Format: int32
             * @description The length of the window.
             * @example 86400
             */
            window_seconds: number;
        };
        /** @description A rolling spend cap with its use. */
        spend_cap_state: {
            cap_wei: components["schemas"]["wei"];
            remaining_wei: components["schemas"]["wei"];
            /**
             * @description Whether the cap is the customer's or the key's.
             * @example customer
             * @enum {string}
             */
            scope: "customer" | "key";
            used_wei: components["schemas"]["wei"];
            /**
             * Format: int64
             * @description The length of the window.
             * @example 86400
             */
            window_seconds: number;
        };
        /** @description Rolling spend caps, each with a window of its own; an empty list is no cap. */
        spend_caps: components["schemas"]["spend_cap"][];
        /** @description The latest observation of the node's stake. Observations age; one that is too old counts as no stake. */
        stake_observation: {
            /**
             * @description Whether the registry lists the node as active.
             * @example true
             */
            active: boolean;
            /** @description The most that may be held for work of this node at once; null is no limit. */
            max_open_exposure_wei: components["schemas"]["wei"] | null;
            observed_at: components["schemas"]["timestamp"];
            /**
             * Format: int64
             * @description The block at which the stake was read.
             * @example 20123456
             */
            observed_block: number | null;
            /**
             * @description Whether the registry knows the node and its owner.
             * @example true
             */
            registered: boolean;
            stake_wei: components["schemas"]["wei"];
            status: components["schemas"]["stake_status"];
        };
        /** @description An observation of the node's stake. */
        stake_request: {
            /**
             * @description Whether the registry lists the node as active.
             * @example true
             */
            active: boolean;
            /** @description The most that may be held for work of this node at once; null or absent is no limit. */
            max_open_exposure_wei?: components["schemas"]["wei"] | null;
            observed_at: components["schemas"]["timestamp"];
            /**
             * Format: int64
             * @description The block at which the stake was read.
             * @example 20123456
             */
            observed_block?: number;
            /**
             * @description Whether the registry knows the node and its owner.
             * @example true
             */
            registered: boolean;
            stake_wei: components["schemas"]["wei"];
        };
        /**
         * @description The node's stake, as the protocol gate sees it.
         * @example satisfied
         * @enum {string}
         */
        stake_status: "not_required" | "satisfied" | "unsatisfied" | "stale" | "unregistered" | "inactive";
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
         * @description A point in time, RFC 3339 in UTC with whole seconds, as it was signed.
         * @example 2026-11-21T10:15:30Z
         */
        timestamp_seconds: string;
        /**
         * Format: int64
         * @description Tokens within a rolling minute, reserved by their bound and corrected at settlement; null is no limit.
         * @example 1000000
         */
        tokens_per_minute: number | null;
        /**
         * @description The transaction that carries the batch's root; null before there is one.
         * @example 0x3f1c2b4a5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708
         */
        transaction_hash: string | null;
        /** @description An X25519 key to which clients seal private jobs, signed by the node's identity: Ed25519 over `b3iq-transport-key-v1`, a zero byte and the canonical JSON (RFC 8785) of `key_id`, `x25519` (the value of `x25519_public_key`), `not_before` and `not_after`. It lives at most seven days. */
        transport_key: {
            key_id: components["schemas"]["transport_key_id"];
            not_after: components["schemas"]["timestamp_seconds"];
            not_before: components["schemas"]["timestamp_seconds"];
            signature_ed25519: components["schemas"]["signature_ed25519"];
            x25519_public_key: components["schemas"]["public_key"];
        };
        /**
         * @description Name of a transport key; agents take `nk_` and 26 characters of the key's hash.
         * @example nk_mfrggzdfmztwq2lknnwg23tpob
         */
        transport_key_id: string;
        /** @description Fees and payouts in a window, from the rows of customer debits and node payouts. */
        treasury_report: {
            generated_at: components["schemas"]["timestamp"];
            /** @description The latest fees, newest first. */
            recent_protocol_fees: {
                amount_wei: components["schemas"]["wei"];
                created_at: components["schemas"]["timestamp"];
                customer_debit_wei: components["schemas"]["wei"];
                job_id: components["schemas"]["job_id"];
                model_id: components["schemas"]["model_id"];
                node_id: components["schemas"]["node_id"];
                node_payout_wei: components["schemas"]["wei"];
            }[];
            /** @description Payouts by the state that they are in. */
            settlement_statuses: {
                /**
                 * Format: int64
                 * @description The number of settled jobs in it.
                 * @example 212
                 */
                payout_count: number;
                /**
                 * @description The state; the last three are those of the batch.
                 * @example maturing
                 * @enum {string}
                 */
                settlement_status: "maturing" | "matured" | "withheld" | "set_off" | "created" | "submitted" | "finalized";
                /** @description The amount that the customers were charged. */
                total_amount_wei: components["schemas"]["wei"];
                /** @description The amount that goes to the nodes. */
                total_payout_wei: components["schemas"]["wei"];
            }[];
            /**
             * @description Always `ok`.
             * @example ok
             * @enum {string}
             */
            status: "ok";
            /** @description Sums over the window. The fees are the debits less the payouts, before refunds; refunds, withheld and set-off amounts are shown separately. */
            totals: {
                customer_debits_wei: components["schemas"]["wei"];
                node_payouts_wei: components["schemas"]["wei"];
                protocol_fees_wei: components["schemas"]["wei"];
                refunds_wei: components["schemas"]["wei"];
                /** @description The part of what is withheld that a review refused for good. */
                refused_wei?: components["schemas"]["wei"];
                set_off_wei: components["schemas"]["wei"];
                withheld_wei: components["schemas"]["wei"];
            };
            /**
             * Format: int32
             * @description The window.
             * @example 30
             */
            window_days: number;
        };
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
             * Format: int64
             * @description Settled completion tokens of a debit.
             * @example 6
             */
            completion_tokens?: number | null;
            created_at: components["schemas"]["timestamp"];
            entry_id: components["schemas"]["entry_id"];
            /** @description The job of either kind, or null for credit. */
            job_id: components["schemas"]["job_id"] | null;
            /** @description The key that made the request. */
            key_id?: components["schemas"]["key_id"] | null;
            kind: components["schemas"]["entry_kind"];
            /**
             * @description The model that the request named.
             * @example b3iq-tiny.gguf
             */
            model_id?: string | null;
            /** @description The private job, or null. */
            private_job_id: components["schemas"]["private_job_reference"] | null;
            /**
             * Format: int64
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
        /** @description The sum of one kind over the whole window. */
        usage_total: {
            amount_wei: components["schemas"]["wei"];
            /**
             * Format: int64
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
        /** @description A payout that was withheld because no gateway saw the end of the answer. */
        withheld_payout: {
            /** @description The amount that the customer was charged. */
            customer_debit_wei: components["schemas"]["wei"];
            /** @description Null while it is open. */
            decided_at: components["schemas"]["timestamp"] | null;
            /**
             * @description The admin's name.
             * @example null
             */
            decided_by: string | null;
            job_id: components["schemas"]["job_id"];
            model_id: components["schemas"]["model_id"];
            node_id: components["schemas"]["node_id"];
            /** @description The amount that the node would get */
            payout_wei: components["schemas"]["wei"];
            /**
             * @description The reason of the decision; null while the payout waits for it.
             * @example null
             */
            reason: string | null;
            receipt_hash: components["schemas"]["receipt_hash"];
            /** @description The part of the charge that was refunded so far. */
            refunded_wei: components["schemas"]["wei"];
            settled_at: components["schemas"]["timestamp"];
            status: components["schemas"]["review_status"];
        };
        /** @description A page of withheld payouts. */
        withheld_payout_list: {
            /** @description Newest first. */
            data: components["schemas"]["withheld_payout"][];
            next_cursor: components["schemas"]["next_cursor"];
        };
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
        /** @description Money does not allow the request. */
        native_402: {
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
        /** @description No media type of the `Accept` header can be produced. */
        native_406: {
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
        /** @description The caller must speak a newer protocol, or ask for an upgrade. */
        native_426: {
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
        /** @description The service is not able to answer now. */
        native_503: {
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
        /** @description Nothing changed; the caller's copy is still the answer. */
        not_modified: {
            headers: {
                "cache-control": components["headers"]["cache_control"];
                etag: components["headers"]["etag"];
                "x-request-id": components["headers"]["x_request_id"];
                [name: string]: unknown;
            };
            content?: never;
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
        /** @description Money does not allow the request. */
        openai_402: {
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
        /** @description The request contradicts the present state. */
        openai_409: {
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
    parameters: {
        /**
         * @description The payout batch.
         * @example pay_3q5w7e9r1t2y4u6i8o0p1a3s5d
         */
        batch_id: components["schemas"]["batch_id"];
        /**
         * @description The command.
         * @example cmd_5b8n2m6v9c1x3z7l0k4j8h2g6f
         */
        command_id: components["schemas"]["command_id"];
        /**
         * @description The `next_cursor` of the page before; absent for the first page.
         * @example eyJhZnRlciI6IjEwMjQifQ
         */
        cursor: components["schemas"]["page_cursor"];
        /**
         * @description The customer.
         * @example cus_4k7q2m9x0b5c8d1f3g6h7j2n5p
         */
        customer_id: components["schemas"]["customer_id"];
        /**
         * @description The `etag` of the answer that the caller has; the answer is 304 while that answer is current.
         * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
         */
        if_none_match: string;
        /**
         * @description The incident.
         * @example inc_9a1s3d5f7g2h4j6k8l0z2x4c6v
         */
        incident_id: components["schemas"]["incident_id"];
        /**
         * @description The key.
         * @example key_7w3e5r9t1y2u8i4o6p0a5s3d7f
         */
        key_id: components["schemas"]["key_id"];
        /**
         * @description The most entries of a page.
         * @example 100
         */
        limit: number;
        /**
         * @description The node.
         * @example node_mfrggzdfmztwq2lknnwg23tpob
         */
        node_id: components["schemas"]["node_id"];
    };
    requestBodies: never;
    headers: {
        /**
         * @description How long the answer may be kept.
         * @example no-store
         */
        cache_control: string;
        /**
         * @description A name of exactly these bytes. Sent as `If-None-Match`, it gets 304 while nothing has changed.
         * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
         */
        etag: string;
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
        /** @description The cursor of the next page; absent on the last one. */
        x_b3iq_next_cursor: components["schemas"]["page_cursor"];
        /**
         * @description The epoch that this tunnel was given.
         * @example 3
         */
        x_b3iq_node_epoch: number;
        /**
         * @description The version of the node protocol that both ends speak over this tunnel, the lower one of the gateway's and the agent's.
         * @example 1
         */
        x_b3iq_protocol_version: components["schemas"]["protocol_version"];
        /** @description The receipt of this answer. Absent in a stream, where the frame with the finish reason carries it, and where nothing was charged. */
        x_b3iq_receipt_hash: components["schemas"]["receipt_hash"];
        /**
         * @description How the request was dispatched.
         * @example pooled_sync
         */
        x_b3iq_router_dispatch_mode: "pooled_sync";
        /** @description The node that answered; only where the customer's policy exposes it. */
        x_b3iq_router_node_id: components["schemas"]["node_id"];
        /**
         * @description Unix time in milliseconds by the gateway's clock, by which the agent corrects its own.
         * @example 1795256130123
         */
        x_b3iq_server_time: number;
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
export type AdminCommand = components['schemas']['admin_command'];
export type AdminCommandCreate = components['schemas']['admin_command_create'];
export type AdminCommandList = components['schemas']['admin_command_list'];
export type AdminNode = components['schemas']['admin_node'];
export type AdminNodeList = components['schemas']['admin_node_list'];
export type AdminNodeProfile = components['schemas']['admin_node_profile'];
export type AdminNodeSummary = components['schemas']['admin_node_summary'];
export type AdminNodeUpdate = components['schemas']['admin_node_update'];
export type AgentVersion = components['schemas']['agent_version'];
export type AuditEntry = components['schemas']['audit_entry'];
export type AuditLog = components['schemas']['audit_log'];
export type BatchId = components['schemas']['batch_id'];
export type Benchmark = components['schemas']['benchmark'];
export type BenchmarkRequest = components['schemas']['benchmark_request'];
export type BillingAccount = components['schemas']['billing_account'];
export type BillingJob = components['schemas']['billing_job'];
export type BillingStatus = components['schemas']['billing_status'];
export type BillingUsage = components['schemas']['billing_usage'];
export type Blocker = components['schemas']['blocker'];
export type BlockerCode = components['schemas']['blocker_code'];
export type ChatAnswerMessage = components['schemas']['chat_answer_message'];
export type ChatB3iq = components['schemas']['chat_b3iq'];
export type ChatB3iqRequest = components['schemas']['chat_b3iq_request'];
export type ChatCacheControl = components['schemas']['chat_cache_control'];
export type ChatChoice = components['schemas']['chat_choice'];
export type ChatChunkChoice = components['schemas']['chat_chunk_choice'];
export type ChatCompletion = components['schemas']['chat_completion'];
export type ChatCompletionChunk = components['schemas']['chat_completion_chunk'];
export type ChatCompletionEvent = components['schemas']['chat_completion_event'];
export type ChatCompletionRequest = components['schemas']['chat_completion_request'];
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
export type Command = components['schemas']['command'];
export type CommandFailure = components['schemas']['command_failure'];
export type CommandId = components['schemas']['command_id'];
export type CommandKind = components['schemas']['command_kind'];
export type CommandList = components['schemas']['command_list'];
export type CommandPoll = components['schemas']['command_poll'];
export type CommandResult = components['schemas']['command_result'];
export type CommandResultRequest = components['schemas']['command_result_request'];
export type CommandState = components['schemas']['command_state'];
export type Credit = components['schemas']['credit'];
export type CreditRequest = components['schemas']['credit_request'];
export type Customer = components['schemas']['customer'];
export type CustomerCreate = components['schemas']['customer_create'];
export type CustomerCreated = components['schemas']['customer_created'];
export type CustomerId = components['schemas']['customer_id'];
export type CustomerList = components['schemas']['customer_list'];
export type CustomerPolicy = components['schemas']['customer_policy'];
export type CustomerPolicyRequest = components['schemas']['customer_policy_request'];
export type CustomerStatus = components['schemas']['customer_status'];
export type CustomerToken = components['schemas']['customer_token'];
export type CustomerTokenRequest = components['schemas']['customer_token_request'];
export type CustomerTokenRotated = components['schemas']['customer_token_rotated'];
export type CustomerUpdate = components['schemas']['customer_update'];
export type Enrollment = components['schemas']['enrollment'];
export type EnrollmentAudience = components['schemas']['enrollment_audience'];
export type EnrollmentChallenge = components['schemas']['enrollment_challenge'];
export type EnrollmentChallengeRequest = components['schemas']['enrollment_challenge_request'];
export type EnrollmentNonce = components['schemas']['enrollment_nonce'];
export type EnrollmentRequest = components['schemas']['enrollment_request'];
export type EntryId = components['schemas']['entry_id'];
export type EntryKind = components['schemas']['entry_kind'];
export type ErrorCode = components['schemas']['error_code'];
export type ErrorDetail = components['schemas']['error_detail'];
export type ErrorType = components['schemas']['error_type'];
export type GateName = components['schemas']['gate_name'];
export type GatePassed = components['schemas']['gate_passed'];
export type GateResult = components['schemas']['gate_result'];
export type GatewayKey = components['schemas']['gateway_key'];
export type GatewayKeyCreate = components['schemas']['gateway_key_create'];
export type GatewayKeyCreateAdmin = components['schemas']['gateway_key_create_admin'];
export type GatewayKeyCreated = components['schemas']['gateway_key_created'];
export type GatewayKeyList = components['schemas']['gateway_key_list'];
export type GatewayKeyUpdate = components['schemas']['gateway_key_update'];
export type Gpu = components['schemas']['gpu'];
export type Hash = components['schemas']['hash'];
export type HeartbeatAnswer = components['schemas']['heartbeat_answer'];
export type HeartbeatProfile = components['schemas']['heartbeat_profile'];
export type HeartbeatRequest = components['schemas']['heartbeat_request'];
export type Incident = components['schemas']['incident'];
export type IncidentId = components['schemas']['incident_id'];
export type IncidentList = components['schemas']['incident_list'];
export type IncidentRequest = components['schemas']['incident_request'];
export type IncidentScope = components['schemas']['incident_scope'];
export type IncidentTarget = components['schemas']['incident_target'];
export type Inventory = components['schemas']['inventory'];
export type JobId = components['schemas']['job_id'];
export type JobReference = components['schemas']['job_reference'];
export type JobStatus = components['schemas']['job_status'];
export type KeyId = components['schemas']['key_id'];
export type KeyPolicy = components['schemas']['key_policy'];
export type KeyPolicyRequest = components['schemas']['key_policy_request'];
export type KeyScope = components['schemas']['key_scope'];
export type Label = components['schemas']['label'];
export type LastSeen = components['schemas']['last_seen'];
export type LeaseToken = components['schemas']['lease_token'];
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
export type ModelPrice = components['schemas']['model_price'];
export type ModelPriceList = components['schemas']['model_price_list'];
export type ModelPriceRequest = components['schemas']['model_price_request'];
export type ModelProfileId = components['schemas']['model_profile_id'];
export type NativeError = components['schemas']['native_error'];
export type NetworkLog = components['schemas']['network_log'];
export type NetworkStatus = components['schemas']['network_status'];
export type NextCursor = components['schemas']['next_cursor'];
export type NodeBlocker = components['schemas']['node_blocker'];
export type NodeClass = components['schemas']['node_class'];
export type NodeCounters = components['schemas']['node_counters'];
export type NodeId = components['schemas']['node_id'];
export type NodeKey = components['schemas']['node_key'];
export type NodePayout = components['schemas']['node_payout'];
export type NodePayoutList = components['schemas']['node_payout_list'];
export type NodeQueue = components['schemas']['node_queue'];
export type NodeStake = components['schemas']['node_stake'];
export type NodeStatus = components['schemas']['node_status'];
export type NodeTransportKey = components['schemas']['node_transport_key'];
export type ObservedBenchmark = components['schemas']['observed_benchmark'];
export type OpenaiError = components['schemas']['openai_error'];
export type PageCursor = components['schemas']['page_cursor'];
export type PayloadBenchmarkSmoke = components['schemas']['payload_benchmark_smoke'];
export type PayloadModelInstall = components['schemas']['payload_model_install'];
export type PayloadPrivateJob = components['schemas']['payload_private_job'];
export type PayloadRuntimeProbe = components['schemas']['payload_runtime_probe'];
export type PayloadSupportBundle = components['schemas']['payload_support_bundle'];
export type PayloadTunnelCheck = components['schemas']['payload_tunnel_check'];
export type PayoutAddress = components['schemas']['payout_address'];
export type PayoutAddressRequest = components['schemas']['payout_address_request'];
export type PayoutAddressState = components['schemas']['payout_address_state'];
export type PayoutBatch = components['schemas']['payout_batch'];
export type PayoutBatchDetail = components['schemas']['payout_batch_detail'];
export type PayoutBatchList = components['schemas']['payout_batch_list'];
export type PayoutBatchRequest = components['schemas']['payout_batch_request'];
export type PayoutFinalizeRequest = components['schemas']['payout_finalize_request'];
export type PayoutLine = components['schemas']['payout_line'];
export type PayoutPreview = components['schemas']['payout_preview'];
export type PayoutSubmitRequest = components['schemas']['payout_submit_request'];
export type PolicyVersion = components['schemas']['policy_version'];
export type PriceRange = components['schemas']['price_range'];
export type PrivateEnvelope = components['schemas']['private_envelope'];
export type PrivateJob = components['schemas']['private_job'];
export type PrivateJobBilling = components['schemas']['private_job_billing'];
export type PrivateJobQueued = components['schemas']['private_job_queued'];
export type PrivateJobReference = components['schemas']['private_job_reference'];
export type PrivateJobRequest = components['schemas']['private_job_request'];
export type ProfileStatus = components['schemas']['profile_status'];
export type ProtocolVersion = components['schemas']['protocol_version'];
export type PublicIncident = components['schemas']['public_incident'];
export type PublicKey = components['schemas']['public_key'];
export type PublicModelProfile = components['schemas']['public_model_profile'];
export type PublicModelProfileList = components['schemas']['public_model_profile_list'];
export type PublicNode = components['schemas']['public_node'];
export type PublicNodeList = components['schemas']['public_node_list'];
export type PublicNodeModel = components['schemas']['public_node_model'];
export type PublicTransportKey = components['schemas']['public_transport_key'];
export type QueueHealth = components['schemas']['queue_health'];
export type RateLimitState = components['schemas']['rate_limit_state'];
export type Readiness = components['schemas']['readiness'];
export type Reason = components['schemas']['reason'];
export type ReasonRequest = components['schemas']['reason_request'];
export type Receipt = components['schemas']['receipt'];
export type ReceiptEvidence = components['schemas']['receipt_evidence'];
export type ReceiptHash = components['schemas']['receipt_hash'];
export type ReceiptReason = components['schemas']['receipt_reason'];
export type ReceiptStatus = components['schemas']['receipt_status'];
export type ReceiptVerdict = components['schemas']['receipt_verdict'];
export type RecoverRequest = components['schemas']['recover_request'];
export type RecoveredReservation = components['schemas']['recovered_reservation'];
export type Recovery = components['schemas']['recovery'];
export type Reference = components['schemas']['reference'];
export type Refund = components['schemas']['refund'];
export type RefundId = components['schemas']['refund_id'];
export type RefundRequest = components['schemas']['refund_request'];
export type RequestId = components['schemas']['request_id'];
export type RequestsPerMinute = components['schemas']['requests_per_minute'];
export type ResultBenchmarkSmoke = components['schemas']['result_benchmark_smoke'];
export type ResultModelInstall = components['schemas']['result_model_install'];
export type ResultRuntimeProbe = components['schemas']['result_runtime_probe'];
export type ResultSupportBundle = components['schemas']['result_support_bundle'];
export type ResultTunnelCheck = components['schemas']['result_tunnel_check'];
export type ReviewStatus = components['schemas']['review_status'];
export type RouteCandidate = components['schemas']['route_candidate'];
export type RouteExplainRequest = components['schemas']['route_explain_request'];
export type RouteExplanation = components['schemas']['route_explanation'];
export type RouteQuote = components['schemas']['route_quote'];
export type RouteReadiness = components['schemas']['route_readiness'];
export type RouteScore = components['schemas']['route_score'];
export type RouteTier = components['schemas']['route_tier'];
export type RouteTierAllowlist = components['schemas']['route_tier_allowlist'];
export type RuntimeKind = components['schemas']['runtime_kind'];
export type SealedSecret = components['schemas']['sealed_secret'];
export type SettledFigures = components['schemas']['settled_figures'];
export type SettlementBatch = components['schemas']['settlement_batch'];
export type SettlementBatchDetail = components['schemas']['settlement_batch_detail'];
export type SettlementBatchList = components['schemas']['settlement_batch_list'];
export type SettlementStatus = components['schemas']['settlement_status'];
export type SignatureEd25519 = components['schemas']['signature_ed25519'];
export type SignedFigures = components['schemas']['signed_figures'];
export type SignedReceipt = components['schemas']['signed_receipt'];
export type SpendCap = components['schemas']['spend_cap'];
export type SpendCapState = components['schemas']['spend_cap_state'];
export type SpendCaps = components['schemas']['spend_caps'];
export type StakeObservation = components['schemas']['stake_observation'];
export type StakeRequest = components['schemas']['stake_request'];
export type StakeStatus = components['schemas']['stake_status'];
export type SupportedParameters = components['schemas']['supported_parameters'];
export type Timestamp = components['schemas']['timestamp'];
export type TimestampSeconds = components['schemas']['timestamp_seconds'];
export type TokensPerMinute = components['schemas']['tokens_per_minute'];
export type TransactionHash = components['schemas']['transaction_hash'];
export type TransportKey = components['schemas']['transport_key'];
export type TransportKeyId = components['schemas']['transport_key_id'];
export type TreasuryReport = components['schemas']['treasury_report'];
export type UsageEntry = components['schemas']['usage_entry'];
export type UsageTotal = components['schemas']['usage_total'];
export type Wei = components['schemas']['wei'];
export type WeiPositive = components['schemas']['wei_positive'];
export type WithheldPayout = components['schemas']['withheld_payout'];
export type WithheldPayoutList = components['schemas']['withheld_payout_list'];
export type ResponseNative_400 = components['responses']['native_400'];
export type ResponseNative_401 = components['responses']['native_401'];
export type ResponseNative_402 = components['responses']['native_402'];
export type ResponseNative_403 = components['responses']['native_403'];
export type ResponseNative_404 = components['responses']['native_404'];
export type ResponseNative_406 = components['responses']['native_406'];
export type ResponseNative_408 = components['responses']['native_408'];
export type ResponseNative_409 = components['responses']['native_409'];
export type ResponseNative_413 = components['responses']['native_413'];
export type ResponseNative_415 = components['responses']['native_415'];
export type ResponseNative_426 = components['responses']['native_426'];
export type ResponseNative_429 = components['responses']['native_429'];
export type ResponseNative_500 = components['responses']['native_500'];
export type ResponseNative_502 = components['responses']['native_502'];
export type ResponseNative_503 = components['responses']['native_503'];
export type ResponseNotModified = components['responses']['not_modified'];
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
export type ResponseOpenai_502 = components['responses']['openai_502'];
export type ResponseOpenai_503 = components['responses']['openai_503'];
export type ResponseOpenai_504 = components['responses']['openai_504'];
export type ParameterBatchId = components['parameters']['batch_id'];
export type ParameterCommandId = components['parameters']['command_id'];
export type ParameterCursor = components['parameters']['cursor'];
export type ParameterCustomerId = components['parameters']['customer_id'];
export type ParameterIfNoneMatch = components['parameters']['if_none_match'];
export type ParameterIncidentId = components['parameters']['incident_id'];
export type ParameterKeyId = components['parameters']['key_id'];
export type ParameterLimit = components['parameters']['limit'];
export type ParameterNodeId = components['parameters']['node_id'];
export type HeaderCacheControl = components['headers']['cache_control'];
export type HeaderEtag = components['headers']['etag'];
export type HeaderRetryAfter = components['headers']['retry_after'];
export type HeaderRetryAfterMs = components['headers']['retry_after_ms'];
export type HeaderXB3iqNextCursor = components['headers']['x_b3iq_next_cursor'];
export type HeaderXB3iqNodeEpoch = components['headers']['x_b3iq_node_epoch'];
export type HeaderXB3iqProtocolVersion = components['headers']['x_b3iq_protocol_version'];
export type HeaderXB3iqReceiptHash = components['headers']['x_b3iq_receipt_hash'];
export type HeaderXB3iqRouterDispatchMode = components['headers']['x_b3iq_router_dispatch_mode'];
export type HeaderXB3iqRouterNodeId = components['headers']['x_b3iq_router_node_id'];
export type HeaderXB3iqServerTime = components['headers']['x_b3iq_server_time'];
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
            400: components["responses"]["native_400"];
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
            /** @description The gateway can serve. */
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
            400: components["responses"]["native_400"];
            503: components["responses"]["native_503"];
        };
    };
    listAuditLog: {
        parameters: {
            query?: {
                /**
                 * @description Only this operation, by its operationId.
                 * @example openIncident
                 */
                action?: string;
                /**
                 * @description Only acts of this admin.
                 * @example ops
                 */
                actor?: string;
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
            /** @description A page of the audit log. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["audit_log"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    getTreasuryReport: {
        parameters: {
            query?: {
                /**
                 * @description The most rows of recent fees.
                 * @example 100
                 */
                limit?: number;
                /**
                 * @description The number of days back from now.
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
            /** @description The report. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["treasury_report"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    listCommands: {
        parameters: {
            query?: {
                /**
                 * @description The `next_cursor` of the page before; absent for the first page.
                 * @example eyJhZnRlciI6IjEwMjQifQ
                 */
                cursor?: components["parameters"]["cursor"];
                /**
                 * @description Only commands of this kind.
                 * @example runtime_probe
                 */
                kind?: components["schemas"]["command_kind"];
                /**
                 * @description The most entries of a page.
                 * @example 100
                 */
                limit?: components["parameters"]["limit"];
                /**
                 * @description Only commands for this node.
                 * @example node_mfrggzdfmztwq2lknnwg23tpob
                 */
                node_id?: components["schemas"]["node_id"];
                /**
                 * @description Only commands in this state.
                 * @example queued
                 */
                state?: components["schemas"]["command_state"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of commands. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["admin_command_list"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    createCommand: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The command. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["admin_command_create"];
            };
        };
        responses: {
            /** @description The command is queued. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["admin_command"];
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
            503: components["responses"]["native_503"];
        };
    };
    cancelCommand: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The command.
                 * @example cmd_5b8n2m6v9c1x3z7l0k4j8h2g6f
                 */
                command_id: components["parameters"]["command_id"];
            };
            cookie?: never;
        };
        /** @description The reason. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["reason_request"];
            };
        };
        responses: {
            /** @description The command is cancelled. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["admin_command"];
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
            503: components["responses"]["native_503"];
        };
    };
    retryCommand: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The command.
                 * @example cmd_5b8n2m6v9c1x3z7l0k4j8h2g6f
                 */
                command_id: components["parameters"]["command_id"];
            };
            cookie?: never;
        };
        /** @description The reason. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["reason_request"];
            };
        };
        responses: {
            /** @description The command is queued. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["admin_command"];
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
            503: components["responses"]["native_503"];
        };
    };
    listCustomers: {
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
                /**
                 * @description Only customers in this state.
                 * @example active
                 */
                status?: components["schemas"]["customer_status"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of customers. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["customer_list"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    createCustomer: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The customer. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["customer_create"];
            };
        };
        responses: {
            /** @description The customer with its token. */
            201: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["customer_created"];
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
            503: components["responses"]["native_503"];
        };
    };
    getCustomer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The customer.
                 * @example cus_4k7q2m9x0b5c8d1f3g6h7j2n5p
                 */
                customer_id: components["parameters"]["customer_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The customer. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["customer"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    updateCustomer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The customer.
                 * @example cus_4k7q2m9x0b5c8d1f3g6h7j2n5p
                 */
                customer_id: components["parameters"]["customer_id"];
            };
            cookie?: never;
        };
        /** @description What to change. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["customer_update"];
            };
        };
        responses: {
            /** @description The customer. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["customer"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            404: components["responses"]["native_404"];
            408: components["responses"]["native_408"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    createCredit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The customer.
                 * @example cus_4k7q2m9x0b5c8d1f3g6h7j2n5p
                 */
                customer_id: components["parameters"]["customer_id"];
            };
            cookie?: never;
        };
        /** @description The credit. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["credit_request"];
            };
        };
        responses: {
            /** @description The same credit was booked before. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["credit"];
                };
            };
            /** @description The credit is booked. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["credit"];
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
            503: components["responses"]["native_503"];
        };
    };
    listGatewayKeys: {
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
            path: {
                /**
                 * @description The customer.
                 * @example cus_4k7q2m9x0b5c8d1f3g6h7j2n5p
                 */
                customer_id: components["parameters"]["customer_id"];
            };
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
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    createGatewayKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The customer.
                 * @example cus_4k7q2m9x0b5c8d1f3g6h7j2n5p
                 */
                customer_id: components["parameters"]["customer_id"];
            };
            cookie?: never;
        };
        /** @description The key. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["gateway_key_create_admin"];
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
            404: components["responses"]["native_404"];
            408: components["responses"]["native_408"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    getCustomerPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The customer.
                 * @example cus_4k7q2m9x0b5c8d1f3g6h7j2n5p
                 */
                customer_id: components["parameters"]["customer_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The policy. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["customer_policy"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    putCustomerPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The customer.
                 * @example cus_4k7q2m9x0b5c8d1f3g6h7j2n5p
                 */
                customer_id: components["parameters"]["customer_id"];
            };
            cookie?: never;
        };
        /** @description The policy. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["customer_policy_request"];
            };
        };
        responses: {
            /** @description The policy with its version. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["customer_policy"];
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
            503: components["responses"]["native_503"];
        };
    };
    createRefund: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The customer.
                 * @example cus_4k7q2m9x0b5c8d1f3g6h7j2n5p
                 */
                customer_id: components["parameters"]["customer_id"];
            };
            cookie?: never;
        };
        /** @description The refund. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["refund_request"];
            };
        };
        responses: {
            /** @description The same refund was booked before. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["refund"];
                };
            };
            /** @description The refund is booked. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["refund"];
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
            503: components["responses"]["native_503"];
        };
    };
    rotateCustomerToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The customer.
                 * @example cus_4k7q2m9x0b5c8d1f3g6h7j2n5p
                 */
                customer_id: components["parameters"]["customer_id"];
            };
            cookie?: never;
        };
        /** @description How to rotate. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["customer_token_request"];
            };
        };
        responses: {
            /** @description The new token. */
            201: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["customer_token_rotated"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            404: components["responses"]["native_404"];
            408: components["responses"]["native_408"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    listIncidents: {
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
                /**
                 * @description Incidents in force, cleared ones, or both.
                 * @example open
                 */
                state?: "open" | "cleared" | "all";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of incidents. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["incident_list"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    openIncident: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What to pause, and why. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["incident_request"];
            };
        };
        responses: {
            /** @description The pause is in force. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["incident"];
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
            503: components["responses"]["native_503"];
        };
    };
    clearIncident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The incident.
                 * @example inc_9a1s3d5f7g2h4j6k8l0z2x4c6v
                 */
                incident_id: components["parameters"]["incident_id"];
            };
            cookie?: never;
        };
        /** @description The reason. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["reason_request"];
            };
        };
        responses: {
            /** @description The incident is cleared. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["incident"];
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
            503: components["responses"]["native_503"];
        };
    };
    revokeGatewayKey: {
        parameters: {
            query?: {
                /**
                 * @description Cut answers that are under way; they settle on the node's partial receipts.
                 * @example false
                 */
                abort?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description The key.
                 * @example key_7w3e5r9t1y2u8i4o6p0a5s3d7f
                 */
                key_id: components["parameters"]["key_id"];
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
            503: components["responses"]["native_503"];
        };
    };
    updateGatewayKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The key.
                 * @example key_7w3e5r9t1y2u8i4o6p0a5s3d7f
                 */
                key_id: components["parameters"]["key_id"];
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
            408: components["responses"]["native_408"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    putKeyPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The key.
                 * @example key_7w3e5r9t1y2u8i4o6p0a5s3d7f
                 */
                key_id: components["parameters"]["key_id"];
            };
            cookie?: never;
        };
        /** @description The policy. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["key_policy_request"];
            };
        };
        responses: {
            /** @description The policy with its version. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["key_policy"];
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
            503: components["responses"]["native_503"];
        };
    };
    listNodes: {
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
                /**
                 * @description Only nodes that offer this model.
                 * @example b3iq-tiny.gguf
                 */
                model?: components["schemas"]["model_id"];
                /**
                 * @description Only nodes in this state.
                 * @example active
                 */
                status?: components["schemas"]["node_status"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of nodes. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["admin_node_list"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            429: components["responses"]["native_429"];
        };
    };
    getNode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The node.
                 * @example node_mfrggzdfmztwq2lknnwg23tpob
                 */
                node_id: components["parameters"]["node_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The node. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["admin_node"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    updateNode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The node.
                 * @example node_mfrggzdfmztwq2lknnwg23tpob
                 */
                node_id: components["parameters"]["node_id"];
            };
            cookie?: never;
        };
        /** @description What to change, and why. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["admin_node_update"];
            };
        };
        responses: {
            /** @description The node. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["admin_node"];
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
            503: components["responses"]["native_503"];
        };
    };
    runBenchmark: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The node.
                 * @example node_mfrggzdfmztwq2lknnwg23tpob
                 */
                node_id: components["parameters"]["node_id"];
            };
            cookie?: never;
        };
        /** @description What to measure. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["benchmark_request"];
            };
        };
        responses: {
            /** @description The measurement. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["benchmark"];
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
            503: components["responses"]["native_503"];
        };
    };
    putNodeStake: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The node.
                 * @example node_mfrggzdfmztwq2lknnwg23tpob
                 */
                node_id: components["parameters"]["node_id"];
            };
            cookie?: never;
        };
        /** @description The observation. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["stake_request"];
            };
        };
        responses: {
            /** @description The stake as it counts now. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["node_stake"];
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
            503: components["responses"]["native_503"];
        };
    };
    listPayoutBatches: {
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
                /**
                 * @description Only batches in this state.
                 * @example created
                 */
                status?: components["schemas"]["settlement_status"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of batches. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["payout_batch_list"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    createPayoutBatch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The end of the period. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["payout_batch_request"];
            };
        };
        responses: {
            /** @description The batch. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["payout_batch"];
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
            503: components["responses"]["native_503"];
        };
    };
    getPayoutBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The payout batch.
                 * @example pay_3q5w7e9r1t2y4u6i8o0p1a3s5d
                 */
                batch_id: components["parameters"]["batch_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The batch with its lines. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["payout_batch_detail"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    finalizePayoutBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The payout batch.
                 * @example pay_3q5w7e9r1t2y4u6i8o0p1a3s5d
                 */
                batch_id: components["parameters"]["batch_id"];
            };
            cookie?: never;
        };
        /** @description The evidence. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["payout_finalize_request"];
            };
        };
        responses: {
            /** @description The batch. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["payout_batch"];
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
            503: components["responses"]["native_503"];
        };
    };
    resetPayoutBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The payout batch.
                 * @example pay_3q5w7e9r1t2y4u6i8o0p1a3s5d
                 */
                batch_id: components["parameters"]["batch_id"];
            };
            cookie?: never;
        };
        /** @description The reason. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["reason_request"];
            };
        };
        responses: {
            /** @description The batch. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["payout_batch"];
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
            503: components["responses"]["native_503"];
        };
    };
    submitPayoutBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The payout batch.
                 * @example pay_3q5w7e9r1t2y4u6i8o0p1a3s5d
                 */
                batch_id: components["parameters"]["batch_id"];
            };
            cookie?: never;
        };
        /** @description The transaction of the batch. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["payout_submit_request"];
            };
        };
        responses: {
            /** @description The batch. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["payout_batch"];
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
            503: components["responses"]["native_503"];
        };
    };
    previewPayoutBatch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The end of the period. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["payout_batch_request"];
            };
        };
        responses: {
            /** @description What a batch would hold. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["payout_preview"];
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
            503: components["responses"]["native_503"];
        };
    };
    listPrices: {
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
            /** @description A page of prices. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["model_price_list"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    putPrice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The model's id; everything after `/v1/admin/prices/` belongs to it.
                 * @example b3iq-tiny.gguf
                 */
                model: components["schemas"]["model_id"];
            };
            cookie?: never;
        };
        /** @description The price. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["model_price_request"];
            };
        };
        responses: {
            /** @description The price. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["model_price"];
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
            503: components["responses"]["native_503"];
        };
    };
    recoverReservations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Which reservations to look at. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["recover_request"];
            };
        };
        responses: {
            /** @description What was found and done. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["recovery"];
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
            503: components["responses"]["native_503"];
        };
    };
    explainRoute: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The outline of a chat. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["route_explain_request"];
            };
        };
        responses: {
            /** @description How the gateway would choose. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["route_explanation"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            404: components["responses"]["native_404"];
            408: components["responses"]["native_408"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    listWithheldPayouts: {
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
                /**
                 * @description Only payouts of this node.
                 * @example node_mfrggzdfmztwq2lknnwg23tpob
                 */
                node_id?: components["schemas"]["node_id"];
                /**
                 * @description Only payouts in this state.
                 * @example open
                 */
                status?: components["schemas"]["review_status"];
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
                    "application/json": components["schemas"]["withheld_payout_list"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    refuseWithheldPayout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The receipt whose payout is withheld.
                 * @example 5d41402abc4b2a76b9719d911017c592ae2c1a9f0d8e7b6a5c4d3e2f1a0b9c8d
                 */
                receipt_hash: components["schemas"]["receipt_hash"];
            };
            cookie?: never;
        };
        /** @description The reason. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["reason_request"];
            };
        };
        responses: {
            /** @description The payout with its decision. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["withheld_payout"];
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
            503: components["responses"]["native_503"];
        };
    };
    releaseWithheldPayout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The receipt whose payout is withheld.
                 * @example 5d41402abc4b2a76b9719d911017c592ae2c1a9f0d8e7b6a5c4d3e2f1a0b9c8d
                 */
                receipt_hash: components["schemas"]["receipt_hash"];
            };
            cookie?: never;
        };
        /** @description The reason. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["reason_request"];
            };
        };
        responses: {
            /** @description The payout with its decision. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["withheld_payout"];
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
            503: components["responses"]["native_503"];
        };
    };
    getBillingJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job's id, or your own reference to the job.
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
            503: components["responses"]["native_503"];
        };
    };
    exportBillingUsage: {
        parameters: {
            query?: {
                /**
                 * @description The `next_cursor` of the page before; absent for the first page.
                 * @example eyJhZnRlciI6IjEwMjQifQ
                 */
                cursor?: components["schemas"]["page_cursor"];
                /**
                 * @description The first moment of the span, in UTC.
                 * @example 2026-11-01T00:00:00.000Z
                 */
                from?: components["schemas"]["timestamp"];
                /**
                 * @description The number of entries on a page.
                 * @example 100
                 */
                limit?: number;
                /**
                 * @description The first moment after the span, in UTC.
                 * @example 2026-12-01T00:00:00.000Z
                 */
                to?: components["schemas"]["timestamp"];
                /**
                 * @description The number of days back from now. Not together with `from` and `to`.
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
            502: components["responses"]["openai_502"];
            503: components["responses"]["openai_503"];
            504: components["responses"]["openai_504"];
        };
    };
    listKeys: {
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
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
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
            408: components["responses"]["native_408"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
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
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
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
            408: components["responses"]["native_408"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    getLogCheckpoint: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of the answer that the caller has; the answer is 304 while that answer is current.
                 * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
                 */
                "If-None-Match"?: components["parameters"]["if_none_match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The checkpoint. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    etag: components["headers"]["etag"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            304: components["responses"]["not_modified"];
            400: components["responses"]["native_400"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    getLogKey: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of the answer that the caller has; the answer is 304 while that answer is current.
                 * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
                 */
                "If-None-Match"?: components["parameters"]["if_none_match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    etag: components["headers"]["etag"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["log_key"];
                };
            };
            304: components["responses"]["not_modified"];
            400: components["responses"]["native_400"];
            429: components["responses"]["native_429"];
        };
    };
    getLogTile: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of the answer that the caller has; the answer is 304 while that answer is current.
                 * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
                 */
                "If-None-Match"?: components["parameters"]["if_none_match"];
            };
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
                    etag: components["headers"]["etag"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            304: components["responses"]["not_modified"];
            400: components["responses"]["native_400"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    getLogEntries: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of the answer that the caller has; the answer is 304 while that answer is current.
                 * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
                 */
                "If-None-Match"?: components["parameters"]["if_none_match"];
            };
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
                    etag: components["headers"]["etag"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            304: components["responses"]["not_modified"];
            400: components["responses"]["native_400"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
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
            /** @description The list of models. */
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
            503: components["responses"]["openai_503"];
        };
    };
    submitCommandResult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The command.
                 * @example cmd_5b8n2m6v9c1x3z7l0k4j8h2g6f
                 */
                command_id: components["parameters"]["command_id"];
            };
            cookie?: never;
        };
        /** @description The state of the command. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["command_result_request"];
            };
        };
        responses: {
            /** @description Whether the report closed the command or renewed the lease. */
            200: {
                headers: {
                    "x-b3iq-server-time": components["headers"]["x_b3iq_server_time"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["command_result"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            404: components["responses"]["native_404"];
            408: components["responses"]["native_408"];
            409: components["responses"]["native_409"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    pollCommands: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What the agent is ready to take. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["command_poll"];
            };
        };
        responses: {
            /** @description The leased commands. */
            200: {
                headers: {
                    "x-b3iq-server-time": components["headers"]["x_b3iq_server_time"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["command_list"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            408: components["responses"]["native_408"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    createEnrollmentChallenge: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The node that wants to enroll. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["enrollment_challenge_request"];
            };
        };
        responses: {
            /** @description The challenge. */
            201: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "x-b3iq-server-time": components["headers"]["x_b3iq_server_time"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["enrollment_challenge"];
                };
            };
            400: components["responses"]["native_400"];
            408: components["responses"]["native_408"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            426: components["responses"]["native_426"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    enrollNode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The signed enrollment. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["enrollment_request"];
            };
        };
        responses: {
            /** @description The node is enrolled. */
            201: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    "x-b3iq-server-time": components["headers"]["x_b3iq_server_time"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["enrollment"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            408: components["responses"]["native_408"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            426: components["responses"]["native_426"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    publishHeartbeat: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The state of the node. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["heartbeat_request"];
            };
        };
        responses: {
            /** @description The heartbeat is recorded. */
            200: {
                headers: {
                    "x-b3iq-server-time": components["headers"]["x_b3iq_server_time"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["heartbeat_answer"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            408: components["responses"]["native_408"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            426: components["responses"]["native_426"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    putPayoutAddress: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The signed address. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["payout_address_request"];
            };
        };
        responses: {
            /** @description The address in force, and the address that waits. */
            200: {
                headers: {
                    "x-b3iq-server-time": components["headers"]["x_b3iq_server_time"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["payout_address_state"];
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
            503: components["responses"]["native_503"];
        };
    };
    listNodePayouts: {
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
                    "x-b3iq-server-time": components["headers"]["x_b3iq_server_time"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["node_payout_list"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    submitNodeReceipt: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The signed receipt. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["signed_receipt"];
            };
        };
        responses: {
            /** @description The gateway's verdict. */
            200: {
                headers: {
                    "x-b3iq-server-time": components["headers"]["x_b3iq_server_time"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["receipt_verdict"];
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
            503: components["responses"]["native_503"];
        };
    };
    publishTransportKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The signed key. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["transport_key"];
            };
        };
        responses: {
            /** @description The key is published. */
            201: {
                headers: {
                    "x-b3iq-server-time": components["headers"]["x_b3iq_server_time"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["node_transport_key"];
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
            503: components["responses"]["native_503"];
        };
    };
    openNodeTunnel: {
        parameters: {
            query: {
                /**
                 * @description The version of the agent.
                 * @example 0.1.0
                 */
                agent_version: components["schemas"]["agent_version"];
                /**
                 * @description The version of the protocol that the agent speaks.
                 * @example 1
                 */
                protocol_version: components["schemas"]["protocol_version"];
            };
            header?: {
                /**
                 * @description The carrier of the tunnel.
                 * @example b3iq-h2
                 */
                Upgrade?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection is the tunnel now. */
            101: {
                headers: {
                    /**
                     * @description The carrier of the tunnel.
                     * @example b3iq-h2
                     */
                    upgrade?: "b3iq-h2" | "websocket";
                    "x-b3iq-node-epoch": components["headers"]["x_b3iq_node_epoch"];
                    "x-b3iq-protocol-version": components["headers"]["x_b3iq_protocol_version"];
                    "x-b3iq-server-time": components["headers"]["x_b3iq_server_time"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            403: components["responses"]["native_403"];
            426: components["responses"]["native_426"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    createPrivateJob: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The sealed job and where it goes. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["private_job_request"];
            };
        };
        responses: {
            /** @description The job is queued, and its price is reserved. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["private_job_queued"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            402: components["responses"]["native_402"];
            403: components["responses"]["native_403"];
            404: components["responses"]["native_404"];
            408: components["responses"]["native_408"];
            409: components["responses"]["native_409"];
            413: components["responses"]["native_413"];
            415: components["responses"]["native_415"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    getPrivateJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job, by the customer's own id or by the one that the gateway minted.
                 * @example job-2026-1121-0001
                 */
                job_id: components["schemas"]["private_job_reference"];
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
                    "application/json": components["schemas"]["private_job"];
                };
            };
            400: components["responses"]["native_400"];
            401: components["responses"]["native_401"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    listPublicModelProfiles: {
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
            header?: {
                /**
                 * @description The `etag` of the answer that the caller has; the answer is 304 while that answer is current.
                 * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
                 */
                "If-None-Match"?: components["parameters"]["if_none_match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of model profiles. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    etag: components["headers"]["etag"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["public_model_profile_list"];
                };
            };
            304: components["responses"]["not_modified"];
            400: components["responses"]["native_400"];
            429: components["responses"]["native_429"];
        };
    };
    getNetworkStatus: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of the answer that the caller has; the answer is 304 while that answer is current.
                 * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
                 */
                "If-None-Match"?: components["parameters"]["if_none_match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The network in numbers. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    etag: components["headers"]["etag"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["network_status"];
                };
            };
            304: components["responses"]["not_modified"];
            400: components["responses"]["native_400"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    listPublicNodes: {
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
                /**
                 * @description Only nodes that offer this model.
                 * @example b3iq-tiny.gguf
                 */
                model?: components["schemas"]["model_id"];
                /**
                 * @description Only nodes that are, or are not, ready for paid work.
                 * @example true
                 */
                route_ready?: boolean;
            };
            header?: {
                /**
                 * @description The `etag` of the answer that the caller has; the answer is 304 while that answer is current.
                 * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
                 */
                "If-None-Match"?: components["parameters"]["if_none_match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of nodes. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    etag: components["headers"]["etag"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["public_node_list"];
                };
            };
            304: components["responses"]["not_modified"];
            400: components["responses"]["native_400"];
            429: components["responses"]["native_429"];
        };
    };
    getPublicNode: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of the answer that the caller has; the answer is 304 while that answer is current.
                 * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
                 */
                "If-None-Match"?: components["parameters"]["if_none_match"];
            };
            path: {
                /**
                 * @description The node.
                 * @example node_mfrggzdfmztwq2lknnwg23tpob
                 */
                node_id: components["parameters"]["node_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The node. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    etag: components["headers"]["etag"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["public_node"];
                };
            };
            304: components["responses"]["not_modified"];
            400: components["responses"]["native_400"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
        };
    };
    getRouteReadiness: {
        parameters: {
            query: {
                /**
                 * @description The model that the node would serve.
                 * @example b3iq-tiny.gguf
                 */
                model: components["schemas"]["model_id"];
            };
            header?: {
                /**
                 * @description The `etag` of the answer that the caller has; the answer is 304 while that answer is current.
                 * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
                 */
                "If-None-Match"?: components["parameters"]["if_none_match"];
            };
            path: {
                /**
                 * @description The node.
                 * @example node_mfrggzdfmztwq2lknnwg23tpob
                 */
                node_id: components["parameters"]["node_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result of every gate. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    etag: components["headers"]["etag"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["route_readiness"];
                };
            };
            304: components["responses"]["not_modified"];
            400: components["responses"]["native_400"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
        };
    };
    getNodeTransportKey: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of the answer that the caller has; the answer is 304 while that answer is current.
                 * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
                 */
                "If-None-Match"?: components["parameters"]["if_none_match"];
            };
            path: {
                /**
                 * @description The node.
                 * @example node_mfrggzdfmztwq2lknnwg23tpob
                 */
                node_id: components["parameters"]["node_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key with its signature. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    etag: components["headers"]["etag"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["public_transport_key"];
                };
            };
            304: components["responses"]["not_modified"];
            400: components["responses"]["native_400"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    listSettlementBatches: {
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
            header?: {
                /**
                 * @description The `etag` of the answer that the caller has; the answer is 304 while that answer is current.
                 * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
                 */
                "If-None-Match"?: components["parameters"]["if_none_match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of batches. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    etag: components["headers"]["etag"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["settlement_batch_list"];
                };
            };
            304: components["responses"]["not_modified"];
            400: components["responses"]["native_400"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    getSettlementBatch: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of the answer that the caller has; the answer is 304 while that answer is current.
                 * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
                 */
                "If-None-Match"?: components["parameters"]["if_none_match"];
            };
            path: {
                /**
                 * @description The payout batch.
                 * @example pay_3q5w7e9r1t2y4u6i8o0p1a3s5d
                 */
                batch_id: components["parameters"]["batch_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The batch with its lines. */
            200: {
                headers: {
                    "cache-control": components["headers"]["cache_control"];
                    etag: components["headers"]["etag"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["settlement_batch_detail"];
                };
            };
            304: components["responses"]["not_modified"];
            400: components["responses"]["native_400"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    getReceipt: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of the answer that the caller has; the answer is 304 while that answer is current.
                 * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
                 */
                "If-None-Match"?: components["parameters"]["if_none_match"];
            };
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
                    etag: components["headers"]["etag"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["receipt_evidence"];
                };
            };
            304: components["responses"]["not_modified"];
            400: components["responses"]["native_400"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
    getReceiptProof: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `etag` of the answer that the caller has; the answer is 304 while that answer is current.
                 * @example "kq3Wl0Yb1vXo2mTn9sRzCA"
                 */
                "If-None-Match"?: components["parameters"]["if_none_match"];
            };
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
                    etag: components["headers"]["etag"];
                    "x-request-id": components["headers"]["x_request_id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            304: components["responses"]["not_modified"];
            400: components["responses"]["native_400"];
            404: components["responses"]["native_404"];
            429: components["responses"]["native_429"];
            500: components["responses"]["native_500"];
            503: components["responses"]["native_503"];
        };
    };
}
