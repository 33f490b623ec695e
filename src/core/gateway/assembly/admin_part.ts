import { readAuditLog } from "../audit/audit_log.ts";
import { createBilling } from "../billing/billing.ts";
import type { AskNode } from "../billing/recovery.ts";
import { createCustomers } from "../customers/customers.ts";
import { createIncidents } from "../incidents/incidents.ts";
import { createAdmins } from "../keys/admins.ts";
import { createKeyring } from "../keys/keyring.ts";
import { createKeys } from "../keys/keys.ts";
import { createNodeAdmin } from "../network/admin.ts";
import { createPrices } from "../prices/prices.ts";
import { createBenchmarks } from "../routing/benchmark.ts";
import type { CoreContext } from "./core_context.ts";
import type { LedgerPart } from "./ledger_part.ts";
import type { NetworkPart } from "./network_part.ts";

/** Customers, keys, prices, incidents and nodes for admins, and the authentication of all callers. */
export function assembleAdmin(
  { config, secrets, db, log, gateway, stops }: CoreContext,
  { writer }: LedgerPart,
  { control, nodes, tunnel }: NetworkPart,
  askNode: AskNode,
) {
  const { pepper } = secrets;
  const { gateway_id } = gateway;
  const benchmarks = createBenchmarks({ db, nodes: nodes.snapshot, tunnel, control, gateway_id, log });
  stops.push(benchmarks.stop);
  const keyring = createKeyring(db, pepper, control);
  const nodeAdmin = createNodeAdmin({
    db,
    nodes: nodes.snapshot,
    node: nodes.view,
    refresh: nodes.refresh,
    control,
    benchmarks,
  });
  return {
    auditLog: (query: Parameters<typeof readAuditLog>[1]) => readAuditLog(db, query),
    benchmarks,
    nodeAdmin,
    policies: keyring.policies,
    billing: createBilling({ db, writer, askNode, payout_maturity_ms: config.payout_maturity_ms }),
    keys: createKeys({ db, pepper, control }),
    customers: createCustomers({ db, writer, pepper, control }),
    prices: createPrices({ db, control }),
    incidents: createIncidents({ db, control }),
    authenticate: {
      gatewayKey: keyring.gatewayKey,
      customer: keyring.customer,
      adminToken: createAdmins({ root_token: secrets.admin_token, secrets_dir: config.secrets_dir }),
      node: nodes.authenticate,
    },
    /** The gateway's own act against a cheating node, with an audit row like an admin's act. */
    suspend: async (node_id: string, reason: string) => {
      const by_gateway = { actor: "gateway", action: "updateNode", request_id: null };
      await nodeAdmin.update(node_id, { status: "suspended", reason }, by_gateway);
    },
  };
}

export type AdminPart = ReturnType<typeof assembleAdmin>;
