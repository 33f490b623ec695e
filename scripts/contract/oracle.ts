/**
 * Supplies values that no schema describes to tools that make requests from schemas: a node's signatures, sealed or
 * signed bodies, ids that exist now. The hooks of Schemathesis ask this loopback server before each valid request.
 */
import { createHash, randomBytes } from "node:crypto";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { PARAMETERS } from "../../generated/parameters.ts";
import { type HostedCall, hostedClient } from "../../src/cli/http_client.ts";
import { generateIdentity } from "../../src/core/protocol/bytes/ed25519.ts";
import { signPayoutAddress } from "../../src/core/protocol/receipt/payout.ts";
import { signReceipt } from "../../src/core/protocol/receipt/receipt.ts";
import { mintTransportKey, utcSeconds } from "../../src/core/protocol/envelope/transport_key.ts";
import { signNodeCall } from "../../src/core/protocol/calls/node_call.ts";
import type { Document } from "../../src/surface/binding/document.ts";
import hosted from "../../generated/hosted.json" with { type: "json" };
import { rawNode } from "../../test/contract/statuses/node.ts";
import { openWire } from "../../test/contract/statuses/wire.ts";
import { newJobId, seal, transportKeyOf } from "../../test/support/private_jobs/path.ts";
import { receiptPayload } from "../../test/support/protocol_fixtures.ts";
import { testClient } from "../../test/support/client.ts";
import type { Seeds } from "./seeds.ts";

type Dict = Record<string, unknown>;
/** The parts of a request; a part without an answer stays as generated. */
export type Request = { path?: Dict; query?: Dict; body?: Dict };
export type Oracle = { url: string; node_id: string; close(): void };
export type Helped = { gateway_url: string; local_url: string; admin: HostedCall; seeds: Seeds };

const WHY = { reason: "A request that a schema alone cannot make." };
const OWNER = { name: "contract", password: "a long password for the contract" };
const PAYOUT_ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7";

const AGAIN_MS = 3_000;

/**
 * A batch takes a chat and a round of the log, so one is made only now and then; in between the last one is named
 * again, which gets 409.
 */
function often(make: () => Promise<Request>): () => () => Promise<Request> {
  return () => {
    let last: Promise<Request> | undefined;
    let made_at = -Infinity;
    return () => {
      if (performance.now() - made_at < AGAIN_MS && last !== undefined) return last;
      made_at = performance.now();
      return (last = make());
    };
  };
}

/** Starts the server for a running gateway. Its node is enrolled and gets no work. */
export async function startOracle({ gateway_url, local_url, admin, seeds }: Helped): Promise<Oracle> {
  const wire = await openWire(gateway_url, hosted as unknown as Document);
  const node = rawNode(wire);
  await node.enroll();
  await node.openTunnel();
  const key_of_node = await transportKeyOf(testClient(gateway_url), seeds.node_id);
  const customer = hostedClient(gateway_url, { authorization: `Bearer ${seeds.gateway_key}` });
  const requests = requestsOf();

  async function command(): Promise<{ command_id: string; lease_token: number }> {
    const { command_id } = await admin("createCommand", { body: probe() });
    const { commands } = (await node.call("POST", "/v1/node/commands/poll", { wait_seconds: 1, max: 16 })).json as {
      commands: { command_id: string; lease_token: number }[];
    };
    return commands.find((one) => one.command_id === command_id) ?? { command_id, lease_token: 1 };
  }
  const probe = () => ({
    node_id: node.node_id,
    kind: "runtime_probe" as const,
    payload: { model_profile_id: "p1" },
    ...WHY,
  });

  /** Claims the agent again, since other calls of the run replace the owner; returns a session's cookie. */
  async function claim(): Promise<string> {
    const headers = { "x-b3iq-setup-token": seeds.setup_token, "content-type": "application/json" };
    const answer = await fetch(`${local_url}/v1/setup/claim`, {
      method: "POST",
      headers,
      body: JSON.stringify({ ...OWNER, recover: true }),
    });
    return answer.headers.get("set-cookie")!.split(";")[0]!;
  }

  /** A batch that was just made, of a chat that was just paid; undefined when the log has not taken it up yet. */
  async function batch(): Promise<string> {
    const body = { model: seeds.model, messages: [{ role: "user" as const, content: "Hello" }], max_tokens: 1 };
    await customer("createChatCompletion", { body });
    for (let attempt = 0; ; attempt++) {
      const made = await admin("createPayoutBatch", { body: {} }).catch((error: unknown) => error as Error);
      if (!(made instanceof Error)) return made.batch_id;
      if (attempt === 40) throw made;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  function requestsOf(): Record<string, (made: Request) => Request | Promise<Request>> {
    const fresh = rawNode(wire);
    const chat = ({ body = {} }: Request): Request => {
      const plain = Object.fromEntries(
        Object.entries(body).filter(([name]) => ["used", "accepted"].includes(PARAMETERS.get(name)?.rule ?? "")),
      );
      // How usage is streamed can be asked only of a stream.
      if (plain["stream"] !== true) delete plain["stream_options"];
      return {
        body: {
          ...plain,
          model: seeds.model,
          messages: [{ role: "user", content: "Hello" }],
          max_tokens: 2,
          max_completion_tokens: 2,
        },
      };
    };
    const first = batch();
    const key = often(async () => {
      const { customer_id } = seeds;
      const body = { scopes: ["models:read" as const], operator: false };
      const { key_id } = await admin("createGatewayKey", { path: { customer_id }, body });
      return { path: { key_id } };
    });
    const moved = often(async () => ({ path: { batch_id: await batch() } }));
    return {
      createChatCompletion: chat,
      createLocalChatCompletion: chat,
      submitLocalReceipt: () => ({ body: { receipt_hash: seeds.receipt_hash } }),
      // Own keys, since another call of the run revokes keys.
      updateGatewayKey: key(),
      putKeyPolicy: key(),
      createOwnerSession: async () => {
        await claim();
        return { body: OWNER };
      },
      createEnrollmentChallenge: ({ body }) => ({
        body: { ...body, ed25519_public_key: generateIdentity().public_key, protocol_version: 1 },
      }),
      enrollNode: async () => ({ body: fresh.enrollment((await wire.ask(fresh.challenge())).json).body as Dict }),
      publishHeartbeat: ({ body }) => ({ body: { ...body, protocol_version: 1 } }),
      pollCommands: ({ body }) => ({ body: { ...body, wait_seconds: 0 } }),
      publishTransportKey: () => {
        const { x25519, ...period } = mintTransportKey(node.identity.private_key, Date.now()).key;
        return { body: { ...period, x25519_public_key: x25519 } };
      },
      submitNodeReceipt: () => ({
        body: {
          ...signReceipt(
            {
              ...receiptPayload(),
              node_id: node.node_id,
              node_epoch: node.node.epoch,
              node_seq: 1 + randomBytes(4).readUInt32BE(),
            },
            node.identity.private_key,
          ),
        },
      }),
      putPayoutAddress: () => {
        const stated = { payout_address: PAYOUT_ADDRESS, signed_at: utcSeconds(Date.now()) };
        return {
          body: {
            ...stated,
            signature_ed25519: signPayoutAddress({ node_id: node.node_id, ...stated }, node.identity.private_key),
          },
        };
      },
      updatePayoutAddress: () => ({ body: { payout_address: PAYOUT_ADDRESS } }),
      submitCommandResult: async () => {
        const { command_id, lease_token } = await command();
        return {
          path: { command_id },
          body: { lease_token, status: "failed", failure: { code: "probe_failed", message: "no" } },
        };
      },
      createCommand: () => ({ body: probe() }),
      cancelCommand: async () => ({
        path: { command_id: (await admin("createCommand", { body: probe() })).command_id },
      }),
      retryCommand: async () => {
        const { command_id, lease_token } = await command();
        await node.call("POST", `/v1/node/commands/${command_id}/result`, {
          lease_token,
          status: "failed",
          failure: { code: "probe_failed", message: "no" },
        });
        return { path: { command_id } };
      },
      createPrivateJob: () => ({
        body: seal(key_of_node, {
          node_id: seeds.node_id,
          model_id: seeds.model,
          job_id: newJobId(),
          max_price_wei: "1000000000",
          body: { messages: [{ role: "user", content: "sealed" }], max_tokens: 1 },
        }).body as unknown as Dict,
      }),
      createRefund: ({ body }) => ({
        path: { customer_id: seeds.customer_id },
        body: { ...body, refund_id: randomBytes(8).toString("hex"), job_id: seeds.job_id, amount_wei: "1" },
      }),
      openIncident: () => ({ body: { scope: "model", target: `none-${randomBytes(6).toString("hex")}`, ...WHY } }),
      clearIncident: async () => ({
        path: {
          incident_id: (
            await admin("openIncident", {
              body: { scope: "model", target: `none-${randomBytes(6).toString("hex")}`, ...WHY },
            })
          ).incident_id,
        },
      }),
      updateNode: ({ body }) => ({
        path: { node_id: node.node_id },
        body: { ...body, ...(body?.["status"] === undefined ? {} : { status: "active" }) },
      }),
      putNodeStake: ({ body }) => ({
        path: { node_id: node.node_id },
        body: { ...body, observed_at: new Date().toISOString() },
      }),
      runBenchmark: () => ({ path: { node_id: seeds.node_id }, body: { model: seeds.model, max_tokens: 8 } }),
      explainRoute: ({ body }) => ({ body: { ...body, model: seeds.model, customer_id: seeds.customer_id } }),
      createPayoutBatch: () => ({ body: {} }),
      previewPayoutBatch: () => ({ body: {} }),
      getPayoutBatch: async () => ({ path: { batch_id: await first } }),
      getSettlementBatch: async () => ({ path: { batch_id: await first } }),
      resetPayoutBatch: moved(),
      submitPayoutBatch: moved(),
      finalizePayoutBatch: often(async () => {
        const batch_id = await batch();
        await admin("submitPayoutBatch", { path: { batch_id }, body: {} });
        return { path: { batch_id } };
      })(),
    };
  }

  const answers: Record<string, (asked: never) => unknown> = {
    "/operations": () => Object.keys(requests),
    "/session": async () => ({ Cookie: await claim() }),
    "/sign": ({ method, target, body }: { method: string; target: string; body: string }) =>
      signNodeCall(
        {
          method,
          path: target,
          node_id: node.node_id,
          epoch: node.node.epoch,
          seq: (node.node.seq += 1),
          time_ms: Date.now(),
          body_sha256: createHash("sha256").update(Buffer.from(body, "base64")).digest("hex"),
        },
        node.identity.private_key,
      ),
    "/possible": ({ operation_id, ...made }: Request & { operation_id: string }) =>
      requests[operation_id]?.(made) ?? {},
  };
  const server = http.createServer((request, response) => {
    const answer = json(request).then((asked) => answers[request.url ?? ""]!(asked as never));
    void answer
      .catch((error: unknown) => ({ failed: String(error) }))
      .then((said) => response.end(JSON.stringify(said)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    node_id: node.node_id,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
