import type pg from "pg";
import type { Database } from "../../../../store/postgres/database.ts";
import { pruneCheckpoints } from "../../../../store/postgres/log/checkpoints.ts";
import { readLogState } from "../../../../store/postgres/log/state.ts";
import { findReceiptLeaf, findTransportKeyLeaf, readLogEntries } from "../../../../store/postgres/log/tree.ts";
import { ApiError } from "../../../errors.ts";
import { errorFields, type Logger } from "../../../log.ts";
import { logKey } from "../../../protocol/log/checkpoint.ts";
import { publicKeyOf, sign } from "../../../protocol/bytes/ed25519.ts";
import { toBase64url } from "../../../protocol/bytes/encoding.ts";
import { inclusionProof } from "../../../protocol/log/merkle.ts";
import { formatVerifierKey, type NoteKey } from "../../../protocol/log/note.ts";
import { HASH_BYTES, TILE_WIDTH, encodeEntries, parseTileIndex, tileWidth } from "../../../protocol/log/tiles.ts";
import { formatProof } from "../../../protocol/log/tlog_proof.ts";
import { createCheckpointCache, servedCheckpoint, takeCheckpoint, type CheckpointCache } from "./checkpoint_cache.ts";
import { createGuard } from "./guard.ts";
import { createPublisher } from "./publisher.ts";
import { createSequencer, leave, runRound, type Sequencer, type Step } from "./sequencer.ts";
import { createTileReader, type TileReader } from "./tile_reader.ts";
import { createWitnessClient, type Witness } from "./witnesses.ts";

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
  /** How often the leader deletes old checkpoints. */
  prune_every_ms?: number;
  onStep?: (step: Step) => void;
};

/** A file of the log; `final` when its content never changes. */
export type LogFileContent = { content: Buffer; final: boolean };

type ReceiptLogState = {
  deps: ReceiptLogDeps;
  key: NoteKey;
  private_key: string;
  reader: TileReader;
  checkpoints: CheckpointCache;
  sequencer: Sequencer;
  /** The timer of the next round; null before `start`. */
  timer: NodeJS.Timeout | null;
  /** The round under way. */
  running: Promise<void> | null;
  stopped: boolean;
  pruned_at_ms: number;
};

const PRUNE_EVERY_MS = 600_000;

/** The name of the log at this address: the address without its scheme, and `/v1/log`. */
export function originOf(public_url: string): string {
  const { host, pathname } = new URL(public_url);
  return `${host}${pathname.replace(/\/+$/, "")}/v1/log`;
}

/** The public log of receipts: every gateway serves it, and one gateway writes it (docs/design/evidence.md, Log). */
export function createReceiptLog(deps: ReceiptLogDeps) {
  const state = openState(deps);
  const { db } = deps;
  const { key, checkpoints, sequencer } = state;
  const receiptLeafOf = (receipt_hash: string) => findReceiptLeaf(db, Buffer.from(receipt_hash, "hex"));
  return {
    key,
    start(): void {
      if (state.timer === null) scheduleRound(state, 0);
    },
    stop: () => stop(state),
    /** Runs one round now, for tests and for a program that runs the loop itself. */
    round: () => runRound(sequencer),
    role: () => sequencer.role,

    /** The newest signed note. Throws ApiError `not_found` before the first. */
    checkpoint: async (): Promise<string> => (await servedCheckpoint(checkpoints)).note,
    size: async (): Promise<number> => (await servedCheckpoint(checkpoints)).size,
    describe: () => ({
      origin: key.name,
      vkey: formatVerifierKey(key),
      ed25519_public_key: key.public_key,
      witnesses: deps.witnesses.map((witness) => formatVerifierKey(witness.key)),
    }),
    /** The hashes of a tile. Throws ApiError `not_found` when the published tree does not have it. */
    tile: (level: number, index: string) => readTile(state, level, index),
    /** A bundle of entries. Throws ApiError `not_found` when the published tree does not have it. */
    entries: (index: string) => readEntries(state, index),
    /** The leaf of a receipt or of a transport key; null until a published checkpoint covers it. */
    receiptLeaf: async (receipt_hash: string) => publishedLeaf(checkpoints, await receiptLeafOf(receipt_hash)),
    transportKeyLeaf: async (node_id: string, key_id: string) =>
      publishedLeaf(checkpoints, await findTransportKeyLeaf(db, node_id, key_id)),
    /**
     * The proof file (c2sp.org/tlog-proof) of a leaf under the newest checkpoint. Throws ApiError `not_found` until a
     * published checkpoint covers the leaf.
     */
    proof: (leaf_index: number | null) => proveLeaf(state, leaf_index),
    receiptProof: async (receipt_hash: string) => proveLeaf(state, await receiptLeafOf(receipt_hash)),
    /**
     * Signs a text with the log's key under a domain of its own. Throws ApiError `conflict` while the log is halted. A
     * transaction gives its `client`, so that it needs no second connection.
     */
    signFor: (domain: string, text: string, client?: pg.PoolClient) => signFor(state, domain, text, client),
  };
}

function openState(deps: ReceiptLogDeps): ReceiptLogState {
  const { db, log, secrets_dir, log_dir } = deps;
  const private_key = toBase64url(deps.log_key);
  const key = logKey(originOf(deps.public_url), publicKeyOf(private_key));
  const reader = createTileReader(db);
  const checkpoints = createCheckpointCache(db);
  const sequencer = createSequencer({
    db,
    guard: createGuard({ db, reader, secrets_dir, log_dir }),
    publisher: createPublisher({ db, reader, log_dir }),
    witnesses: createWitnessClient({ witnesses: deps.witnesses, reader, log }),
    witnesses_min: deps.witnesses_min,
    key,
    private_key,
    gateway_id: deps.gateway_id,
    log,
    onStep: deps.onStep,
    onPublished: (note) => takeCheckpoint(checkpoints, note),
  });
  return {
    deps,
    key,
    private_key,
    reader,
    checkpoints,
    sequencer,
    timer: null,
    running: null,
    stopped: false,
    pruned_at_ms: performance.now(),
  };
}

/** Runs rounds, one every `interval_ms`, counted from the start of the round before. */
function scheduleRound(state: ReceiptLogState, wait_ms: number): void {
  state.timer = setTimeout(() => {
    const started = performance.now();
    state.running = runRound(state.sequencer)
      .then(() => prune(state))
      .finally(() => {
        state.running = null;
        if (!state.stopped) scheduleRound(state, Math.max(0, state.deps.interval_ms - (performance.now() - started)));
      });
  }, wait_ms);
}

/** Ends the loop after the round under way, and gives up the lead; another gateway leads within a second. */
async function stop(state: ReceiptLogState): Promise<void> {
  state.stopped = true;
  if (state.timer) clearTimeout(state.timer);
  await state.running;
  await leave(state.sequencer);
}

/** Deletes old checkpoints every `prune_every_ms`, on the gateway that leads. */
async function prune(state: ReceiptLogState): Promise<void> {
  const { db, log, prune_every_ms = PRUNE_EVERY_MS } = state.deps;
  if (state.sequencer.role !== "leading" || performance.now() - state.pruned_at_ms < prune_every_ms) return;
  state.pruned_at_ms = performance.now();
  await pruneCheckpoints(db).catch((error: unknown) => log.warn("log_checkpoints_not_pruned", errorFields(error)));
}

async function readTile(state: ReceiptLogState, level: number, text: string): Promise<LogFileContent> {
  const { index, width } = await publishedPlace(state.checkpoints, level, text);
  const hashes = (await state.reader.read([{ level, index }])).get(`${level}/${index}`);
  if (!hashes) throw new ApiError("internal_error", "A tile of the log is missing.");
  return { content: Buffer.from(hashes.subarray(0, width * HASH_BYTES)), final: width === TILE_WIDTH };
}

async function readEntries(state: ReceiptLogState, text: string): Promise<LogFileContent> {
  const { index, width } = await publishedPlace(state.checkpoints, 0, text);
  const start = index * TILE_WIDTH;
  const entries = await readLogEntries(state.deps.db, start, start + width);
  return { content: encodeEntries(entries), final: width === TILE_WIDTH };
}

/** Reads the index of a tile from a path, and checks that the published tree has this tile at this width. */
async function publishedPlace(checkpoints: CheckpointCache, level: number, text: string) {
  const place = parseTileIndex(text);
  if (place === null)
    throw new ApiError(
      "invalid_request",
      "The index is not in the form of C2SP tlog-tiles, such as x001/x234/067.p/8.",
      { param: "index" },
    );
  const { index, width } = place;
  const { size } = await servedCheckpoint(checkpoints);
  if (tileWidth(level, index, size) < width)
    throw new ApiError("not_found", "The published tree does not have this tile.", { param: "index" });
  return { index, width };
}

async function publishedLeaf(checkpoints: CheckpointCache, leaf_index: number | null): Promise<number | null> {
  const known = checkpoints.newest;
  if (leaf_index === null || (known !== null && leaf_index < known.size)) return leaf_index;
  const { size } = await servedCheckpoint(checkpoints);
  return leaf_index < size ? leaf_index : null;
}

async function proveLeaf({ checkpoints, reader }: ReceiptLogState, leaf_index: number | null): Promise<string> {
  const { note, size } = await servedCheckpoint(checkpoints);
  if (leaf_index === null || leaf_index >= size)
    throw new ApiError("not_found", "The log has no published leaf of it yet; it comes within seconds.");
  const hashes = await reader.compute(size, (read) => inclusionProof(leaf_index, size, read));
  return formatProof({ index: leaf_index, hashes, checkpoint: note });
}

async function signFor(
  state: ReceiptLogState,
  domain: string,
  text: string,
  client: pg.Pool | pg.PoolClient = state.deps.db.pool,
): Promise<Buffer> {
  const { required } = await readLogState(client);
  if (required !== null || state.sequencer.role === "halted")
    throw new ApiError(
      "conflict",
      "The log lacks a checkpoint that was published; nothing is signed until the database is restored to it.",
    );
  return Buffer.from(sign(domain, text, state.private_key), "base64url");
}
