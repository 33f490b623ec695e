import { createHash, timingSafeEqual } from "node:crypto";
import { ApiError } from "../../errors.ts";

export type AdminPrincipal = { kind: "admin"; name: string; roles: readonly string[] };

/** Checks admin tokens. The token of the secrets folder has every role. */
export function createAdmins(root_token: string) {
  const root = digest(root_token);
  return async function adminToken(token: string): Promise<AdminPrincipal> {
    if (timingSafeEqual(digest(token), root)) return { kind: "admin", name: "root", roles: ["all"] };
    throw new ApiError("unauthorized", "The admin token is not valid.");
  };
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
