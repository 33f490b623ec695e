import { createHash, randomUUID } from "node:crypto";
import type { HoldQuote, LedgerWriter } from "../src/core/gateway/billing/operations.ts";
import type { Policy } from "../src/core/gateway/billing/policy.ts";
import { drawBytes } from "../src/core/protocol/bytes/ids.ts";
import type { Database } from "../src/store/postgres/database.ts";
import { makePayer, quoteFor } from "../test/support/ledger/fixtures.ts";
import type { Payer } from "../test/support/ledger/fixtures.ts";

export type LoadResult = { pairs: number; seconds: number; hold_ms: number[]; settle_ms: number[]; refused: number };

const CREDIT_WEI = 10n ** 30n;
const COUNTED: Partial<Policy> = {
  spend_caps: [{ window_seconds: 86_400, cap_wei: CREDIT_WEI }],
  requests_per_minute: 10 ** 9,
  tokens_per_minute: 10 ** 12,
  max_concurrent_requests: 10 ** 6,
};

/** A customer with credit, and caps and limits on customer and key that count everything and refuse nothing. */
export const makeCountedPayer = (db: Database, writer: LedgerWriter): Promise<Payer> =>
  makePayer(db, writer, { credit_wei: CREDIT_WEI, policy: COUNTED, key_policy: COUNTED });

/** `in_flight` callers, each of which holds and settles again and again until `seconds` have passed. */
export async function runPairs(
  writer: LedgerWriter,
  payers: Payer[],
  in_flight: number,
  seconds: number,
): Promise<LoadResult> {
  const result: LoadResult = { pairs: 0, seconds: 0, hold_ms: [], settle_ms: [], refused: 0 };
  const started = performance.now();
  const until = started + seconds * 1000;
  await Promise.all(
    Array.from({ length: in_flight }, async (_, caller) => {
      while (performance.now() < until) await pair(writer, payers[caller % payers.length]!, result);
    }),
  );
  result.seconds = (performance.now() - started) / 1000;
  return result;
}

let node_seq = 0;
const node_epoch = Date.now();

const QUOTE: Partial<HoldQuote> = {
  node_epoch,
  prompt_price_wei: 2_000_000_000n,
  completion_price_wei: 6_000_000_000n,
  fee_bps: 500,
  prompt_bound: 900,
  completion_bound: 256,
};

async function pair(writer: LedgerWriter, payer: Payer, result: LoadResult): Promise<void> {
  const quote = quoteFor(payer, QUOTE);
  const started = performance.now();
  const held = await writer.apply({
    kind: "hold",
    operation_id: randomUUID(),
    quote,
    idempotency: { key_hash: drawBytes(32), fingerprint: drawBytes(32) },
  });
  const admitted = performance.now();
  result.hold_ms.push(admitted - started);
  if (!held.ok) {
    result.refused += 1;
    return;
  }
  const settled = await writer.apply({
    kind: "settle",
    operation_id: randomUUID(),
    observation: { content_bytes: 400, events: 90, reason: "complete" },
    receipt: receiptFor(quote),
  });
  result.settle_ms.push(performance.now() - admitted);
  if (settled.ok) result.pairs += 1;
  else result.refused += 1;
}

/** A receipt of the usual length; its signature is checked before the ledger, so any 64 bytes will do. */
function receiptFor(quote: HoldQuote) {
  const signed = {
    completion_price_wei: quote.completion_price_wei.toString(),
    completion_tokens: 88,
    dispatch_mode: "pooled_sync",
    fee_bps: quote.fee_bps,
    fence: 1,
    finished_at: "2026-01-01T00:00:00Z",
    job_id: quote.job_id,
    model_id: quote.model_id,
    model_profile_id: quote.model_profile_id,
    node_epoch,
    node_id: quote.node_id,
    node_seq: ++node_seq,
    outcome: "ok" as const,
    prompt_price_wei: quote.prompt_price_wei.toString(),
    prompt_tokens: 210,
    request_commitment: "0".repeat(64),
    response_commitment: "1".repeat(64),
    runtime_kind: "openai",
    total_tokens: 298,
    type: "b3iq.receipt.v1",
  };
  const payload = JSON.stringify(signed);
  return {
    ...signed,
    payload,
    receipt_hash: createHash("sha256").update(payload).digest("hex"),
    signature: Buffer.alloc(64, 7),
    prompt_price_wei: quote.prompt_price_wei,
    completion_price_wei: quote.completion_price_wei,
  };
}

export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
