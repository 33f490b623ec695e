import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { PeerCalls } from "../../../src/core/gateway/nodes/peer_calls.ts";
import type { PeerServer } from "../../../src/core/gateway/nodes/peer_server.ts";
import { renewGatewayLease } from "../../../src/store/postgres/gateways/leases.ts";
import { testDatabase, type TestDatabase } from "../database.ts";
import { testGateway, type TestGateway } from "./network.ts";

export const PEER_KEY = randomBytes(32);

/** The dispatch terms of a job. */
export const DISPATCH = {
  job_id: "job_" + "a".repeat(26),
  fence: 1,
  model_profile_id: "p1",
  prompt_price_wei: "5",
  completion_price_wei: "7",
  fee_bps: 100,
  prompt_bound: 10,
  completion_bound: 20,
  deadline_ms: 1000,
};

export type Peer = { at: TestGateway; calls: PeerCalls; server: PeerServer };

/** A database for the tests of a file; resources of a test are closed after it, the newest first. */
export function fixture() {
  let db: TestDatabase;
  const open: { close(): Promise<unknown> }[] = [];
  beforeAll(async () => {
    db = await testDatabase();
  });
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });
  afterAll(async () => {
    await db.drop();
  });
  return {
    open,
    get db() {
      return db;
    },
    /** A gateway with a peer listener and a living lease. */
    async peer(gateway_id: string, public_url?: string): Promise<Peer> {
      const at = await testGateway(db, { gateway_id, peer_key: PEER_KEY, ...(public_url ? { public_url } : {}) });
      const { calls, server } = at.peer!;
      await renewGatewayLease(db, gateway_id, 1, server.address);
      open.push(at, {
        async close() {
          await calls.close();
          await server.close();
        },
      });
      return { at, calls, server };
    },
  };
}
