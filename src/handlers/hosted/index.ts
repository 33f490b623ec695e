import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handlers } from "../operation.ts";
import * as admin_customers from "./admin_customers.ts";
import * as admin_keys from "./admin_keys.ts";
import * as admin_money from "./admin_money.ts";
import * as admin_nodes from "./admin_nodes.ts";
import * as admin_prices from "./admin_prices.ts";
import * as billing from "./billing.ts";
import * as chat from "./chat.ts";
import * as commands from "./commands.ts";
import * as health from "./health.ts";
import * as incidents from "./incidents.ts";
import * as keys from "./keys.ts";
import * as log from "./log.ts";
import * as models from "./models.ts";
import * as network from "./network.ts";
import * as nodes from "./nodes.ts";
import * as payouts from "./payouts.ts";
import * as private_jobs from "./private_jobs.ts";
import * as receipts from "./receipts.ts";
import * as routing from "./routing.ts";
import * as settlement from "./settlement.ts";

/** One entry an operation of the hosted document; a missing one does not compile. */
export const hosted = {
  ...admin_customers,
  ...admin_keys,
  ...admin_money,
  ...admin_nodes,
  ...admin_prices,
  ...billing,
  ...chat,
  ...commands,
  ...health,
  ...incidents,
  ...keys,
  ...log,
  ...models,
  ...network,
  ...nodes,
  ...payouts,
  ...private_jobs,
  ...receipts,
  ...routing,
  ...settlement,
} satisfies Handlers<operations, GatewayCore>;
