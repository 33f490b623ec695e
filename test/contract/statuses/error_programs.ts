/** Codes that need a program of their own: a node that may not take a job, an agent alone, a gateway that stops. */
import * as http from "node:http";
import { NO_PRICE_BOUNDS } from "../../../src/core/gateway/prices/effective.ts";
import { readSecret } from "../../../src/core/secrets.ts";
import { heartbeatBody, testAgent } from "../../support/nodes/network.ts";
import { seal, transportKeyOf } from "../../support/private_jobs/path.ts";
import { testDatabase } from "../../support/database.ts";
import type { TestHost } from "../../support/running_host.ts";
import { eventually, startSystem } from "../../support/system.ts";
import type { System } from "../../support/system.ts";
import { callers } from "./error_cases.ts";
import type { Cases } from "./error_cases.ts";
import type { HostedWorld } from "./hosted_world.ts";
import type { Answer } from "./wire.ts";

/**
 * A node that a job is sealed for, and that may not take it. The names are the codes that it is answered, in this
 * order.
 */
export async function refusedNode(world: HostedWorld): Promise<{ cases: Cases; close(): Promise<void> }> {
  const { system, wire, seeds } = world;
  const { asAdmin } = callers(world);
  const node = testAgent(system.url, (_request, response) => {
    response.writeHead(500).end();
  });
  await node.enrollment.ensureEnrolled();
  node.tunnel.start();
  const { node_id } = node.disk.record!;
  await asAdmin("PUT", "/prices/tiny.gguf", {
    default_prompt_price_wei: "5",
    default_completion_price_wei: "5",
    ...NO_PRICE_BOUNDS,
  });
  const beat = (profile: object) =>
    eventually(() =>
      node.client
        .call("publishHeartbeat", {
          body: heartbeatBody({ profiles: heartbeatBody().profiles.map((one) => ({ ...one, ...profile })) }),
        })
        .then(
          () => true,
          () => false,
        ),
    );
  const key = await eventually(() => transportKeyOf(system.anyone, node_id).catch(() => undefined));
  const job = () =>
    wire.ask({
      method: "POST",
      url: "/v1/private-inference/jobs",
      headers: { "x-b3iq-customer-id": seeds.customer_id, "x-b3iq-customer-token": seeds.customer_token },
      body: seal(key, { node_id, model_id: "tiny.gguf", body: { messages: [{ role: "user", content: "x" }] } }).body,
    });
  /** What a heartbeat says is in force a moment later. */
  const refused = (code: string) =>
    eventually(async () => {
      const answer = await job();
      return answer.json.error.code === code && answer;
    }, 5_000);
  return {
    cases: {
      model_benchmark_unverified: () =>
        beat({ benchmark_verified: false }).then(() => refused("model_benchmark_unverified")),
      observed_benchmark_missing: () =>
        beat({ benchmark_verified: true }).then(() => refused("observed_benchmark_missing")),
      protocol_stake_unsatisfied: async () => {
        await asAdmin("PUT", `/nodes/${node_id}/stake`, {
          registered: true,
          active: false,
          stake_wei: "5",
          observed_at: new Date().toISOString(),
          max_open_exposure_wei: null,
        });
        return refused("protocol_stake_unsatisfied");
      },
    },
    close: () => node.close(),
  };
}

/** What an agent answers that is enrolled with nobody. */
export function agentCases(host: TestHost, wire: HostedWorld["wire"], fail: (behaviour: object) => void): Cases {
  const token = { "x-b3iq-setup-token": readSecret(`${host.home}/secrets`, "setup-token")! };
  const at = (method: string, url: string, body?: object, headers: Record<string, string> = token) =>
    wire.ask({ method, url, headers, body });
  const chat = () =>
    at(
      "POST",
      "/v1/chat/completions",
      { model: "fake/model:1b", messages: [{ role: "user", content: "hello" }], max_tokens: 4 },
      { authorization: `Bearer ${host.key}` },
    );
  const claim = () => at("POST", "/v1/setup/claim", { name: "ada", password: "correct horse battery staple" });
  return {
    not_enrolled: () => at("POST", "/v1/receipts/submit", { receipt_hash: "0".repeat(64) }),
    setup_already_claimed: () => claim().then(claim),
    runtime_failed: async () => {
      fail({ status: 500 });
      return chat().finally(() => fail({}));
    },
    runtime_busy: async () => {
      fail({ first_delay_ms: 400 });
      const answers = await Promise.all(Array.from({ length: 16 }, chat)).finally(() => fail({}));
      return answers.find(({ status }) => status === 503)!;
    },
  };
}

/** What a gateway of its own answers that is told to stop while a request arrives. */
export async function drainingAnswer(): Promise<Answer> {
  const db = await testDatabase();
  const system = await startSystem({ database_url: db.url });
  const answer = await askWhileItStops(system).finally(() => system.stop());
  await db.drop();
  return answer;
}

function askWhileItStops(system: System): Promise<Answer> {
  const text = JSON.stringify({ model: "any", messages: [{ role: "user", content: "hello" }], max_tokens: 4 });
  const headers = {
    authorization: `Bearer ${readSecret(system.secrets_dir, "gateway-key")!}`,
    "content-type": "application/json",
    "content-length": text.length,
    expect: "100-continue",
  };
  return new Promise((resolve, reject) => {
    const request = http.request(`${system.url}/v1/chat/completions`, { method: "POST", headers }, (response) => {
      const chunks: Buffer[] = [];
      response
        .on("data", (chunk: Buffer) => chunks.push(chunk))
        .on("end", () => {
          const body = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode!, headers: response.headers, text: body, json: JSON.parse(body) });
        });
    });
    request.on("error", reject);
    // It takes the body only once it knows the key: from then on the request is in flight.
    request.on("continue", () => {
      system.gateway.child.kill("SIGTERM");
      system.gateway.line(/"draining"/).then(() => request.end(text), reject);
    });
    request.flushHeaders();
  });
}
