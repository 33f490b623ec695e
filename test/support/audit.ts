import type { AuditContext } from "../../src/core/admin_tokens.ts";

/** The audit context of an admin's act, as the surface passes it to the core. */
export const asAdmin = (action: string, actor = "ops"): AuditContext => ({ actor, action, request_id: null });
