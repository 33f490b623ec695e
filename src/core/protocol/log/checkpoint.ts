import { failure, success, FormatError, type Outcome } from "../bytes/outcome.ts";
import { formatNote, fromBase64, noteKeyId, parseNote, signNote, verifyNote } from "./note.ts";
import type { NoteKey, SignedNote, VerifiedSignature } from "./note.ts";

/** A tree head (c2sp.org/tlog-checkpoint). The gateway writes no extension lines; a reader keeps those that it finds. */
export type Checkpoint = { origin: string; size: number; root: Uint8Array; extensions?: string[] };

/** The text of a note: origin, size, root, each on a line. Throws FormatError `checkpoint`. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, root, extensions = [] } = checkpoint;
  if (!Number.isSafeInteger(size) || size < 0) throw new FormatError("checkpoint", "the size is an integer from 0");
  if (root.length !== 32) throw new FormatError("checkpoint", "the root has 32 bytes");
  for (const line of [origin, ...extensions]) {
    if (line === "" || line.includes("\n")) {
      throw new FormatError("checkpoint", "the origin and extensions are lines with content");
    }
  }
  return `${[origin, String(size), Buffer.from(root).toString("base64"), ...extensions].join("\n")}\n`;
}

/** Reads the text of a note as a checkpoint. Throws FormatError `checkpoint`. */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith("\n")) throw new FormatError("checkpoint", "a checkpoint ends in a newline");
  const [origin, digits, root_text, ...extensions] = text.slice(0, -1).split("\n");
  if (!origin || digits === undefined || root_text === undefined || extensions.includes("")) {
    throw new FormatError("checkpoint", "a checkpoint has origin, size and root, and no empty line");
  }
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(digits) || !Number.isSafeInteger(Number(digits))) {
    throw new FormatError("checkpoint", "the size is a decimal number without leading zeros");
  }
  const root = fromBase64(root_text);
  if (root.length !== 32) throw new FormatError("checkpoint", "the root has 32 bytes");
  return { origin, size: Number(digits), root, ...(extensions.length > 0 ? { extensions } : {}) };
}

/** The note of a checkpoint, signed by the log's key. The format requires that the key's name is the origin. */
export function signCheckpoint(checkpoint: Checkpoint, key: NoteKey, private_key: string): string {
  const text = formatCheckpoint(checkpoint);
  return formatNote({ text, signatures: [signNote(text, key, private_key)] });
}

/** The key of a log: its name is the origin. */
export function logKey(origin: string, public_key: string): NoteKey {
  return { name: origin, type: 1, public_key };
}

export type CheckpointFailure = "invalid_request" | "invalid_signature";

export type OpenedCheckpoint = { checkpoint: Checkpoint; note: SignedNote; witnesses: VerifiedSignature[] };

/**
 * Reads a checkpoint, and verifies its origin and the signature of the log's key. `witnesses` lists the given cosigners
 * whose signatures verify; the caller decides how many are enough.
 */
export function openCheckpoint(
  text: string,
  log: NoteKey,
  cosigners: readonly NoteKey[] = [],
): Outcome<OpenedCheckpoint, CheckpointFailure> {
  let note: SignedNote;
  let checkpoint: Checkpoint;
  try {
    note = parseNote(text);
    checkpoint = parseCheckpoint(note.text);
  } catch (error) {
    if (error instanceof FormatError) return failure("invalid_request", error.message);
    throw error;
  }
  if (checkpoint.origin !== log.name) return failure("invalid_request", "the checkpoint is of another log");
  const verified = verifyNote(note, [log, ...cosigners]);
  if (!verified.ok) return verified;
  const id = noteKeyId(log);
  const by_log = verified.value.some(({ key }) => key.type === 1 && key.name === log.name && noteKeyId(key) === id);
  if (!by_log) return failure("invalid_signature", "the log has not signed");
  return success({ checkpoint, note, witnesses: verified.value.filter(({ key }) => key.type === 4) });
}

/** Adds witnesses' lines to a signed checkpoint. */
export function addSignatures(text: string, signatures: SignedNote["signatures"]): string {
  const note = parseNote(text);
  return formatNote({ text: note.text, signatures: [...note.signatures, ...signatures] });
}
