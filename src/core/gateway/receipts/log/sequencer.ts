/**
 * The sequencer writes the log: it gives waiting receipts, transport keys and payout batches their leaves, and publishes
 * signed checkpoints. Every gateway has one, and runs one round after another (docs/design/evidence.md, Log).
 *
 * States (`Role`):
 *   following  another gateway leads, or the last round failed. The newest published checkpoint is kept beside the key.
 *   leading    this gateway holds the advisory lock and the newest epoch. It appends and publishes.
 *   halted     the tree lacks a checkpoint that was published (LogBehind). Nothing is appended or signed.
 *
 * Transitions, at most one a round:
 *   following, halted -> leading  the lock is free, and the tree has every checkpoint that is known (`takeLead`)
 *   halted -> following           another gateway holds the lock
 *   any -> halted                 LogBehind, from a file, the database or a witness
 *   any -> following              any other error: the database is away, or LeadLost
 *
 * A leader publishes in this order: leaves, tiles on disk, checkpoint beside the key, cosignatures, checkpoint row,
 * checkpoint file. Each step can be done again, so a crash between two steps loses nothing.
 */
import type { Database } from "../../../../store/postgres/database.ts";
import { newestCheckpoint } from "../../../../store/postgres/log/checkpoints.ts";
import { openLogCandidate, type LogCandidate } from "../../../../store/postgres/log/lead.ts";
import type { PendingLeaf } from "../../../../store/postgres/log/pending.ts";
import { readLogState } from "../../../../store/postgres/log/state.ts";
import { readLogTiles, unclaimedLeaves } from "../../../../store/postgres/log/tree.ts";
import { errorFields, type Logger } from "../../../log.ts";
import { addSignatures, parseCheckpoint, signCheckpoint } from "../../../protocol/log/checkpoint.ts";
import { equalBytes, toHex } from "../../../protocol/bytes/encoding.ts";
import { parseNote, type NoteKey } from "../../../protocol/log/note.ts";
import { edgeOf } from "../../../protocol/log/tile_tree.ts";
import { entryOf, subjectOf } from "./entries.ts";
import { LogBehind, type Guard } from "./guard.ts";
import type { Publisher } from "./publisher.ts";
import { extendTree, treeFromRows, type Tree } from "./tree.ts";
import type { WitnessClient } from "./witnesses.ts";

/** The steps of a leader's round, in order. */
export type Step =
  "taken" | "appended" | "tiles_written" | "signed" | "remembered" | "cosigned" | "published" | "filed";

export type SequencerDeps = {
  db: Database;
  guard: Guard;
  publisher: Publisher;
  witnesses: WitnessClient;
  /** A checkpoint with fewer cosignatures than this is not published. */
  witnesses_min: number;
  key: NoteKey;
  private_key: string;
  gateway_id: string;
  log: Logger;
  /** Called after each step of a round. */
  onStep?: ((step: Step) => void) | undefined;
  /** Called with each checkpoint that may be served. */
  onPublished: (note: string) => void;
};

export type Role = "following" | "leading" | "halted";

/** A leader's state of the log. */
type Lead = {
  candidate: LogCandidate;
  epoch: number;
  tree: Tree;
  /** Leaves adopted without a subject, by their entry in hex. */
  unclaimed: Map<string, number>;
  published_size: number | null;
  published_origin: string | null;
};

/** A sequencer between two rounds. */
export type Sequencer = SequencerDeps & {
  role: Role;
  /** The connection that tries to lead; null before the first round and after a failed one. */
  candidate: LogCandidate | null;
  /** Null unless this gateway leads. */
  lead: Lead | null;
};

/** Leaves appended in one transaction. */
const TAKE = 8_192;

export function createSequencer(deps: SequencerDeps): Sequencer {
  return { ...deps, role: "following", candidate: null, lead: null };
}

/** Runs one round: leads if the lock is free, appends what waits, and publishes if the tree grew. Never rejects. */
export async function runRound(sequencer: Sequencer): Promise<void> {
  try {
    sequencer.lead ??= await takeLead(sequencer);
    if (sequencer.lead === null) {
      sequencer.role = "following";
      return await follow(sequencer);
    }
    sequencer.role = "leading";
    await leadRound(sequencer, sequencer.lead);
  } catch (error) {
    await endLead(sequencer, error);
  }
}

/** Closes the connection, so that the lock is free and another gateway can lead. */
export async function leave(sequencer: Sequencer): Promise<void> {
  const left = sequencer.candidate;
  sequencer.lead = null;
  sequencer.candidate = null;
  await left?.end().catch(() => {});
}

async function leadRound(sequencer: Sequencer, lead: Lead): Promise<void> {
  while (await append(sequencer, lead));
  if (lead.published_size !== lead.tree.size || lead.published_origin !== sequencer.key.name)
    await publish(sequencer, lead);
}

/** The transitions to `halted` and `following`. A LogBehind is logged once, when it halts the log. */
async function endLead(sequencer: Sequencer, error: unknown): Promise<void> {
  const { guard, log } = sequencer;
  if (error instanceof LogBehind) await guard.halt(error).catch(() => {});
  if (!(error instanceof LogBehind) || sequencer.role !== "halted")
    log.warn(error instanceof LogBehind ? "log_halted" : "log_round_failed", errorFields(error));
  sequencer.role = error instanceof LogBehind ? "halted" : "following";
  await leave(sequencer);
}

/** Reads the tree under a new epoch; null while another gateway leads. Throws LogBehind. */
async function takeLead(sequencer: Sequencer): Promise<Lead | null> {
  const { db, guard, key, log } = sequencer;
  sequencer.candidate ??= await openLogCandidate(db);
  const { candidate } = sequencer;
  const state = await candidate.lead(sequencer.gateway_id);
  if (state === null) return null;
  const tree = treeFromRows(state.size, await readLogTiles(db, edgeOf(state.size)));
  if (!equalBytes(tree.root, state.root))
    throw new LogBehind({ size: state.size, root: state.root }, "the state of the log");
  await guard.check(
    tree,
    state.required_size === null ? null : { size: state.required_size, root: state.required_root },
  );
  const published = await newestCheckpoint(db.pool);
  const origin = published === null ? null : parseCheckpoint(parseNote(published.note).text).origin;
  await askWitnesses(sequencer, published && origin === key.name ? published.note : emptyTree(sequencer), tree.size);
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

/** A checkpoint of the empty tree. Every tree extends it, so signing it can contradict no other checkpoint. */
function emptyTree({ key, private_key }: Sequencer): string {
  return signCheckpoint({ origin: key.name, size: 0, root: treeFromRows(0, []).root }, key, private_key);
}

/** Asks the witnesses before anything is signed, since a witness may know a larger tree than any file here. */
async function askWitnesses({ witnesses }: Sequencer, note: string, size: number): Promise<void> {
  await witnesses.cosign(note).catch((error: unknown) => {
    // A witness may have signed a checkpoint whose leader stopped before it was published: the tree has those leaves.
    if (!(error instanceof LogBehind) || error.forked || error.required.size > size) throw error;
  });
}

/** Appends about TAKE leaves; true when more may wait. */
async function append({ onStep }: Sequencer, lead: Lead): Promise<boolean> {
  const taken = await lead.candidate.take(TAKE);
  if (taken.length === 0) return false;
  const waiting: { pending: PendingLeaf; entry: Buffer }[] = [];
  const claims = [];
  for (const pending of taken) {
    const entry = entryOf(pending);
    const leaf_index = lead.unclaimed.get(toHex(entry));
    if (leaf_index === undefined) waiting.push({ pending, entry });
    else claims.push({ leaf_index, ...subjectOf(pending) });
  }
  onStep?.("taken");
  const { tree, tiles } = extendTree(
    lead.tree,
    waiting.map(({ entry }) => entry),
  );
  await lead.candidate.append({
    epoch: lead.epoch,
    from: lead.tree,
    to: tree,
    claims,
    tiles,
    leaves: waiting.map(({ pending, entry }, at) => ({
      leaf_index: lead.tree.size + at,
      entry,
      ...subjectOf(pending),
    })),
    pending_ids: [...new Set(taken.map(({ pending_id }) => pending_id))],
  });
  const claimed = new Set(claims.map(({ leaf_index }) => leaf_index));
  for (const [entry, leaf_index] of lead.unclaimed) if (claimed.has(leaf_index)) lead.unclaimed.delete(entry);
  lead.tree = tree;
  onStep?.("appended");
  return taken.length >= TAKE;
}

/** Publishes a checkpoint of the tree, unless too few witnesses cosign it. */
async function publish(sequencer: Sequencer, lead: Lead): Promise<void> {
  const { guard, publisher, key, private_key, onStep } = sequencer;
  const { size, root } = lead.tree;
  const filed = await guard.filed();
  await publisher.writeTiles(filed, size);
  onStep?.("tiles_written");
  const signed = signCheckpoint({ origin: key.name, size, root }, key, private_key);
  onStep?.("signed");
  await guard.remember(signed);
  onStep?.("remembered");
  const note = await cosigned(sequencer, signed, size);
  if (note === null) return;
  onStep?.("cosigned");
  await lead.candidate.publish({ epoch: lead.epoch, size, root, note });
  onStep?.("published");
  lead.published_size = size;
  lead.published_origin = key.name;
  await publisher.writeCheckpoint(note);
  onStep?.("filed");
  sequencer.onPublished(note);
  await publisher.removePartialTiles(filed, size);
}

/** The note with the witnesses' signatures; null when fewer than `witnesses_min` signed. */
async function cosigned({ witnesses, witnesses_min, log }: Sequencer, note: string, size: number) {
  const cosignatures = await witnesses.cosign(note);
  const count = cosignatures.length;
  if (count < witnesses_min) {
    log.warn("log_witnesses_missing", { count, expected: witnesses_min, tree_size: size });
    return null;
  }
  return count > 0 ? addSignatures(note, cosignatures) : note;
}

/** Keeps the newest published checkpoint beside the key. Throws LogBehind when the database is behind that file. */
async function follow({ db, guard }: Sequencer): Promise<void> {
  const known = await guard.remembered();
  const { size } = await readLogState(db.pool);
  // Leaves are committed before a checkpoint of them is signed, so only a restored database can be behind the file.
  if (known && known.size > size) throw new LogBehind(known, "the file beside the log key");
  const published = await newestCheckpoint(db.pool);
  if (published && published.tree_size > (known?.size ?? -1)) await guard.remember(published.note);
}
