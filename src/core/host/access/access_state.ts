import { createHash } from "node:crypto";
import type { AccessStore } from "../../../store/sqlite/access_store.ts";

/** The store of local keys and owner, and the clock for their expiry. */
export type AccessState = { store: AccessStore; now_ms: () => number };

/** The hash of a secret. Its domain keeps kinds apart; a plain hash is enough, since keys and tokens have 256 random bits. */
export function hashOf(kind: "local-key" | "setup-token" | "session" | "name", text: string): Buffer {
  return createHash("sha256").update(`b3iq-host-${kind}-v1\0`).update(text, "utf8").digest();
}
