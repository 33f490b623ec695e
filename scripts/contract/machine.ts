/**
 * The machine of a new node: it signs with the identity that its agent has, and runs that agent
 * (openapi/workflows/machine.yaml).
 */
import * as fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { sha256Hex } from "../../src/core/protocol/bytes/encoding.ts";
import { generateIdentity } from "../../src/core/protocol/bytes/ed25519.ts";
import { signEnrollment } from "../../src/core/protocol/calls/enrollment_proof.ts";
import { nodeIdOf } from "../../src/core/protocol/bytes/ids.ts";
import { signNodeCall } from "../../src/core/protocol/calls/node_call.ts";
import { PROTOCOL_VERSION } from "../../src/core/protocol/calls/node_protocol.ts";
import { signPayoutAddress } from "../../src/core/protocol/receipt/payout.ts";
import { mintTransportKey, utcSeconds } from "../../src/core/protocol/envelope/transport_key.ts";
import { generateTransportPair } from "../../src/core/protocol/bytes/x25519.ts";
import { RELEASE } from "../../src/release.ts";
import { createIdentityStore } from "../../src/store/sqlite/identity_store.ts";
import type { IdentityStore } from "../../src/store/sqlite/identity_store.ts";
import { openHostState } from "../../src/store/sqlite/host_state.ts";
import { freePort, startProgram, temporaryHome } from "../../test/support/processes.ts";
import type { Program } from "../../test/support/processes.ts";

export type Machine = { url: string; node_id: string; public_key: string; stop(): Promise<void> };

type Challenge = { nonce: string; audience: string; expires_at: string };
type Call = { method: string; path: string; body?: unknown };
type Operation = (body: never) => unknown;

/** Serves the machine on a free port; its agent is not running and not enrolled. */
export async function startMachine(gateway_url: string): Promise<Machine> {
  const home = temporaryHome();
  let agent: Program | undefined;

  /** The state folder belongs to one process at a time: the agent's, or this one. */
  function withIdentities<T>(work: (identities: IdentityStore) => T): T {
    const state = openHostState(home);
    try {
      return work(createIdentityStore(state));
    } finally {
      state.close();
    }
  }
  const identity = withIdentities((identities) => identities.ensureKey("identity", generateIdentity));
  const node_id = nodeIdOf(identity.public_key);

  const stopAgent = async () => {
    await agent?.stop();
    agent = undefined;
  };
  const operations: Record<string, Operation> = {
    "POST /enrollment": ({ nonce, audience, expires_at }: Challenge) => {
      const { key } = mintTransportKey(identity.private_key, Date.now());
      const { x25519, ...period } = key;
      const statement = {
        audience,
        nonce,
        expires_at,
        transport_key: key,
        ed25519_public_key: identity.public_key,
        router_secret_public_key: generateTransportPair().public_key,
        protocol_version: PROTOCOL_VERSION,
      };
      const signature_ed25519 = signEnrollment(statement, identity.private_key);
      return {
        ...statement,
        transport_key: { ...period, x25519_public_key: x25519 },
        agent_version: RELEASE,
        signature_ed25519,
      };
    },
    "POST /signature": ({ method, path, body }: Call) => {
      const { epoch, seq } = withIdentities((identities) => ({
        epoch: identities.counter(`epoch:${gateway_url}`),
        seq: identities.take(`call_seq:${gateway_url}`),
      }));
      const body_sha256 = sha256Hex(Buffer.from(body === undefined ? "" : JSON.stringify(body)));
      const headers = signNodeCall(
        { method, path, body_sha256, node_id, epoch, seq, time_ms: Date.now() },
        identity.private_key,
      );
      return Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name.slice("x-b3iq-node-".length).replace(/^id$/, "node_id"),
          value,
        ]),
      );
    },
    "POST /payout-address": ({ payout_address }: { payout_address: string }) => {
      const signed_at = utcSeconds(Date.now());
      return {
        payout_address,
        signed_at,
        signature_ed25519: signPayoutAddress({ node_id, payout_address, signed_at }, identity.private_key),
      };
    },
    "PUT /agent": async ({ running }: { running: boolean }) => {
      if (!running) await stopAgent();
      else
        agent ??= startProgram(["host", "serve", "--gateway", gateway_url], {
          env: { B3IQ_HOME: home, B3IQ_LOCAL_LISTEN: `127.0.0.1:${await freePort()}`, B3IQ_VALIDATE_RESPONSES: "1" },
        });
      return { running };
    },
  };

  const server = createServer((request, response) => {
    const respond = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const operation = operations[`${request.method} ${request.url}`];
    if (operation === undefined) return void respond(404, {});
    void json(request)
      .then((body) => operation(body as never))
      .then(
        (answer) => respond(200, answer),
        (error: unknown) => respond(500, { error: String(error) }),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    node_id,
    public_key: identity.public_key,
    async stop() {
      server.close();
      server.closeAllConnections();
      await stopAgent();
      fs.rmSync(home, { recursive: true, force: true });
    },
  };
}
