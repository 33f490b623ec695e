import { gatewayConfig, prepareHome } from "../config.ts";
import {
  ADMIN_ROLES,
  type AdminRole,
  createAdminToken,
  readAdminTokens,
  revokeAdminToken,
} from "../core/admin_tokens.ts";
import { UsageError } from "./program.ts";

const DAY_MS = 86_400_000;

/**
 * `b3iq-gateway admin-token create NAME --roles read,money --days 90 > FILE`: the token goes to standard output, once,
 * into a file or pipe.
 */
export async function createToken(name: string, options: { roles?: string; days: string }): Promise<void> {
  const roles = (options.roles ?? "").split(",").filter((role) => role !== "") as AdminRole[];
  const days = Number(options.days);
  if (roles.length === 0 || roles.some((role) => !ADMIN_ROLES.includes(role)))
    throw new UsageError(`admin-token create NAME --roles ROLE[,ROLE]; the roles are ${ADMIN_ROLES.join(", ")}`);
  if (!Number.isInteger(days) || days < 1 || days > 366) throw new UsageError("--days is a whole number from 1 to 366");
  if (process.stdout.isTTY)
    throw new UsageError(
      "the token would stand on the screen; send standard output into a file: ... > FILE (with umask 077)",
    );
  const config = gatewayConfig();
  prepareHome(config);
  const expires_at = new Date(Date.now() + days * DAY_MS).toISOString();
  process.stdout.write(`${createAdminToken(config.secrets_dir, { name, roles, expires_at })}\n`);
  console.error(`admin token ${name}: ${roles.join(", ")}, until ${expires_at}`);
}

/** `b3iq-gateway admin-token list` */
export async function listTokens(): Promise<void> {
  for (const { name, roles, expires_at } of readAdminTokens(gatewayConfig().secrets_dir))
    console.log(`${name}\t${roles.join(",")}\t${expires_at}`);
}

/** `b3iq-gateway admin-token revoke NAME` */
export async function revokeToken(name: string): Promise<void> {
  if (!revokeAdminToken(gatewayConfig().secrets_dir, name)) throw new UsageError(`there is no admin token ${name}`);
  console.log(`revoked ${name}`);
}
