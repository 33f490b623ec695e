import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { KEY_PREFIXES, mintKey } from "./protocol/bytes/api_keys.ts";

/**
 * `read` opens every read, `money` credits and refunds, `keys` customers and keys, `network` nodes, prices and
 * incidents, `payouts` payout batches.
 */
export const ADMIN_ROLES = ["read", "money", "keys", "network", "payouts"] as const;
export type AdminRole = (typeof ADMIN_ROLES)[number];

/** The actor, operation and request of an audited act. */
export type AuditContext = { actor: string; action: string; request_id: string | null };

export type AdminToken = { name: string; token_sha256: string; roles: AdminRole[]; expires_at: string };

const FOLDER = "admin-tokens";

/**
 * The file of a named token, in the secrets folder that all gateways share. The file holds the hash of the token and
 * never the token.
 */
function fileOf(secrets_dir: string, name: string): string {
  return path.join(secrets_dir, FOLDER, `${name}.json`);
}

/** SHA-256 of a token, lower-case hex: enough for 256 random bits. */
export function adminTokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/**
 * Makes a token and its file; only the caller ever sees the token. A second token of the same name replaces, and so
 * revokes, the first.
 */
export function createAdminToken(
  secrets_dir: string,
  { name, roles, expires_at }: Omit<AdminToken, "token_sha256">,
): string {
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name) || name === "root" || name === "gateway")
    throw new RangeError("name: expected 1 to 64 of a-z, 0-9, _ and -, and neither root nor gateway");
  const token = mintKey(KEY_PREFIXES.admin);
  fs.mkdirSync(path.join(secrets_dir, FOLDER), { recursive: true, mode: 0o700 });
  const temporary = `${fileOf(secrets_dir, name)}.${process.pid}`;
  fs.writeFileSync(temporary, `${JSON.stringify({ name, token_sha256: adminTokenHash(token), roles, expires_at })}\n`, {
    mode: 0o600,
  });
  fs.renameSync(temporary, fileOf(secrets_dir, name));
  return token;
}

/** Removes a token's file; false when there was none. Every gateway refuses the token within a second. */
export function revokeAdminToken(secrets_dir: string, name: string): boolean {
  if (!fs.existsSync(fileOf(secrets_dir, name))) return false;
  fs.rmSync(fileOf(secrets_dir, name));
  return true;
}

/** The named tokens of the folder; a file that cannot be read admits nobody. */
export function readAdminTokens(secrets_dir: string): AdminToken[] {
  const folder = path.join(secrets_dir, FOLDER);
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => {
      try {
        const token = JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")) as AdminToken;
        const whole =
          token.name === file.slice(0, -5) &&
          /^[0-9a-f]{64}$/.test(token.token_sha256) &&
          Array.isArray(token.roles) &&
          Number.isFinite(Date.parse(token.expires_at));
        return whole ? [token] : [];
      } catch {
        return [];
      }
    });
}
