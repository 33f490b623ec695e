import { openCheckpoint, type CheckpointFailure, type OpenedCheckpoint } from "./checkpoint.ts";
import { verifyInclusion } from "./merkle.ts";
import { fromBase64, type NoteKey } from "./note.ts";
import { FormatError, failure, success, type Outcome } from "../bytes/outcome.ts";

/** A proof that verifies offline (c2sp.org/tlog-proof@v1). `checkpoint` is the signed note, verbatim. */
export type LogProof = { extra?: Uint8Array; index: number; hashes: Uint8Array[]; checkpoint: string };

export const PROOF_HEADER = "c2sp.org/tlog-proof@v1";

/** A proof of a tree with 2^53 leaves has 53 hashes. */
const MAX_HASHES = 63;

/** The text of a proof file. */
export function formatProof(proof: LogProof): string {
  const lines = [PROOF_HEADER];
  if (proof.extra !== undefined) lines.push(`extra ${Buffer.from(proof.extra).toString("base64")}`);
  lines.push(`index ${proof.index}`, ...proof.hashes.map((hash) => Buffer.from(hash).toString("base64")), "");
  return `${lines.join("\n")}\n${proof.checkpoint}`;
}

/** Reads a proof file without verifying it. Throws FormatError. */
export function parseProof(text: string): LogProof {
  const cut = text.indexOf("\n\n");
  if (cut < 0) throw new FormatError("proof", "expected a proof, an empty line and a checkpoint");
  const lines = text.slice(0, cut).split("\n");
  if (lines.shift() !== PROOF_HEADER) throw new FormatError("proof", `expected ${PROOF_HEADER} in the first line`);
  const extra = lines[0]?.startsWith("extra ") ? fromBase64(lines.shift()!.slice(6)) : undefined;
  const digits = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? "")?.[1];
  const index = Number(digits);
  if (digits === undefined || !Number.isSafeInteger(index)) {
    throw new FormatError("proof", "expected a line with the index");
  }
  if (lines.length > MAX_HASHES) throw new FormatError("proof", `more than ${MAX_HASHES} hashes`);
  const hashes = lines.map((line) => {
    const hash = fromBase64(line);
    if (hash.length !== 32) throw new FormatError("proof", "a hash of the proof does not have 32 bytes");
    return hash;
  });
  return { ...(extra === undefined ? {} : { extra }), index, hashes, checkpoint: text.slice(cut + 2) };
}

export type ProofFailure = CheckpointFailure | "invalid_proof";

export type OpenedProof = OpenedCheckpoint & { index: number };

/**
 * Verifies a proof file for a leaf hash that the reader has computed: the log's signature, the signatures of the given
 * cosigners, and the path to the root. The caller decides how many witnesses are enough.
 */
export function verifyProof(
  text: string,
  leaf: Uint8Array,
  log: NoteKey,
  cosigners: readonly NoteKey[] = [],
): Outcome<OpenedProof, ProofFailure> {
  let proof: LogProof;
  try {
    proof = parseProof(text);
  } catch (error) {
    if (error instanceof FormatError) return failure("invalid_request", error.message);
    throw error;
  }
  const opened = openCheckpoint(proof.checkpoint, log, cosigners);
  if (!opened.ok) return opened;
  const { size, root } = opened.value.checkpoint;
  if (!verifyInclusion(leaf, proof.index, size, proof.hashes, root)) {
    return failure("invalid_proof", "the path does not lead from this leaf to the signed root");
  }
  return success({ ...opened.value, index: proof.index });
}
