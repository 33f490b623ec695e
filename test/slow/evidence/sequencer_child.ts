/**
 * A process with one sequencer that ends itself with SIGKILL behind the given step of the given round:
 * `node sequencer_child.ts DATABASE_URL FOLDER STEP ROUND`. Before it does, it says so; without a round it runs until
 * it is killed.
 */
import { openDatabase } from "../../../src/store/postgres/database.ts";
import { createReceiptLog } from "../../../src/core/gateway/receipts/log/receipt_log.ts";
import { createLog } from "../../../src/core/log.ts";
import * as path from "node:path";

const [url, folder, fatal, round_text, log_key] = process.argv.slice(2) as [string, string, string, string, string];
const fatal_round = Number(round_text);
let rounds = 0;

const db = openDatabase({ url }, { pool_max: 2 });
const log = createReceiptLog({
  db,
  log: createLog({ level: "silent", program: "child" }),
  gateway_id: `gw_${process.pid}`,
  public_url: "http://127.0.0.1:8830",
  log_key: Buffer.from(log_key, "base64url"),
  secrets_dir: folder,
  log_dir: path.join(folder, "log"),
  interval_ms: 20,
  witnesses: [],
  witnesses_min: 0,
  onStep(step) {
    if (step === "taken") rounds += 1;
    if (step === fatal && rounds >= fatal_round) process.kill(process.pid, "SIGKILL");
  },
});
for (;;) await log.round();
