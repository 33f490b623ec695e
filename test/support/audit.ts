import type { AuditContext } from "../../src/core/gateway/audit/audit.ts";

/** An admin's act as the surface announces it to the core. */
export const asAdmin = (action: string, actor = "ops"): AuditContext => ({ actor, action, request_id: null });
