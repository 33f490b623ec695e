/** The keys that the owner gives to applications of this machine. */
import type { LocalKeyRow } from "../../../store/sqlite/access_store.ts";
import { ApiError } from "../../errors.ts";
import { checkKey, KEY_PREFIXES, mintKey } from "../../protocol/bytes/api_keys.ts";
import { mintId } from "../../protocol/bytes/ids.ts";
import { hashOf, type AccessState } from "./access_state.ts";

export type LocalScope = "models:read" | "chat:create";
export const LOCAL_SCOPES: readonly LocalScope[] = ["models:read", "chat:create"];

export type NewKey = { label: string | null; scopes: readonly LocalScope[]; expires_at_ms: number | null };

/** The row of an accepted key. Throws `unauthorized`. */
export function localKey({ store, now_ms }: AccessState, token: string): LocalKeyRow {
  const row = checkKey(token, KEY_PREFIXES.local) ? store.keyByHash(hashOf("local-key", token)) : undefined;
  if (row !== undefined && keyStatus(row, now_ms()) === "active") return row;
  throw new ApiError(
    "unauthorized",
    "This local key is not accepted here; the owner makes keys with b3iq-host keys create.",
  );
}

/** Makes a key; its text is in this answer and nowhere else. */
export function createKey(state: AccessState, options: NewKey): { row: LocalKeyRow; key: string } {
  if (options.expires_at_ms !== null && options.expires_at_ms <= state.now_ms()) {
    throw new ApiError("invalid_request", "expires_at lies in the past.", { param: "expires_at" });
  }
  const key = mintKey(KEY_PREFIXES.local);
  return { row: insert(state, key, options), key };
}

/** Accepts a key that a file holds already, so that a new state folder knows it too. */
export function adoptKey(state: AccessState, key: string, label: string): void {
  if (!checkKey(key, KEY_PREFIXES.local) || state.store.keyByHash(hashOf("local-key", key)) !== undefined) return;
  insert(state, key, { label, scopes: LOCAL_SCOPES, expires_at_ms: null });
}

function insert({ store, now_ms }: AccessState, key: string, { label, scopes, expires_at_ms }: NewKey): LocalKeyRow {
  const row: LocalKeyRow = {
    key_id: mintId("key"),
    label,
    scopes: scopes.join(" "),
    display_tail: key.slice(-4),
    created_at_ms: now_ms(),
    expires_at_ms,
    revoked_at_ms: null,
  };
  store.insertKey(row, hashOf("local-key", key));
  return row;
}

/** Throws `not_found`. A second revocation changes nothing. */
export function revokeKey({ store, now_ms }: AccessState, key_id: string): LocalKeyRow {
  const row = store.revokeKey(key_id, now_ms());
  if (row === undefined) throw new ApiError("not_found", "There is no local key with this id.");
  return row;
}

export function keyStatus(row: LocalKeyRow, now_ms: number): "active" | "expired" | "revoked" {
  if (row.revoked_at_ms !== null) return "revoked";
  return row.expires_at_ms === null || row.expires_at_ms > now_ms ? "active" : "expired";
}
