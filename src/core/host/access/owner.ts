/** The owner of this agent: the claim, the password, and the sessions. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { ApiError } from "../../errors.ts";
import { hashOf, type AccessState } from "./access_state.ts";

export type Session = { name: string; token: string; expires_at_ms: number };

const SESSION_MS = 12 * 3_600_000;
/** RFC 7914; 32 MiB and about 0.1 s a try. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const HASH_BYTES = 32;
const LOGIN_BURST = 5;
const LOGIN_REFILL_MS = 12_000;

const derive = promisify(scrypt) as (
  password: string,
  salt: Uint8Array,
  length: number,
  options: object,
) => Promise<Buffer>;

/** Makes the owner and logs in. Throws `setup_already_claimed` unless `recover`. */
export async function claimOwner(
  state: AccessState,
  name: string,
  password: string,
  recover: boolean,
): Promise<Session> {
  refuseSecondOwner(state, recover);
  const salt = randomBytes(16);
  const password_hash = await derive(password, salt, HASH_BYTES, SCRYPT);
  // Another claim may have succeeded meanwhile.
  refuseSecondOwner(state, recover);
  state.store.setOwner({ name, salt, password_hash, claimed_at_ms: state.now_ms() });
  return startSession(state, name);
}

function refuseSecondOwner({ store }: AccessState, recover: boolean): void {
  if (store.owner() === undefined || recover) return;
  throw new ApiError(
    "setup_already_claimed",
    "This agent has an owner; log in, or claim again with recover: true to replace the owner.",
  );
}

/** Throws `unauthorized` for a wrong name or password alike, `rate_limited` for too many attempts. */
export async function login(state: AccessState, attempts: Attempts, name: string, password: string): Promise<Session> {
  takeAttempt(attempts, state.now_ms());
  const owner = state.store.owner();
  const hash = await derive(password, owner?.salt ?? Buffer.alloc(16), HASH_BYTES, SCRYPT);
  const matches = owner !== undefined && timingSafeEqual(hash, Buffer.from(owner.password_hash));
  if (!matches || !timingSafeEqual(hashOf("name", name), hashOf("name", owner.name))) {
    throw new ApiError("unauthorized", "Name or password is wrong.");
  }
  attempts.left = LOGIN_BURST;
  return startSession(state, owner.name);
}

function startSession({ store, now_ms }: AccessState, name: string): Session {
  const token = randomBytes(32).toString("base64url");
  const expires_at_ms = now_ms() + SESSION_MS;
  store.insertSession(hashOf("session", token), now_ms(), expires_at_ms);
  return { name, token, expires_at_ms };
}

/** True while the session of this cookie lasts. */
export function isSession({ store, now_ms }: AccessState, token: string): boolean {
  return (store.sessionExpiry(hashOf("session", token)) ?? 0) > now_ms();
}

/** Attempts at the password that are left, of all callers together: on loopback, addresses tell no callers apart. */
export type Attempts = { left: number; refilled_at_ms: number };

export function fullAttempts(now_ms: number): Attempts {
  return { left: LOGIN_BURST, refilled_at_ms: now_ms };
}

function takeAttempt(attempts: Attempts, now_ms: number): void {
  const refilled = Math.floor((now_ms - attempts.refilled_at_ms) / LOGIN_REFILL_MS);
  if (refilled > 0) {
    attempts.left = Math.min(LOGIN_BURST, attempts.left + refilled);
    attempts.refilled_at_ms = now_ms;
  }
  if (attempts.left === 0) {
    throw new ApiError(
      "rate_limited",
      "Too many attempts to log in; wait, or claim again with the setup token and recover: true.",
      { retry_after_ms: Math.max(1_000, LOGIN_REFILL_MS - (now_ms - attempts.refilled_at_ms)) },
    );
  }
  attempts.left--;
}
