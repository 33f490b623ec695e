/**
 * Receipts on the agent's disk: written before they are sent, kept until the gateway has answered, and 30 days longer.
 */
import type { HostState } from "./host_state.ts";

export type StoredReceipt = {
  id: number;
  receipt_hash: string;
  kind: "network" | "local";
  job_id: string | null;
  fence: number | null;
  /** Canonical JSON of what was signed. */
  payload: string;
  signature_ed25519: string;
  commitment_salt: string;
  created_at_ms: number;
  status: "local" | "pending" | "settled" | "recorded";
  reason: string | null;
  submitted_at_ms: number | null;
  attempts: number;
  next_attempt_at_ms: number;
};

export type NewReceipt = Pick<
  StoredReceipt,
  "receipt_hash" | "job_id" | "fence" | "payload" | "signature_ed25519" | "commitment_salt"
>;

export type Acknowledged = { receipt_hash: string; status: "settled" | "recorded"; reason: string | null };

export type ReceiptStore = ReturnType<typeof createReceiptStore>;

/** Prepares the statements of the receipts table. */
export function createReceiptStore({ db, transaction }: HostState) {
  const next = db.prepare(
    "insert into counters (name, value) values (?, 1) on conflict (name) do update set value = value + 1 returning value",
  );
  const insert =
    db.prepare(`insert into receipts (receipt_hash, kind, job_id, fence, payload, signature_ed25519, commitment_salt,
    created_at_ms, status, next_attempt_at_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const byHash = db.prepare("select * from receipts where receipt_hash = ?");
  const byJob = db.prepare("select * from receipts where job_id = ? order by id");
  const page = db.prepare("select * from receipts where id < ? order by id desc limit ?");
  const due = db.prepare(
    "select * from receipts where status = 'pending' and next_attempt_at_ms <= ? order by next_attempt_at_ms limit ?",
  );
  const waiting = db.prepare(
    "select count(*) as count, min(next_attempt_at_ms) as next_at_ms from receipts where status = 'pending'",
  );
  const done = db.prepare(
    "update receipts set status = ?, reason = ?, submitted_at_ms = ? where receipt_hash = ? and status = 'pending'",
  );
  const later = db.prepare(
    "update receipts set attempts = attempts + 1, next_attempt_at_ms = ? where receipt_hash = ? and status = 'pending'",
  );
  const acknowledged =
    db.prepare(`select * from receipts where kind = 'network' and status <> 'pending' and submitted_at_ms >= ?
    and id > ? order by id limit ?`);
  const prune = db.prepare(
    "delete from receipts where status <> 'pending' and coalesce(submitted_at_ms, created_at_ms) < ?",
  );
  const row = (value: unknown) => value as StoredReceipt | undefined;
  return {
    /**
     * Draws the next number of a counter for each receipt, lets it be signed, and stores it, all in one commit on disk.
     * @param first_attempt_at_ms when the outbox may submit it, should the stream not have brought it to the gateway.
     */
    signAndInsert(
      entries: {
        counter: string;
        kind: "network" | "local";
        sign(seq: number): NewReceipt;
        now_ms: number;
        first_attempt_at_ms: number;
      }[],
    ): NewReceipt[] {
      return transaction(() =>
        entries.map(({ counter, kind, sign, now_ms, first_attempt_at_ms }) => {
          const signed = sign((next.get(counter) as { value: number }).value);
          insert.run(
            signed.receipt_hash,
            kind,
            signed.job_id,
            signed.fence,
            signed.payload,
            signed.signature_ed25519,
            signed.commitment_salt,
            now_ms,
            kind === "local" ? "local" : "pending",
            first_attempt_at_ms,
          );
          return signed;
        }),
      );
    },
    find: (receipt_hash: string) => row(byHash.get(receipt_hash)),
    ofJob: (job_id: string) => byJob.all(job_id) as unknown as StoredReceipt[],
    /** Newest first, below `before_id`. */
    page: (before_id: number, limit: number) => page.all(before_id, limit) as unknown as StoredReceipt[],
    /** Those that the gateway has answered for since then, oldest first, above `after_id`. */
    acknowledgedSince: (since_ms: number, after_id: number, limit: number) =>
      acknowledged.all(Math.floor(since_ms), after_id, limit) as unknown as StoredReceipt[],
    due: (now_ms: number, limit: number) => due.all(now_ms, limit) as unknown as StoredReceipt[],
    waiting: () => waiting.get() as { count: number; next_at_ms: number | null },
    /** The gateway has them; only the first answer on each counts. One commit. */
    acknowledge(answers: readonly Acknowledged[], now_ms: number): void {
      transaction(() => {
        for (const { receipt_hash, status, reason } of answers)
          done.run(status, reason, Math.round(now_ms), receipt_hash);
      });
    },
    retryAt(receipt_hash: string, at_ms: number): void {
      later.run(Math.round(at_ms), receipt_hash);
    },
    prune: (before_ms: number) => Number(prune.run(before_ms).changes),
  };
}
