import type { Database } from "../../../../store/postgres/database.ts";
import { newestCheckpoint } from "../../../../store/postgres/log/checkpoint_newest.ts";
import { openLogCandidate } from "../../../../store/postgres/log/lead.ts";
import type { LogCandidate } from "../../../../store/postgres/log/lead.ts";
import { readLogState } from "../../../../store/postgres/log/require.ts";
import type { PendingLeaf } from "../../../../store/postgres/log/take.ts";
import { readLogTiles } from "../../../../store/postgres/log/tiles_read.ts";
import { unclaimedLeaves } from "../../../../store/postgres/log/unclaimed.ts";
import type { Logger } from "../../../log.ts";
import { errorFields } from "../../../log.ts";
import { addSignatures, parseCheckpoint, signCheckpoint } from "../../../protocol/log/checkpoint.ts";
import { equalBytes, toHex } from "../../../protocol/bytes/encoding.ts";
import type { NoteKey } from "../../../protocol/log/note.ts";
import { parseNote } from "../../../protocol/log/note.ts";
import { edgeOf } from "../../../protocol/log/tile_tree.ts";
import { entryOf, subjectOf } from "./entries.ts";
import { LogBehind } from "./guard.ts";
import type { Guard } from "./guard.ts";
import type { Publisher } from "./publisher.ts";
import { extendTree, treeFromEdge } from "./tree.ts";
import type { Tree } from "./tree.ts";
import type { WitnessClient } from "./witnesses.ts";

/** The points of a round, in order; a crash behind any of them loses nothing. */
export type Step =
  "taken" | "appended" | "tiles_written" | "signed" | "remembered" | "cosigned" | "published" | "filed";

export type SequencerDeps = {
  db: Database;
  guard: Guard;
  publisher: Publisher;
  witnesses: WitnessClient;
  /** Fewer cosignatures than this, and a checkpoint is not published. */
  witnesses_min: number;
  key: NoteKey;
  private_key: string;
  gateway_id: string;
  log: Logger;
  /** Told after each step of a round. */
  on_step?: (step: Step) => void;
  /** Told of a checkpoint that may be served. */
  on_published: (note: string) => void;
};

export type Role = "following" | "leading" | "halted";

/** Leaves appended in one transaction. */
const TAKE = 8_192;

type Lead = {
  candidate: LogCandidate;
  epoch: number;
  tree: Tree;
  unclaimed: Map<string, number>;
  published_size: number | null;
  published_origin: string | null;
};

/**
 * Appends what waits, and publishes: one leader among the gateways, whose every write is bound to its session and
 * epoch. The order is leaves, tiles on disk, checkpoint beside the key, checkpoint row, serving; each step can be done
 * again.
 */
export function createSequencer(deps: SequencerDeps) {
  const { db, guard, publisher, key, log } = deps;
  const step = deps.on_step ?? (() => {});
  let candidate: LogCandidate | null = null;
  let lead: Lead | null = null;
  let role: Role = "following";

  /** Reads the tree under a new epoch; null while another gateway leads. Throws LogBehind. */
  async function takeLead(): Promise<Lead | null> {
    candidate ??= await openLogCandidate(db);
    const state = await candidate.lead(deps.gateway_id);
    if (state === null) return null;
    const tiles = await readLogTiles(db, edgeOf(state.size));
    const tree = treeFromEdge(
      state.size,
      tiles.map(({ tile_index, ...tile }) => ({ ...tile, index: tile_index })),
    );
    if (!equalBytes(tree.root, state.root))
      throw new LogBehind({ size: state.size, root: state.root }, "the state of the log");
    await guard.check(
      tree,
      state.required_size === null ? null : { size: state.required_size, root: state.required_root },
    );
    const published = await newestCheckpoint(db);
    const origin = published === null ? null : parseCheckpoint(parseNote(published.note).text).origin;
    await askWitnesses(published && origin === key.name ? published.note : empty(), tree.size);
    log.info("log_leading", { tree_size: tree.size });
    return {
      candidate,
      epoch: state.epoch,
      tree,
      unclaimed: await unclaimedLeaves(db),
      published_size: published?.tree_size ?? null,
      published_origin: origin,
    };
  }

  /** The empty tree begins every tree, so signing it says nothing that could be contradicted. */
  function empty(): string {
    return signCheckpoint({ origin: key.name, size: 0, root: treeFromEdge(0, []).root }, key, deps.private_key);
  }

  /** Before anything is signed: a witness may know more than any file here. */
  async function askWitnesses(note: string, size: number): Promise<void> {
    await deps.witnesses.cosign(note).catch((error: unknown) => {
      // It may have signed a checkpoint whose leader died before it was published.
      if (!(error instanceof LogBehind) || error.forked || error.required.size > size) throw error;
    });
  }

  /** Appends some TAKE leaves; true when more may wait. */
  async function append(held: Lead): Promise<boolean> {
    const taken = await held.candidate.take(TAKE);
    if (taken.length === 0) return false;
    const waiting: { pending: PendingLeaf; entry: Buffer }[] = [];
    const claims = [];
    for (const pending of taken) {
      const entry = entryOf(pending);
      const leaf_index = held.unclaimed.get(toHex(entry));
      if (leaf_index === undefined) waiting.push({ pending, entry });
      else claims.push({ leaf_index, ...subjectOf(pending) });
    }
    step("taken");
    const { tree, tiles } = extendTree(
      held.tree,
      waiting.map(({ entry }) => entry),
    );
    await held.candidate.append({
      epoch: held.epoch,
      from: held.tree,
      to: tree,
      claims,
      tiles,
      leaves: waiting.map(({ pending, entry }, at) => ({
        leaf_index: held.tree.size + at,
        entry,
        ...subjectOf(pending),
      })),
      pending_ids: [...new Set(taken.map(({ pending_id }) => pending_id))],
    });
    for (const { leaf_index } of claims)
      for (const [entry, index] of held.unclaimed) if (index === leaf_index) held.unclaimed.delete(entry);
    held.tree = tree;
    step("appended");
    return taken.length >= TAKE;
  }

  async function publish(held: Lead): Promise<void> {
    const { size, root } = held.tree;
    const filed = await guard.filed();
    await publisher.writeTiles(filed, size);
    step("tiles_written");
    let note = signCheckpoint({ origin: key.name, size, root }, key, deps.private_key);
    step("signed");
    await guard.remember(note);
    step("remembered");
    const cosignatures = await deps.witnesses.cosign(note);
    if (cosignatures.length < deps.witnesses_min) {
      log.warn("log_witnesses_missing", { count: cosignatures.length, expected: deps.witnesses_min, tree_size: size });
      return;
    }
    if (cosignatures.length > 0) note = addSignatures(note, cosignatures);
    step("cosigned");
    await held.candidate.publish({ epoch: held.epoch, size, root, note });
    step("published");
    held.published_size = size;
    held.published_origin = key.name;
    await publisher.writeCheckpoint(note);
    step("filed");
    deps.on_published(note);
    await publisher.removeBeginnings(filed, size);
  }

  async function follow(): Promise<void> {
    const known = await guard.remembered();
    const { size } = await readLogState(db);
    // Leaves are committed before they are signed for, so this can only be a database from before.
    if (known && known.size > size) throw new LogBehind(known, "the file beside the log key");
    const published = await newestCheckpoint(db);
    if (published && published.tree_size > (known?.size ?? -1)) await guard.remember(published.note);
  }

  /** One round: leads if it can, appends what waits, publishes if the tree grew. Never rejects. */
  async function round(): Promise<void> {
    try {
      lead ??= await takeLead();
      if (lead === null) {
        role = "following";
        return await follow();
      }
      role = "leading";
      while (await append(lead));
      if (lead.published_size !== lead.tree.size || lead.published_origin !== key.name) await publish(lead);
    } catch (error) {
      if (error instanceof LogBehind) await guard.halt(error).catch(() => {});
      if (!(error instanceof LogBehind) || role !== "halted")
        log.warn(error instanceof LogBehind ? "log_halted" : "log_round_failed", errorFields(error));
      role = error instanceof LogBehind ? "halted" : "following";
      await leave();
    }
  }

  async function leave(): Promise<void> {
    const left = candidate;
    lead = null;
    candidate = null;
    await left?.end().catch(() => {});
  }

  return { round, leave, role: (): Role => role };
}

export type Sequencer = ReturnType<typeof createSequencer>;
