import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { KEY_PREFIXES, mintKey } from "./protocol/bytes/api_keys.ts";

/** The files of B3IQ_SECRETS_DIR. Values are never printed, logged or given in argv. */
export const SECRET_NAMES = [
  "gateway-key",
  "gateway-key.curl",
  "customer-id",
  "customer-token",
  "admin-token",
  "local-key",
  "setup-token",
  "pepper",
  "log-key",
  "peer-key",
] as const;

export type SecretName = (typeof SECRET_NAMES)[number];

export type GatewaySecrets = {
  /** The key of every keyed hash in the database; 32 bytes, the same at all gateways. */
  pepper: Buffer;
  /** Ed25519 seed of the log, 32 bytes. */
  log_key: Buffer;
  /** Authenticates gateways to each other, 32 bytes. */
  peer_key: Buffer;
  /** The first admin token, with every role; further ones are named and have roles and expiry. */
  admin_token: string;
};

/**
 * The text of a secret file without the closing line break; undefined without the file. Throws when other users could
 * read the file.
 */
export function readSecret(directory: string, name: SecretName): string | undefined {
  const file = path.join(directory, name);
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, "r");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw new Error(`secret ${name} cannot be read (${(error as { code?: string }).code}); it is the file ${file}`);
  }
  try {
    const mode = fs.fstatSync(descriptor).mode & 0o777;
    if ((mode & 0o077) !== 0)
      throw new Error(`secret ${name} has mode ${mode.toString(8)}, allowed: 600 or less; run: chmod 600 ${file}`);
    return fs.readFileSync(descriptor, "utf8").replace(/\r?\n$/, "");
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Writes a secret file with mode 0600, whole or not at all, in place of an existing one. */
export function writeSecret(directory: string, name: SecretName, text: string): void {
  const temporary = writeBeside(directory, name, text);
  fs.renameSync(temporary, path.join(directory, name));
}

/** Reads a secret, or makes it. When several processes make a secret at once, one wins and all get its text. */
export function ensureSecret(directory: string, name: SecretName, make: () => string): string {
  const found = readSecret(directory, name);
  if (found !== undefined) return found;
  const temporary = writeBeside(directory, name, make());
  try {
    fs.linkSync(temporary, path.join(directory, name)); // atomic, and the content arrives with the name
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
  } finally {
    fs.rmSync(temporary, { force: true });
  }
  return readSecret(directory, name)!;
}

/** The gateway's secrets; missing ones are made. Throws when a secret does not have its form. */
export function gatewaySecrets(directory: string): GatewaySecrets {
  return {
    pepper: ensureBytes(directory, "pepper"),
    log_key: ensureBytes(directory, "log-key"),
    peer_key: ensureBytes(directory, "peer-key"),
    admin_token: ensureSecret(directory, "admin-token", () => mintKey(KEY_PREFIXES.admin)),
  };
}

/** The token that claims a new host agent, made when missing. */
export function setupToken(directory: string): string {
  return ensureSecret(directory, "setup-token", () => mintKey(KEY_PREFIXES.setup));
}

/**
 * The hash of a secret that the database keeps, to notice a gateway with another secret. A hash of 256 random bits does
 * not reveal them.
 */
export function secretFingerprint(name: SecretName, secret: Uint8Array): Buffer {
  return createHash("sha256").update(`b3iq-secret-fingerprint-v1\0${name}\0`).update(secret).digest();
}

function ensureBytes(directory: string, name: SecretName): Buffer {
  const text = ensureSecret(directory, name, () => randomBytes(32).toString("base64url"));
  const bytes = Buffer.from(text, "base64url");
  if (bytes.length !== 32 || bytes.toString("base64url") !== text) {
    throw new Error(`secret ${name} is not 32 bytes in base64url; it is the file ${path.join(directory, name)}`);
  }
  return bytes;
}

function writeBeside(directory: string, name: SecretName, text: string): string {
  const temporary = path.join(directory, `.${name}.${process.pid}.${randomBytes(4).toString("hex")}`);
  const descriptor = fs.openSync(temporary, "wx", 0o600);
  try {
    fs.fchmodSync(descriptor, 0o600); // whatever the umask is
    fs.writeSync(descriptor, `${text}\n`);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
  return temporary;
}
