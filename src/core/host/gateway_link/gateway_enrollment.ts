import type { SealedSecret } from "../../../../generated/hosted.ts";
import { fromBase64url, toBase64url } from "../../protocol/bytes/encoding.ts";
import type { Identity } from "../../protocol/bytes/ed25519.ts";
import { signEnrollment } from "../../protocol/calls/enrollment_proof.ts";
import { nodeIdOf } from "../../protocol/bytes/ids.ts";
import { openSecret } from "../../protocol/envelope/sealed_secret.ts";
import { mintTransportKey } from "../../protocol/envelope/transport_key.ts";
import { generateTransportPair } from "../../protocol/bytes/x25519.ts";
import { GatewayCallError, type GatewayClient } from "./gateway_client.ts";

/** The record of an enrollment on the node's disk. Keys are base64url. */
export type EnrollmentRecord = {
  gateway_url: string;
  node_id: string;
  epoch: number;
  router_secret: string;
  transport_key: {
    key_id: string;
    x25519_public_key: string;
    not_before: string;
    not_after: string;
    signature_ed25519: string;
  };
  transport_private_key: string;
};

export type EnrollmentStore = { load(): EnrollmentRecord | null; save(record: EnrollmentRecord): void };

export type EnrollmentDeps = {
  store: EnrollmentStore;
  identity: Identity;
  gateway_url: string;
  /** The audience that the gateway must state; the origin of `gateway_url` unless given. */
  audience?: string;
  client: GatewayClient;
  now_ms: () => number;
  protocol_version: number;
  agent_version: string;
  display_name?: string;
};

/** Enrolls this agent's identity with a gateway, once (docs/design/nodes.md, Identity and calls). */
export function createEnrollment(deps: EnrollmentDeps) {
  return {
    /** Enrolls anew: a new router secret and transport key, the gateway's epoch. Rejects with GatewayCallError. */
    enroll: () => enroll(deps),
    /** The enrollment on disk when it is with this gateway, else a new one. */
    async ensureEnrolled(): Promise<EnrollmentRecord> {
      const known = deps.store.load();
      if (known && known.gateway_url === deps.gateway_url && known.node_id === nodeIdOf(deps.identity.public_key))
        return known;
      return enroll(deps);
    },
  };
}

async function enroll(deps: EnrollmentDeps): Promise<EnrollmentRecord> {
  const { client, identity, protocol_version, agent_version, gateway_url, display_name } = deps;
  const challenge = await client.call(
    "createEnrollmentChallenge",
    { body: { ed25519_public_key: identity.public_key, protocol_version, agent_version } },
    { signed: false },
  );
  assertAudience(challenge.audience, deps.audience ?? gateway_url);
  const secret_pair = generateTransportPair();
  const { key, private_key } = mintTransportKey(identity.private_key, deps.now_ms());
  const statement = {
    audience: challenge.audience,
    nonce: challenge.nonce,
    ed25519_public_key: identity.public_key,
    transport_key: key,
    router_secret_public_key: secret_pair.public_key,
    expires_at: challenge.expires_at,
    protocol_version,
  };
  const { x25519, ...period } = key;
  const transport_key = { ...period, x25519_public_key: x25519 };
  const body = {
    ...statement,
    transport_key,
    agent_version,
    ...(display_name === undefined ? {} : { display_name }),
    signature_ed25519: signEnrollment(statement, identity.private_key),
  };
  const answer = await client.call("enrollNode", { body }, { signed: false });
  const node_id = nodeIdOf(identity.public_key);
  if (answer.node_id !== node_id)
    throw new GatewayCallError(200, "invalid_request", "The gateway answered for another node.");
  const record: EnrollmentRecord = {
    gateway_url,
    node_id,
    epoch: answer.epoch,
    transport_key,
    transport_private_key: private_key,
    router_secret: opened(answer.router_secret_sealed, secret_pair.private_key, node_id),
  };
  deps.store.save(record);
  return record;
}

/** Without this check, a gateway could pass on another one's challenge and enroll there with the signature. */
function assertAudience(stated: string, expected: string): void {
  let same = false;
  try {
    same = new URL(stated).origin === new URL(expected).origin;
  } catch {
    same = false;
  }
  if (!same)
    throw new GatewayCallError(
      200,
      "invalid_request",
      `The gateway calls itself by another address than ${new URL(expected).origin}. Use the address that it publishes.`,
    );
}

function opened(sealed: SealedSecret, private_key: string, node_id: string): string {
  const bytes = Buffer.concat([fromBase64url(sealed.ephemeral_public_key, 32), fromBase64url(sealed.ciphertext)]);
  return openSecret(toBase64url(bytes), private_key, node_id);
}
