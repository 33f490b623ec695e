import { timingSafeEqual } from "node:crypto";
import { adminTokenHash, type AdminToken, readAdminTokens } from "../../admin_tokens.ts";
import { ApiError } from "../../errors.ts";

export type AdminPrincipal = { kind: "admin"; name: string; roles: readonly string[] };

const REREAD_MS = 1_000;

/**
 * Checks admin tokens. The token of the secrets folder has every role. A named token has the roles of its file, until
 * it expires or its file is removed.
 */
export function createAdmins(ports: { root_token: string; secrets_dir: string; now_ms?: () => number }) {
  const { now_ms = Date.now } = ports;
  const root = Buffer.from(adminTokenHash(ports.root_token));
  let named: AdminToken[] = [];
  let read_at = -Infinity;

  return async function adminToken(token: string): Promise<AdminPrincipal> {
    const given = Buffer.from(adminTokenHash(token));
    if (timingSafeEqual(given, root)) return { kind: "admin", name: "root", roles: ["all"] };
    if (performance.now() - read_at >= REREAD_MS) {
      named = readAdminTokens(ports.secrets_dir);
      read_at = performance.now();
    }
    const found = named.find(({ token_sha256 }) => timingSafeEqual(given, Buffer.from(token_sha256)));
    if (!found || Date.parse(found.expires_at) <= now_ms())
      throw new ApiError("unauthorized", "The admin token is not valid: it is unknown, expired or revoked.");
    return { kind: "admin", name: found.name, roles: found.roles };
  };
}
