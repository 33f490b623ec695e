import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import { createCommitter } from "../../../../src/core/gateway/billing/commit.ts";
import type { CommitBatch } from "../../../../src/core/gateway/billing/commit.ts";
import type { LedgerOperation } from "../../../../src/core/gateway/billing/operations.ts";
import { createGroupCommit, createLedgerWriter } from "../../../../src/core/gateway/billing/writer.ts";
import { repeat } from "../../../../src/core/repeat.ts";
import {
  accountOf,
  credit,
  holdOf,
  makePayer,
  quoteFor,
  receiptFor,
  releaseHold,
  settleOf,
} from "../../../support/ledger/fixtures.ts";
import type { Payer } from "../../../support/ledger/fixtures.ts";
import { testLedger } from "../../../support/ledger/ledger.ts";

const ledger = await testLedger();
const { db, writer } = ledger;
afterAll(() => ledger.close());

/** A writer on the real batch transaction, with what `around` does to it. */
function tampered(
  around: (operations: LedgerOperation[], go: () => ReturnType<CommitBatch>) => ReturnType<CommitBatch>,
  options = {},
) {
  const committer = createCommitter(db);
  let begun_ahead = 0;
  const group = createGroupCommit((operations, locking, hooks) => {
    const next = () => {
      const following = hooks?.next?.();
      if (following !== undefined) begun_ahead += 1;
      return following;
    };
    return around(operations, () => committer.commit(operations, locking, { ...hooks, next }));
  }, options);
  return {
    ...group,
    begun_ahead: () => begun_ahead,
    close: async () => {
      await group.close();
      await committer.close();
    },
  };
}

/** Ends all that work on this database but this one; how many there were. */
async function killBackends(): Promise<number> {
  const { rowCount } = await db.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`,
  );
  return rowCount ?? 0;
}

const lost = () => Object.assign(new Error("Connection terminated unexpectedly"), { code: "ECONNRESET" });

describe("a bad operation among good ones", () => {
  test("a poisoned one among 255 harms none of them", async () => {
    const [payer, victim] = [
      await makePayer(db, writer, { credit_wei: 10n ** 6n }),
      await makePayer(db, writer, { credit_wei: 1_000n }),
    ];
    const taken = quoteFor(victim);
    await writer.apply(holdOf(taken));
    const poison = [
      () => credit(writer, payer, 5n, "a\0b"),
      () => writer.apply(holdOf(quoteFor(payer, { job_id: taken.job_id }))),
      () => writer.apply(holdOf(quoteFor(payer, { amount_wei: 0n }))),
      () => writer.apply(holdOf(quoteFor(payer, { hold_id: taken.hold_id }))),
      () => writer.apply(releaseHold(randomUUID())),
    ];
    const good = Array.from({ length: 251 }, () => holdOf(quoteFor(payer)));
    const [verdicts, bad] = await Promise.all([
      Promise.all(good.map((operation) => writer.apply(operation))),
      Promise.allSettled(poison.map((apply) => apply())),
    ]);
    expect(verdicts.every((verdict) => verdict.ok)).toBe(true);
    expect(bad).toMatchObject([
      { reason: { code: "invalid_request" } },
      { value: { code: "conflict" } },
      { reason: { code: "invalid_request" } },
      { value: { code: "conflict" } },
      { value: { ok: false, state: "unknown" } },
    ]);
    expect(writer.stats().failures.rejected).toBe(0);
    expect(await accountOf(db, payer)).toMatchObject({ open_holds: 251 });
  });

  test("one that the database refuses is halved out, and alone hears of it", async () => {
    const payer = await makePayer(db, writer, { credit_wei: 10n ** 6n });
    const good = Array.from({ length: 40 }, () => holdOf(quoteFor(payer)));
    const bad = holdOf(quoteFor(payer));
    const halving = tampered((operations, go) => {
      if (operations.includes(bad))
        return Promise.reject(Object.assign(new Error("value out of range"), { code: "22003", severity: "ERROR" }));
      return go();
    });
    const sent = [...good.slice(0, 17), bad, ...good.slice(17)].map((operation) => halving.apply(operation));
    const results = await Promise.allSettled(sent);
    expect(results.filter((result) => result.status === "fulfilled" && result.value.ok)).toHaveLength(40);
    expect(results[17]).toMatchObject({ status: "rejected", reason: { code: "internal_error" } });
    expect(halving.stats().halved).toBeGreaterThan(3);
    expect(await accountOf(db, payer)).toMatchObject({ open_holds: 40 });
    await halving.close();
  });
});

describe("a batch that another writer was faster than", () => {
  test("is sent again as it is, though the statements behind the conflict fail otherwise", async () => {
    const payer = await makePayer(db, writer, { credit_wei: 10n ** 6n });
    const quotes = Array.from({ length: 20 }, () => quoteFor(payer));
    await Promise.all(quotes.map((quote) => writer.apply(holdOf(quote))));
    // A sequence is not undone with the batch, so that only the first one conflicts.
    await db.pool.query(`
      create sequence conflicts;
      create function conflict_once() returns trigger language plpgsql as $$
      begin
        if nextval('conflicts') = 1 then raise exception 'conflict' using errcode = 'serialization_failure'; end if;
        return null;
      end $$;
      create trigger conflict_once before update on holds for each statement execute function conflict_once()`);
    const settling = createLedgerWriter(db);
    const verdicts = await Promise.all(
      quotes.flatMap((quote) => [settling.apply(settleOf(receiptFor(quote))), settling.apply(holdOf(quoteFor(payer)))]),
    );
    expect(verdicts.every((verdict) => verdict.ok)).toBe(true);
    expect(settling.stats()).toMatchObject({
      halved: 0,
      failures: { conflict: 1, rejected: 0, away: 0, locked: 0 },
    });
    await settling.close();
    await db.pool.query("drop trigger conflict_once on holds");
  });
});

describe("a batch that begins behind the commit of the one before", () => {
  const COUNT = 96;

  /** Holds and settles all of COUNT at once, in batches of 8. */
  async function run(around: Parameters<typeof tampered>[0], payer: Payer) {
    const eights = tampered(around, { most_in_batch: 8 });
    const quotes = Array.from({ length: COUNT }, () => quoteFor(payer));
    const verdicts = await Promise.all(
      quotes.map(async (quote) => {
        const held = await eights.apply(holdOf(quote, { key: quote.hold_id, body: "" }));
        return held.ok ? eights.apply(settleOf(receiptFor(quote))) : held;
      }),
    );
    await eights.close();
    expect(verdicts.every((verdict) => verdict.ok)).toBe(true);
    expect(eights.begun_ahead()).toBeGreaterThan(10);
    expect(await accountOf(db, payer)).toMatchObject({
      debited_wei: String(80 * COUNT),
      reserved_wei: "0",
      open_holds: 0,
      entries: 1 + 2 * COUNT,
    });
    return eights.stats();
  }

  test("is the one that is committed next", async () => {
    const payer = await makePayer(db, writer, { credit_wei: 10n ** 6n });
    const stats = await run((_, go) => go(), payer);
    expect(stats.failures).toEqual({ locked: 0, conflict: 0, away: 0, rejected: 0 });
  });

  test("ends with it when the database refuses it", async () => {
    const payer = await makePayer(db, writer, { credit_wei: 10n ** 6n });
    await db.pool.query(`
      create sequence some_conflict;
      create function some_conflict() returns trigger language plpgsql as $$
      begin
        if nextval('some_conflict') % 3 = 2 then raise exception 'conflict' using errcode = 'serialization_failure'; end if;
        return null;
      end $$;
      create trigger some_conflict before insert on entries for each statement execute function some_conflict()`);
    const stats = await run((_, go) => go(), payer);
    expect(stats.failures.conflict).toBeGreaterThan(5);
    await db.pool.query("drop trigger some_conflict on entries");
  });

  test("is taken up again when its answer, or that of the one before, is lost", async () => {
    const payer = await makePayer(db, writer, { credit_wei: 10n ** 6n });
    let answers = 0;
    const stats = await run(async (_, go) => {
      const outcomes = await go();
      if (answers++ % 3 === 1) throw lost();
      return outcomes;
    }, payer);
    expect(stats.failures.away).toBeGreaterThan(5);
  });

  test("is taken up again when the backend is killed under both", async () => {
    const payer = await makePayer(db, writer, { credit_wei: 10n ** 6n });
    let batches = 0;
    const stats = await run((_, go) => {
      const outcomes = go();
      if (batches++ % 4 === 2) void killBackends();
      return outcomes;
    }, payer);
    expect(stats.failures.away).toBeGreaterThan(0);
  });
});

describe("a commit that is unknown", () => {
  test("is sent again, and answers as the first time", async () => {
    const payer = await makePayer(db, writer, { credit_wei: 10_000n });
    let answers_lost = 0;
    const forgetful = tampered(async (_, go) => {
      const outcomes = await go();
      if (answers_lost++ % 2 === 0) throw lost();
      return outcomes;
    });
    const quote = quoteFor(payer);
    expect(await forgetful.apply(holdOf(quote, { key: "k", body: "b" }))).toMatchObject({ ok: true });
    expect(await forgetful.apply(settleOf(receiptFor(quote)))).toMatchObject({ ok: true, charged_wei: 80n });
    expect(await credit(forgetful, payer, 5n)).toMatchObject({ ok: true, repeated: true });
    const released = quoteFor(payer);
    await forgetful.apply(holdOf(released));
    expect(await forgetful.apply(releaseHold(released.hold_id)), "this very release gave it back").toEqual({
      ok: true,
    });
    expect(await accountOf(db, payer)).toMatchObject({
      credited_wei: "10005",
      debited_wei: "80",
      reserved_wei: "0",
      open_holds: 0,
      entries: 6,
    });
    await forgetful.close();
  });

  test("survives a backend that is killed between statements", async () => {
    const payer = await makePayer(db, writer, { credit_wei: 10n ** 9n });
    const survivor = createLedgerWriter(db);
    let kills = 0;
    const failed: unknown[] = [];
    const killer = repeat(
      15,
      async () => {
        if (kills >= 10) return; // a batch needs some time without
        kills += await killBackends();
      },
      (error) => failed.push(error),
    );
    let charged = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let round = 0; round < 12 || kills < 10; round++) {
          const quote = quoteFor(payer);
          const held = await survivor.apply(holdOf(quote)).catch(() => undefined);
          if (held?.ok !== true) continue;
          const settled = await survivor.apply(settleOf(receiptFor(quote)));
          if (settled.ok) charged += 1;
        }
      }),
    );
    await killer.stop();
    expect(failed).toEqual([]);
    await survivor.close();
    const { rows } = await db.pool.query(
      "select count(*)::int as settled from holds h join accounts a using (account_id) where a.owner_id = $1 and state = 'settled'",
      [payer.customer_id],
    );
    expect(rows).toEqual([{ settled: charged }]);
    expect(await accountOf(db, payer)).toMatchObject({ debited_wei: String(80 * charged), reserved_wei: "0" });
  });
});

describe("a database that is away", () => {
  test("holds are refused after their time, settles wait until it is back", async () => {
    const payer = await makePayer(db, writer, { credit_wei: 10_000n });
    const quote = quoteFor(payer);
    await writer.apply(holdOf(quote));
    let away = true;
    const waiting = tampered((_, go) => (away ? Promise.reject(lost()) : go()), { hold_wait_ms: 60 });
    const settled = waiting.apply(settleOf(receiptFor(quote)));
    await expect(waiting.apply(holdOf(quoteFor(payer)))).rejects.toMatchObject({
      code: "admission_unavailable",
      retry_after_ms: 1_000,
    });
    away = false;
    expect(await settled).toMatchObject({ ok: true });
    await waiting.close();
    expect(await accountOf(db, payer)).toMatchObject({ open_holds: 0, reserved_wei: "0" });
  });

  test("a hold that was taken while its answer was lost is given back", async () => {
    const payer = await makePayer(db, writer, { credit_wei: 10_000n });
    let away = true;
    const waiting = tampered(
      async (_, go) => {
        const outcomes = await go();
        if (away) throw lost();
        return outcomes;
      },
      { hold_wait_ms: 30 },
    );
    await expect(waiting.apply(holdOf(quoteFor(payer)))).rejects.toMatchObject({ code: "admission_unavailable" });
    expect(await accountOf(db, payer)).toMatchObject({ open_holds: 1 });
    away = false;
    await waiting.close();
    expect(await accountOf(db, payer)).toMatchObject({ open_holds: 0, reserved_wei: "0" });
  });

  test("a writer that closes gives up in its time", async () => {
    const payer = await makePayer(db, writer, { credit_wei: 10_000n });
    const stuck = createGroupCommit(() => Promise.reject(lost()), { hold_wait_ms: 60_000 });
    const told = Promise.allSettled([stuck.apply(holdOf(quoteFor(payer))), stuck.apply(releaseHold(randomUUID()))]);
    await stuck.close(50);
    expect(await told).toMatchObject([
      { reason: { code: "admission_unavailable" } },
      { reason: { code: "admission_unavailable" } },
    ]);
    await expect(stuck.apply(holdOf(quoteFor(payer)))).rejects.toMatchObject({ code: "admission_unavailable" });
  });

  test("a full queue refuses holds at once", async () => {
    const payer = await makePayer(db, writer, { credit_wei: 10_000n });
    let release = () => {};
    const slow = tampered(
      async (_, go) => {
        await new Promise<void>((resolve) => (release = resolve));
        return go();
      },
      { most_in_queue: 2, most_in_batch: 1 },
    );
    const first = slow.apply(holdOf(quoteFor(payer)));
    await new Promise((resolve) => setImmediate(resolve));
    const queued = [slow.apply(holdOf(quoteFor(payer))), slow.apply(holdOf(quoteFor(payer)))];
    await expect(slow.apply(holdOf(quoteFor(payer)))).rejects.toMatchObject({ code: "admission_unavailable" });
    const releasing = setInterval(() => release(), 1);
    expect(await Promise.all([first, ...queued])).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    await slow.close();
    clearInterval(releasing);
  });
});

describe("waiters that leave", () => {
  test("a hold is not taken when its waiter left before the batch, and given back when after", async () => {
    const payer = await makePayer(db, writer, { credit_wei: 10_000n });
    const before = new AbortController();
    const after = new AbortController();
    const leaving = tampered(async (operations, go) => {
      const outcomes = await go();
      if (operations.some((operation) => operation.kind === "hold")) after.abort(new Error("left"));
      return outcomes;
    });
    before.abort(new Error("left"));
    await expect(leaving.apply(holdOf(quoteFor(payer)), before.signal)).rejects.toThrow("left");
    await expect(leaving.apply(holdOf(quoteFor(payer)), after.signal)).rejects.toThrow("left");
    await leaving.close();
    expect(await accountOf(db, payer)).toMatchObject({ open_holds: 0, reserved_wei: "0", entries: 3 });
  });
});

test("an account that another holds waits, and the others of its batch do not", async () => {
  const [locked, free] = [
    await makePayer(db, writer, { credit_wei: 10_000n }),
    await makePayer(db, writer, { credit_wei: 10_000n }),
  ];
  const client = await db.connect();
  await client.query("begin");
  await client.query("select 1 from accounts where owner_id = $1 for update", [locked.customer_id]);
  let waited = true;
  const waiting = writer.apply(holdOf(quoteFor(locked))).then((verdict) => {
    waited = false;
    return verdict;
  });
  expect(await writer.apply(holdOf(quoteFor(free)))).toMatchObject({ ok: true });
  expect(waited).toBe(true);
  await client.query("commit");
  await client.end();
  expect(await waiting).toMatchObject({ ok: true });
  expect(writer.stats().failures.locked).toBeGreaterThan(0);
});
