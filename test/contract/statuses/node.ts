/** A node of one's own, call by call: what it sends and how it signs is the test's to choose. */
import { generateIdentity } from "../../../src/core/protocol/bytes/ed25519.ts";
import { EMPTY_SHA256 } from "../../../src/core/protocol/calls/router_call.ts";
import { sha256Hex } from "../../../src/core/protocol/bytes/encoding.ts";
import { signEnrollment } from "../../../src/core/protocol/calls/enrollment_proof.ts";
import { nodeIdOf } from "../../../src/core/protocol/bytes/ids.ts";
import { signNodeCall } from "../../../src/core/protocol/calls/node_call.ts";
import { mintTransportKey } from "../../../src/core/protocol/envelope/transport_key.ts";
import { generateTransportPair } from "../../../src/core/protocol/bytes/x25519.ts";
import type { Answer, Asked, Wire } from "./wire.ts";

const VERSIONS = { protocol_version: 1, agent_version: "0.1.0" };
export const CHALLENGES = "/v1/node/enrollment/challenges";
export const ENROLLMENTS = "/v1/node/enrollments";
export const TUNNEL = "/v1/node/tunnel?protocol_version=1&agent_version=0.1.0";

/** Not enrolled yet. */
export function rawNode(wire: Wire) {
  const identity = generateIdentity();
  const node = { epoch: 0, seq: 0 };
  const node_id = nodeIdOf(identity.public_key);

  /** Headers of a call as this node; `changes` are signed as they are. */
  function sign(
    method: string,
    path: string,
    body: string | undefined,
    changes: Partial<{ epoch: number; seq: number; time_ms: number }> = {},
  ) {
    const call = { epoch: node.epoch, seq: (node.seq += 1), time_ms: Date.now(), ...changes };
    return {
      ...signNodeCall(
        {
          method,
          path,
          node_id,
          body_sha256: body === undefined ? EMPTY_SHA256 : sha256Hex(Buffer.from(body)),
          ...call,
        },
        identity.private_key,
      ),
    };
  }

  return {
    identity,
    node_id,
    node,
    sign,
    challenge: (changes: object = {}): Asked => ({
      method: "POST",
      url: CHALLENGES,
      body: { ed25519_public_key: identity.public_key, ...VERSIONS, ...changes },
    }),
    /** The call that answers a challenge. */
    enrollment(challenge: { audience: string; nonce: string; expires_at: string }, changes: object = {}): Asked {
      const { audience, nonce, expires_at } = challenge;
      const { key } = mintTransportKey(identity.private_key, Date.now());
      const { x25519, ...period } = key;
      const statement = {
        audience,
        nonce,
        expires_at,
        ed25519_public_key: identity.public_key,
        transport_key: key,
        protocol_version: 1,
        router_secret_public_key: generateTransportPair().public_key,
      };
      const signature_ed25519 = signEnrollment(statement, identity.private_key);
      return {
        method: "POST",
        url: ENROLLMENTS,
        body: {
          ...statement,
          ...VERSIONS,
          transport_key: { ...period, x25519_public_key: x25519 },
          signature_ed25519,
          ...changes,
        },
      };
    },
    /** Enrolls through the two calls. */
    async enroll(): Promise<void> {
      const challenge = await wire.ask(this.challenge());
      const enrolled = await wire.ask(this.enrollment(challenge.json));
      if (enrolled.status !== 201) throw new Error(`not enrolled: ${enrolled.text}`);
      node.epoch = enrolled.json.epoch as number;
    },
    /** Opens a tunnel and drops it: the node has a new epoch then. */
    async openTunnel(): Promise<Answer> {
      const upgrade = { connection: "Upgrade", upgrade: "b3iq-h2" };
      const answer = await wire.ask({
        method: "GET",
        url: TUNNEL,
        headers: { ...sign("GET", TUNNEL, undefined), ...upgrade },
      });
      if (answer.status === 101) Object.assign(node, { epoch: Number(answer.headers["x-b3iq-node-epoch"]), seq: 0 });
      return answer;
    },
    /** A signed call; `at`, another gateway of the same network. */
    call(method: string, url: string, body?: unknown, at?: string): Promise<Answer> {
      const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
      return wire.ask({ method, url, headers: sign(method, url, text), body: text }, at);
    },
  };
}

export type RawNode = ReturnType<typeof rawNode>;
