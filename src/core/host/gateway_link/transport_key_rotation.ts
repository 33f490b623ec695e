/** Makes, publishes and destroys the keys to which private jobs are sealed (docs/design/evidence.md, Private jobs). */
import type { StoredTransportKey, TransportKeyStore } from "../../../store/sqlite/transport_key_store.ts";
import { errorFields, type Logger } from "../../log.ts";
import { mintTransportKey } from "../../protocol/envelope/transport_key.ts";
import { GatewayCallError, type GatewayClient } from "./gateway_client.ts";

export type TransportKeysDeps = {
  store: TransportKeyStore;
  identity_private_key: string;
  client: GatewayClient;
  /** Unix milliseconds by the gateway's clock. */
  now_ms: () => number;
  log: Logger;
  lifetime_ms?: number;
  every_ms?: number;
};

export type EnrolledKey = Pick<
  StoredTransportKey,
  "key_id" | "x25519_public_key" | "not_before" | "not_after" | "signature_ed25519"
>;

/** A job sealed just before its key's end may arrive this much later. */
export const KEPT_AFTER_END_MS = 3_600_000;
const LIFETIME_MS = 24 * 3_600_000;

/**
 * A new key is made when the newest has half of its life behind it, so that one is always good for hours. One rotation
 * for each gateway.
 */
export function createTransportKeys(deps: TransportKeysDeps) {
  const { store, log, every_ms = 60_000 } = deps;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  const guarded = () => {
    running ??= round(deps)
      .catch((error: unknown) => log.error("transport_keys_failed", errorFields(error)))
      .finally(() => {
        running = null;
      });
  };
  return {
    /** Takes the key that an enrollment published. */
    adopt: (key: EnrolledKey, private_key: string) =>
      store.save({ ...published(key), private_key, not_after_ms: Date.parse(key.not_after), published: 1 }),
    find: store.find,
    openFor: store.openFor,
    round: () => round(deps),
    start(): void {
      guarded();
      timer = setInterval(guarded, every_ms);
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      await running;
    },
  };
}

export type TransportKeys = ReturnType<typeof createTransportKeys>;

/** Destroys old keys, makes a new one in time, and publishes the newest until the gateway has it. */
async function round(deps: TransportKeysDeps): Promise<void> {
  const { store, now_ms, log, lifetime_ms = LIFETIME_MS } = deps;
  if (store.destroy(now_ms() - KEPT_AFTER_END_MS)) log.info("transport_key_destroyed");
  let newest = store.newest();
  if (newest === undefined || newest.not_after_ms - now_ms() < lifetime_ms / 2) {
    const { key, private_key } = mintTransportKey(deps.identity_private_key, now_ms(), lifetime_ms);
    const { x25519: x25519_public_key, ...period } = key;
    const not_after_ms = Date.parse(key.not_after);
    store.save({ ...period, x25519_public_key, private_key, not_after_ms, published: 0 });
    newest = store.newest()!;
  }
  if (newest.published === 0) await publish(deps, newest);
}

async function publish({ client, store, log }: TransportKeysDeps, key: StoredTransportKey): Promise<void> {
  try {
    await client.call("publishTransportKey", { body: published(key) });
    store.markPublished(key.key_id);
    log.info("transport_key_published");
  } catch (error) {
    if (!(error instanceof GatewayCallError)) throw error;
    log.warn("transport_key_not_published", { error_code: error.code });
    // A repeat cannot succeed after these; the next round makes another key.
    if ([400, 409].includes(error.status)) store.remove(key.key_id);
  }
}

/** The members of a key that leave this machine. */
function published({ key_id, x25519_public_key, not_before, not_after, signature_ed25519 }: EnrolledKey): EnrolledKey {
  return { key_id, x25519_public_key, not_before, not_after, signature_ed25519 };
}
