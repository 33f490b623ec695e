import { rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { expect, test, vi } from "vitest";
import { gatewayConfig, prepareHome } from "../src/config.ts";
import { startGateway } from "../src/gateway.ts";
import { testDatabase } from "./support/database.ts";
import { temporaryHome } from "./support/processes.ts";

/** Each fails at another place of the start: in the core, after the core, and with all but the last listener up. */
test.each(["B3IQ_GATEWAY_PEER_LISTEN", "B3IQ_METRICS_LISTEN", "B3IQ_GATEWAY_LISTEN"])(
  "a gateway whose %s is taken is stopped again as far as it was started",
  async (setting) => {
    const db = await testDatabase();
    const home = temporaryHome();
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const config = gatewayConfig({
      B3IQ_HOME: home,
      B3IQ_LOG_LEVEL: "silent",
      B3IQ_GATEWAY_LISTEN: "127.0.0.1:0",
      B3IQ_METRICS_LISTEN: "127.0.0.1:0",
      B3IQ_GATEWAY_PEER_LISTEN: "127.0.0.1:0",
      [setting]: `127.0.0.1:${(taken.address() as AddressInfo).port}`,
    });
    prepareHome(config);
    const connections = async () => {
      const { rows } = await db.pool.query<{ count: number }>(
        "select count(*)::integer as count from pg_stat_activity where datname = current_database() and application_name = 'b3iq-gateway'",
      );
      return rows[0]!.count;
    };
    const started = vi.spyOn(globalThis, "setInterval");
    const stopped = vi.spyOn(globalThis, "clearInterval");
    await expect(startGateway({ ...config, database_url: db.url })).rejects.toThrow(/in use|EADDRINUSE/);
    const ended = new Set(stopped.mock.calls.map(([timer]) => timer));
    expect(started.mock.results.length).toBeGreaterThanOrEqual(3);
    expect(started.mock.results.filter(({ value }) => !ended.has(value as NodeJS.Timeout))).toEqual([]);
    await expect.poll(connections).toBe(0);
    vi.restoreAllMocks();
    taken.close();
    await db.drop();
    rmSync(home, { recursive: true });
  },
);
