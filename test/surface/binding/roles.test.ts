/** Every admin operation of the hosted document, asked with a token of each role: the surface decides, by the document. */
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import hosted from "../../../generated/hosted.json" with { type: "json" };
import { ADMIN_ROLES } from "../../../src/core/admin_tokens.ts";
import { ApiError } from "../../../src/core/errors.ts";
import type { Call } from "../../../src/handlers/operation.ts";
import { operationsOf } from "../../../src/surface/binding/document.ts";
import type { Document, Operation } from "../../../src/surface/binding/document.ts";
import { requireAdminRules } from "../../../src/surface/binding/roles.ts";
import { createSurface } from "../../../src/surface/surface.ts";

/** What the document must say; `read` opens all others. */
const OPERATIONS_OF: Record<string, string[]> = {
  money: ["createCredit", "createRefund", "recoverReservations"],
  keys: [
    "createCustomer",
    "updateCustomer",
    "rotateCustomerToken",
    "putCustomerPolicy",
    "createGatewayKey",
    "updateGatewayKey",
    "revokeGatewayKey",
    "putKeyPolicy",
  ],
  network: [
    "updateNode",
    "putNodeStake",
    "runBenchmark",
    "putPrice",
    "createCommand",
    "retryCommand",
    "cancelCommand",
    "openIncident",
    "clearIncident",
  ],
  payouts: [
    "previewPayoutBatch",
    "createPayoutBatch",
    "submitPayoutBatch",
    "finalizePayoutBatch",
    "resetPayoutBatch",
    "releaseWithheldPayout",
    "refuseWithheldPayout",
  ],
};

const document = hosted as unknown as Document;
const all = operationsOf(document);
const admin = all.filter(({ security }) => security.some((one) => "adminToken" in one));
const roleOf = ({ operationId }: Operation) =>
  Object.keys(OPERATIONS_OF).find((role) => OPERATIONS_OF[role]!.includes(operationId)) ?? "read";

/** Says what a handler is given; a refusal that no other step gives tells that the handler was reached. */
async function reached(_input: unknown, call: Call): Promise<never> {
  const audited = call.method !== "GET" && !["previewPayoutBatch", "explainRoute"].includes(call.operation_id);
  if (!audited) expect(() => call.audit).toThrow("does not name");
  else expect(call.audit).toEqual({ actor: "anna", action: call.operation_id, request_id: call.request_id });
  throw new ApiError("conflict", "Reached.");
}

let server: http.Server;
let base: string;
beforeAll(async () => {
  const surface = await createSurface({
    document,
    handlers: Object.fromEntries(all.map(({ operationId }) => [operationId, reached])),
    context: {},
    authenticate: { adminToken: async (token) => ({ kind: "admin", name: "anna", roles: [token] }) },
    options: { anonymous_rate: null, failure_rate: null, lazy: true },
  });
  server = http.createServer(surface.app).listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

async function ask(operation: Operation, role: string) {
  const url = base + operation.path.replace(/\{[^}]+\}/g, "x");
  const headers = { "x-b3iq-admin-token": role };
  const answer = await fetch(url, { method: operation.method.toUpperCase(), headers });
  return { status: answer.status, error: ((await answer.json()) as { error: Record<string, unknown> }).error };
}

test("the table names operations that the document has", () => {
  expect(admin).toHaveLength(42);
  const ids = admin.map(({ operationId }) => operationId);
  expect(ids).toEqual(expect.arrayContaining(Object.values(OPERATIONS_OF).flat()));
});

test.each(admin.map((operation) => [operation.operationId, operation] as const))("%s", async (_id, operation) => {
  const needed = roleOf(operation);
  for (const role of [...ADMIN_ROLES, "none"]) {
    const { status, error } = await ask(operation, role);
    // With the role, the next step refuses: the call has neither a body nor ids of the right form.
    if (role === needed) expect([400, 409], `${role}: ${String(error["detail"])}`).toContain(status);
    else
      expect({ status, error }, role).toMatchObject({
        status: 403,
        error: {
          code: "forbidden",
          detail: `This admin token does not have the role ${needed}.`,
          required_role: needed,
        },
      });
  }
  expect((await ask(operation, "all")).status).not.toBe(403);
});

test("a document that leaves out a role, or a word on audit, does not start", () => {
  const change = admin.find(({ operationId }) => operationId === "putPrice")!;
  const { "x-b3iq-role": _role, ...without_role } = change;
  const { "x-b3iq-audit": _audit, ...without_audit } = change;
  expect(() => requireAdminRules(without_role)).toThrow("putPrice takes an admin token and has no x-b3iq-role");
  expect(() => requireAdminRules(without_audit)).toThrow("putPrice is a change by admins and has no x-b3iq-audit");
  expect(() => requireAdminRules(change)).not.toThrow();
});
