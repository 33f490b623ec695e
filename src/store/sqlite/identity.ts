/** Keys of the node, its enrollments, and counters that must outlive the process. */
import type { HostState } from "./state.ts";

export type KeyPair = { private_key: string; public_key: string };

export type Enrollment = { gateway_url: string; node_id: string; router_secret: string; enrolled_at_ms: number };

export type IdentityStore = ReturnType<typeof createIdentityStore>;

/** Prepares the statements of keys, enrollments and counters. */
export function createIdentityStore({ db }: HostState) {
  const key = db.prepare("select private_key, public_key from keys where purpose = ?");
  const insertKey = db.prepare("insert into keys (purpose, private_key, public_key, created_at_ms) values (?, ?, ?, ?)");
  const enrollment = db.prepare("select * from enrollments where gateway_url = ?");
  const enroll = db.prepare(`insert into enrollments (gateway_url, node_id, router_secret, enrolled_at_ms) values (?, ?, ?, ?)
    on conflict (gateway_url) do update set node_id = excluded.node_id, router_secret = excluded.router_secret,
    enrolled_at_ms = excluded.enrolled_at_ms`);
  const counter = db.prepare("select value from counters where name = ?");
  const raise = db.prepare(
    "insert into counters (name, value) values (?, ?) on conflict (name) do update set value = max(value, excluded.value)");
  return {
    /** The key pair of a purpose (`identity`, `transport`), made by `make` when it is asked for first. */
    ensureKey(purpose: string, make: () => KeyPair): KeyPair {
      const found = key.get(purpose) as KeyPair | undefined;
      if (found !== undefined) return { private_key: found.private_key, public_key: found.public_key };
      const made = make();
      insertKey.run(purpose, made.private_key, made.public_key, Date.now());
      return made;
    },
    enrollment: (gateway_url: string) => enrollment.get(gateway_url) as Enrollment | undefined,
    saveEnrollment({ gateway_url, node_id, router_secret, enrolled_at_ms }: Enrollment): void {
      enroll.run(gateway_url, node_id, router_secret, enrolled_at_ms);
    },
    counter: (name: string) => (counter.get(name) as { value: number } | undefined)?.value ?? 0,
    /** Sets a counter to at least `value`. */
    raiseCounter(name: string, value: number): void {
      raise.run(name, value);
    },
  };
}
