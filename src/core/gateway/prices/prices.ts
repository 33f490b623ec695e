import type { Database } from "../../../store/postgres/database.ts";
import { listPrices, putPrice } from "../../../store/postgres/control/prices.ts";
import { bind } from "../../bind_context.ts";
import { ApiError } from "../../errors.ts";
import { formatWei, parseWei } from "../../protocol/bytes/wei.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { audited } from "../audit/audit.ts";
import type { ControlView, ModelPrice } from "../control.ts";
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
type Bounds = Omit<ModelPrice, "hidden_reasoning">;

type PricesContext = { db: Database; control: ControlView };

/**
 * The prices of each model that admins set: a default for nodes that name no price, the bounds of the nodes' prices,
 * and whether reasoning that a node does not show is paid for.
 */
export const createPrices = (context: PricesContext) => bind(context, { list, put });

async function list({ db }: PricesContext, query: PageQuery) {
  const { limit, after } = pageBounds(query);
  return toPage(await listPrices(db, { after, limit: limit + 1 }), limit, (row) => row.model_id, toWire);
}

async function put(
  { db, control }: PricesContext,
  model_id: string,
  body: PriceBody & { hidden_reasoning?: boolean },
  audit: AuditContext,
) {
  const row = {
    model_id,
    ...Object.fromEntries(FIELDS.map((field) => [field, body[field] === null ? null : parseWei(body[field])])),
  } as Bounds;
  checkOrder(row, "prompt");
  checkOrder(row, "completion");
  const { hidden_reasoning } = body;
  const price = { ...row, ...(hidden_reasoning === undefined ? {} : { hidden_reasoning }) };
  const saved = await putPrice(db, price, () => audited(audit, model_id, { ...body }));
  await control.refresh();
  return toWire({ ...row, ...saved });
}

function checkOrder(row: Bounds, kind: "prompt" | "completion"): void {
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

function toWire(row: ModelPrice & { updated_at: Date }) {
  const prices = Object.fromEntries(
    FIELDS.map((field) => [field, row[field] === null ? null : formatWei(row[field])]),
  ) as PriceBody;
  const { model_id, hidden_reasoning, updated_at } = row;
  return { model_id, ...prices, hidden_reasoning, updated_at: updated_at.toISOString() };
}
