/** Signs receipts. One commit draws the number, signs the receipt and stores it, before any of it is sent. */
import { canonicalize } from "../../protocol/bytes/canonical.ts";
import { signLocalReceipt, type LocalReceiptPayload } from "../../protocol/receipt/local_receipt.ts";
import { signReceipt, type ReceiptPayload, type SignedReceipt } from "../../protocol/receipt/receipt.ts";
import type { NewReceipt, ReceiptEntry, ReceiptStore, StoredReceipt } from "../../../store/sqlite/receipt_store.ts";
import type { RuntimeKind } from "../runtimes/runtime.ts";

export type RoutedFacts = Omit<
  ReceiptPayload,
  "type" | "node_id" | "node_seq" | "dispatch_mode" | "total_tokens" | "finished_at"
> & {
  /** `pooled_sync` unless given. */
  dispatch_mode?: ReceiptPayload["dispatch_mode"];
};
/** A receipt that this agent signed: the kind of its runtime is one of those that the documents list. */
export type OwnReceipt = SignedReceipt & { receipt: { runtime_kind: RuntimeKind } };
export type LocalFacts = Omit<LocalReceiptPayload, "type" | "node_id" | "local_seq" | "total_tokens" | "finished_at">;

export type ReceiptWriter = {
  /** Resolves when the receipt is on disk. `salt` belongs to the commitments in the facts. */
  routed(facts: RoutedFacts, salt: string): Promise<SignedReceipt>;
  local(facts: LocalFacts, salt: string): Promise<{ receipt_hash: string }>;
};

export type ReceiptWriterDeps = {
  store: ReceiptStore;
  node_id: string;
  private_key: string;
  /** Unix milliseconds, corrected by the gateway's clock where known. */
  now_ms: () => number;
};

/** The stream brings a receipt to the gateway; the outbox submits one that the gateway has not acknowledged after this time. */
const FIRST_SUBMISSION_AFTER_MS = 5_000;

/** Receipts that finish in the same turn of the event loop share one commit, so one fsync. */
export function createReceiptWriter({ store, node_id, private_key, now_ms }: ReceiptWriterDeps): ReceiptWriter {
  let batch: { entry: ReceiptEntry; resolve(receipt: NewReceipt): void; reject(error: unknown): void }[] = [];
  const flush = () => {
    const taken = batch;
    batch = [];
    try {
      const signed = store.signAndInsert(taken.map(({ entry }) => entry));
      taken.forEach(({ resolve }, i) => resolve(signed[i]!));
    } catch (error) {
      for (const { reject } of taken) reject(error);
    }
  };
  const add = (entry: ReceiptEntry) =>
    new Promise<NewReceipt>((resolve, reject) => {
      if (batch.push({ entry, resolve, reject }) === 1) setImmediate(flush);
    });
  const finishedAt = () => `${new Date(Math.floor(now_ms() / 60_000) * 60_000).toISOString().slice(0, 19)}Z`;
  return {
    async routed(facts, salt) {
      const stored = await add({
        counter: `node_seq:${facts.node_epoch}`,
        kind: "network",
        now_ms: now_ms(),
        first_attempt_at_ms: now_ms() + FIRST_SUBMISSION_AFTER_MS,
        sign(node_seq) {
          const total_tokens = facts.prompt_tokens + facts.completion_tokens;
          const signed = signReceipt(
            {
              ...facts,
              type: "b3iq.receipt.v1",
              node_id,
              node_seq,
              dispatch_mode: facts.dispatch_mode ?? "pooled_sync",
              total_tokens,
              finished_at: finishedAt(),
            },
            private_key,
          );
          return { ...storable(signed), job_id: facts.job_id, fence: facts.fence, commitment_salt: salt };
        },
      });
      return toSigned(stored);
    },
    async local(facts, salt) {
      const { receipt_hash } = await add({
        counter: "local_seq",
        kind: "local",
        now_ms: now_ms(),
        first_attempt_at_ms: 0,
        sign(local_seq) {
          const total_tokens = facts.prompt_tokens + facts.completion_tokens;
          const signed = signLocalReceipt(
            {
              ...facts,
              type: "b3iq.local-receipt.v1",
              node_id,
              local_seq,
              total_tokens,
              finished_at: finishedAt(),
            },
            private_key,
          );
          return { ...storable(signed), job_id: null, fence: null, commitment_salt: salt };
        },
      });
      return { receipt_hash };
    },
  };
}

function storable(signed: { receipt: object; receipt_hash: string; signature_ed25519: string }) {
  return {
    receipt_hash: signed.receipt_hash,
    payload: canonicalize(signed.receipt),
    signature_ed25519: signed.signature_ed25519,
  };
}

/** A routed receipt as it was signed, from its row. */
export function toSigned(row: Pick<StoredReceipt, "payload" | "receipt_hash" | "signature_ed25519">): OwnReceipt {
  return {
    receipt: JSON.parse(row.payload) as OwnReceipt["receipt"],
    receipt_hash: row.receipt_hash,
    signature_ed25519: row.signature_ed25519,
  };
}
