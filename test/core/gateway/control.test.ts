/** The copy of prices, incidents and benchmarks that a gateway decides by. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { watchControl } from "../../../src/core/gateway/control.ts";
import { mintId } from "../../../src/core/protocol/bytes/ids.ts";
import { insertIncident } from "../../../src/store/postgres/control/incidents.ts";
import type { Database } from "../../../src/store/postgres/database.ts";
import { testDatabase, type TestDatabase } from "../../support/database.ts";
import { log } from "../../support/nodes/network.ts";

const SETTINGS = {
  protocol_version_min: 1,
  stake_min_wei: 0n,
  stake_age_max_ms: 1,
  benchmark_age_max_ms: 1,
  context_length_max: 1,
};

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const openIncident = (target: string) =>
  insertIncident(db, { incident_id: mintId("inc"), scope: "model", target, reason: "a test", opened_by: "test" });

/** The database, on which `change` is committed after the query with this number. */
function changedAfter(number: number, change: () => Promise<unknown>): Database {
  let queries = 0;
  const query = async (...given: unknown[]) => {
    const answer: unknown = await (db.pool.query as (...args: unknown[]) => Promise<unknown>)(...given);
    if (++queries === number) await change();
    return answer;
  };
  const pool = new Proxy(db.pool, {
    get: (target, name) => (name === "query" ? query : (Reflect.get(target, name) as unknown)),
  });
  return { ...db, pool };
}

test.each([1, 2, 3])("a change that is committed after query %i of the start is in force", async (number) => {
  const target = `model-${number}`;
  const view = await watchControl(
    changedAfter(number, () => openIncident(target)),
    SETTINGS,
    log,
  );
  try {
    await view.refresh();
    expect(view.current().incidents.map((incident) => incident.target)).toContain(target);
  } finally {
    await view.stop();
  }
});
