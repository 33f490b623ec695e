/** One successful call of each operation: its ids, its credential, its body; or why there is none. */
import { NO_LIMITS, OPEN_POLICY } from "../../src/core/gateway/billing/policy.ts";
import type { Seeds } from "./seeds.ts";

export type ExampleCall = {
  operation_id: string;
  method: string;
  path: string;
  pattern: string;
  /** The success status. Of two, the one that is not 200: 200 answers a repeat. */
  status: number;
  url: string;
  headers: Record<string, string>;
  body?: unknown;
  skip?: string;
};

type Dict = Record<string, unknown>;
type Document = { paths: Record<string, Dict>; components: { examples: Record<string, { value: unknown }> } };
type Operation = {
  operationId: string;
  security?: Dict[];
  responses: Dict;
  requestBody?: { content: Record<string, { examples?: Record<string, { $ref: string }> }> };
};

/** A call gets the first of these credentials that its operation accepts. */
function credentials(seeds: Seeds): Record<string, Record<string, string>> {
  return {
    gatewayKey: { Authorization: `Bearer ${seeds.gateway_key}` },
    customerId: { "X-B3IQ-Customer-ID": seeds.customer_id, "X-B3IQ-Customer-Token": seeds.customer_token },
    adminToken: { "X-B3IQ-Admin-Token": seeds.admin_token },
    setupToken: { "X-B3IQ-Setup-Token": seeds.setup_token },
    localKey: { Authorization: `Bearer ${seeds.local_key}` },
    ownerSession: { Cookie: seeds.owner_cookie },
  };
}

const SIGNED = "signed by a node, call by call; the tests of nodes do that";
const FORMS = "entries have several forms, of which the example shows one";
const MATURE = "needs a payout batch of matured receipts; the tests of payouts make one";
const UNSEEN = "needs a settlement that no gateway saw; the tests of payouts make one";
const SKIPPED: Record<string, string> = {
  releaseWithheldPayout: UNSEEN,
  refuseWithheldPayout: UNSEEN,
  enrollNode: SIGNED,
  openNodeTunnel: SIGNED,
  createPrivateJob: "the body is sealed for one node; the tests of private jobs do that",
  getPrivateJob: "needs a private job; the tests of private jobs make one",
  getReceiptProof: "needs a published checkpoint; the tests of the log wait for one",
  getPayoutBatch: MATURE,
  submitPayoutBatch: MATURE,
  finalizePayoutBatch: MATURE,
  resetPayoutBatch: MATURE,
  getSettlementBatch: MATURE,
  createPayoutBatch: MATURE,
  createOwnerSession: "needs the password of the claim before; the workflows log in",
  retryCommand: "needs a command that failed; the tests of nodes make one",
  cancelCommand: "a probe may be done before it can be cancelled; the tests of nodes cancel one",
  deleteOwnerSession: "the claim before ends the session; the workflows log out",
  listAuditLog: FORMS,
  listLocalReceipts: FORMS,
  submitLocalReceipt: "needs a receipt that was not taken yet; the tests of the agent make one",
};

function pathValues(seeds: Seeds): Record<string, Record<string, string>> {
  return {
    "": {
      model: seeds.model,
      job_id: seeds.job_id,
      key_id: seeds.key_id,
      receipt_hash: seeds.receipt_hash,
      node_id: seeds.node_id,
      customer_id: seeds.spare_customer_id,
      incident_id: seeds.incident_id,
      command_id: seeds.command_id,
    },
    revokeKey: { key_id: seeds.ended_key_id },
    revokeGatewayKey: { key_id: seeds.spare_key_id },
    revokeLocalKey: { key_id: seeds.local_key_id },
    createRefund: { customer_id: seeds.customer_id },
    putPrice: { model: "none.gguf" },
  };
}

function bodies(seeds: Seeds): Record<string, unknown> {
  const reason = "A call of the contract tests.";
  return {
    createChatCompletion: { model: seeds.model, messages: [{ role: "user", content: "Hello" }], max_tokens: 4 },
    createLocalChatCompletion: { model: seeds.model, messages: [{ role: "user", content: "Hello" }], max_tokens: 4 },
    createCredit: { amount_wei: "1000", reference: `contract-${seeds.spare_customer_id}` },
    createRefund: { refund_id: `contract-${seeds.job_id}`, job_id: seeds.job_id, amount_wei: "1", reason },
    putCustomerPolicy: OPEN_POLICY,
    putKeyPolicy: NO_LIMITS,
    updateCustomer: { label: "renamed" },
    updateNode: { portable_paid_route: false, reason },
    runBenchmark: { model: seeds.model, max_tokens: 8 },
    openIncident: { scope: "model", target: `other-${seeds.job_id}`, reason },
    explainRoute: {
      model: seeds.model,
      customer_id: seeds.customer_id,
      prompt_bytes: 10,
      messages: 1,
      max_completion_tokens: 4,
    },
    createCommand: {
      node_id: seeds.node_id,
      kind: "runtime_probe",
      payload: { model_profile_id: `${seeds.model}@llama_cpp` },
      reason,
    },
    claimOwner: { name: "ada", password: "correct horse battery staple", recover: true },
    updateNodeSettings: { paused: false },
  };
}

/** All operations of a bundled document, in its order. */
export function callsOf(document: unknown, seeds: Seeds): ExampleCall[] {
  const { paths, components } = document as Document;
  const [headers, values, own] = [credentials(seeds), pathValues(seeds), bodies(seeds)];
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, one]) => (one as Operation).operationId !== undefined)
      .map(([method, one]) => {
        const operation = one as Operation;
        const schemes = (operation.security ?? []).map((requirement) => Object.keys(requirement)[0]!);
        const scheme = Object.keys(headers).find((name) => schemes.includes(name));
        const example = Object.values(operation.requestBody?.content["application/json"]?.examples ?? {})[0];
        const body =
          own[operation.operationId] ?? (example && components.examples[example.$ref.split("/").at(-1)!]!.value);
        const place = (_: string, name: string) =>
          encodeURIComponent(values[operation.operationId]?.[name] ?? values[""]![name] ?? "none");
        const skip =
          SKIPPED[operation.operationId] ?? (schemes.length > 0 && scheme === undefined ? SIGNED : undefined);
        return {
          operation_id: operation.operationId,
          method: method.toUpperCase(),
          path,
          pattern: `^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`,
          status: Math.max(
            ...Object.keys(operation.responses)
              .map(Number)
              .filter((status) => status < 300),
          ),
          url:
            path.replace(/\{([^}]+)\}/g, place) +
            (operation.operationId === "getRouteReadiness" ? `?model=${encodeURIComponent(seeds.model)}` : ""),
          headers: scheme === undefined ? {} : headers[scheme]!,
          ...(body === undefined ? {} : { body }),
          ...(skip === undefined ? {} : { skip }),
        };
      }),
  );
}
