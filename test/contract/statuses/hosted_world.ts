/** A running gateway with a node, a customer and everything that its operations can be asked about. */
import * as path from "node:path";
import type { KeyScope } from "../../../generated/hosted.ts";
import { hostedClient } from "../../../src/cli/http_client.ts";
import { createAdminToken } from "../../../src/core/admin_tokens.ts";
import { readSecret } from "../../../src/core/secrets.ts";
import type { SecretName } from "../../../src/core/secrets.ts";
import type { Document, Operation } from "../../../src/surface/binding/document.ts";
import { callsOf } from "../../../scripts/contract/calls.ts";
import { makeSeeds } from "../../../scripts/contract/seeds.ts";
import hosted from "../../../generated/hosted.json" with { type: "json" };
import { testSystem } from "../../support/e2e.ts";
import { heartbeatBody } from "../../support/nodes/network.ts";
import { newJobId, seal, transportKeyOf } from "../../support/private_jobs/path.ts";
import { fakeRuntime } from "../../support/fake_runtime.ts";
import { CHALLENGES, rawNode, TUNNEL } from "./node.ts";
import type { RawNode } from "./node.ts";
import { openWire } from "./wire.ts";
import type { Answer, Asked } from "./wire.ts";

/** A valid call before it has a credential. */
export type Plan = { operation: Operation; url: string; body?: unknown; headers?: Record<string, string> };
/** `weak`: accepted, and without the scope or role. */
export type Credential = "good" | "none" | "wrong" | "weak";

const MANY = "100000";

const ZEROS = "0".repeat(26);
/** Ids that may exist and do not, by the name of the path's parameter. */
const UNKNOWN: Record<string, string> = {
  model: "unknown-model",
  job_id: "unknown-job",
  key_id: `key_${ZEROS}`,
  receipt_hash: "0".repeat(64),
  node_id: `node_${ZEROS}`,
  customer_id: `cus_${ZEROS}`,
  incident_id: `inc_${ZEROS}`,
  command_id: `cmd_${ZEROS}`,
  batch_id: `pay_${ZEROS}`,
  level: "3",
  index: "000",
};

/** The same call under ids that do not exist. */
export function unknownIds(operation: Operation, url: string): string {
  const query = url.includes("?") ? url.slice(url.indexOf("?")) : "";
  return operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => UNKNOWN[name]!) + query;
}

export async function hostedWorld() {
  const runtime = await fakeRuntime();
  const system = await testSystem({
    agents: [{ runtime_url: runtime.url }],
    gateway_env: {
      B3IQ_PAYOUT_MATURITY_MS: "0",
      B3IQ_LOG_INTERVAL_MS: "100",
      B3IQ_FAILED_KEYS_PER_MINUTE: MANY,
      B3IQ_KEYLESS_REQUESTS_PER_MINUTE: MANY,
      B3IQ_FIRST_TOKEN_TIMEOUT_MS: "1000",
      B3IQ_SETTLE_WAIT_MS: "3000",
      B3IQ_BENCHMARK_AGE_MAX_MS: String(24 * 3_600_000),
    },
  });
  const wire = await openWire(system.url, hosted as unknown as Document);
  const agent = system.agents[0]!;
  const secret = (name: SecretName): string =>
    readSecret(
      name === "setup-token" || name === "local-key" ? path.join(agent.home, "secrets") : system.secrets_dir,
      name,
    )!;
  const admin_token = secret("admin-token");
  const admin = hostedClient(system.url, { "x-b3iq-admin-token": admin_token });
  const seeds = await makeSeeds({ admin, secret, gateway_url: system.url, local_url: agent.url });
  const weak_admin = createAdminToken(system.secrets_dir, {
    name: "weak",
    roles: [],
    expires_at: "2099-01-01T00:00:00.000Z",
  });
  const keyFor = async (scope: KeyScope) => {
    const { customer_id } = seeds;
    const body = { label: "weak", scopes: [scope], operator: false };
    return (await admin("createGatewayKey", { path: { customer_id }, body })).key;
  };
  const weak_key = await keyFor("models:read");
  const weaker_key = await keyFor("billing:read");
  const node = rawNode(wire);
  await node.enroll();
  await node.openTunnel();
  const calls = new Map(callsOf(hosted, seeds).map((call) => [call.operation_id, call]));
  const operations = new Map(wire.operations.map((operation) => [operation.operationId, operation]));
  const key_of_node = await transportKeyOf(system.anyone, agent.node_id);

  const privateJob = (job_id = newJobId(), changes: object = {}) => ({
    ...seal(key_of_node, {
      node_id: agent.node_id,
      model_id: agent.model,
      job_id,
      max_price_wei: "1000000000",
      body: { messages: [{ role: "user", content: "sealed" }], max_tokens: 4 },
    }).body,
    ...changes,
  });

  /** What callsOf does not know: bodies that a node signs or a customer seals, places in the log. */
  const own: Record<string, () => { url?: string; body?: unknown }> = {
    createEnrollmentChallenge: () => ({ url: CHALLENGES, body: node.challenge().body }),
    publishHeartbeat: () => ({ body: heartbeatBody() }),
    pollCommands: () => ({ body: { wait_seconds: 0, max: 1 } }),
    openNodeTunnel: () => ({ url: TUNNEL }),
    createPrivateJob: () => ({ body: privateJob() }),
    getLogTile: () => ({ url: "/v1/log/tile/0/000.p/1" }),
    getLogEntries: () => ({ url: "/v1/log/tile/entries/000.p/1" }),
  };

  /** A valid call of an operation. */
  function plan(id: string): Plan {
    const operation = operations.get(id)!;
    const { url: known, body } = { ...calls.get(id)!, ...own[id]?.() };
    // Where no seed has such an id, one that may exist: the path itself must not be what is refused.
    const url = operation.path.includes("{") && /\/none(\/|$)/.test(known) ? unknownIds(operation, known) : known;
    return { operation, url, ...(operation.requestBody === undefined ? {} : { body }) };
  }

  function credentialOf(
    { operation, url, body }: Plan,
    kind: Credential,
    signer: RawNode,
    scheme: string | undefined,
    method: string,
  ): Record<string, string> {
    if (kind === "none" || scheme === undefined) return {};
    const pick = (good: string, wrong: string, weak: string) => ({ good, wrong, weak, none: "" })[kind];
    if (scheme === "gatewayKey") {
      const weak =
        operation.operationId.endsWith("Model") || operation.operationId.endsWith("Models") ? weaker_key : weak_key;
      return { authorization: `Bearer ${pick(seeds.gateway_key, "b3iq_gateway_wrong", weak)}` };
    }
    if (scheme === "customerId")
      return {
        "x-b3iq-customer-id": seeds.customer_id,
        "x-b3iq-customer-token": pick(seeds.customer_token, "wrong", seeds.customer_token),
      };
    if (scheme === "adminToken") return { "x-b3iq-admin-token": pick(admin_token, "wrong", weak_admin) };
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const signed = signer.sign(method, url, text);
    return kind === "wrong" ? { ...signed, "x-b3iq-node-signature": "A".repeat(86) } : signed;
  }

  /** Sends a plan under a credential of its first scheme, or of `scheme`. */
  function send(
    plan: Plan,
    kind: Credential = "good",
    more: Partial<Asked> & { at?: string; scheme?: string; signer?: RawNode } = {},
  ): Promise<Answer> {
    const { at, scheme = schemesOf(plan.operation)[0], signer = node, headers, ...rest } = more;
    const method = rest.method ?? plan.operation.method.toUpperCase();
    const credential = credentialOf(
      { ...plan, ...("body" in rest ? { body: rest.body } : {}) },
      kind,
      signer,
      scheme,
      method,
    );
    return wire.ask(
      {
        method,
        url: plan.url,
        ...("body" in plan ? { body: plan.body } : {}),
        ...rest,
        headers: { ...credential, ...plan.headers, ...headers },
      },
      at,
    );
  }

  /** Chats that were answered through the wire: each of them was charged. */
  const answered = () => wire.count("createChatCompletion 200");

  return {
    answered,
    system,
    runtime,
    wire,
    agent,
    seeds,
    admin,
    admin_token,
    node,
    operations,
    plan,
    send,
    privateJob,
    secret,
  };
}

export type HostedWorld = Awaited<ReturnType<typeof hostedWorld>>;

/** The first name of each alternative. */
export const schemesOf = ({ security }: Operation): string[] =>
  security.map((requirement) => Object.keys(requirement)[0]!);
