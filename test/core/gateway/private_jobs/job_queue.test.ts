import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPrivateJob } from "../../../../src/core/gateway/private_jobs/job_create.ts";
import type { Database } from "../../../../src/store/postgres/database.ts";
import { testDatabase, type TestDatabase } from "../../../support/database.ts";
import type { Payer } from "../../../support/ledger/fixtures.ts";
import { testDesk, type TestDesk } from "../../../support/private_jobs/desk.ts";

let db: TestDatabase;
let desk: TestDesk;
let payer: Payer;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => {
  await db.drop();
});
beforeEach(async () => {
  desk = await testDesk(db);
  payer = await desk.payer();
});
afterEach(async () => {
  await desk.close();
});

/** The database, with another outcome of the statement that queues a job. */
function withQueue(outcome: (run: () => Promise<unknown>) => Promise<unknown>): Database {
  const query = (...given: [string | { text: string }]) => {
    const run = () => db.pool.query(...given) as unknown as Promise<unknown>;
    const text = typeof given[0] === "string" ? given[0] : given[0].text;
    return text.includes("insert into private_jobs") ? outcome(run) : run();
  };
  return { ...db, pool: { query } as unknown as Database["pool"] };
}

const lost = () => Promise.reject(new Error("the connection is lost"));
const create = (change: object, body: unknown = desk.sealed().body) =>
  createPrivateJob({ ...desk.ports, ...change }, payer.customer_id, body as never);

describe("when the database's answer to the queueing is lost", () => {
  test("a job that was queued is answered as queued, and its node is woken", async () => {
    const woken: string[] = [];
    const queued = await create({
      db: withQueue((run) => run().then(lost)),
      wake: (node_id: string) => {
        woken.push(node_id);
        desk.ports.wake(node_id);
      },
    });
    expect(queued.status).toBe("queued");
    expect(woken).toEqual([desk.caller.node_id]);
    expect(await desk.account(payer)).toMatchObject({ open_holds: 1 });
    const lease = (await desk.lease())!;
    expect(lease.command_id).toBe(queued.command_id);
  });

  test("a job that was not queued is free, and the same request runs when it is sent again", async () => {
    const { body } = desk.sealed();
    await expect(create({ db: withQueue(lost) }, body)).rejects.toMatchObject({ code: "admission_unavailable" });
    expect(await desk.account(payer)).toMatchObject({ reserved_wei: "0", open_holds: 0, debited_wei: "0" });
    expect((await create({}, body)).status).toBe("queued");
    expect(await desk.lease()).toBeDefined();
  });

  test("a job that is queued after the release is given to no node, and is closed by the sweep", async () => {
    const { body } = desk.sealed();
    let late: () => Promise<unknown> = async () => {};
    const db_late = withQueue((run) => {
      late = run;
      return lost();
    });
    const failed = create({ db: db_late, writer: { ...desk.writer, apply: applyThen(() => late()) } }, body);
    await expect(failed).rejects.toMatchObject({ code: "admission_unavailable" });
    expect(await desk.lease()).toBeUndefined();
    await desk.sweep.round();
    expect(await desk.account(payer)).toMatchObject({ reserved_wei: "0", open_holds: 0, debited_wei: "0" });
  });

  test("the error says that a charge is possible while it is not known", async () => {
    const never = new Promise<never>(() => {});
    const apply: typeof desk.writer.apply = (operation, signal) =>
      operation.kind === "release" ? never : desk.writer.apply(operation, signal);
    const failed = create({ db: withQueue(lost), writer: { ...desk.writer, apply }, unknown_wait_ms: 50 });
    await expect(failed).rejects.toMatchObject({
      code: "settlement_unavailable",
      detail: { job_id: expect.stringMatching(/^job_/) },
    });
    expect(await desk.account(payer)).toMatchObject({ open_holds: 1 });
  });
});

test("a hold whose job is not queued, since another was there first, is released", async () => {
  const not_queued = withQueue(async () => ({ rowCount: 0 }));
  await expect(create({ db: not_queued })).rejects.toMatchObject({ code: "admission_unavailable" });
  expect(await desk.account(payer)).toMatchObject({ reserved_wei: "0", open_holds: 0, debited_wei: "0" });
});

/** Applies an operation; `after` runs behind each release. */
function applyThen(after: () => Promise<unknown>): typeof desk.writer.apply {
  return async (operation, signal) => {
    const verdict = await desk.writer.apply(operation, signal);
    if (operation.kind === "release") await after();
    return verdict;
  };
}
