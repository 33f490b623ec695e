// Generated from openapi/ by `npm run generate`; do not edit.
export const HOSTED_ROUTES = {
  "listModels": {
    "method": "GET",
    "path": "/v1/models"
  },
  "retrieveModel": {
    "method": "GET",
    "path": "/v1/models/{model}"
  },
  "createChatCompletion": {
    "method": "POST",
    "path": "/v1/chat/completions"
  },
  "getBillingAccount": {
    "method": "GET",
    "path": "/v1/billing/account"
  },
  "exportBillingUsage": {
    "method": "GET",
    "path": "/v1/billing/usage"
  },
  "getBillingJob": {
    "method": "GET",
    "path": "/v1/billing/jobs/{job_id}"
  },
  "listKeys": {
    "method": "GET",
    "path": "/v1/keys"
  },
  "createKey": {
    "method": "POST",
    "path": "/v1/keys"
  },
  "revokeKey": {
    "method": "DELETE",
    "path": "/v1/keys/{key_id}"
  },
  "updateKey": {
    "method": "PATCH",
    "path": "/v1/keys/{key_id}"
  },
  "getReceipt": {
    "method": "GET",
    "path": "/v1/receipts/{receipt_hash}"
  },
  "getReceiptProof": {
    "method": "GET",
    "path": "/v1/receipts/{receipt_hash}/proof"
  },
  "getLogCheckpoint": {
    "method": "GET",
    "path": "/v1/log/checkpoint"
  },
  "getLogKey": {
    "method": "GET",
    "path": "/v1/log/key"
  },
  "getLogTile": {
    "method": "GET",
    "path": "/v1/log/tile/{level}/{index}"
  },
  "getLogEntries": {
    "method": "GET",
    "path": "/v1/log/tile/entries/{index}"
  },
  "createPrivateJob": {
    "method": "POST",
    "path": "/v1/private-inference/jobs"
  },
  "getPrivateJob": {
    "method": "GET",
    "path": "/v1/private-inference/jobs/{job_id}"
  },
  "getNetworkStatus": {
    "method": "GET",
    "path": "/v1/public/network"
  },
  "listPublicModelProfiles": {
    "method": "GET",
    "path": "/v1/public/model-profiles"
  },
  "listPublicNodes": {
    "method": "GET",
    "path": "/v1/public/nodes"
  },
  "getPublicNode": {
    "method": "GET",
    "path": "/v1/public/nodes/{node_id}"
  },
  "getRouteReadiness": {
    "method": "GET",
    "path": "/v1/public/nodes/{node_id}/route-readiness"
  },
  "getNodeTransportKey": {
    "method": "GET",
    "path": "/v1/public/nodes/{node_id}/transport-key"
  },
  "listSettlementBatches": {
    "method": "GET",
    "path": "/v1/public/settlement/batches"
  },
  "getSettlementBatch": {
    "method": "GET",
    "path": "/v1/public/settlement/batches/{batch_id}"
  },
  "createEnrollmentChallenge": {
    "method": "POST",
    "path": "/v1/node/enrollment/challenges"
  },
  "enrollNode": {
    "method": "POST",
    "path": "/v1/node/enrollments"
  },
  "publishHeartbeat": {
    "method": "POST",
    "path": "/v1/node/heartbeats"
  },
  "publishTransportKey": {
    "method": "POST",
    "path": "/v1/node/transport-keys"
  },
  "submitNodeReceipt": {
    "method": "POST",
    "path": "/v1/node/receipts"
  },
  "pollCommands": {
    "method": "POST",
    "path": "/v1/node/commands/poll"
  },
  "submitCommandResult": {
    "method": "POST",
    "path": "/v1/node/commands/{command_id}/result"
  },
  "listNodePayouts": {
    "method": "GET",
    "path": "/v1/node/payouts"
  },
  "putPayoutAddress": {
    "method": "PUT",
    "path": "/v1/node/payout-address"
  },
  "openNodeTunnel": {
    "method": "GET",
    "path": "/v1/node/tunnel"
  },
  "listCustomers": {
    "method": "GET",
    "path": "/v1/admin/customers"
  },
  "createCustomer": {
    "method": "POST",
    "path": "/v1/admin/customers"
  },
  "getCustomer": {
    "method": "GET",
    "path": "/v1/admin/customers/{customer_id}"
  },
  "updateCustomer": {
    "method": "PATCH",
    "path": "/v1/admin/customers/{customer_id}"
  },
  "createCredit": {
    "method": "POST",
    "path": "/v1/admin/customers/{customer_id}/credits"
  },
  "createRefund": {
    "method": "POST",
    "path": "/v1/admin/customers/{customer_id}/refunds"
  },
  "rotateCustomerToken": {
    "method": "POST",
    "path": "/v1/admin/customers/{customer_id}/tokens"
  },
  "getCustomerPolicy": {
    "method": "GET",
    "path": "/v1/admin/customers/{customer_id}/policy"
  },
  "putCustomerPolicy": {
    "method": "PUT",
    "path": "/v1/admin/customers/{customer_id}/policy"
  },
  "listGatewayKeys": {
    "method": "GET",
    "path": "/v1/admin/customers/{customer_id}/keys"
  },
  "createGatewayKey": {
    "method": "POST",
    "path": "/v1/admin/customers/{customer_id}/keys"
  },
  "revokeGatewayKey": {
    "method": "DELETE",
    "path": "/v1/admin/keys/{key_id}"
  },
  "updateGatewayKey": {
    "method": "PATCH",
    "path": "/v1/admin/keys/{key_id}"
  },
  "putKeyPolicy": {
    "method": "PUT",
    "path": "/v1/admin/keys/{key_id}/policy"
  },
  "listNodes": {
    "method": "GET",
    "path": "/v1/admin/nodes"
  },
  "getNode": {
    "method": "GET",
    "path": "/v1/admin/nodes/{node_id}"
  },
  "updateNode": {
    "method": "PATCH",
    "path": "/v1/admin/nodes/{node_id}"
  },
  "runBenchmark": {
    "method": "POST",
    "path": "/v1/admin/nodes/{node_id}/benchmarks"
  },
  "putNodeStake": {
    "method": "PUT",
    "path": "/v1/admin/nodes/{node_id}/stake"
  },
  "listPrices": {
    "method": "GET",
    "path": "/v1/admin/prices"
  },
  "putPrice": {
    "method": "PUT",
    "path": "/v1/admin/prices/{model}"
  },
  "listCommands": {
    "method": "GET",
    "path": "/v1/admin/commands"
  },
  "createCommand": {
    "method": "POST",
    "path": "/v1/admin/commands"
  },
  "retryCommand": {
    "method": "POST",
    "path": "/v1/admin/commands/{command_id}/retry"
  },
  "cancelCommand": {
    "method": "POST",
    "path": "/v1/admin/commands/{command_id}/cancel"
  },
  "listIncidents": {
    "method": "GET",
    "path": "/v1/admin/incidents"
  },
  "openIncident": {
    "method": "POST",
    "path": "/v1/admin/incidents"
  },
  "clearIncident": {
    "method": "POST",
    "path": "/v1/admin/incidents/{incident_id}/clear"
  },
  "recoverReservations": {
    "method": "POST",
    "path": "/v1/admin/reservations/recover"
  },
  "listPayoutBatches": {
    "method": "GET",
    "path": "/v1/admin/payout-batches"
  },
  "createPayoutBatch": {
    "method": "POST",
    "path": "/v1/admin/payout-batches"
  },
  "previewPayoutBatch": {
    "method": "POST",
    "path": "/v1/admin/payout-batches/preview"
  },
  "getPayoutBatch": {
    "method": "GET",
    "path": "/v1/admin/payout-batches/{batch_id}"
  },
  "submitPayoutBatch": {
    "method": "POST",
    "path": "/v1/admin/payout-batches/{batch_id}/submit"
  },
  "finalizePayoutBatch": {
    "method": "POST",
    "path": "/v1/admin/payout-batches/{batch_id}/finalize"
  },
  "resetPayoutBatch": {
    "method": "POST",
    "path": "/v1/admin/payout-batches/{batch_id}/reset"
  },
  "listWithheldPayouts": {
    "method": "GET",
    "path": "/v1/admin/withheld-payouts"
  },
  "releaseWithheldPayout": {
    "method": "POST",
    "path": "/v1/admin/withheld-payouts/{receipt_hash}/release"
  },
  "refuseWithheldPayout": {
    "method": "POST",
    "path": "/v1/admin/withheld-payouts/{receipt_hash}/refuse"
  },
  "getTreasuryReport": {
    "method": "GET",
    "path": "/v1/admin/billing/treasury-report"
  },
  "explainRoute": {
    "method": "POST",
    "path": "/v1/admin/routing/explain"
  },
  "listAuditLog": {
    "method": "GET",
    "path": "/v1/admin/audit-log"
  },
  "getLiveness": {
    "method": "GET",
    "path": "/healthz"
  },
  "getReadiness": {
    "method": "GET",
    "path": "/readyz"
  }
} as const;

export const LOCAL_ROUTES = {
  "getHealth": {
    "method": "GET",
    "path": "/health"
  },
  "listLocalModels": {
    "method": "GET",
    "path": "/v1/models"
  },
  "createLocalChatCompletion": {
    "method": "POST",
    "path": "/v1/chat/completions"
  },
  "listModelProfiles": {
    "method": "GET",
    "path": "/v1/model-profiles"
  },
  "listLocalReceipts": {
    "method": "GET",
    "path": "/v1/receipts"
  },
  "submitLocalReceipt": {
    "method": "POST",
    "path": "/v1/receipts/submit"
  },
  "getSetupStatus": {
    "method": "GET",
    "path": "/v1/setup/status"
  },
  "claimOwner": {
    "method": "POST",
    "path": "/v1/setup/claim"
  },
  "createOwnerSession": {
    "method": "POST",
    "path": "/v1/setup/login"
  },
  "deleteOwnerSession": {
    "method": "POST",
    "path": "/v1/setup/logout"
  },
  "getDiagnostics": {
    "method": "GET",
    "path": "/v1/setup/diagnostics"
  },
  "getNodeSettings": {
    "method": "GET",
    "path": "/v1/setup/node-settings"
  },
  "updateNodeSettings": {
    "method": "PATCH",
    "path": "/v1/setup/node-settings"
  },
  "getPayoutAddress": {
    "method": "GET",
    "path": "/v1/setup/payout-address"
  },
  "updatePayoutAddress": {
    "method": "PUT",
    "path": "/v1/setup/payout-address"
  },
  "listEarnings": {
    "method": "GET",
    "path": "/v1/setup/earnings"
  },
  "listLocalKeys": {
    "method": "GET",
    "path": "/v1/setup/local-keys"
  },
  "createLocalKey": {
    "method": "POST",
    "path": "/v1/setup/local-keys"
  },
  "revokeLocalKey": {
    "method": "DELETE",
    "path": "/v1/setup/local-keys/{key_id}"
  }
} as const;

export const TUNNEL_ROUTES = {
  "dispatchChat": {
    "method": "POST",
    "path": "/v1/chat/completions"
  },
  "cancelJob": {
    "method": "POST",
    "path": "/v1/tunnel/cancel"
  },
  "countPrompt": {
    "method": "POST",
    "path": "/v1/tunnel/count"
  },
  "getJob": {
    "method": "POST",
    "path": "/v1/tunnel/job"
  },
  "acknowledgeReceipts": {
    "method": "POST",
    "path": "/v1/tunnel/settled"
  },
  "refetchReceipts": {
    "method": "POST",
    "path": "/v1/tunnel/receipts"
  },
  "drainTunnel": {
    "method": "POST",
    "path": "/v1/tunnel/drain"
  }
} as const;
