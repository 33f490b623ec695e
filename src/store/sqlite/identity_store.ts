/** Keys of the node, its enrollments, and counters that must outlive the process. */
import type { HostState } from "./host_state.ts";

export type KeyPair = { private_key: string; public_key: string };

export type IdentityStore = ReturnType<typeof createIdentityStore>;

/** Prepares the statements of keys, enrollments and counters. */
export function createIdentityStore({ db }: HostState) {
  const key = db.prepare("select private_key, public_key from keys where purpose = ?");
  const insertKey = db.prepare(
    "insert into keys (purpose, private_key, public_key, created_at_ms) values (?, ?, ?, ?)",
  );
  const enrollment = db.prepare("select record from enrollments where gateway_url = ?");
  const enroll = db.prepare(`insert into enrollments (gateway_url, record, enrolled_at_ms) values (?, ?, ?)
    on conflict (gateway_url) do update set record = excluded.record, enrolled_at_ms = excluded.enrolled_at_ms`);
  const counter = db.prepare("select value from counters where name = ?");
  const take = db.prepare(
    "insert into counters (name, value) values (?, ?) on conflict (name) do update set value = value + excluded.value returning value",
  );
  const raise = db.prepare(
    "insert into counters (name, value) values (?, ?) on conflict (name) do update set value = max(value, excluded.value)",
  );
  return {
    /** The key pair of a purpose (`identity`, `transport`), made by `make` when it is asked for first. */
    ensureKey(purpose: string, make: () => KeyPair): KeyPair {
      const found = key.get(purpose) as KeyPair | undefined;
      if (found !== undefined) return { private_key: found.private_key, public_key: found.public_key };
      const made = make();
      insertKey.run(purpose, made.private_key, made.public_key, Date.now());
      return made;
    },
    /** The JSON text of the enrollment with a gateway. */
    enrollment: (gateway_url: string) => (enrollment.get(gateway_url) as { record: string } | undefined)?.record,
    saveEnrollment(gateway_url: string, record: string): void {
      enroll.run(gateway_url, record, Date.now());
    },
    counter: (name: string) => (counter.get(name) as { value: number } | undefined)?.value ?? 0,
    /** The last of the next `count` numbers of a counter, on disk when this returns. */
    take: (name: string, count = 1) => (take.get(name, count) as { value: number }).value,
    /** Sets a counter to at least `value`. */
    raiseCounter(name: string, value: number): void {
      raise.run(name, value);
    },
  };
}
