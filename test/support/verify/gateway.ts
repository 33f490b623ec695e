import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import type { SignedReceipt } from "../../../src/core/protocol/receipt/receipt.ts";
import { freePort, startProgram, temporaryHome } from "../processes.ts";
import { testDatabase } from "../database.ts";
import { makeReceipt, recordReceipts } from "./fixtures.ts";

export type PublicGateway = { url: string; receipts: { signed: SignedReceipt; salt: string }[]; stop(): Promise<void> };

/** A gateway as a process, with receipts of one node in its database and in its log: all that an auditor needs. */
export async function gatewayWithReceipts(count: number): Promise<PublicGateway> {
  const db = await testDatabase();
  const home = temporaryHome();
  const first = makeReceipt();
  const finished_at = `${new Date().toISOString().slice(0, 16)}:00Z`;
  const receipts = Array.from({ length: count }, () => makeReceipt(first.identity, { finished_at }));
  const { node_id } = first.signed.receipt;
  await db.pool.query(
    `insert into nodes (node_id, status, agent_version, protocol_version, router_secret_wrapped)
     values ($1, 'active', '1', 1, $2)`,
    [node_id, randomBytes(60)],
  );
  await db.pool.query(
    "insert into node_keys (node_id, ed25519_public_key, valid_from) values ($1, $2, now() - interval '1 hour')",
    [node_id, first.identity.public_key],
  );
  for (let at = 0; at < receipts.length; at += 1_000)
    await recordReceipts(
      db,
      receipts.slice(at, at + 1_000).map(({ signed }) => signed),
    );
  const program = startProgram(["gateway", "serve"], {
    env: {
      B3IQ_HOME: home,
      B3IQ_DATABASE_URL: db.url,
      B3IQ_LOG_INTERVAL_MS: "100",
      B3IQ_GATEWAY_LISTEN: `127.0.0.1:${await freePort()}`,
      B3IQ_METRICS_LISTEN: "127.0.0.1:0",
      B3IQ_GATEWAY_PEER_LISTEN: "127.0.0.1:0",
      B3IQ_KEYLESS_REQUESTS_PER_MINUTE: "100000",
      B3IQ_VALIDATE_RESPONSES: "1",
    },
  });
  const [, url] = await program.line(/serves (http\S+),/);
  for (;;) {
    const answer = await fetch(`${url}/v1/receipts/${receipts.at(-1)!.signed.receipt_hash}/proof`);
    await answer.text();
    if (answer.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url: url!,
    receipts,
    async stop() {
      await program.stop();
      await db.drop();
      fs.rmSync(home, { recursive: true, force: true });
    },
  };
}
