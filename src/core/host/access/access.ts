/** Who may use this agent: local keys for applications, the owner with a password and sessions, the setup token. */
import { createHash, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { AccessStore, LocalKeyRow } from "../../../store/sqlite/access_store.ts";
import { ApiError } from "../../errors.ts";
import { checkKey, KEY_PREFIXES, mintKey } from "../../protocol/bytes/api_keys.ts";
import { mintId } from "../../protocol/bytes/ids.ts";

export type LocalScope = "models:read" | "chat:create";
export const LOCAL_SCOPES: readonly LocalScope[] = ["models:read", "chat:create"];

export type Session = { name: string; token: string; expires_at_ms: number };

export type AccessDeps = {
  store: AccessStore;
  /** Read at each use, so that a replaced file counts at once. */
  setup_token: () => string;
  now_ms: () => number;
};

const SESSION_MS = 12 * 3_600_000;
/** RFC 7914; 32 MiB and about 0.1 s a try. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const LOGIN_BURST = 5;
const LOGIN_REFILL_MS = 12_000;

export type Access = ReturnType<typeof createAccess>;

/** One for each agent. Secrets are compared by hash, and stored so only. */
export function createAccess({ store, setup_token, now_ms }: AccessDeps) {
  const derive = promisify(scrypt) as (
    password: string,
    salt: Uint8Array,
    length: number,
    options: object,
  ) => Promise<Buffer>;
  const attempts = createAttemptLimit(now_ms);

  const usable = (row: LocalKeyRow) =>
    row.revoked_at_ms === null && (row.expires_at_ms === null || row.expires_at_ms > now_ms());
  const startSession = (name: string): Session => {
    const token = randomBytes(32).toString("base64url");
    const expires_at_ms = now_ms() + SESSION_MS;
    store.insertSession(hashOf("session", token), now_ms(), expires_at_ms);
    return { name, token, expires_at_ms };
  };

  return {
    /** The row of an accepted local key. Throws `unauthorized`. */
    localKey(token: string): LocalKeyRow {
      const row = checkKey(token, KEY_PREFIXES.local) ? store.keyByHash(hashOf("local-key", token)) : undefined;
      if (row === undefined || !usable(row)) {
        throw new ApiError(
          "unauthorized",
          "This local key is not accepted here; the owner makes keys with b3iq-host keys create.",
        );
      }
      return row;
    },
    isSetupToken(token: string): boolean {
      return timingSafeEqual(hashOf("setup-token", token), hashOf("setup-token", setup_token()));
    },
    /** True while the session of this cookie lasts. */
    isSession: (token: string) => (store.sessionExpiry(hashOf("session", token)) ?? 0) > now_ms(),
    endSession: (token: string) => store.endSession(hashOf("session", token)),
    owner: () => store.owner(),
    /** Makes the owner and logs in. Throws `setup_already_claimed` unless `recover`. */
    async claim(name: string, password: string, recover: boolean): Promise<Session> {
      const refuseSecond = () => {
        if (store.owner() !== undefined && !recover) {
          throw new ApiError(
            "setup_already_claimed",
            "This agent has an owner; log in, or claim again with recover: true to replace the owner.",
          );
        }
      };
      refuseSecond();
      const salt = randomBytes(16);
      const password_hash = await derive(password, salt, 32, SCRYPT);
      refuseSecond();
      store.setOwner({ name, salt, password_hash, claimed_at_ms: now_ms() });
      return startSession(name);
    },
    /** Throws `unauthorized` for a wrong name or password alike, `rate_limited` for too many attempts. */
    async login(name: string, password: string): Promise<Session> {
      attempts.take();
      const owner = store.owner();
      const hash = await derive(password, owner?.salt ?? Buffer.alloc(16), 32, SCRYPT);
      const matches = owner !== undefined && timingSafeEqual(hash, Buffer.from(owner.password_hash));
      if (!matches || !timingSafeEqual(hashOf("name", name), hashOf("name", owner.name))) {
        throw new ApiError("unauthorized", "Name or password is wrong.");
      }
      attempts.forgive();
      return startSession(owner.name);
    },
    keys: () => store.keys(),
    /** A new key; its text is in this answer and nowhere else. */
    createKey(options: { label: string | null; scopes: readonly LocalScope[]; expires_at_ms: number | null }): {
      row: LocalKeyRow;
      key: string;
    } {
      if (options.expires_at_ms !== null && options.expires_at_ms <= now_ms()) {
        throw new ApiError("invalid_request", "expires_at lies in the past.", { param: "expires_at" });
      }
      const key = mintKey(KEY_PREFIXES.local);
      const row: LocalKeyRow = {
        key_id: mintId("key"),
        label: options.label,
        scopes: options.scopes.join(" "),
        display_tail: key.slice(-4),
        created_at_ms: now_ms(),
        expires_at_ms: options.expires_at_ms,
        revoked_at_ms: null,
      };
      store.insertKey(row, hashOf("local-key", key));
      return { row, key };
    },
    /** Takes a key that exists as a file already, so that a new state folder accepts it. */
    adoptKey(key: string, label: string): void {
      if (!checkKey(key, KEY_PREFIXES.local) || store.keyByHash(hashOf("local-key", key)) !== undefined) return;
      store.insertKey(
        {
          key_id: mintId("key"),
          label,
          scopes: LOCAL_SCOPES.join(" "),
          display_tail: key.slice(-4),
          created_at_ms: now_ms(),
          expires_at_ms: null,
          revoked_at_ms: null,
        },
        hashOf("local-key", key),
      );
    },
    /** Throws `not_found`. Revoking again changes nothing. */
    revokeKey(key_id: string): LocalKeyRow {
      const row = store.revokeKey(key_id, now_ms());
      if (row === undefined) throw new ApiError("not_found", "There is no local key with this id.");
      return row;
    },
    statusOf: (row: LocalKeyRow) =>
      (row.revoked_at_ms !== null ? "revoked" : usable(row) ? "active" : "expired") as "active" | "expired" | "revoked",
  };
}

/** Keys have 256 random bits: a plain hash is enough, its domain keeps kinds apart. */
function hashOf(kind: string, text: string): Buffer {
  return createHash("sha256").update(`b3iq-host-${kind}-v1\0`).update(text, "utf8").digest();
}

/** Attempts at passwords, whoever makes them: on loopback an address tells nothing apart. */
function createAttemptLimit(now_ms: () => number) {
  let left = LOGIN_BURST;
  let since = now_ms();
  return {
    take(): void {
      const refilled = Math.floor((now_ms() - since) / LOGIN_REFILL_MS);
      if (refilled > 0) {
        left = Math.min(LOGIN_BURST, left + refilled);
        since = now_ms();
      }
      if (left === 0) {
        throw new ApiError(
          "rate_limited",
          "Too many attempts to log in; wait, or claim again with the setup token and recover: true.",
          { retry_after_ms: Math.max(1_000, LOGIN_REFILL_MS - (now_ms() - since)) },
        );
      }
      left--;
    },
    forgive(): void {
      left = LOGIN_BURST;
    },
  };
}
