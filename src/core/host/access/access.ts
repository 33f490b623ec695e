/** The credentials of this agent: applications' local keys, the owner's password and sessions, the setup token. */
import { timingSafeEqual } from "node:crypto";
import { hashOf, type AccessState } from "./access_state.ts";
import { adoptKey, createKey, keyStatus, localKey, revokeKey, type NewKey } from "./local_keys.ts";
import { claimOwner, fullAttempts, isSession, login } from "./owner.ts";

export type AccessDeps = AccessState & {
  /** Read at each use, so that a replaced file counts at once. */
  setup_token: () => string;
};

export type Access = ReturnType<typeof createAccess>;

/** One for each agent. Secrets are compared by their hashes, which alone are stored. */
export function createAccess(deps: AccessDeps) {
  const { store, setup_token, now_ms } = deps;
  const attempts = fullAttempts(now_ms());
  return {
    isSetupToken: (token: string) =>
      timingSafeEqual(hashOf("setup-token", token), hashOf("setup-token", setup_token())),
    localKey: (token: string) => localKey(deps, token),
    keys: () => store.keys(),
    createKey: (options: NewKey) => createKey(deps, options),
    adoptKey: (key: string, label: string) => adoptKey(deps, key, label),
    revokeKey: (key_id: string) => revokeKey(deps, key_id),
    statusOf: (row: Parameters<typeof keyStatus>[0]) => keyStatus(row, now_ms()),
    owner: () => store.owner(),
    claim: (name: string, password: string, recover: boolean) => claimOwner(deps, name, password, recover),
    login: (name: string, password: string) => login(deps, attempts, name, password),
    isSession: (token: string) => isSession(deps, token),
    endSession: (token: string) => store.endSession(hashOf("session", token)),
  };
}
