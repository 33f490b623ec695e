/**
 * What gateways do with the pages of receipts that a node gives again, good and bad; the node's side is the agent's
 * own.
 */
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { NodeTunnel } from "../../../../src/core/gateway/nodes/types.ts";
import { refetchReceipts } from "../../../../src/core/gateway/receipts/refetch.ts";
import type { ReceiptVerdict } from "../../../../src/core/gateway/receipts/submission.ts";
import { answerTunnelCall, type TunnelCallDeps } from "../../../../src/core/host/gateway_link/tunnel_calls.ts";
import { ApiError } from "../../../../src/core/errors.ts";
import { canonicalize } from "../../../../src/core/protocol/bytes/canonical.ts";
import { generateIdentity } from "../../../../src/core/protocol/bytes/ed25519.ts";
import { mintId, nodeIdOf } from "../../../../src/core/protocol/bytes/ids.ts";
import { signReceipt, type SignedReceipt } from "../../../../src/core/protocol/receipt/receipt.ts";
import { refetchState, requestRefetches } from "../../../../src/store/postgres/receipts/refetches.ts";
import { createReceiptStore, type ReceiptStore } from "../../../../src/store/sqlite/receipt_store.ts";
import { openHostState } from "../../../../src/store/sqlite/host_state.ts";
import { testDatabase, type TestDatabase } from "../../../support/database.ts";
import { log, temporaryFolder } from "../../../support/log.ts";

const identity = generateIdentity();
const node_id = nodeIdOf(identity.public_key);
let db: TestDatabase;
let store: ReceiptStore;
let receipts: SignedReceipt[];
beforeAll(async () => {
  db = await testDatabase();
  await db.pool.query(
    `insert into nodes (node_id, status, agent_version, protocol_version, router_secret_wrapped)
     values ($1, 'active', '1', 1, $2)`,
    [node_id, randomBytes(60)],
  );
});
afterAll(() => db.drop());

/** A node that was told of all but the last that its receipts are taken. */
beforeEach(() => {
  store = createReceiptStore(openHostState(temporaryFolder()));
  receipts = Array.from({ length: 451 }, (_, at) => receiptOf(at + 1));
  store.signAndInsert(
    receipts.map(({ receipt, receipt_hash, signature_ed25519 }) => ({
      counter: "n",
      kind: "network" as const,
      now_ms: 1_000,
      first_attempt_at_ms: 0,
      sign: () => ({
        receipt_hash,
        job_id: receipt.job_id,
        fence: 1,
        payload: canonicalize(receipt),
        signature_ed25519,
        commitment_salt: "s",
      }),
    })),
  );
  store.acknowledge(
    receipts.slice(0, 450).map(({ receipt_hash }) => ({ receipt_hash, status: "settled", reason: null })),
    Date.now(),
  );
});

function receiptOf(node_seq: number): SignedReceipt {
  return signReceipt(
    {
      type: "b3iq.receipt.v1",
      node_id,
      node_epoch: 1,
      node_seq,
      job_id: mintId("job"),
      fence: 1,
      dispatch_mode: "pooled_sync",
      model_id: "m",
      model_profile_id: "m@vllm",
      runtime_kind: "vllm",
      outcome: "ok",
      prompt_tokens: 1,
      completion_tokens: 2,
      total_tokens: 3,
      prompt_price_wei: "1",
      completion_price_wei: "1",
      fee_bps: 0,
      request_commitment: "ab".repeat(32),
      response_commitment: "cd".repeat(32),
      finished_at: "2026-11-21T10:17:00Z",
    },
    identity.private_key,
  );
}

/** A tunnel whose other end is the agent's own answer, changed by `change`. */
function tunnelTo(change: (page: Page) => unknown = (page) => page, status = 200): NodeTunnel {
  const call: NodeTunnel["call"] = async ({ body }) => {
    const asked = JSON.parse(String(body)) as unknown;
    const page = await answerTunnelCall("refetchReceipts", asked, { receipts: store } as TunnelCallDeps);
    return {
      status,
      headers: {},
      trailers: Promise.resolve({}),
      cancel() {},
      body: Readable.from([Buffer.from(JSON.stringify(change(page as Page)))]),
    };
  };
  return { node_id, epoch: 1, kind: "local", in_flight: 0, call };
}
type Page = { receipts: SignedReceipt[]; last: number; more: boolean };

function refetching(tunnel: NodeTunnel | undefined, verdict: (receipt: SignedReceipt) => ReceiptVerdict) {
  const taken: SignedReceipt[] = [];
  const submission = {
    submit: async (_: string, receipt: SignedReceipt) => {
      const given = verdict(receipt);
      if (given.status !== "retry") taken.push(receipt);
      return given;
    },
  };
  return { taken, round: refetchReceipts({ db, submission, tunnel: () => tunnel, log }).round };
}

const recorded = (): ReceiptVerdict => ({ status: "recorded", reason: "job_unknown" });
const hashes = (taken: SignedReceipt[]) => taken.map(({ receipt_hash }) => receipt_hash).sort();

test("every page is read, once; what the outbox submits by itself is not asked for", async () => {
  expect(await requestRefetches(db)).toBe(1);
  const { taken, round } = refetching(tunnelTo(), recorded);
  await round();
  expect(hashes(taken)).toEqual(hashes(receipts.slice(0, 450)));
  expect(await refetchState(db)).toEqual({ nodes: 1, done: 1, taken: 450 });
  await round();
  expect(taken).toHaveLength(450);
});

test("a node that is not here, or cannot answer, is asked again later", async () => {
  await requestRefetches(db);
  for (const tunnel of [
    undefined,
    tunnelTo(undefined, 404),
    tunnelTo(() => ({ receipts: 5 })),
    tunnelTo((page) => ({ ...page, last: -1 })),
    tunnelTo((page) => ({ ...page, receipts: [], last: 0, more: true })), // would go round for ever
    tunnelTo(() => "x".repeat(3 * 1024 * 1024)),
  ]) {
    const { taken, round } = refetching(tunnel, recorded);
    await round();
    expect(taken).toEqual([]);
    expect(await refetchState(db)).toMatchObject({ done: 0 });
  }
  const { taken, round } = refetching(tunnelTo(), recorded);
  await round();
  expect(taken).toHaveLength(450);
});

test("receipts that do not verify are passed over; one whose answer is open comes again with its page", async () => {
  await requestRefetches(db);
  const open = receipts[250]!.receipt_hash;
  const bad = receipts[3]!.receipt_hash;
  let closed = false;
  const { taken, round } = refetching(
    tunnelTo((page) => ({ ...page, receipts: [...page.receipts, { receipt: "none" }] })),
    ({ receipt_hash }) => {
      if (receipt_hash === bad) throw new ApiError("invalid_signature", "no");
      return receipt_hash === open && !closed ? { status: "retry", reason: "answer_open" } : recorded();
    },
  );
  await round();
  expect(await refetchState(db)).toMatchObject({ done: 0 });
  expect(taken.length).toBe(199 + 199); // two pages, less one each
  closed = true;
  await round();
  expect(await refetchState(db)).toMatchObject({ done: 1 });
  expect(new Set(hashes(taken))).toEqual(new Set(hashes(receipts.slice(0, 450)).filter((hash) => hash !== bad)));
});

test("the agent refuses what is no question", async () => {
  const ask = (body: object) => answerTunnelCall("refetchReceipts", body, { receipts: store } as TunnelCallDeps);
  const good = { acknowledged_since: "1970-01-01T00:00:00Z", after: 0, limit: 2 };
  expect(await ask(good)).toMatchObject({ last: 2, more: true });
  expect(await ask({ ...good, limit: 5_000 })).toMatchObject({ last: 450, more: false });
  expect(await ask({ ...good, acknowledged_since: "2999-01-01T00:00:00Z" })).toEqual({
    receipts: [],
    last: 0,
    more: false,
  });
  for (const wrong of [{ after: -1 }, { limit: "2" }, { acknowledged_since: "yesterday" }, { after: 1.5 }])
    await expect(ask({ ...good, ...wrong })).rejects.toMatchObject({ code: "invalid_request" });
});
