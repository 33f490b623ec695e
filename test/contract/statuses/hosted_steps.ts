/** What takes several calls to be asked: successes that need something before, refusals that need a state. */
import { randomBytes } from "node:crypto";
import { signPayoutAddress } from "../../../src/core/protocol/payout.ts";
import { signReceipt } from "../../../src/core/protocol/receipt.ts";
import { mintTransportKey, signTransportKey, utcSeconds } from "../../../src/core/protocol/transport_key.ts";
import { ledger, settledJob } from "../../payouts/support.ts";
import { receiptPayload } from "../../protocol/fixtures.ts";
import { eventually } from "../../support/system.ts";
import { heartbeatBody } from "../../nodes/network.ts";
import { rawNode, TUNNEL } from "./node.ts";
import type { HostedWorld } from "./hosted_world.ts";
import type { Answer, Asked } from "./wire.ts";

/** A name, and the calls of it with the status that each must have. */
export type Step = [name: string, run: () => Promise<[status: number, answer: Answer][]>];

const WHY = { reason: "A test of statuses." };
const mark = () => randomBytes(6).toString("hex");

export function hostedSteps(world: HostedWorld): Step[] {
  const { system, wire, seeds, admin_token, runtime, agent, node, send, plan, privateJob } = world;
  const asAdmin = (method: string, url: string, body?: object) => wire.ask({ method, url: `/v1/admin${url}`, headers: { "x-b3iq-admin-token": admin_token }, body });
  const chat = (body: object = {}, headers: Record<string, string> = {}) =>
    send(plan("createChatCompletion"), "good", { body: { ...(plan("createChatCompletion").body as object), ...body }, headers });
  const asCustomer = (asked: Asked, { customer_id, customer_token }: { customer_id: string; customer_token: string }) =>
    wire.ask({ ...asked, headers: { "x-b3iq-customer-id": customer_id, "x-b3iq-customer-token": customer_token } });

  async function customer(credit = false): Promise<{ customer_id: string; customer_token: string }> {
    const made = (await asAdmin("POST", "/customers", { label: "steps" })).json;
    if (credit) await asAdmin("POST", `/customers/${made.customer_id}/credits`, { amount_wei: "1000000000000000000", reference: mark() });
    return made;
  }

  async function failing<T>(behaviour: object, work: () => Promise<T>): Promise<T> {
    const before = runtime.behaviour;
    runtime.behaviour = { ...before, ...behaviour };
    try {
      return await work();
    } finally {
      runtime.behaviour = before;
    }
  }

  const command = async (node_id = node.node_id) => (await asAdmin("POST", "/commands", { node_id, kind: "runtime_probe", payload: { model_profile_id: "p1" }, ...WHY })).json;
  const leased = async () => {
    const { command_id } = await command();
    const { commands } = (await node.call("POST", "/v1/node/commands/poll", { wait_seconds: 1, max: 16 })).json;
    return commands.find((one: { command_id: string }) => one.command_id === command_id);
  };
  const result = (command_id: string, lease_token: number) => node.call("POST", `/v1/node/commands/${command_id}/result`, { lease_token, status: "failed", failure: { code: "probe_failed", message: "no" } });
  const receipt = (change: object = {}) => signReceipt({ ...receiptPayload(), node_id: node.node_id, node_epoch: node.node.epoch, ...change }, node.identity.private_key);

  return [
    ["a stream", async () => [[200, await chat({ stream: true })]]],
    ["the export's other forms", async () => [
      [200, await send(plan("exportBillingUsage"), "good", { headers: { accept: "text/csv" } })],
      [200, await send(plan("exportBillingUsage"), "good", { headers: { accept: "application/x-ndjson" } })],
      [406, await send(plan("exportBillingUsage"), "good", { headers: { accept: "image/png" } })],
    ]],
    ["a chat that is refused for what it asks", async () => {
      const idempotency = { "idempotency-key": mark() };
      return [
        [402, await chat({}, { authorization: `Bearer ${seeds.poor_gateway_key}` })], [404, await chat({ model: "unknown-model" })],
        [200, await chat({}, idempotency)], [409, await chat({ seed: 5 }, idempotency)],
      ];
    }],
    ["a chat that no node answers", async () => {
      const answers: [number, Answer][] = [
        [502, await failing({ status: 500 }, () => chat())],
        [504, await failing({ first_delay_ms: 3_000 }, () => chat({ stream: true }))],
      ];
      const incident = await asAdmin("POST", "/incidents", { scope: "model", target: agent.model, ...WHY });
      answers.push([503, await chat()], [200, await asAdmin("POST", `/incidents/${incident.json.incident_id}/clear`, WHY)]);
      return answers;
    }],
    ["frozen and poor customers", async () => {
      const [frozen, poor] = [await customer(true), await customer()];
      const key = (await asCustomer({ method: "POST", url: "/v1/keys", body: plan("createKey").body }, frozen)).json.key_id;
      await asAdmin("PATCH", `/customers/${frozen.customer_id}`, { status: "frozen" });
      const job = (body: object, who: typeof frozen) => asCustomer({ method: "POST", url: "/v1/private-inference/jobs", body }, who);
      return [
        [403, await asCustomer({ method: "POST", url: "/v1/keys", body: plan("createKey").body }, frozen)],
        [403, await asCustomer({ method: "PATCH", url: `/v1/keys/${key}`, body: { label: "x" } }, frozen)],
        [403, await job(privateJob(), frozen)], [402, await job(privateJob(), poor)],
        [200, await asCustomer({ method: "DELETE", url: `/v1/keys/${key}` }, frozen)],
      ];
    }],
    ["a closed customer reads what it was charged and revokes, and does nothing else", async () => {
      const closed = await customer(true);
      const scopes = ["models:read", "chat:create", "billing:read"];
      const { key, key_id } = (await asCustomer({ method: "POST", url: "/v1/keys", body: { label: "closed", scopes } }, closed)).json;
      const bearer = { authorization: `Bearer ${key}` };
      const { job_id } = (await chat({}, bearer)).json.b3iq;
      await asAdmin("PATCH", `/customers/${closed.customer_id}`, { status: "closed" });
      const reads = ["/v1/billing/account", "/v1/billing/usage", `/v1/billing/jobs/${job_id}`];
      const answers: [number, Answer][] = [[403, await chat({}, bearer)], [200, await wire.ask({ method: "GET", url: "/v1/models", headers: bearer })]];
      for (const url of reads) answers.push([200, await wire.ask({ method: "GET", url, headers: bearer })], [200, await asCustomer({ method: "GET", url }, closed)]);
      return [...answers, [200, await asCustomer({ method: "GET", url: "/v1/keys" }, closed)], [200, await asCustomer({ method: "DELETE", url: `/v1/keys/${key_id}` }, closed)]];
    }],
    ["a private job", async () => {
      const [body, other] = [privateJob(), privateJob()];
      const again = privateJob(body.job_id);
      return [
        [202, await send(plan("createPrivateJob"), "good", { body })], [409, await send(plan("createPrivateJob"), "good", { body: again })],
        [404, await send(plan("createPrivateJob"), "good", { body: { ...other, node_id: `node_${"0".repeat(26)}` } })],
        [200, await send({ ...plan("getPrivateJob"), url: `/v1/private-inference/jobs/${body.job_id}` })],
      ];
    }],
    ["money that was booked before", async () => {
      const [credit, refund, reference] = [plan("createCredit"), plan("createRefund"), mark()];
      const booked = { amount_wei: "5", reference };
      const back = { ...(refund.body as object), refund_id: mark() };
      const another = await customer();
      return [
        [201, await send(credit, "good", { body: booked })], [200, await send(credit, "good", { body: booked })],
        [409, await asAdmin("POST", `/customers/${another.customer_id}/credits`, booked)],
        [201, await send(refund, "good", { body: back })], [200, await send(refund, "good", { body: back })],
        [409, await send(refund, "good", { body: { ...back, refund_id: mark(), amount_wei: "900000000000000000" } })],
      ];
    }],
    ["another version of a policy, a model or node that is not there", async () => {
      const policy = (id: string) => ({ ...(plan(id).body as object), expected_version: 999 });
      return [
        [409, await send(plan("putCustomerPolicy"), "good", { body: policy("putCustomerPolicy") })], [409, await send(plan("putKeyPolicy"), "good", { body: policy("putKeyPolicy") })],
        [404, await send(plan("explainRoute"), "good", { body: { ...(plan("explainRoute").body as object), customer_id: `cus_${"0".repeat(26)}` } })],
        [404, await send(plan("createCommand"), "good", { body: { ...(plan("createCommand").body as object), node_id: `node_${"0".repeat(26)}` } })],
      ];
    }],
    ["incidents, opened and cleared twice", async () => {
      const incident = { scope: "model", target: `twice-${mark()}`, ...WHY };
      const opened = await asAdmin("POST", "/incidents", incident);
      const clear = `/incidents/${opened.json.incident_id}/clear`;
      return [[201, opened], [409, await asAdmin("POST", "/incidents", incident)], [200, await asAdmin("POST", clear, WHY)], [409, await asAdmin("POST", clear, WHY)]];
    }],
    ["commands", async () => {
      const [open, one] = [await command(), await leased()];
      return [
        [200, await asAdmin("POST", `/commands/${open.command_id}/cancel`, WHY)], [409, await asAdmin("POST", `/commands/${open.command_id}/cancel`, WHY)],
        [409, await asAdmin("POST", `/commands/${open.command_id}/retry`, WHY)],
        [409, await result(one.command_id, one.lease_token + 1)], [200, await result(one.command_id, one.lease_token)],
        [404, await result(`cmd_${"0".repeat(26)}`, 1)], [200, await asAdmin("POST", `/commands/${one.command_id}/retry`, WHY)],
      ];
    }],
    ["what a node sends", async () => {
      const { key } = mintTransportKey(node.identity.private_key, Date.now());
      const { x25519, ...period } = key;
      const transport_key = { ...period, x25519_public_key: x25519 };
      const { x25519: _, ...longer } = signTransportKey({ ...key, not_after: utcSeconds(Date.now() + 2 * 86_400_000) }, node.identity.private_key);
      const signed_at = utcSeconds(Date.now());
      const payout_address = "0x52908400098527886E0F7030069857D2E4169EE7";
      const address = { payout_address, signed_at, signature_ed25519: signPayoutAddress({ node_id: node.node_id, payout_address, signed_at }, node.identity.private_key) };
      const good = receipt();
      return [
        [200, await node.call("POST", "/v1/node/heartbeats", heartbeatBody())], [426, await node.call("POST", "/v1/node/heartbeats", heartbeatBody({ protocol_version: 0 }))],
        [200, await node.call("POST", "/v1/node/heartbeats", heartbeatBody())],
        [201, await node.call("POST", "/v1/node/transport-keys", transport_key)],
        [409, await node.call("POST", "/v1/node/transport-keys", { ...transport_key, ...longer })],
        [200, await node.call("POST", "/v1/node/receipts", good)], [409, await node.call("POST", "/v1/node/receipts", { ...good, receipt_hash: "0".repeat(64) })],
        [200, await node.call("PUT", "/v1/node/payout-address", address)], [409, await node.call("PUT", "/v1/node/payout-address", address)],
        [200, await node.call("GET", "/v1/node/payouts")],
        [426, await node.call("GET", TUNNEL)],
      ];
    }],
    ["enrolling", async () => {
      const stranger = rawNode(wire);
      const challenge = (await wire.ask(stranger.challenge())).json;
      const enrollment = stranger.enrollment(challenge);
      return [
        [426, await wire.ask(stranger.challenge({ protocol_version: 0 }))], [426, await wire.ask({ ...enrollment, body: { ...(enrollment.body as object), protocol_version: 0 } })],
        [201, await wire.ask(enrollment)], [401, await wire.ask(enrollment)],
      ];
    }],
    ["a tunnel, and a node that is suspended and retired", async () => {
      const other = rawNode(wire);
      await other.enroll();
      const opened = await other.openTunnel();
      const status = (to: string) => asAdmin("PATCH", `/nodes/${other.node_id}`, { status: to, ...WHY });
      await status("suspended");
      const answers: [number, Answer][] = [[101, opened], [403, await other.openTunnel()], [409, await asAdmin("POST", "/commands", { ...(plan("createCommand").body as object), node_id: other.node_id })]];
      await status("retired");
      return [...answers, [409, await status("active")]];
    }],
    ["stake and benchmarks", async () => {
      const stake = { registered: true, active: true, stake_wei: "5", observed_at: new Date().toISOString(), max_open_exposure_wei: null };
      const put = (body: object) => asAdmin("PUT", `/nodes/${node.node_id}/stake`, body);
      const bench = (node_id: string, model: string) => asAdmin("POST", `/nodes/${node_id}/benchmarks`, { model, max_tokens: 8 });
      await node.call("POST", "/v1/node/heartbeats", heartbeatBody());
      return [
        [200, await put(stake)], [409, await put({ ...stake, observed_at: "2020-01-01T00:00:00.000Z" })],
        [409, await bench(node.node_id, "tiny.gguf")], [502, await failing({ status: 500 }, () => bench(agent.node_id, agent.model))],
      ];
    }],
    ["a payout that no gateway saw, let go or refused", async () => {
      const { writer, payer } = await ledger(system.db);
      const hashes = [(await settledJob(writer, payer, node.node_id, { unobserved: true })).receipt_hash, (await settledJob(writer, payer, node.node_id, { unobserved: true })).receipt_hash];
      await writer.close();
      const review = (index: number, verb: string) => asAdmin("POST", `/withheld-payouts/${hashes[index]}/${verb}`, WHY);
      return [[200, await review(0, "release")], [409, await review(0, "refuse")], [200, await review(1, "refuse")], [409, await review(1, "release")]];
    }],
    ["the log and a payout", async () => {
      const receipt_hash = (await chat()).json.b3iq.receipt_hash as string;
      const proof = await eventually(async () => {
        const answer = await wire.ask({ method: "GET", url: `/v1/receipts/${receipt_hash}/proof` });
        return answer.status === 200 && answer;
      });
      const batches = "/payout-batches";
      const created = await asAdmin("POST", batches, {});
      const { batch_id } = created.json;
      const at = (what: string, body: object) => asAdmin("POST", `${batches}/${batch_id}/${what}`, body);
      const answers: [number, Answer][] = [
        [200, proof], [304, await wire.ask({ method: "GET", url: `/v1/receipts/${receipt_hash}/proof`, headers: { "if-none-match": "*" } })], [200, await asAdmin("POST", `${batches}/preview`, {})], [201, created], [409, await asAdmin("POST", batches, {})], [200, await asAdmin("GET", `${batches}/${batch_id}`)],
        [200, await wire.ask({ method: "GET", url: `/v1/public/settlement/batches/${batch_id}` })],
        [304, await wire.ask({ method: "GET", url: `/v1/public/settlement/batches/${batch_id}`, headers: { "if-none-match": "*" } })],
        [409, await at("finalize", WHY)], [200, await at("reset", WHY)], [409, await at("reset", WHY)], [409, await at("submit", {})],
      ];
      const next = (await asAdmin("POST", batches, {})).json.batch_id as string;
      return [...answers, [200, await asAdmin("POST", `${batches}/${next}/submit`, {})], [200, await asAdmin("POST", `${batches}/${next}/finalize`, WHY)]];
    }],
  ];
}
