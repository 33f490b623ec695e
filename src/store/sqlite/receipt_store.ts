/** Receipts on the agent's disk: written before they are sent, kept until 30 days after the gateway acknowledged them. */
import type { HostState } from "./host_state.ts";

export type StoredReceipt = {
  id: number;
  receipt_hash: string;
  kind: "network" | "local";
  job_id: string | null;
  fence: number | null;
  /** Canonical JSON of the signed payload. */
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

/** A receipt that is to be signed with the next number of its counter. */
export type ReceiptEntry = {
  counter: string;
  kind: "network" | "local";
  sign(seq: number): NewReceipt;
  now_ms: number;
  /** When the outbox may submit the receipt, in case the stream did not bring it to the gateway. */
  first_attempt_at_ms: number;
};

export type ReceiptStore = ReturnType<typeof createReceiptStore>;

/** The receipts of an opened state folder. */
export function createReceiptStore(state: HostState) {
  const statements = prepare(state.db);
  const rows = (found: unknown[]) => found as StoredReceipt[];
  return {
    /** Draws the next number of a counter for each receipt, lets it be signed, and stores it, all in one commit on disk. */
    signAndInsert: (entries: ReceiptEntry[]): NewReceipt[] =>
      state.transaction(() => entries.map((entry) => signAndInsert(statements, entry))),
    find: (receipt_hash: string) => statements.byHash.get(receipt_hash) as StoredReceipt | undefined,
    ofJob: (job_id: string) => rows(statements.byJob.all(job_id)),
    /** Newest first, below `before_id`. */
    page: (before_id: number, limit: number) => rows(statements.page.all(before_id, limit)),
    /** Receipts that the gateway has acknowledged since then, oldest first, above `after_id`. */
    acknowledgedSince: (since_ms: number, after_id: number, limit: number) =>
      rows(statements.acknowledgedSince.all(Math.floor(since_ms), after_id, limit)),
    due: (now_ms: number, limit: number) => rows(statements.due.all(now_ms, limit)),
    waiting: () => statements.waiting.get() as { count: number; next_at_ms: number | null },
    /** Stores the gateway's answers in one commit; only the first answer on each receipt counts. */
    acknowledge: (answers: readonly Acknowledged[], now_ms: number): void =>
      state.transaction(() => {
        for (const { receipt_hash, status, reason } of answers) {
          statements.acknowledge.run(status, reason, Math.round(now_ms), receipt_hash);
        }
      }),
    retryAt: (receipt_hash: string, at_ms: number): void =>
      void statements.retryAt.run(Math.round(at_ms), receipt_hash),
    prune: (before_ms: number) => Number(statements.prune.run(before_ms).changes),
  };
}

type Statements = ReturnType<typeof prepare>;

function prepare(db: HostState["db"]) {
  return {
    nextNumber: db.prepare(`insert into counters (name, value) values (?, 1)
      on conflict (name) do update set value = value + 1 returning value`),
    insert: db.prepare(`insert into receipts (receipt_hash, kind, job_id, fence, payload, signature_ed25519,
      commitment_salt, created_at_ms, status, next_attempt_at_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    byHash: db.prepare("select * from receipts where receipt_hash = ?"),
    byJob: db.prepare("select * from receipts where job_id = ? order by id"),
    page: db.prepare("select * from receipts where id < ? order by id desc limit ?"),
    due: db.prepare(`select * from receipts where status = 'pending' and next_attempt_at_ms <= ?
      order by next_attempt_at_ms limit ?`),
    waiting: db.prepare(`select count(*) as count, min(next_attempt_at_ms) as next_at_ms from receipts
      where status = 'pending'`),
    acknowledge: db.prepare(`update receipts set status = ?, reason = ?, submitted_at_ms = ?
      where receipt_hash = ? and status = 'pending'`),
    retryAt: db.prepare(`update receipts set attempts = attempts + 1, next_attempt_at_ms = ?
      where receipt_hash = ? and status = 'pending'`),
    acknowledgedSince: db.prepare(`select * from receipts where kind = 'network' and status <> 'pending'
      and submitted_at_ms >= ? and id > ? order by id limit ?`),
    prune: db.prepare(
      "delete from receipts where status <> 'pending' and coalesce(submitted_at_ms, created_at_ms) < ?",
    ),
  };
}

function signAndInsert(statements: Statements, entry: ReceiptEntry): NewReceipt {
  const { counter, kind, sign, now_ms, first_attempt_at_ms } = entry;
  const signed = sign((statements.nextNumber.get(counter) as { value: number }).value);
  statements.insert.run(
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
}
