import type { Database } from "../../../store/postgres/database.ts";
import { findTransportKey } from "../../../store/postgres/private_jobs/transport_key.ts";
import { ApiError } from "../../errors.ts";
import { canonicalize } from "../../protocol/bytes/canonical.ts";
import { sha256 } from "../../protocol/bytes/encoding.ts";
import { checkContext, envelopeId, parseEnvelope, type Envelope } from "../../protocol/envelope/envelope.ts";

/** The body of createPrivateJob, checked against the document. */
export type PrivateJobRequest = {
  job_id?: string | undefined;
  node_id: string;
  model_id: string;
  /** Decimal string. */
  max_price_wei?: string | undefined;
  encrypted_request: object;
};

/** The envelope of a request, its context checked. Only the node can read its content. */
export type SealedRequest = {
  envelope: Envelope;
  envelope_id: Buffer;
  /** A hash of the whole request: a repeat has the same. */
  fingerprint: Buffer;
  ciphertext_bytes: number;
  key: { not_before_ms: number; not_after_ms: number };
};

/** A customer's request with its checked envelope. */
export type CheckedRequest = { customer_id: string; request: PrivateJobRequest; sealed: SealedRequest };

/**
 * Checks the form of the envelope, and recomputes its context from the clear fields: an envelope that was sealed for
 * another node, model, price, job or direction is refused before any money is held (docs/design/evidence.md, Private
 * jobs). Throws `invalid_encrypted_request`.
 */
export async function readSealedRequest(db: Database, request: PrivateJobRequest): Promise<SealedRequest> {
  const formed = parseEnvelope(request.encrypted_request);
  if (!formed.ok) throw refused(formed.reason);
  const envelope = formed.value;
  const key = await findTransportKey(db, request.node_id, envelope.key_id);
  if (!key)
    throw refused("key_id: the node has no such transport key; read GET /v1/public/nodes/{node_id}/transport-key");
  const checked = checkContext(envelope, {
    key_id: envelope.key_id,
    node_public_key_x25519: key.x25519_public_key,
    node_id: request.node_id,
    model_id: request.model_id,
    job_id: request.job_id,
    max_price_wei: request.max_price_wei,
  });
  if (!checked.ok) throw refused(checked.reason);
  const { node_id, model_id, job_id, max_price_wei } = request;
  return {
    envelope,
    envelope_id: Buffer.from(envelopeId(envelope), "hex"),
    fingerprint: sha256(canonicalize({ node_id, model_id, job_id, max_price_wei, encrypted_request: envelope })),
    ciphertext_bytes: Buffer.byteLength(envelope.ciphertext, "base64url"),
    key: { not_before_ms: key.not_before.getTime(), not_after_ms: key.not_after.getTime() },
  };
}

/** Throws `invalid_encrypted_request` for a key that is not in force: the node would refuse a request sealed to it. */
export function assertKeyInForce({ key }: SealedRequest, now_ms: number): void {
  if (now_ms >= key.not_after_ms)
    throw refused("key_id: this transport key is past its end; seal to the node's present one");
  if (now_ms < key.not_before_ms) throw refused("key_id: this transport key is not in force yet");
}

function refused(reason: string): ApiError {
  const field = /^([a-z_0-9]+):/.exec(reason)?.[1];
  const outside = field === "max_price_wei";
  return new ApiError("invalid_encrypted_request", `The encrypted request is refused: ${reason}.`, {
    param: field === undefined ? "encrypted_request" : outside ? field : `encrypted_request.${field}`,
  });
}
