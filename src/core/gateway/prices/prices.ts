import type { Database } from "../../../store/postgres/database.ts";
import { listPrices } from "../../../store/postgres/prices_list.ts";
import { type PriceRow, putPrice } from "../../../store/postgres/prices_put.ts";
import { ApiError } from "../../errors.ts";
import { formatWei, parseWei } from "../../protocol/wei.ts";
import type { ControlView } from "../control.ts";
import { pageBounds, type PageQuery, toPage } from "../page.ts";

const FIELDS = [
  "default_prompt_price_wei",
  "default_completion_price_wei",
  "floor_prompt_price_wei",
  "floor_completion_price_wei",
  "ceiling_prompt_price_wei",
  "ceiling_completion_price_wei",
] as const;

type Field = (typeof FIELDS)[number];
type PriceBody = Record<Field, string | null>;

/** Admin's prices per model: a default for nodes that ask none, and the bounds within which nodes may ask. */
export function createPrices(ports: { db: Database; control: ControlView }) {
  return {
    async list(query: PageQuery) {
      const { limit, after } = pageBounds(query);
      return toPage(await listPrices(ports.db, { after, limit: limit + 1 }), limit, (row) => row.model_id, toWire);
    },
    async put(model_id: string, body: PriceBody) {
      const row = {
        model_id,
        ...Object.fromEntries(FIELDS.map((field) => [field, body[field] === null ? null : parseWei(body[field])])),
      } as PriceRow;
      checkOrder(row, "prompt");
      checkOrder(row, "completion");
      const updated_at = await putPrice(ports.db, row);
      await ports.control.refresh();
      return toWire({ ...row, updated_at });
    },
  };
}

export type Prices = ReturnType<typeof createPrices>;

function checkOrder(row: PriceRow, kind: "prompt" | "completion"): void {
  const [floor, middle, ceiling] = [
    row[`floor_${kind}_price_wei`],
    row[`default_${kind}_price_wei`],
    row[`ceiling_${kind}_price_wei`],
  ];
  if (floor !== null && ceiling !== null && floor > ceiling)
    throw new ApiError("invalid_request", "The floor lies above the ceiling.", { param: `floor_${kind}_price_wei` });
  if (middle !== null && ((floor !== null && middle < floor) || (ceiling !== null && middle > ceiling)))
    throw new ApiError("invalid_request", "The default lies outside floor and ceiling.", {
      param: `default_${kind}_price_wei`,
    });
}

function toWire(row: PriceRow & { updated_at: Date }) {
  const prices = Object.fromEntries(
    FIELDS.map((field) => [field, row[field] === null ? null : formatWei(row[field])]),
  ) as PriceBody;
  return { model_id: row.model_id, ...prices, updated_at: row.updated_at.toISOString() };
}
