import { KEY_PREFIXES, keyedHash, mintKey } from "../../src/core/protocol/bytes/api_keys.ts";
import { canonicalize } from "../../src/core/protocol/bytes/canonical.ts";
import { requestCommitment, responseCommitment } from "../../src/core/protocol/receipt/commitments.ts";
import { sha256Hex } from "../../src/core/protocol/bytes/encoding.ts";
import { signEnrollment } from "../../src/core/protocol/calls/enrollment_proof.ts";
import { envelopeId, requestAad } from "../../src/core/protocol/envelope/envelope.ts";
import { openRequest, sealRequest } from "../../src/core/protocol/envelope/envelope_request.ts";
import { sealResult } from "../../src/core/protocol/envelope/envelope_result.ts";
import { nodeIdOf } from "../../src/core/protocol/bytes/ids.ts";
import { signNodeCall } from "../../src/core/protocol/calls/node_call.ts";
import { signReceipt } from "../../src/core/protocol/receipt/receipt.ts";
import { signRouterCall } from "../../src/core/protocol/calls/router_call.ts";
import { sealSecret } from "../../src/core/protocol/envelope/sealed_secret.ts";
import { signTransportKey } from "../../src/core/protocol/envelope/transport_key.ts";
import { fixedBytes, fixedTransportPair, node, receiptPayload } from "../support/protocol_fixtures.ts";
import { logVectors } from "./build_log.ts";

const text = (label: string, length = 32): string => fixedBytes(label).subarray(0, length).toString("base64url");

const signed = signReceipt(receiptPayload(), node.private_key);
const transport = fixedTransportPair("transport key");
const transport_key = signTransportKey(
  {
    key_id: "nk_vector",
    x25519: transport.public_key,
    not_before: "2026-11-21T00:00:00Z",
    not_after: "2026-11-22T00:00:00Z",
  },
  node.private_key,
);

function receipt(): unknown {
  const with_tee = signReceipt(
    receiptPayload({ node_seq: 42, tee_attestation_hash: "ef".repeat(32), dispatch_mode: "private_job" }),
    node.private_key,
  );
  return {
    private_key: node.private_key,
    public_key: node.public_key,
    node_id: nodeIdOf(node.public_key),
    cases: [signed, with_tee],
  };
}

function routerCall(): unknown {
  const secret = text("router secret");
  const call = {
    method: "POST",
    path: "/v1/chat/completions",
    body_sha256: sha256Hex(`{"model":"m"}`),
    time_ms: 1_795_257_238_000,
    tunnel_epoch: 7,
    counter: 5,
    dispatch: {
      job_id: "job_0123456789abcdefghijklmnop",
      fence: 1,
      model_profile_id: "mp_x",
      prompt_price_wei: "10",
      completion_price_wei: "20",
      fee_bps: 250,
      prompt_bound: 100,
      completion_bound: 200,
      deadline_ms: 600_000,
    },
  };
  const plain = { ...call, path: "/v1/tunnel/cancel", counter: 6, dispatch: null };
  return {
    secret,
    cases: [call, plain].map((item) => ({ call: { version: 1, ...item }, headers: signRouterCall(secret, item) })),
  };
}

function nodeCall(): unknown {
  const call = {
    method: "POST",
    path: "/v1/node/commands/poll?wait=25",
    body_sha256: sha256Hex("{}"),
    node_id: nodeIdOf(node.public_key),
    epoch: 3,
    seq: 9,
    time_ms: 1_795_257_238_000,
  };
  return { public_key: node.public_key, cases: [{ call, headers: signNodeCall(call, node.private_key) }] };
}

function enrollment(): unknown {
  const recipient = fixedTransportPair("router secret recipient");
  const statement = {
    audience: "https://gateway.example",
    nonce: text("nonce"),
    ed25519_public_key: node.public_key,
    transport_key,
    router_secret_public_key: recipient.public_key,
    expires_at: "2026-11-21T10:22:00Z",
    protocol_version: 1,
  };
  const sealed = sealSecret(
    text("router secret"),
    recipient.public_key,
    nodeIdOf(node.public_key),
    fixedTransportPair("sealing ephemeral"),
  );
  return {
    statement,
    signature: signEnrollment(statement, node.private_key),
    sealed_secret: {
      recipient_private_key: recipient.private_key,
      context: nodeIdOf(node.public_key),
      sealed,
      secret: text("router secret"),
    },
  };
}

function envelope(): unknown {
  const client = fixedTransportPair("envelope client");
  const context = {
    key_id: "nk_vector",
    node_public_key_x25519: transport.public_key,
    node_id: nodeIdOf(node.public_key),
    model_id: "vendor/modèle:8b",
    job_id: "customer-job-1",
    max_price_wei: "1000000000000000",
  };
  const lease = { command_id: "cmd_0123456789abcdefghijklmnop", lease_token: 4 };
  const shapes = [
    {
      context,
      padded: true,
      request: `{"messages":[{"role":"user","content":"grüß dich"}]}`,
      result: `{"content":"hi"}`,
    },
    {
      context: { ...context, job_id: undefined, max_price_wei: undefined },
      padded: false,
      request: `{"messages":[]}`,
      result: `{"content":"${"lang ".repeat(4000)}"}`,
    },
  ];
  const cases = shapes.map((shape, at) => {
    const { envelope: request } = sealRequest(Buffer.from(shape.request), shape.context, {
      client,
      nonce: text(`request nonce ${at}`, 12),
      padded: shape.padded,
    });
    const opened = openRequest(request, shape.context, transport.private_key);
    if (!opened.ok) throw new Error(opened.reason);
    const node_ephemeral = fixedTransportPair(`node ephemeral ${at}`);
    const fixture = { node_ephemeral, nonce: text(`result nonce ${at}`, 12), padded: shape.padded };
    return {
      client_private_key: client.private_key,
      node_private_key: transport.private_key,
      node_ephemeral_private_key: node_ephemeral.private_key,
      context: shape.context,
      aad: requestAad(shape.context, client.public_key),
      lease,
      request_plaintext: shape.request,
      result_plaintext: shape.result,
      padded: shape.padded,
      request,
      envelope_id: envelopeId(request),
      result: sealResult(Buffer.from(shape.result), opened.value.session, lease, fixture),
    };
  });
  return { cases };
}

function commitments(): unknown {
  const salt = text("commitment salt");
  const messages = [
    { role: "system", content: 'é\u0001"\\' },
    { role: "user", content: [{ type: "text", text: "😀" }], temperature: 0.7 },
  ];
  const tool_calls = [{ id: "call_1", type: "function", function: { name: "f", arguments: '{"a": 1}' } }];
  const answers = [
    { content: "hi", finish_reason: "stop" },
    { content: "", reasoning: "why", tool_calls, finish_reason: "tool_calls" },
    {},
  ];
  return {
    salt,
    messages,
    request_commitment: requestCommitment(salt, messages),
    answers: answers.map((answer) => ({ answer, response_commitment: responseCommitment(salt, answer) })),
  };
}

function canonical(): unknown {
  const values: unknown[] = [
    { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 },
    [1e30, 4.5, 0.002, 1e-27, 333333333.3333333, -0, 1e21, 1e-7, 123456789012345680000, 5e-324],
    '\u0000\u001f\u007f\u2028"\\/',
    [[], {}, null, true, false],
    { a: { b: { c: [{}] } } },
    9_007_199_254_740_991,
    -1.5e-10,
    0.000001,
  ];
  return { cases: values.map((value) => ({ value, canonical: canonicalize(value) })) };
}

/** Keys are random, so those of the file stay as they are; only a missing file gets new ones. */
function apiKeys(existing: unknown): unknown {
  const known = (existing as { cases?: { prefix: string; key: string }[] } | undefined)?.cases;
  const keys = known ?? Object.values(KEY_PREFIXES).map((prefix) => ({ prefix, key: mintKey(prefix) }));
  const pepper = fixedBytes("pepper");
  return {
    pepper: pepper.toString("hex"),
    cases: keys.map(({ prefix, key }) => ({ prefix, key, keyed_hash: keyedHash(pepper, key).toString("hex") })),
  };
}

/** All vectors by file name: the same each time, since their keys are fixed. `existing` reads a file that is there. */
export function buildVectors(existing: (name: string) => unknown): Record<string, unknown> {
  return {
    canonical: canonical(),
    receipt: receipt(),
    router_call: routerCall(),
    node_call: nodeCall(),
    enrollment: enrollment(),
    envelope: envelope(),
    commitments: commitments(),
    api_keys: apiKeys(existing("api_keys")),
    log: logVectors(signed, transport_key),
  };
}
