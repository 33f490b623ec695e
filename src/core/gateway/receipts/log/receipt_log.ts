import type { Database } from "../../../../store/postgres/database.ts";
import { newestCheckpoint } from "../../../../store/postgres/log/checkpoint_newest.ts";
import { pruneCheckpoints } from "../../../../store/postgres/log/checkpoints_prune.ts";
import { readLogEntries } from "../../../../store/postgres/log/entries_read.ts";
import { findReceiptLeaf, findTransportKeyLeaf } from "../../../../store/postgres/log/leaf_find.ts";
import { readLogState } from "../../../../store/postgres/log/require.ts";
import { ApiError } from "../../../errors.ts";
import { errorFields } from "../../../log.ts";
import type { Logger } from "../../../log.ts";
import { logKey, parseCheckpoint } from "../../../protocol/log/checkpoint.ts";
import { publicKeyOf, sign } from "../../../protocol/bytes/ed25519.ts";
import { toBase64url } from "../../../protocol/bytes/encoding.ts";
import { inclusionProof } from "../../../protocol/log/merkle.ts";
import { formatVerifierKey, parseNote } from "../../../protocol/log/note.ts";
import { HASH_BYTES, TILE_WIDTH, encodeEntries, parseTileIndex, tileWidth } from "../../../protocol/log/tiles.ts";
import { formatProof } from "../../../protocol/log/tlog_proof.ts";
import { createGuard } from "./guard.ts";
import { createPublisher } from "./publisher.ts";
import { createSequencer } from "./sequencer.ts";
import type { Step } from "./sequencer.ts";
import { createTileReader } from "./tile_reader.ts";
import { createWitnessClient } from "./witnesses.ts";
import type { Witness } from "./witnesses.ts";

export type ReceiptLogDeps = {
  db: Database;
  log: Logger;
  gateway_id: string;
  /** B3IQ_PUBLIC_URL; its host and path name the log. */
  public_url: string;
  /** Ed25519 seed, 32 bytes. */
  log_key: Uint8Array;
  secrets_dir: string;
  log_dir: string;
  interval_ms: number;
  witnesses: readonly Witness[];
  witnesses_min: number;
  /** How often the leader forgets old checkpoints. */
  prune_every_ms?: number;
  on_step?: (step: Step) => void;
};

/** How old a checkpoint read from the database may be when it is served. */
const FRESH_MS = 200;
const PRUNE_EVERY_MS = 600_000;

type Published = { note: string; size: number; read_at_ms: number };

/** The name of the log that this address serves: what stands behind the scheme, and `/v1/log`. */
export function originOf(public_url: string): string {
  const { host, pathname } = new URL(public_url);
  return `${host}${pathname.replace(/\/+$/, "")}/v1/log`;
}

/** The public log of receipts: every gateway serves it, one of them writes it (docs/design/evidence.md, Log). */
export function createReceiptLog(deps: ReceiptLogDeps) {
  const { db, log } = deps;
  const private_key = toBase64url(deps.log_key);
  const key = logKey(originOf(deps.public_url), publicKeyOf(private_key));
  const reader = createTileReader(db);
  const guard = createGuard({ db, reader, secrets_dir: deps.secrets_dir, log_dir: deps.log_dir });
  const witnesses = createWitnessClient({ witnesses: deps.witnesses, reader, log });
  let published: Published | null = null;
  let reading: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let stopped = false;
  let pruned_at = performance.now();
  const sequencer = createSequencer({
    db,
    guard,
    witnesses,
    witnesses_min: deps.witnesses_min,
    key,
    private_key,
    gateway_id: deps.gateway_id,
    log,
    publisher: createPublisher({ db, reader, log_dir: deps.log_dir }),
    ...(deps.on_step === undefined ? {} : { on_step: deps.on_step }),
    on_published: take,
  });

  function take(note: string): void {
    const { size } = parseCheckpoint(parseNote(note).text);
    // An answer that was slow must not put an older checkpoint in place of a newer one.
    if (published === null || size >= published.size) published = { note, size, read_at_ms: performance.now() };
  }

  async function newest(): Promise<Published> {
    if (published === null || performance.now() - published.read_at_ms > FRESH_MS) {
      reading ??= newestCheckpoint(db)
        .then((row) => {
          if (row) take(row.note);
        })
        .finally(() => {
          reading = null;
        });
      await reading;
    }
    if (published === null) throw new ApiError("not_found", "The log has no checkpoint yet; it comes within seconds.");
    return published;
  }

  /** Runs rounds, one every `interval_ms` counted from the start of the last. */
  function schedule(wait_ms: number): void {
    timer = setTimeout(() => {
      const started = performance.now();
      running = sequencer
        .round()
        .then(prune)
        .finally(() => {
          running = null;
          if (!stopped) schedule(Math.max(0, deps.interval_ms - (performance.now() - started)));
        });
    }, wait_ms);
  }

  /** The leader's, now and then. */
  async function prune(): Promise<void> {
    if (sequencer.role() !== "leading" || performance.now() - pruned_at < (deps.prune_every_ms ?? PRUNE_EVERY_MS))
      return;
    pruned_at = performance.now();
    await pruneCheckpoints(db).catch((error: unknown) => log.warn("log_checkpoints_not_pruned", errorFields(error)));
  }

  function place(index: string): { index: number; width: number } {
    const parsed = parseTileIndex(index);
    if (parsed === null)
      throw new ApiError(
        "invalid_request",
        "The index is not in the form of C2SP tlog-tiles, such as x001/x234/067.p/8.",
        { param: "index" },
      );
    return parsed;
  }

  async function served(level: number, text: string): Promise<{ index: number; width: number }> {
    const { index, width } = place(text);
    const { size } = await newest();
    if (tileWidth(level, index, size) < width)
      throw new ApiError("not_found", "The published tree does not have this tile.", { param: "index" });
    return { index, width };
  }

  async function covered(leaf_index: number | null): Promise<number | null> {
    if (leaf_index === null || (published !== null && leaf_index < published.size)) return leaf_index;
    const { size } = await newest();
    return leaf_index < size ? leaf_index : null;
  }

  async function proof(leaf_index: number | null): Promise<string> {
    const { note, size } = await newest();
    if (leaf_index === null || leaf_index >= size)
      throw new ApiError("not_found", "The log has no published leaf of it yet; it comes within seconds.");
    const hashes = await reader.compute(size, (read) => inclusionProof(leaf_index, size, read));
    return formatProof({ index: leaf_index, hashes, checkpoint: note });
  }

  return {
    key,
    start(): void {
      if (timer === null) schedule(0);
    },
    /** Ends the loop after the round under way; another gateway leads within a second. */
    async stop(): Promise<void> {
      stopped = true;
      if (timer) clearTimeout(timer);
      await running;
      await sequencer.leave();
    },
    /** One round now; for tests and for whoever runs the loop himself. */
    round: sequencer.round,
    role: sequencer.role,

    /** The newest signed note. Throws ApiError `not_found` before the first. */
    checkpoint: async (): Promise<string> => (await newest()).note,
    size: async (): Promise<number> => (await newest()).size,
    describe: () => ({
      origin: key.name,
      vkey: formatVerifierKey(key),
      ed25519_public_key: key.public_key,
      witnesses: deps.witnesses.map((witness) => formatVerifierKey(witness.key)),
    }),
    /** The hashes of a tile; `final`: it will never change. */
    async tile(level: number, text: string): Promise<{ content: Buffer; final: boolean }> {
      const { index, width } = await served(level, text);
      const hashes = (await reader.read([{ level, index }])).get(`${level}/${index}`);
      if (!hashes) throw new ApiError("internal_error", "A tile of the log is missing.");
      return { content: Buffer.from(hashes.subarray(0, width * HASH_BYTES)), final: width === TILE_WIDTH };
    },
    /** A bundle of entries. */
    async entries(text: string): Promise<{ content: Buffer; final: boolean }> {
      const { index, width } = await served(0, text);
      const start = index * TILE_WIDTH;
      return { content: encodeEntries(await readLogEntries(db, start, start + width)), final: width === TILE_WIDTH };
    },
    /** The leaf of a receipt or of a transport key, once a published checkpoint covers it. */
    receiptLeaf: async (receipt_hash: string) => covered(await findReceiptLeaf(db, Buffer.from(receipt_hash, "hex"))),
    transportKeyLeaf: async (node_id: string, key_id: string) =>
      covered(await findTransportKeyLeaf(db, node_id, key_id)),
    /**
     * The proof file (c2sp.org/tlog-proof) of a leaf under the newest checkpoint. Throws ApiError `not_found` before it
     * is covered.
     */
    proof,
    receiptProof: async (receipt_hash: string) => proof(await findReceiptLeaf(db, Buffer.from(receipt_hash, "hex"))),
    /**
     * Signs with the log's key for a purpose of its own. Throws ApiError while the tree lacks a published checkpoint.
     */
    async signFor(domain: string, text: string): Promise<Buffer> {
      const { required } = await readLogState(db);
      if (required !== null || sequencer.role() === "halted")
        throw new ApiError(
          "conflict",
          "The log lacks a checkpoint that was published; nothing is signed until the database is restored to it.",
        );
      return Buffer.from(sign(domain, text, private_key), "base64url");
    },
  };
}

export type ReceiptLog = ReturnType<typeof createReceiptLog>;
