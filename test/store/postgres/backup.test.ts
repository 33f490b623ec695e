import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createGatewayReadiness } from "../../../src/core/gateway/readiness.ts";
import { createLog } from "../../../src/core/log.ts";
import { openDatabase } from "../../../src/store/postgres/database.ts";
import { startPostgres, type RunningPostgres } from "../../../src/store/postgres/cluster/launcher.ts";
import { migrate } from "../../../src/store/postgres/migrate.ts";

const running: RunningPostgres[] = [];
const folders: string[] = [];
const folder = () => {
  const made = fs.mkdtempSync(path.join(tmpdir(), "b3iq-backup-"));
  folders.push(made);
  return made;
};
afterEach(async () => {
  for (const cluster of running.splice(0)) await cluster.stop();
  for (const made of folders.splice(0)) fs.rmSync(made, { recursive: true, force: true });
});

const log = createLog({ level: "silent", program: "test" });
const readinessOf = (db: Parameters<typeof migrate>[0], require_sync_replica = false) =>
  createGatewayReadiness({ db, log, require_sync_replica, draining: () => false, onDatabase: () => {} }).check;

/** Not ready until the timeline's books were verified in the background. */
async function untilReady(readiness: () => Promise<void>): Promise<number> {
  for (let refusals = 0; ; refusals += 1) {
    try {
      await readiness();
      return refusals;
    } catch (error) {
      if (refusals > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

describe("backup and restore", () => {
  it(
    "brings back what was committed before the backup ended, from a database under writes",
    { timeout: 60_000 },
    async () => {
      const home = folder();
      const first = await startPostgres(home);
      running.push(first);
      const db = openDatabase({ socket_dir: first.socket_dir, user: first.user, database: first.database });
      await migrate(db);
      await db.pool.query("create table written (n bigint primary key)");
      let writing = true;
      let last = 0;
      const writer = (async () => {
        while (writing)
          await db.pool.query("insert into written values ($1)", [last + 1]).then(() => {
            last += 1;
          });
      })();
      while (last < 20) await new Promise((resolve) => setTimeout(resolve, 5));
      const before = last;
      const copy = path.join(folder(), "copy");
      const done = spawnSync("bin/b3iq-gateway", ["backup", copy], {
        env: { ...process.env, B3IQ_HOME: home, B3IQ_DATABASE_URL: "" },
        encoding: "utf8",
      });
      expect(done.stderr).toBe("");
      expect(done.status).toBe(0);
      writing = false;
      await writer;
      await db.close();

      const restored = folder();
      fs.renameSync(copy, path.join(restored, "postgres"));
      const second = await startPostgres(restored);
      running.push(second);
      const again = openDatabase({ socket_dir: second.socket_dir, user: second.user, database: second.database });
      try {
        const { rows } = await again.pool.query<{ count: number; most: number }>(
          "select count(*)::integer as count, max(n)::integer as most from written",
        );
        expect(rows[0]!.count).toBe(rows[0]!.most);
        expect(rows[0]!.most).toBeGreaterThanOrEqual(before);
        expect(rows[0]!.most).toBeLessThanOrEqual(last);
      } finally {
        await again.close();
      }
    },
  );
});

describe("readiness", () => {
  it(
    "waits until the books were verified on a new timeline, and for a synchronous standby where one is asked for",
    { timeout: 60_000 },
    async () => {
      const cluster = await startPostgres(folder());
      running.push(cluster);
      const db = openDatabase({ socket_dir: cluster.socket_dir, user: cluster.user, database: cluster.database });
      try {
        await migrate(db);
        const gateway = createGatewayReadiness({
          db,
          log,
          require_sync_replica: false,
          draining: () => false,
          onDatabase: () => {},
        });
        await gateway.prepare();
        await gateway.check();
        await readinessOf(db)();
        await db.pool.query("update verified_timeline set timeline = '000000FF'");
        await expect(readinessOf(db, true)()).rejects.toThrow("no synchronous standby");
        // One instance: a second one could still be verifying when the books are made wrong below.
        expect(await untilReady(gateway.check)).toBeGreaterThan(0);
        // Books that are wrong keep it unready.
        await db.pool.query(
          "insert into accounts (owner_kind, owner_id, credited_wei) values ('customer', 'cus_wrong', 5)",
        );
        await db.pool.query("update verified_timeline set timeline = '000000FF'");
        const readiness = readinessOf(db);
        for (let i = 0; i < 5; i += 1) {
          await expect(readiness()).rejects.toMatchObject({ code: "admission_unavailable" });
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      } finally {
        await db.close();
      }
    },
  );
});
