import { isDeepStrictEqual } from "node:util";
import { decide } from "../../../src/core/gateway/billing/decide.ts";
import type { LedgerOperation } from "../../../src/core/gateway/billing/operations.ts";
import { OPEN_POLICY } from "../../../src/core/gateway/billing/policy.ts";
import type { Policy } from "../../../src/core/gateway/billing/policy.ts";
import { balanceOf, emptyState } from "../../../src/core/gateway/billing/batch_state.ts";
import type { Account, Entry, PolicyInForce, Transfer, Writes } from "../../../src/core/gateway/billing/model.ts";
import type { LoadedState, Outcome } from "../../../src/core/gateway/billing/batch_state.ts";
import { policyWindows, usedInWindow } from "../../../src/core/gateway/billing/windows.ts";
import type { Payer } from "./fixtures.ts";

/** A database in memory for the pure ledger: each batch decides on a copy, and a commit makes the copy the truth. */
export type MemoryLedger = {
  state: LoadedState;
  entries: Entry[];
  transfers: Transfer[];
  addPayer(payer: Payer, policy?: Partial<Policy>, key_policy?: Partial<Policy>): Account;
  /** Decides and commits. */
  apply(operations: LedgerOperation[]): Outcome[];
};

export function memoryLedger(start_ms = 1_800_000_000_000): MemoryLedger {
  const ledger: MemoryLedger = {
    state: emptyState(start_ms),
    entries: [],
    transfers: [],
    addPayer({ customer_id, credential_id }, policy = {}, key_policy = {}) {
      const account_id = ledger.state.account_ids.size + 1;
      const account: Account = {
        account_id,
        customer_id,
        credited_wei: 0n,
        debited_wei: 0n,
        reserved_wei: 0n,
        open_holds: 0,
        entries: 0,
        status: "active",
        ...inForce(policy),
      };
      ledger.state.accounts.set(account_id, account);
      ledger.state.account_ids.set(customer_id, account_id);
      ledger.state.keys.set(credential_id, {
        credential_id,
        customer_id,
        expires_at_ms: null,
        revoked: false,
        open_holds: 0,
        ...inForce(key_policy),
      });
      return account;
    },
    apply(operations) {
      const copy = structuredClone(ledger.state);
      // Copies of the rows at the time when they are passed on, as the database gets them.
      const passed: { receipts: object[]; holds: object[]; closed: object[] } = { receipts: [], holds: [], closed: [] };
      const { outcomes, writes } = decide(copy, operations, {
        receipts: (rows) => passed.receipts.push(...copies(rows)),
        closed: (early) => {
          passed.closed.push(...copies(closing(early)), {
            receipts: passed.receipts.length,
            holds: passed.holds.length,
          });
        },
        opened: (rows) => passed.holds.push(...copies(rows)),
      });
      const written = {
        receipts: writes.receipts,
        holds: [...writes.opened],
        closed: [...closing(writes), { receipts: writes.receipts.length, holds: 0 }],
      };
      if (!isDeepStrictEqual(passed, written)) throw new Error("a row changed after it was passed on");
      ledger.state = copy;
      ledger.entries.push(...writes.entries);
      ledger.transfers.push(...writes.transfers);
      return outcomes;
    },
  };
  return ledger;
}

function inForce(given: Partial<Policy>): PolicyInForce {
  const policy = { ...OPEN_POLICY, ...given };
  return { policy, policy_version: 1, windows: policyWindows(policy) };
}

const copies = <Row extends object>(rows: Iterable<Row>): Row[] => [...rows].map((row) => ({ ...row }));
const closing = ({ closed, transfers, refunds }: Writes): object[] => [...closed, ...transfers, ...refunds];

const sum = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((total, amount) => total + amount, 0n);

/**
 * The faults of the books, by the invariants of ledger/invariants.ts over the rows in memory; empty without a fault.
 */
export function faultsOf({ state, entries, transfers }: MemoryLedger): string[] {
  const faults: string[] = [];
  const holds = [...state.holds.values()];
  for (const account of state.accounts.values()) {
    const mine = holds.filter((hold) => hold.account_id === account.account_id);
    const open = mine.filter((hold) => hold.state === "held");
    const moved = transfers.filter((transfer) => transfer.account_id === account.account_id);
    const name = account.customer_id;
    if (account.reserved_wei !== sum(open.map((hold) => hold.amount_wei))) faults.push(`${name}: reserved`);
    if (account.open_holds !== open.length) faults.push(`${name}: open holds`);
    if (
      account.debited_wei !==
      sum(moved.filter(({ kind }) => kind === "settlement").map((transfer) => transfer.amount_wei))
    )
      faults.push(`${name}: debits`);
    if (
      account.credited_wei !==
      sum(moved.filter(({ kind }) => kind === "credit" || kind === "refund").map((transfer) => transfer.amount_wei))
    )
      faults.push(`${name}: credits`);
    if (account.reserved_wei > balanceOf(account)) faults.push(`${name}: overdrawn`);
    let balance = 0n;
    let reserved = 0n;
    const lines = entries.filter((entry) => entry.account_id === account.account_id);
    lines.forEach((entry, index) => {
      const amount = entry.hold_id === null ? 0n : state.holds.get(entry.hold_id)!.amount_wei;
      balance +=
        entry.kind === "credit" || entry.kind === "refund"
          ? entry.amount_wei
          : entry.kind === "debit"
            ? -entry.amount_wei
            : 0n;
      reserved +=
        entry.kind === "reserve" ? entry.amount_wei : entry.kind === "debit" || entry.kind === "release" ? -amount : 0n;
      if (
        entry.seq !== index + 1 ||
        entry.balance_after_wei !== balance ||
        entry.reserved_after_wei !== reserved ||
        entry.amount_wei <= 0n
      )
        faults.push(`${name}: entry ${entry.seq}`);
    });
    if (balance !== balanceOf(account) || reserved !== account.reserved_wei) faults.push(`${name}: entries`);
  }
  for (const hold of holds) {
    const lines = entries.filter((entry) => entry.hold_id === hold.hold_id && entry.kind !== "refund");
    const paid = transfers.filter((transfer) => transfer.hold_id === hold.hold_id && transfer.kind !== "refund");
    if (lines.length !== (hold.state === "held" ? 1 : 2))
      faults.push(`${hold.hold_id}: ${lines.length} entries while ${hold.state}`);
    if (sum(paid.map((transfer) => transfer.amount_wei)) !== (hold.charged_wei ?? 0n))
      faults.push(`${hold.hold_id}: transfers`);
    if (paid.some(({ fee_wei, node_id }) => fee_wei !== hold.fee_wei || node_id !== hold.node_id))
      faults.push(`${hold.hold_id}: whom it pays`);
    if ((hold.charged_wei ?? 0n) > hold.amount_wei) faults.push(`${hold.hold_id}: above its hold`);
    if (hold.state === "settled" && hold.fee_wei !== (hold.charged_wei! * BigInt(hold.fee_bps)) / 10_000n)
      faults.push(`${hold.hold_id}: fee`);
  }
  for (const window of [...state.windows.values()].flat()) {
    const mine = holds.filter(
      (hold) =>
        (hold.account_id === window.account_id && window.scope_id.startsWith("cus_")) ||
        hold.credential_id === window.scope_id,
    );
    const oldest = Math.floor((state.now_ms - window.window_seconds * 1000) / (window.bucket_seconds * 1000));
    const counted = mine
      .filter((hold) => Math.floor(hold.created_at_ms / (window.bucket_seconds * 1000)) >= oldest)
      .map((hold) => {
        if (window.kind === "requests") return 1n;
        if (window.kind === "wei") return hold.state === "held" ? hold.amount_wei : (hold.charged_wei ?? 0n);
        return BigInt(
          hold.state === "held" ? hold.reserved_tokens : (hold.prompt_tokens ?? 0) + (hold.completion_tokens ?? 0),
        );
      });
    if (usedInWindow(window, state.now_ms) !== sum(counted)) faults.push(`${window.scope_id} ${window.kind}: window`);
  }
  return faults;
}
