import type { operations } from "../../../generated/local.ts";
import type { LocalCore } from "../../core/host/access/local_callers.ts";
import type { Handlers } from "../operation.ts";
import * as chat from "./chat.ts";
import * as earnings from "./earnings.ts";
import * as health from "./health.ts";
import * as models from "./models.ts";
import * as node_settings from "./node_settings.ts";
import * as receipts from "./receipts.ts";
import * as setup from "./setup.ts";

/** One entry an operation of the local document; a missing one does not compile. */
export const local = {
  ...chat,
  ...earnings,
  ...health,
  ...models,
  ...node_settings,
  ...receipts,
  ...setup,
} satisfies Handlers<operations, LocalCore>;
