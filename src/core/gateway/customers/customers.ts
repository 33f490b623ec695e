import {
  type CustomerRow,
  insertCustomer,
  listCustomers,
  updateCustomer,
} from "../../../store/postgres/customers/customers.ts";
import { getCustomerPolicy } from "../../../store/postgres/customers/policies.ts";
import { rotateCustomerToken } from "../../../store/postgres/customers/tokens.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { bind } from "../../bind_context.ts";
import { ApiError } from "../../errors.ts";
import { KEY_PREFIXES, keyedHash, mintKey } from "../../protocol/bytes/api_keys.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import { formatWei } from "../../protocol/bytes/wei.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { audited } from "../audit/audit.ts";
import type { LedgerWriter } from "../billing/operations.ts";
import { parsePolicy, policyJson } from "../billing/policy.ts";
import type { ControlView } from "../control.ts";
import { newPolicy, type PolicyBody, replacePolicy } from "../keys/policies.ts";
import { unknownCustomer } from "../not_found.ts";
import { pageBounds, type PageQuery, toPage } from "../page.ts";
import { bookCredit, bookRefund } from "./customer_funds.ts";

export type CustomersContext = { db: Database; writer: LedgerWriter; pepper: Buffer; control: ControlView };

/**
 * Customers as admins see them. A change is in force on this gateway when its answer is sent, on the others within a
 * second.
 */
export const createCustomers = (context: CustomersContext) =>
  bind(context, {
    list,
    get,
    requireActive,
    create,
    update,
    rotateToken,
    policy,
    putPolicy,
    credit,
    refund,
  });

async function list({ db }: CustomersContext, query: PageQuery & { status?: string | undefined }) {
  const { limit, after } = pageBounds(query);
  const status = query.status === undefined ? {} : { status: query.status };
  const rows = await listCustomers(db, { after, limit: limit + 1, ...status });
  return toPage(rows, limit, (row) => row.customer_id, toWire);
}

async function get({ db }: CustomersContext, customer_id: string) {
  const [row] = await listCustomers(db, { customer_id, after: null, limit: 1 });
  if (!row) throw unknownCustomer();
  return toWire(row);
}

/** Throws `customer_frozen` for a frozen or closed customer, which keeps its reads and can still revoke its keys. */
async function requireActive(context: CustomersContext, customer_id: string): Promise<void> {
  const { status } = await get(context, customer_id);
  if (status !== "active")
    throw new ApiError("customer_frozen", `This customer account is ${status}: it can only read, and revoke its keys.`);
}

/** Creates a customer; only this answer shows the token. */
async function create(context: CustomersContext, body: { label?: string; policy?: PolicyBody }, audit: AuditContext) {
  const customer_id = mintId("cus");
  const { customer_token, stored } = mintToken(context);
  const label = body.label ?? null;
  await insertCustomer(context.db, { customer_id, label, ...stored, policy: newPolicy(body.policy) }, () =>
    audited(audit, customer_id),
  );
  return { ...(await get(context, customer_id)), customer_token };
}

async function update(
  context: CustomersContext,
  customer_id: string,
  change: { label?: string | null; status?: string },
  audit: AuditContext,
) {
  const found = await updateCustomer(context.db, customer_id, change, (status) =>
    status === null ? null : audited(audit, customer_id, { status }),
  );
  if (found === null) throw unknownCustomer();
  await context.control.refresh();
  return get(context, customer_id);
}

/** Puts a new token in force, which only this answer shows. Earlier tokens end after the overlap. */
async function rotateToken(
  context: CustomersContext,
  customer_id: string,
  body: { overlap_seconds?: number },
  audit: AuditContext,
) {
  const { customer_token, stored } = mintToken(context);
  const rotation = { customer_id, ...stored, overlap_seconds: body.overlap_seconds ?? 0 };
  const until = await rotateCustomerToken(context.db, rotation, (end) =>
    end === null ? null : audited(audit, customer_id, { previous_valid_until: end.toISOString() }),
  );
  if (!until) throw unknownCustomer();
  await context.control.refresh();
  return { customer_id, customer_token, previous_valid_until: until.toISOString() };
}

async function policy({ db }: CustomersContext, customer_id: string) {
  const found = await getCustomerPolicy(db, customer_id);
  if (!found) throw unknownCustomer();
  return { ...policyJson(parsePolicy(found.policy)), version: found.version };
}

function putPolicy(context: CustomersContext, customer_id: string, body: PolicyBody, audit: AuditContext) {
  return replacePolicy(context, { table: "customer", customer_id }, body, audit);
}

async function credit(
  context: CustomersContext,
  customer_id: string,
  body: { amount_wei: string; reference: string },
  audit: AuditContext,
) {
  await get(context, customer_id);
  return bookCredit(context.writer, customer_id, body, audit);
}

async function refund(
  context: CustomersContext,
  customer_id: string,
  body: { refund_id: string; job_id: string; amount_wei: string; reason: string },
  audit: AuditContext,
) {
  await get(context, customer_id);
  return bookRefund(context, customer_id, body, audit);
}

/** A new customer token, and the columns that the database keeps of the token. */
function mintToken({ pepper }: CustomersContext) {
  const customer_token = mintKey(KEY_PREFIXES.customer);
  return {
    customer_token,
    stored: { token_hash: keyedHash(pepper, customer_token), display_tail: customer_token.slice(-4) },
  };
}

function toWire(row: CustomerRow) {
  return {
    customer_id: row.customer_id,
    status: row.status,
    label: row.label,
    balance_wei: formatWei(row.balance_wei),
    reserved_wei: formatWei(row.reserved_wei),
    available_wei: formatWei(row.balance_wei - row.reserved_wei),
    policy_version: row.policy_version,
    created_at: row.created_at.toISOString(),
  };
}
