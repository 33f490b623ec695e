import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll } from "vitest";
import { createRelay, type Relay } from "../../../src/core/gateway/nodes/peer_calls.ts";
import { renewGatewayLease } from "../../../src/store/postgres/gateways/leases.ts";
import type { PeerListener } from "../../../src/tunnel/peer_link.ts";
import { testDatabase, type TestDatabase } from "../database.ts";
import { log, testGateway, type TestGateway } from "./network.ts";

export const PEER_KEY = randomBytes(32);

/** What a dispatch says of its job. */
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

export type Peer = { at: TestGateway; relay: Relay; listener: PeerListener };

/** A database for the tests of a file; what a test opens is closed after it, the newest first. */
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
      const at = await testGateway(db, { gateway_id, ...(public_url ? { public_url } : {}) });
      const relay = createRelay({ registry: at.registry, tunnels: at.tunnels, peer_key: PEER_KEY, log });
      const listener = await relay.listen("127.0.0.1", 0);
      at.tunnels.setPeerAddress(listener.address);
      await renewGatewayLease(db, gateway_id, 1, listener.address);
      open.push(at, {
        async close() {
          await relay.close();
          await listener.close();
        },
      });
      return { at, relay, listener };
    },
  };
}
