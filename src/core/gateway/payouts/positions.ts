import type { BatchPosition } from "../../../store/postgres/payouts/batches.ts";
import { isId } from "../../protocol/bytes/ids.ts";
import { wrongCursor } from "../page.ts";

/** Reads the cursor of a list of batches: creation time and id of the last batch of the page before. */
export function batchPosition(after: string | null): BatchPosition | null {
  if (after === null) return null;
  const [created_at = "", batch_id] = after.split(" ");
  if (Number.isNaN(Date.parse(created_at)) || !isId("pay", batch_id)) throw wrongCursor();
  return { created_at, batch_id };
}

/** The cursor after a batch; `batchPosition` reads it. */
export function positionOf({ created_at, batch_id }: { created_at: Date; batch_id: string }): string {
  return `${created_at.toISOString()} ${batch_id}`;
}
