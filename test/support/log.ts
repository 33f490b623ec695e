import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { createReceiptLog } from "../../src/core/gateway/receipts/log/receipt_log.ts";
import type { ReceiptLogDeps } from "../../src/core/gateway/receipts/log/receipt_log.ts";
import { createLog } from "../../src/core/log.ts";
import { openCheckpoint } from "../../src/core/protocol/log/checkpoint.ts";
import { receiptEntry } from "../../src/core/protocol/log/log_entry.ts";
import { leafHash } from "../../src/core/protocol/log/merkle.ts";
import type { NoteKey } from "../../src/core/protocol/log/note.ts";
import type { Database } from "../../src/store/postgres/database.ts";

export const log = createLog({ level: (process.env["B3IQ_TEST_LOG"] ?? "silent") as "silent", program: "test" });
export const LOG_KEY = randomBytes(32);
export const NODE = "node_test0000000000000000000000";

export function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-log-"));
}

/** A log whose rounds the test runs itself, with a folder of its own unless given. */
export function testLog(db: Database, change: Partial<ReceiptLogDeps> = {}) {
  const home = change.secrets_dir ?? temporaryFolder();
  return createReceiptLog({
    db,
    log,
    gateway_id: "gw_test",
    public_url: "http://127.0.0.1:8830",
    log_key: LOG_KEY,
    secrets_dir: home,
    log_dir: path.join(home, "log"),
    interval_ms: 50,
    witnesses: [],
    witnesses_min: 0,
    ...change,
  });
}

let node_seq = 0;

export type Row = { receipt_hash: string; signature: string };

/** Receipts as the ledger writes them, recorded and unpaid, in one statement. */
export async function addReceipts(db: Database, count: number, node_epoch = 1): Promise<Row[]> {
  const rows = Array.from({ length: count }, () => ({
    hash: randomBytes(32),
    signature: randomBytes(64),
    seq: ++node_seq,
  }));
  await db.pool.query(
    `insert into receipts (receipt_hash, node_id, node_epoch, node_seq, job_id, status, reason, hold_state, payload,
      signature, received_at)
     select h, $3, $4, q, 'job_' || q, 'recorded', 'job_unknown', 'unknown', '{}', s, clock_timestamp()
       from unnest($1::bytea[], $2::bytea[], $5::bigint[]) as r (h, s, q)`,
    [
      rows.map(({ hash }) => hash),
      rows.map(({ signature }) => signature),
      NODE,
      node_epoch,
      rows.map(({ seq }) => seq),
    ],
  );
  return rows.map(({ hash, signature }) => ({
    receipt_hash: hash.toString("hex"),
    signature: signature.toString("base64url"),
  }));
}

export const leafOf = ({ receipt_hash, signature }: Row): Buffer => leafHash(receiptEntry(receipt_hash, signature));

/** The checkpoint of a note, verified under the log's key. */
export function opened(note: string, key: NoteKey, cosigners: readonly NoteKey[] = []) {
  const result = openCheckpoint(note, key, cosigners);
  if (!result.ok) throw new Error(result.reason);
  return {
    size: result.value.checkpoint.size,
    root: Buffer.from(result.value.checkpoint.root),
    witnesses: result.value.witnesses,
  };
}
