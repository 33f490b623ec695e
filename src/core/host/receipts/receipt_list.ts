/** The receipts for the owner, and the submission of one on request. */
import type { LocalReceipt, LocalReceiptList, ReceiptVerdict } from "../../../../generated/local.ts";
import type { ReceiptStore, StoredReceipt } from "../../../store/sqlite/receipt_store.ts";
import { ApiError } from "../../errors.ts";
import { GatewayCallError } from "../gateway_link/gateway_client.ts";
import type { Outbox } from "../gateway_link/outbox.ts";

/** A page of receipts, newest first. Throws `invalid_request` for a cursor that this agent did not make. */
export function listReceipts(store: ReceiptStore, limit: number, cursor: string | undefined): LocalReceiptList {
  const rows = store.page(cursor === undefined ? Number.MAX_SAFE_INTEGER : readCursor(cursor), limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { data: shown.map(view), next_cursor: rows.length > limit && last ? writeCursor(last.id) : null };
}

/**
 * Throws `not_found`, `conflict` for a local receipt, `gateway_unreachable`. One that the gateway has answered for is
 * not sent again.
 */
export async function submitReceipt(
  store: ReceiptStore,
  outbox: Outbox,
  receipt_hash: string,
): Promise<ReceiptVerdict> {
  const row = store.find(receipt_hash);
  if (row === undefined) throw new ApiError("not_found", "This node has no receipt with this hash.");
  if (row.kind === "local") throw new ApiError("conflict", "Receipts of local chats are not submitted.");
  if (row.status === "settled" || row.status === "recorded") {
    return {
      status: row.status,
      ...(row.reason === null ? {} : { reason: row.reason as NonNullable<ReceiptVerdict["reason"]> }),
    };
  }
  try {
    return await outbox.submitNow(row);
  } catch (error) {
    if (!(error instanceof GatewayCallError)) throw error;
    if (error.code === "gateway_unreachable") {
      throw new ApiError(
        "gateway_unreachable",
        "The gateway cannot be reached now; the receipt is kept and submitted later.",
      );
    }
    throw new ApiError("conflict", `The gateway refused the receipt: ${error.code}.`);
  }
}

function view(row: StoredReceipt): LocalReceipt {
  return {
    receipt_hash: row.receipt_hash,
    kind: row.kind,
    status: row.status,
    reason: row.reason as LocalReceipt["reason"],
    receipt: JSON.parse(row.payload) as LocalReceipt["receipt"],
    signature_ed25519: row.signature_ed25519,
    created_at: new Date(row.created_at_ms).toISOString(),
    submitted_at: row.submitted_at_ms === null ? null : new Date(row.submitted_at_ms).toISOString(),
  };
}

function writeCursor(id: number): string {
  return Buffer.from(JSON.stringify({ before: id })).toString("base64url");
}

function readCursor(cursor: string): number {
  try {
    const { before } = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as { before: unknown };
    if (Number.isSafeInteger(before) && (before as number) > 0) return before as number;
  } catch {
    // Falls through to the refusal below.
  }
  throw new ApiError("invalid_request", "This operation did not return this cursor.", { param: "cursor" });
}
