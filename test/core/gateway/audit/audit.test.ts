/** An act of an admin and its audit row: both or neither, whatever ends between them, and a chain that verifies. */
import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { AuditContext } from "../../../../src/core/admin_tokens.ts";
import { audited, auditHash } from "../../../../src/core/gateway/audit/audit.ts";
import { readAuditLog } from "../../../../src/core/gateway/audit/audit_log.ts";
import { recoverReservations } from "../../../../src/core/gateway/billing/recovery.ts";
import { createLedgerWriter } from "../../../../src/core/gateway/billing/writer.ts";
import type { ControlView } from "../../../../src/core/gateway/control.ts";
import { createCustomers } from "../../../../src/core/gateway/customers/customers.ts";
import { createIncidents } from "../../../../src/core/gateway/incidents/incidents.ts";
import { createKeys } from "../../../../src/core/gateway/keys/keys.ts";
import { createPayoutReviews } from "../../../../src/core/gateway/payouts/reviews.ts";
import { createPrices } from "../../../../src/core/gateway/prices/prices.ts";
import { mintId } from "../../../../src/core/protocol/bytes/ids.ts";
import { cancelCommandRow } from "../../../../src/store/postgres/commands/cancel.ts";
import { createCommandRow } from "../../../../src/store/postgres/commands/create.ts";
import { retryCommandRow } from "../../../../src/store/postgres/commands/retry.ts";
import { appendAudit } from "../../../../src/store/postgres/control/audit_append.ts";
import { putBenchmark } from "../../../../src/store/postgres/nodes/put_benchmark.ts";
import { putStake } from "../../../../src/store/postgres/nodes/put_stake.ts";
import { updateNode } from "../../../../src/store/postgres/nodes/update.ts";
import { createPayoutBatch } from "../../../../src/store/postgres/payouts/create.ts";
import { finalizeBatch, resetBatch, submitBatch } from "../../../../src/store/postgres/payouts/batches.ts";
import { asAdmin } from "../../../support/audit.ts";
import {
  credit,
  holdOf,
  makePayer,
  type Payer,
  quoteFor,
  receiptFor,
  settleOf,
} from "../../../support/ledger/fixtures.ts";
import { testLedger, type TestLedger } from "../../../support/ledger/ledger.ts";
import { NODE_A, unobservedJob } from "../../../support/payouts.ts";

const FIELDS = ["default", "floor", "ceiling"].flatMap((bound) => [
  [`${bound}_prompt_price_wei`, null],
  [`${bound}_completion_price_wei`, null],
]);
const NO_PRICES = Object.fromEntries(FIELDS) as Parameters<ReturnType<typeof createPrices>["put"]>[1];
const NODE = `node_${"a".repeat(26)}`;

let ledger: TestLedger;
let payer: Payer;
beforeAll(async () => {
  ledger = await testLedger();
  payer = await makePayer(ledger.db, ledger.writer, { credit_wei: 10n ** 18n });
  await ledger.db.pool.query(
    `insert into nodes (node_id, status, agent_version, protocol_version, router_secret_wrapped)
     values ($1, 'active', '1', 1, $2)`,
    [NODE, randomBytes(60)],
  );
  await ledger.db.pool.query(`
    create function refuse_row() returns trigger language plpgsql as $$ begin raise exception 'no audit row'; end $$;
    create trigger refused before insert on audit_log for each row execute function refuse_row();
    alter table audit_log disable trigger refused`);
});
afterEach(() => expectChain());
afterAll(() => ledger.close());

const asked = { reason: "a test", audit: asAdmin("act") };
const control = { refresh: async () => {} } as ControlView;

/** The cores whose acts are tried, and one of each thing that their acts change. */
function cores() {
  const ports = { db: ledger.db, writer: ledger.writer, pepper: randomBytes(32), control };
  return {
    customers: createCustomers(ports),
    keys: createKeys(ports),
    prices: createPrices(ports),
    incidents: createIncidents(ports),
    reviews: createPayoutReviews(ledger.db),
  };
}

/** Makes what an act needs, and gives the act; the act may be tried again after it failed. */
type Act = (audit: AuditContext) => Promise<() => Promise<unknown>>;

const ACTS: Record<string, Act> = {
  createCustomer: async (audit) => () => cores().customers.create({}, audit),
  updateCustomer: async (audit) => () => cores().customers.update(payer.customer_id, { label: audit.action }, audit),
  rotateCustomerToken: async (audit) => () => cores().customers.rotateToken(payer.customer_id, {}, audit),
  putCustomerPolicy: async (audit) => () => cores().customers.putPolicy(payer.customer_id, {}, audit),
  createCredit: async (audit) => () =>
    cores().customers.credit(payer.customer_id, { amount_wei: "5", reference: "audited" }, audit),
  createRefund: async (audit) => {
    const { job_id } = await settled();
    const refund = { refund_id: "r1", job_id, amount_wei: "3", reason: "a test" };
    return () => cores().customers.refund(payer.customer_id, refund, audit);
  },
  createGatewayKey: async (audit) => () => cores().keys.create(payer.customer_id, { scopes: [] }, audit),
  updateGatewayKey: async (audit) => () => cores().keys.update(payer.credential_id, { label: "other" }, { audit }),
  putKeyPolicy: async (audit) => () => cores().keys.putPolicy(payer.credential_id, {}, audit),
  revokeGatewayKey: async (audit) => {
    const { key_id } = await cores().keys.create(payer.customer_id, { scopes: [] }, null);
    return () => cores().keys.revoke(key_id, true, { audit });
  },
  putPrice: async (audit) => () => cores().prices.put("model", NO_PRICES, audit),
  openIncident: async (audit) => () => cores().incidents.open({ scope: "node", target: "x", reason: "a test" }, audit),
  clearIncident: async (audit) => {
    const opened = await cores().incidents.open({ scope: "model", target: "y", reason: "a test" }, asked.audit);
    return () => cores().incidents.clear(opened.incident_id, "over", audit);
  },
  updateNode: async (audit) => () =>
    updateNode(ledger.db, NODE, { status: "suspended" }, (done) => (done === "changed" ? audited(audit, NODE) : null)),
  putNodeStake: async (audit) => () =>
    putStake(
      ledger.db,
      NODE,
      {
        stake_registered: true,
        stake_active: true,
        stake_wei: 1n,
        stake_observed_at: new Date(),
        stake_max_open_exposure_wei: null,
        stake_observed_block: null,
      },
      () => audited(audit, NODE),
    ),
  runBenchmark: async (audit) => {
    const counts = { ttft_ms: 1, tokens_per_second: 1, prompt_tokens: 1, completion_tokens: 1 };
    const row = { node_id: NODE, model_profile_id: "p", gateway_id: "g", ...counts };
    return () => putBenchmark(ledger.db, row, () => audited(audit, NODE));
  },
  createCommand: async (audit) => () => command(audit),
  cancelCommand: async (audit) => {
    const { command_id } = await command(asked.audit);
    return () => cancelCommandRow(ledger.db, command_id, (row) => row && audited(audit, command_id));
  },
  retryCommand: async (audit) => {
    const { command_id } = await command(asked.audit);
    await ledger.db.pool.query("update commands set state = 'dead', closed_at = now() where command_id = $1", [
      command_id,
    ]);
    return () => retryCommandRow(ledger.db, command_id, 60_000, (row) => row && audited(audit, command_id));
  },
  createPayoutBatch: async (audit) => () => batch(audit),
  submitPayoutBatch: async (audit) => {
    const { batch_id } = await batch(asked.audit);
    return () => submitBatch(ledger.db, batch_id, null, (row) => row && audited(audit, batch_id));
  },
  finalizePayoutBatch: async (audit) => {
    const { batch_id } = await batch(asked.audit);
    await submitBatch(ledger.db, batch_id, null);
    const evidence = { block_number: null, reason: "paid" };
    return () => finalizeBatch(ledger.db, batch_id, evidence, (row) => row && audited(audit, batch_id));
  },
  resetPayoutBatch: async (audit) => {
    const { batch_id } = await batch(asked.audit);
    return () => resetBatch(ledger.db, batch_id, "wrong", (row) => row && audited(audit, batch_id));
  },
  releaseWithheldPayout: async (audit) => {
    const { receipt_hash } = await unobservedJob(ledger.db, ledger.writer, payer, NODE_A);
    return () => cores().reviews.decide({ receipt_hash, decision: "released", reason: "seen" }, audit);
  },
  recoverReservations: async (audit) => {
    await ledger.writer.apply(holdOf(quoteFor(payer)));
    const ports = { db: ledger.db, writer: ledger.writer, askNode: async () => "unknown" as const };
    return async () => {
      const { items } = await recoverReservations(ports, { dry_run: false }, audit);
      if (!items.every(({ done }) => done)) throw new Error("not done");
    };
  },
};

test.each(Object.entries(ACTS))("%s leaves its change and its row, or neither", async (action, prepare) => {
  const act = await prepare(asAdmin(action));
  const before = await everyTable();
  await refuseRows(true);
  await expect(act()).rejects.toThrow();
  expect(await everyTable()).toEqual(before);
  await refuseRows(false);
  await act();
  const after = await everyTable();
  const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
  expect(changed).toContain("audit_log");
  expect(changed.filter((table) => !["audit_log", "control_generations"].includes(table))).not.toEqual([]);
  expect((await rows()).filter((row) => row.action === action)).toHaveLength(1);
});

test("what is repeated has one row", async () => {
  const { customers } = cores();
  const again = () =>
    customers.credit(payer.customer_id, { amount_wei: "7", reference: "twice" }, asAdmin("createCredit", "repeater"));
  expect([(await again()).repeated, (await again()).repeated]).toEqual([false, true]);
  expect((await rows()).filter(({ actor }) => actor === "repeater")).toHaveLength(1);
});

test("a connection that ends before the row is written leaves neither", async () => {
  const before = await everyTable();
  await whileLocked(async () => {
    const act = cores().prices.put("lost", NO_PRICES, asAdmin("putPrice", "lost"));
    const failed = expect(act).rejects.toThrow();
    await endWaiting();
    await failed;
  });
  expect(await everyTable()).toEqual(before);
});

test("a credit whose connection ends before the row is written is booked once, with one row", async () => {
  let booked: Promise<unknown> | undefined;
  await whileLocked(async () => {
    const body = { amount_wei: "9", reference: "cut" };
    booked = cores().customers.credit(payer.customer_id, body, asAdmin("createCredit", "cut"));
    await endWaiting();
  });
  expect(await booked).toMatchObject({ repeated: false });
  expect((await rows()).filter(({ actor }) => actor === "cut")).toHaveLength(1);
});

test("acts of many admins at once, and credits among them, make one chain", async () => {
  const { customers, prices } = cores();
  await Promise.all(
    Array.from({ length: 24 }, (_, at) => {
      const audit = asAdmin("many", `admin-${at}`);
      const body = { amount_wei: "1", reference: `many-${at}` };
      return at % 2 === 0
        ? customers.credit(payer.customer_id, body, audit)
        : prices.put(`model-${at}`, NO_PRICES, audit);
    }),
  );
  expect((await rows()).filter(({ action }) => action === "many")).toHaveLength(24);
});

test("a batch of the ledger without an act of an admin waits for no audit row", async () => {
  await whileLocked(() => credit(ledger.writer, payer, 1n));
});

test("a hold behind a batch that waits for its audit row is refused in its time", async () => {
  const writer = createLedgerWriter(ledger.db, { hold_wait_ms: 400 });
  let booked: Promise<unknown> | undefined;
  await whileLocked(async () => {
    const body = { amount_wei: "2", reference: "waits" };
    const { credit: book } = createCustomers({ db: ledger.db, writer, pepper: randomBytes(32), control });
    booked = book(payer.customer_id, body, asAdmin("createCredit", "waits"));
    await vi.waitFor(() => expect(writer.stats().failures.locked).toBeGreaterThan(0));
    const held = writer.apply(holdOf(quoteFor(payer)));
    await expect(held).rejects.toMatchObject({ code: "admission_unavailable" });
  });
  expect(await booked).toMatchObject({ repeated: false });
  await writer.close();
});

test("a gateway that stops while it has the lock of the chain keeps the lock for 5 s only", async () => {
  const client = await ledger.db.connect();
  const limit = async () =>
    (await client.query<Record<string, string>>("show idle_in_transaction_session_timeout")).rows[0];
  const before = await limit();
  await client.query("begin");
  await appendAudit((text, values) => client.query(text, values), [audited(asAdmin("act"), "x")]);
  expect(await limit()).toEqual({ idle_in_transaction_session_timeout: "5s" });
  await client.query("rollback");
  expect(await limit()).toEqual(before);
  await client.end();
});

async function settled() {
  const quote = quoteFor(payer);
  await ledger.writer.apply(holdOf(quote));
  expect(await ledger.writer.apply(settleOf(receiptFor(quote)))).toMatchObject({ ok: true });
  return quote;
}

const command = (audit: AuditContext) => {
  const command_id = mintId("cmd");
  const row = { command_id, node_id: NODE, kind: "runtime_probe", payload: {}, created_by: "ops", lifetime_ms: 60_000 };
  return createCommandRow(ledger.db, row, () => audited(audit, command_id));
};

const batch = (audit: AuditContext) =>
  createPayoutBatch(
    ledger.db,
    async () => ({
      batch_id: mintId("pay"),
      period_end: new Date(),
      tree_size: 1,
      total_amount_wei: 1n,
      withheld_wei: 0n,
      set_off_wei: 0n,
      merkle_root: randomBytes(32),
      commitment: "{}",
      commitment_signature: randomBytes(64),
      created_by: "ops",
      lines: [{ index: 0, node_id: NODE, amount_wei: "1", receipt_count: 1 }],
      items: [],
      set_offs: [],
    }),
    (row) => audited(audit, row.batch_id),
  );

const refuseRows = (refuse: boolean) =>
  ledger.db.pool.query(`alter table audit_log ${refuse ? "enable" : "disable"} trigger refused`);

async function rows() {
  return (await readAuditLog(ledger.db, { limit: 1_000 })).data;
}

/** Every row's hash follows from the row and the hash before it. */
async function expectChain(): Promise<void> {
  const chain = (await rows()).reverse();
  let previous = Buffer.alloc(32);
  chain.forEach(({ previous_hash, hash, ...fact }, index) => {
    expect(fact.seq).toBe(index + 1);
    expect(previous_hash).toBe(previous.toString("hex"));
    expect(hash).toBe(auditHash(previous, fact).toString("hex"));
    previous = Buffer.from(hash, "hex");
  });
}

/** A digest of each table: what an act that failed must leave as it was. */
async function everyTable(): Promise<Record<string, string>> {
  const tables = await ledger.db.pool.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  const digests = tables.rows.map(async ({ name }) => {
    const { rows: found } = await ledger.db.pool.query<{ digest: string }>(
      `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from "${name}" t`,
    );
    return [name, found[0]!.digest] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}

/** Holds the chain's lock while `work` goes on, as another act that has not committed does. */
async function whileLocked(work: () => Promise<unknown>): Promise<void> {
  const other = await ledger.db.connect();
  await other.query("begin");
  await other.query("lock table audit_log in exclusive mode");
  try {
    await work();
  } finally {
    await other.query("rollback");
    await other.end();
  }
}

/** Ends the connection of the act that waits for the audit log, as the end of its process does. */
async function endWaiting(): Promise<void> {
  for (;;) {
    const { rows: ended } = await ledger.db.pool.query<{ done: boolean }>(
      `select pg_terminate_backend(pid) as done from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query ilike 'insert into audit_log%'`,
    );
    if (ended.length > 0) return;
  }
}
