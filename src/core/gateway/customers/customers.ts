import { createHash, randomUUID } from "node:crypto";
import { insertCustomer } from "../../../store/postgres/customers/create.ts";
import { type CustomerRow, listCustomers } from "../../../store/postgres/customers/list.ts";
import { updateCustomer } from "../../../store/postgres/customers/update.ts";
import { rotateCustomerToken } from "../../../store/postgres/customers/tokens_rotate.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { getCustomerPolicy } from "../../../store/postgres/customers/policies_get.ts";
import { putPolicy } from "../../../store/postgres/customers/policies_put.ts";
import { ApiError } from "../../errors.ts";
import { KEY_PREFIXES, keyedHash, mintKey } from "../../protocol/bytes/api_keys.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import { formatWei, parseWei } from "../../protocol/bytes/wei.ts";
import { holdOfJob } from "../billing/job.ts";
import type { LedgerWriter } from "../billing/operations.ts";
import { OPEN_POLICY, parsePolicy, policyJson } from "../billing/policy.ts";
import { refusal } from "../billing/refusals.ts";
import { policyWindows } from "../billing/windows.ts";
import type { ControlView } from "../control.ts";
import { pageBounds, type PageQuery, toPage } from "../page.ts";

type PolicyBody = Record<string, unknown> & { expected_version?: number };

/**
 * Customers as admins see them. Every change is in force on this gateway when it answers, on the others within a
 * second.
 */
export function createCustomers(ports: { db: Database; writer: LedgerWriter; pepper: Buffer; control: ControlView }) {
  const { db, writer, pepper, control } = ports;

  async function one(customer_id: string): Promise<ReturnType<typeof toWire>> {
    const [row] = await listCustomers(db, { customer_id, after: null, limit: 1 });
    if (!row) throw unknownCustomer();
    return toWire(row);
  }

  return {
    async list(query: PageQuery & { status?: string | undefined }) {
      const { limit, after } = pageBounds(query);
      const rows = await listCustomers(db, {
        after,
        limit: limit + 1,
        ...(query.status === undefined ? {} : { status: query.status }),
      });
      return toPage(rows, limit, (row) => row.customer_id, toWire);
    },
    get: one,
    /**
     * Throws `customer_frozen` for a frozen or closed customer, which keeps its reads and can still revoke its keys.
     */
    async requireActive(customer_id: string): Promise<void> {
      const { status } = await one(customer_id);
      if (status !== "active")
        throw new ApiError(
          "customer_frozen",
          `This customer account is ${status}: it can read and revoke, and nothing else.`,
        );
    },
    /** Creates a customer; the token is in this answer only. */
    async create(body: { label?: string; policy?: PolicyBody }) {
      const policy = body.policy ? parsePolicy(withoutVersion(body.policy)) : OPEN_POLICY;
      const customer_id = mintId("cus");
      const customer_token = mintKey(KEY_PREFIXES.customer);
      await insertCustomer(db, {
        customer_id,
        label: body.label ?? null,
        token_hash: keyedHash(pepper, customer_token),
        display_tail: customer_token.slice(-4),
        policy: policyJson(policy),
      });
      return { ...(await one(customer_id)), customer_token };
    },
    async update(customer_id: string, change: { label?: string | null; status?: string }) {
      if (!(await updateCustomer(db, customer_id, change))) throw unknownCustomer();
      await control.refresh();
      return one(customer_id);
    },
    async rotateToken(customer_id: string, body: { overlap_seconds?: number }) {
      const customer_token = mintKey(KEY_PREFIXES.customer);
      const until = await rotateCustomerToken(db, {
        customer_id,
        token_hash: keyedHash(pepper, customer_token),
        display_tail: customer_token.slice(-4),
        overlap_seconds: body.overlap_seconds ?? 0,
      });
      if (!until) throw unknownCustomer();
      await control.refresh();
      return { customer_id, customer_token, previous_valid_until: until.toISOString() };
    },
    async policy(customer_id: string) {
      const found = await getCustomerPolicy(db, customer_id);
      if (!found) throw unknownCustomer();
      return { ...policyJson(parsePolicy(found.policy)), version: found.version };
    },
    async putPolicy(customer_id: string, body: PolicyBody) {
      const policy = parsePolicy(withoutVersion(body));
      const put = await putPolicy(
        db,
        { table: "customer", customer_id },
        policyJson(policy),
        policyWindows(policy),
        body.expected_version,
      );
      if (put === "unknown") throw unknownCustomer();
      if (put === "other_version")
        throw new ApiError("conflict", "Another version of this policy is in force; read it again.", {
          param: "expected_version",
        });
      await control.refresh();
      return { ...policyJson(policy), version: put.version };
    },
    /** Books a credit once: the same reference again answers the first booking. */
    async credit(customer_id: string, body: { amount_wei: string; reference: string }) {
      await one(customer_id);
      const verdict = await writer.apply({
        kind: "credit",
        operation_id: randomUUID(),
        customer_id,
        amount_wei: parseWei(body.amount_wei),
        reference: body.reference,
      });
      if (!verdict.ok) throw refusal(verdict);
      return {
        entry_id: verdict.entry_id,
        customer_id,
        amount_wei: body.amount_wei,
        reference: body.reference,
        balance_wei: formatWei(verdict.balance_wei),
        repeated: verdict.repeated,
      };
    },
    /**
     * Gives back part of a settled charge; together at most the whole of it. The same refund_id again answers the first
     * booking.
     */
    async refund(customer_id: string, body: { refund_id: string; job_id: string; amount_wei: string; reason: string }) {
      await one(customer_id);
      const hold_id = await holdOfJob(db, customer_id, body.job_id);
      const verdict = await writer.apply({
        kind: "refund",
        operation_id: randomUUID(),
        refund_id: refundKey(customer_id, body.refund_id),
        customer_id,
        hold_id,
        amount_wei: parseWei(body.amount_wei),
        reason: body.reason,
      });
      if (!verdict.ok) throw refusal(verdict);
      return {
        refund_id: body.refund_id,
        entry_id: verdict.entry_id,
        customer_id,
        job_id: body.job_id,
        amount_wei: body.amount_wei,
        balance_wei: formatWei(verdict.balance_wei),
        repeated: verdict.repeated,
      };
    },
  };
}

export type Customers = ReturnType<typeof createCustomers>;

export function unknownCustomer(): ApiError {
  return new ApiError("not_found", "There is no customer with this id.", { param: "customer_id" });
}

/**
 * The operator's refund id as the ledger's key (RFC 9562 §5.8): the same words of another customer are another refund.
 */
function refundKey(customer_id: string, refund_id: string): string {
  const hex = createHash("sha256").update(`b3iq-refund-v1\0${customer_id}\0${refund_id}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function withoutVersion({ expected_version: _, ...policy }: PolicyBody): Record<string, unknown> {
  return policy;
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
