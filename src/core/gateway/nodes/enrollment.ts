import { createHash, randomBytes } from "node:crypto";
import type { Database } from "../../../store/postgres/database.ts";
import { insertChallenge } from "../../../store/postgres/nodes/challenge.ts";
import { enrollNode } from "../../../store/postgres/nodes/enroll.ts";
import { ApiError } from "../../errors.ts";
import { assertPublicKey } from "../../protocol/bytes/ed25519.ts";
import { fromBase64url, toBase64url } from "../../protocol/bytes/encoding.ts";
import { verifyEnrollment } from "../../protocol/calls/enrollment_proof.ts";
import { nodeIdOf } from "../../protocol/bytes/ids.ts";
import { FormatError } from "../../protocol/bytes/outcome.ts";
import { sealSecret } from "../../protocol/envelope/sealed_secret.ts";
import { utcSeconds } from "../../protocol/envelope/transport_key.ts";
import type { Clock, NodeStatus } from "./types.ts";
import { agreedVersion, type ServedVersions } from "./versions.ts";
import type { Wrapping } from "./wrapping.ts";

export const CHALLENGE_LIFETIME_MS = 5 * 60_000;

export type ChallengeInput = { ed25519_public_key: string; protocol_version: number; agent_version: string };

export type Challenge = { nonce: string; audience: string; expires_at: string; server_time: string };

export type WireTransportKey = {
  key_id: string;
  x25519_public_key: string;
  not_before: string;
  not_after: string;
  signature_ed25519: string;
};

export type EnrollInput = {
  audience: string;
  nonce: string;
  ed25519_public_key: string;
  transport_key: WireTransportKey;
  router_secret_public_key: string;
  display_name?: string;
  protocol_version: number;
  agent_version: string;
  expires_at: string;
  signature_ed25519: string;
};

export type SealedSecret = { ephemeral_public_key: string; nonce: string; ciphertext: string };

export type Enrolled = {
  node_id: string;
  status: NodeStatus;
  epoch: number;
  router_secret_sealed: SealedSecret;
  server_time: string;
};

export type EnrollmentDeps = {
  db: Database;
  clock: Clock;
  wrapping: Wrapping;
  /** B3IQ_PUBLIC_URL. */
  audience: string;
  served: ServedVersions;
  /** New nodes wait for an admin. */
  approval: boolean;
};

/** Challenge and enrollment (docs/design/nodes.md, Identity and calls). Both throw ApiErrors. */
export function createGatewayEnrollment(deps: EnrollmentDeps) {
  const serverTime = (): string => new Date(deps.clock.now_ms()).toISOString();
  return {
    /** A fresh nonce, good once and for five minutes; only its hash is kept. */
    async challenge(input: ChallengeInput): Promise<Challenge> {
      agreedVersion(input.protocol_version, deps.served);
      assertIdentity(input.ed25519_public_key);
      const nonce = randomBytes(32);
      const { expires_at } = await insertChallenge(deps.db, {
        nonce_hash: hashOf(nonce),
        ed25519_public_key: input.ed25519_public_key,
        lifetime_ms: CHALLENGE_LIFETIME_MS,
      });
      return {
        nonce: toBase64url(nonce),
        audience: deps.audience,
        expires_at: utcSeconds(expires_at.getTime()),
        server_time: serverTime(),
      };
    },

    /** Enrolls a node, for the first time or again. Its keys are checked first. */
    async enroll(input: EnrollInput): Promise<Enrolled> {
      agreedVersion(input.protocol_version, deps.served);
      const { key_id, x25519_public_key, not_before, not_after, signature_ed25519 } = input.transport_key;
      const statement = {
        ...input,
        transport_key: { key_id, x25519: x25519_public_key, not_before, not_after, signature_ed25519 },
      };
      const checked = verifyEnrollment(statement, input.signature_ed25519, {
        // Both come from the request: `enrollNode` finds the challenge by its nonce and applies its stored end.
        audience: deps.audience,
        nonce: input.nonce,
        expires_at: input.expires_at,
        now_ms: deps.clock.now_ms(),
      });
      if (!checked.ok) throw new ApiError(checked.code, `The enrollment is refused: ${checked.reason}.`);
      const node_id = nodeIdOf(input.ed25519_public_key);
      const secret = randomBytes(32);
      const router_secret_sealed = sealed(secret, input.router_secret_public_key, node_id);
      const row = await enrollNode(deps.db, {
        nonce_hash: hashOf(fromBase64url(input.nonce, 32)),
        node_id,
        ed25519_public_key: input.ed25519_public_key,
        status: deps.approval ? "pending" : "active",
        display_name: input.display_name ?? null,
        agent_version: input.agent_version,
        protocol_version: input.protocol_version,
        router_secret_wrapped: deps.wrapping.wrap(secret, node_id),
        transport_key: input.transport_key,
      });
      if (!row)
        throw new ApiError(
          "challenge_expired",
          "The challenge is unknown, used or older than five minutes. Ask for a new one.",
        );
      if (row.status === "retired")
        throw new ApiError("unauthorized", "This node identity was retired and will not come back.");
      return {
        node_id,
        status: row.status as NodeStatus,
        epoch: row.epoch,
        router_secret_sealed,
        server_time: serverTime(),
      };
    },
  };
}

function assertIdentity(ed25519_public_key: string): void {
  try {
    assertPublicKey(ed25519_public_key);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new ApiError("invalid_request", `ed25519_public_key: ${error.message}.`, { param: "ed25519_public_key" });
  }
}

function hashOf(nonce: Buffer): Buffer {
  return createHash("sha256").update(nonce).digest();
}

/** A sealed secret in the form of the document. The nonce is constant, because each sealing has its own key. */
function sealed(secret: Buffer, recipient: string, node_id: string): SealedSecret {
  let bytes: Buffer;
  try {
    bytes = fromBase64url(sealSecret(toBase64url(secret), recipient, node_id));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new ApiError("invalid_request", `router_secret_public_key: ${error.message}.`, {
      param: "router_secret_public_key",
    });
  }
  return {
    ephemeral_public_key: toBase64url(bytes.subarray(0, 32)),
    nonce: toBase64url(Buffer.alloc(12)),
    ciphertext: toBase64url(bytes.subarray(32)),
  };
}
