import {
  readUsageBound,
  readUsageNumbers,
  readUsagePage,
  readUsageTotals,
} from "../../../store/postgres/billing/usage.ts";
import type { UsageRow } from "../../../store/postgres/billing/usage.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { ApiError } from "../../errors.ts";

export type UsageQuery = {
  window_days?: number | undefined;
  from?: string | undefined;
  to?: string | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
};

type Cursor = { from: number; to: number; upper: number; before: number };

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const DEFAULT_LIMIT = 100;

/**
 * A page of a customer's ledger, newest first, with the totals of the whole window. The first page fixes span and
 * newest entry, and its cursor carries them, so that pages neither repeat nor miss an entry while others are written.
 * Throws ApiError `not_found`, `invalid_request`.
 */
export async function readUsage(db: Database, customer_id: string, query: UsageQuery) {
  const bound = await readUsageBound(db, customer_id);
  if (bound === undefined)
    throw new ApiError("not_found", "There is no customer with this id.", { param: "customer_id" });
  const { from, to, upper, before } =
    query.cursor === undefined ? firstPage(query, bound.now, bound.upper_seq) : readCursor(query.cursor);
  const limit = query.limit ?? DEFAULT_LIMIT;
  const times = { from: new Date(from), to: new Date(to) };
  const newest = Math.min(upper, bound.upper_seq);
  const span = {
    ...times,
    ...(await readUsageNumbers(db, bound.account_id, newest, times.from, times.to)),
    before_seq: before,
    limit: limit + 1,
  };
  const [rows, totals] = await Promise.all([
    readUsagePage(db, bound.account_id, span),
    readUsageTotals(db, bound.account_id, span),
  ]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    status: "ok" as const,
    customer_id,
    generated_at: bound.now.toISOString(),
    from: span.from.toISOString(),
    to: span.to.toISOString(),
    totals,
    entries: shown.map(toEntry),
    next_cursor: rows.length > limit && last !== undefined ? writeCursor({ from, to, upper, before: last.seq }) : null,
  };
}

export type UsageEntry = ReturnType<typeof toEntry>;

function toEntry(row: UsageRow) {
  return {
    entry_id: String(row.seq),
    private_job_id: row.mode === "private" ? (row.client_job_id ?? row.job_id) : null,
    job_id: row.job_id,
    client_job_id: row.client_job_id,
    receipt_hash: row.receipt_hash,
    kind: row.kind,
    amount_wei: row.amount_wei,
    balance_after_wei: row.balance_after_wei,
    reserved_after_wei: row.reserved_after_wei,
    key_id: row.credential_id,
    model_id: row.model_id,
    prompt_tokens: row.prompt_tokens,
    completion_tokens: row.completion_tokens,
    reference: row.reference,
    created_at: row.created_at.toISOString(),
  };
}

const COLUMNS = [
  "entry_id",
  "kind",
  "created_at",
  "amount_wei",
  "balance_after_wei",
  "reserved_after_wei",
  "job_id",
  "private_job_id",
  "client_job_id",
  "key_id",
  "model_id",
  "prompt_tokens",
  "completion_tokens",
  "receipt_hash",
  "reference",
] as const satisfies (keyof UsageEntry)[];

/** RFC 4180: a header line and one line an entry. */
export function usageCsv(entries: UsageEntry[]): string {
  const lines = entries.map((entry) => COLUMNS.map((column) => csvCell(entry[column])).join(","));
  return [COLUMNS.join(","), ...lines, ""].join("\r\n");
}

/** One entry a line. */
export function usageNdjson(entries: UsageEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

/** A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection). */
function csvCell(value: string | number | null): string {
  if (value === null) return "";
  const text = /^[=+\-@\t\r]/.test(String(value)) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function firstPage(query: UsageQuery, now: Date, upper: number): Cursor {
  if (query.window_days !== undefined && (query.from !== undefined || query.to !== undefined)) {
    throw new ApiError("invalid_request", "window_days does not go together with from and to.", {
      param: "window_days",
    });
  }
  const to = query.to === undefined ? now.getTime() + 1 : moment(query.to, "to");
  const from =
    query.from === undefined ? to - (query.window_days ?? DEFAULT_DAYS) * DAY_MS : moment(query.from, "from");
  if (from >= to) throw new ApiError("invalid_request", "from must lie before to.", { param: "from" });
  return { from, to, upper, before: Number.MAX_SAFE_INTEGER };
}

function moment(text: string, param: string): number {
  const time = Date.parse(text);
  if (!Number.isFinite(time)) throw new ApiError("invalid_request", `${param} must be an RFC 3339 time.`, { param });
  return time;
}

function writeCursor({ from, to, upper, before }: Cursor): string {
  return Buffer.from([from, to, upper, before].join(" ")).toString("base64url");
}

function readCursor(cursor: string): Cursor {
  const numbers = Buffer.from(cursor, "base64url").toString("utf8").split(" ");
  const [from, to, upper, before] = numbers.map((text) => (/^\d{1,16}$/.test(text) ? Number(text) : NaN));
  const good =
    numbers.length === 4 &&
    [from, to].every((time) => time !== undefined && time <= 8.64e15) &&
    [upper, before].every(Number.isSafeInteger);
  if (!good)
    throw new ApiError(
      "invalid_request",
      "cursor is not one that this operation gave out; leave it out to start again.",
      { param: "cursor" },
    );
  return { from: from!, to: to!, upper: upper!, before: before! };
}
