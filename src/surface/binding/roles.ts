import type { AuditContext } from "../../core/admin_tokens.ts";
import { ApiError } from "../../core/errors.ts";
import type { Principal } from "../../handlers/operation.ts";
import { groupsOf } from "./credentials.ts";
import type { Operation } from "./document.ts";

/**
 * Throws for an operation of admins without a role, and for a change by admins without an audit entry or the reason why
 * there is none: the program must not start.
 */
export function requireAdminRules(operation: Operation): void {
  if (!groupsOf(operation).groups.includes("adminToken")) return;
  if (operation["x-b3iq-role"] === undefined)
    throw new Error(`${operation.operationId} takes an admin token and has no x-b3iq-role`);
  if (operation.method !== "get" && operation["x-b3iq-audit"] === undefined)
    throw new Error(`${operation.operationId} is a change by admins and has no x-b3iq-audit`);
}

/** Throws `forbidden` for an admin whose token does not have the role of the operation. */
export function requireRole(operation: Operation, principal: Principal): void {
  const role = operation["x-b3iq-role"];
  if (principal.kind !== "admin" || role === undefined) return;
  if (principal.roles.includes("all") || principal.roles.includes(role)) return;
  throw new ApiError("forbidden", `This admin token does not have the role ${role}.`, {
    detail: { required_role: role },
  });
}

/** The start of the audit row of a call. Throws where the document names no audit entry. */
export function auditContext(operation: Operation, principal: Principal, request_id: string): AuditContext {
  const audit = operation["x-b3iq-audit"];
  if (principal.kind !== "admin" || audit === undefined || "none" in audit)
    throw new Error(`${operation.operationId} writes an audit row that its document does not name`);
  return { actor: principal.name, action: operation.operationId, request_id };
}
