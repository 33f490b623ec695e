/** Local keys, the owner and the owner's sessions. Secrets are stored as hashes only. */
import type { HostState } from "./host_state.ts";

export type LocalKeyRow = {
  key_id: string;
  label: string | null;
  /** Space-separated. */
  scopes: string;
  display_tail: string;
  created_at_ms: number;
  expires_at_ms: number | null;
  revoked_at_ms: number | null;
};

export type OwnerRow = { name: string; salt: Uint8Array; password_hash: Uint8Array; claimed_at_ms: number };

export type AccessStore = ReturnType<typeof createAccessStore>;

/** Prepares the statements of local keys, owner and sessions. */
export function createAccessStore({ db, transaction }: HostState) {
  const columns = "key_id, label, scopes, display_tail, created_at_ms, expires_at_ms, revoked_at_ms";
  const insertKey = db.prepare(`insert into local_keys (${columns}, key_hash) values (?, ?, ?, ?, ?, ?, ?, ?)`);
  const listKeys = db.prepare(`select ${columns} from local_keys order by created_at_ms desc, key_id`);
  const keyByHash = db.prepare(`select ${columns} from local_keys where key_hash = ?`);
  const revoke = db.prepare(
    `update local_keys set revoked_at_ms = coalesce(revoked_at_ms, ?) where key_id = ? returning ${columns}`,
  );
  const owner = db.prepare("select name, salt, password_hash, claimed_at_ms from owner where id = 1");
  const setOwner = db.prepare(
    "insert or replace into owner (id, name, salt, password_hash, claimed_at_ms) values (1, ?, ?, ?, ?)",
  );
  const endAll = db.prepare("delete from sessions");
  const insertSession = db.prepare("insert into sessions (token_hash, created_at_ms, expires_at_ms) values (?, ?, ?)");
  const session = db.prepare("select expires_at_ms from sessions where token_hash = ?");
  const endSession = db.prepare("delete from sessions where token_hash = ?");
  const expire = db.prepare("delete from sessions where expires_at_ms <= ?");
  return {
    insertKey(row: LocalKeyRow, key_hash: Uint8Array): void {
      insertKey.run(
        row.key_id,
        row.label,
        row.scopes,
        row.display_tail,
        row.created_at_ms,
        row.expires_at_ms,
        row.revoked_at_ms,
        key_hash,
      );
    },
    keys: () => listKeys.all() as unknown as LocalKeyRow[],
    keyByHash: (key_hash: Uint8Array) => keyByHash.get(key_hash) as LocalKeyRow | undefined,
    revokeKey: (key_id: string, now_ms: number) => revoke.get(now_ms, key_id) as LocalKeyRow | undefined,
    owner: () => owner.get() as OwnerRow | undefined,
    /** A new owner ends every session of the one before. */
    setOwner(row: OwnerRow): void {
      transaction(() => {
        setOwner.run(row.name, row.salt, row.password_hash, row.claimed_at_ms);
        endAll.run();
      });
    },
    insertSession(token_hash: Uint8Array, now_ms: number, expires_at_ms: number): void {
      expire.run(now_ms);
      insertSession.run(token_hash, now_ms, expires_at_ms);
    },
    sessionExpiry: (token_hash: Uint8Array) =>
      (session.get(token_hash) as { expires_at_ms: number } | undefined)?.expires_at_ms,
    endSession(token_hash: Uint8Array): void {
      endSession.run(token_hash);
    },
  };
}
