import type { AuditContext } from "../../src/core/admin_tokens.ts";

/** An admin's act as the surface announces it to the core. */
export const asAdmin = (action: string, actor = "ops"): AuditContext => ({ actor, action, request_id: null });
