import { expect, test } from "vitest";
import { createEnrollment } from "../../../../src/core/host/gateway_link/gateway_enrollment.ts";
import type { EnrollmentRecord } from "../../../../src/core/host/gateway_link/gateway_enrollment.ts";
import { createGatewayClient, gatewayDispatcher } from "../../../../src/core/host/gateway_link/gateway_client.ts";
import { createServerClock } from "../../../../src/core/host/gateway_link/server_clock.ts";
import { generateIdentity } from "../../../../src/core/protocol/bytes/ed25519.ts";
import { signPayoutAddress } from "../../../../src/core/protocol/receipt/payout.ts";
import { utcSeconds } from "../../../../src/core/protocol/envelope/transport_key.ts";
import { testSystem } from "../../../support/e2e.ts";
import { fakeRuntime } from "../../../support/fake_runtime.ts";
import { eventually } from "../../../support/system.ts";

const runtime = await fakeRuntime();
const system = await testSystem({
  agents: [{ runtime_url: runtime.url }],
  gateway_env: { B3IQ_PAYOUT_MATURITY_MS: "0", B3IQ_LOG_INTERVAL_MS: "100" },
});
const verifier = (await import(new URL("../../../../web/verify/verify.mjs", import.meta.url).href)) as {
  verifyFiles(
    files: { name: string; text: string }[],
  ): Promise<{ ok: boolean; reports: { subject: string; steps: { name: string; ok: boolean | null }[] }[] }>;
};

async function paidChat(): Promise<string> {
  const { client } = await system.customer();
  const body = { model: system.agents[0]!.model, messages: [{ role: "user", content: "hello" }] };
  const answer = await client.ask("POST", "/v1/chat/completions", { body });
  expect(answer.status).toBe(200);
  return answer.json.b3iq.receipt_hash as string;
}

test("a chat, its proof, and a batch from its building to its end, each as everyone sees it", async () => {
  const receipt_hash = await paidChat();
  const proof = await eventually(async () => {
    const answer = await system.anyone.ask("GET", `/v1/receipts/${receipt_hash}/proof`);
    return answer.status === 200 && answer.text;
  });
  const key = await system.anyone.ask("GET", "/v1/log/key");
  const receipt = await system.anyone.ask("GET", `/v1/receipts/${receipt_hash}`);
  expect(receipt.json).toMatchObject({ leaf_index: expect.any(Number) as number, batch_id: null });
  const checked = await verifier.verifyFiles([receipt.text, proof, key.text].map((text) => ({ name: "", text })));
  expect(checked.reports[0]!.steps.filter(({ ok }) => ok === false)).toEqual([]);
  expect(checked.ok).toBe(true);
  for (const path of ["checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1"]) {
    expect((await system.anyone.ask("GET", `/v1/log/${path}`)).status, path).toBe(200);
  }
  expect((await system.anyone.ask("GET", "/v1/log/tile/0/001")).status).toBe(404);
  const network = (await system.anyone.ask("GET", "/v1/public/network")).json;
  expect(network.log).toMatchObject({
    tree_size: expect.any(Number) as number,
    root_hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  });

  const admin = async (method: string, path: string, body?: object) =>
    system.admin.ask(method, `/v1/admin/payout-batches${path}`, body === undefined ? {} : { body });
  const preview = await admin("POST", "/preview", {});
  expect(preview.json).toMatchObject({
    payout_count: 1,
    lines: [{ node_id: system.agents[0]!.node_id, receipt_count: 1 }],
  });
  const incident = await system.admin.ask("POST", "/v1/admin/incidents", {
    body: { scope: "payouts", reason: "test" },
  });
  expect((await admin("POST", "", {})).status).toBe(503);
  await system.admin.ask("POST", `/v1/admin/incidents/${incident.json.incident_id}/clear`, {
    body: { reason: "over" },
  });
  const created = await admin("POST", "", {});
  expect(created).toMatchObject({ status: 201, json: { merkle_root: preview.json.merkle_root, status: "created" } });
  const { batch_id } = created.json;
  expect((await admin("POST", "", {})).json).toMatchObject({ error: { code: "conflict" } });
  expect((await system.anyone.ask("GET", `/v1/receipts/${receipt_hash}`)).json.batch_id).toBe(batch_id);
  expect((await admin("POST", `/${batch_id}/submit`, {})).json.status).toBe("submitted");
  expect((await admin("POST", `/${batch_id}/reset`, { reason: "late" })).status).toBe(409);
  expect((await admin("POST", `/${batch_id}/finalize`, { reason: "paid" })).json.status).toBe("finalized");
  expect((await admin("GET", `?status=finalized`)).json.data).toHaveLength(1);
  expect((await admin("GET", `/${batch_id}`)).json.lines).toHaveLength(1);
  const open = await system.anyone.ask("GET", `/v1/public/settlement/batches/${batch_id}`);
  expect((await system.anyone.ask("GET", "/v1/public/settlement/batches")).json.data).toHaveLength(1);
  const batch = await verifier.verifyFiles([open.text, key.text].map((text) => ({ name: "", text })));
  expect(batch.reports[0]!.steps.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  const treasury = await system.admin.ask("GET", "/v1/admin/billing/treasury-report");
  expect(treasury.json.settlement_statuses).toMatchObject([{ settlement_status: "finalized", payout_count: 1 }]);
});

test("a node reads its payouts and sets its address by signed calls", async () => {
  const identity = generateIdentity();
  const dispatcher = gatewayDispatcher();
  const clock = createServerClock();
  const disk: { record: EnrollmentRecord | null; epoch: number; seq: number } = { record: null, epoch: 0, seq: 0 };
  const client = createGatewayClient({
    gateway_url: system.url,
    dispatcher,
    clock,
    identity_private_key: identity.private_key,
    state: { node_id: () => disk.record!.node_id, epoch: () => disk.epoch, nextSeq: () => (disk.seq += 1) },
  });
  await createEnrollment({
    identity,
    gateway_url: system.url,
    client,
    now_ms: clock.now_ms,
    protocol_version: 1,
    agent_version: "0.1.0",
    store: {
      load: () => disk.record,
      save(record) {
        disk.record = record;
        disk.epoch = record.epoch;
      },
    },
  }).enroll();
  const { node_id } = disk.record!;
  const payout_address = "0x52908400098527886E0F7030069857D2E4169EE7";
  const signed_at = utcSeconds(Date.now());
  const body = {
    payout_address,
    signed_at,
    signature_ed25519: signPayoutAddress({ node_id, payout_address, signed_at }, identity.private_key),
  };
  expect(await client.call("putPayoutAddress", { body })).toMatchObject({
    payout_address: null,
    pending_payout_address: payout_address,
  });
  expect(await client.call("listNodePayouts")).toMatchObject({
    totals: { paid_wei: "0" },
    pending_payout_address: payout_address,
    data: [],
  });
  await dispatcher.close();
});
