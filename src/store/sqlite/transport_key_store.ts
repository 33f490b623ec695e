/**
 * The keys to which private jobs are sealed, with their private parts, and the envelopes that were opened with them.
 */
import type { HostState } from "./host_state.ts";

export type StoredTransportKey = {
  key_id: string;
  x25519_public_key: string;
  private_key: string;
  /** RFC 3339, as they were signed. */
  not_before: string;
  not_after: string;
  not_after_ms: number;
  signature_ed25519: string;
  published: 0 | 1;
};

export type TransportKeyStore = ReturnType<typeof createTransportKeyStore>;

/** Prepares the statements for the keys of one gateway. */
export function createTransportKeyStore({ db }: HostState, gateway_url: string) {
  const insert = db.prepare(`insert into transport_keys (key_id, gateway_url, x25519_public_key, private_key,
    not_before, not_after, not_after_ms, signature_ed25519, published) values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`);
  const find = db.prepare("select * from transport_keys where key_id = ? and gateway_url = ?");
  const newest = db.prepare("select * from transport_keys where gateway_url = ? order by not_after_ms desc limit 1");
  const published = db.prepare("update transport_keys set published = 1 where key_id = ?");
  const remove = db.prepare("delete from transport_keys where key_id = ?");
  const expired = db.prepare("delete from transport_keys where not_after_ms <= ?");
  const open = db.prepare(
    "insert into opened_envelopes (envelope_id, key_id, command_id) values (?, ?, ?) on conflict do nothing",
  );
  const opened = db.prepare("select command_id from opened_envelopes where envelope_id = ?");
  const row = (value: unknown) => value as StoredTransportKey | undefined;
  return {
    save(key: StoredTransportKey): void {
      insert.run(
        key.key_id,
        gateway_url,
        key.x25519_public_key,
        key.private_key,
        key.not_before,
        key.not_after,
        key.not_after_ms,
        key.signature_ed25519,
        key.published,
      );
    },
    find: (key_id: string) => row(find.get(key_id, gateway_url)),
    newest: () => row(newest.get(gateway_url)),
    markPublished(key_id: string): void {
      published.run(key_id);
    },
    remove(key_id: string): void {
      remove.run(key_id);
    },
    /**
     * Deletes the keys that ended before this time, with the envelopes that they opened, and overwrites their bytes; true
     * when there were any.
     */
    destroy(ended_before_ms: number): boolean {
      const destroyed = Number(expired.run(Math.floor(ended_before_ms)).changes) > 0;
      // Deleted pages are zeroed (secure_delete); the log still has the old ones until it is written back.
      if (destroyed) db.exec("pragma wal_checkpoint(truncate)");
      return destroyed;
    },
    /** True when this command may open the envelope: no other command has opened it before. */
    openFor(envelope_id: string, key_id: string, command_id: string): boolean {
      open.run(envelope_id, key_id, command_id);
      return (opened.get(envelope_id) as { command_id: string }).command_id === command_id;
    },
  };
}
