import { signRaw, verifyRaw } from "../bytes/ed25519.ts";
import { fromBase64url, sha256, toBase64url } from "../bytes/encoding.ts";
import { FormatError, failure, success, type Outcome } from "../bytes/outcome.ts";

/** One line under a note: `— name base64(key_id || signature)` (c2sp.org/signed-note). */
export type NoteSignature = { name: string; /** 4 bytes as lower-case hex. */ key_id: string; signature: Uint8Array };

/** The text ends in a newline; the blank line between text and signatures belongs to neither. */
export type SignedNote = { text: string; signatures: NoteSignature[] };

/**
 * A key that a reader knows. Type 1 signs the text, type 4 is a timestamped cosignature (c2sp.org/tlog-cosignature).
 */
export type NoteKey = { name: string; type: 1 | 4; /** base64url, 32 bytes. */ public_key: string };

/** The format asks readers to take at least 16. */
const MAX_SIGNATURES = 64;

/** First 4 bytes of SHA-256(name || 0x0A || type || public key), hex. */
export function noteKeyId(key: NoteKey): string {
  return sha256(key.name, "\n", Buffer.of(key.type), fromBase64url(key.public_key, 32)).toString("hex", 0, 4);
}

/** `name+hex(key id)+base64(type || public key)`: how a reader is given a key. */
export function formatVerifierKey(key: NoteKey): string {
  assertName(key.name);
  const material = Buffer.concat([Buffer.of(key.type), fromBase64url(key.public_key, 32)]);
  return `${key.name}+${noteKeyId(key)}+${material.toString("base64")}`;
}

/**
 * Reads a verifier key. Throws FormatError `note` for an unknown type or a key id that does not follow from the key.
 */
export function parseVerifierKey(text: string): NoteKey {
  const match = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text);
  if (match === null) throw new FormatError("note", "expected name+key id+key");
  const name = match[1]!;
  assertName(name);
  const material = fromBase64(match[3]!);
  const type = material[0];
  if (material.length !== 33 || (type !== 1 && type !== 4)) {
    throw new FormatError("note", "only Ed25519 keys are known");
  }
  const key: NoteKey = { name, type, public_key: toBase64url(material.subarray(1)) };
  if (noteKeyId(key) !== match[2]) throw new FormatError("note", "the key id does not belong to the key");
  return key;
}

/** Signs a text that ends in a newline; returns the signature line for the note. */
export function signNote(text: string, key: NoteKey, private_key: string): NoteSignature {
  assertText(text);
  assertName(key.name);
  if (key.type !== 1) throw new FormatError("note", "a cosignature is made by cosign");
  return { name: key.name, key_id: noteKeyId(key), signature: signRaw(Buffer.from(text, "utf8"), private_key) };
}

/**
 * A cosignature/v1 over a checkpoint's text at this time (Unix seconds). A witness adds one after it has checked
 * consistency and stored the checkpoint.
 */
export function cosign(text: string, key: NoteKey, private_key: string, time_s: number): NoteSignature {
  assertText(text);
  assertName(key.name);
  if (key.type !== 4) throw new FormatError("note", "a cosigner's key has type 4");
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(time_s));
  const signed = signRaw(cosignedMessage(text, BigInt(time_s)), private_key);
  return { name: key.name, key_id: noteKeyId(key), signature: Buffer.concat([stamp, signed]) };
}

/** Text, blank line, signature lines. */
export function formatNote(note: SignedNote): string {
  assertText(note.text);
  if (note.signatures.length === 0) throw new FormatError("note", "a note has at least one signature");
  const lines = note.signatures.map(({ name, key_id, signature }) => {
    assertName(name);
    return `\u2014 ${name} ${Buffer.concat([Buffer.from(key_id, "hex"), signature]).toString("base64")}\n`;
  });
  return `${note.text}\n${lines.join("")}`;
}

/** Reads a note without verifying its signatures. Throws FormatError `note`. */
export function parseNote(note: string): SignedNote {
  if (!note.isWellFormed() || hasControl(note)) throw new FormatError("note", "a control character or invalid text");
  // The last empty line separates; the text itself may hold others.
  const cut = note.lastIndexOf("\n\n");
  if (cut < 0 || !note.endsWith("\n")) throw new FormatError("note", "expected a text, an empty line and signatures");
  const lines = note.slice(cut + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) throw new FormatError("note", `more than ${MAX_SIGNATURES} signatures`);
  const signatures = lines.map((line) => {
    const match = /^\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
    if (match === null) throw new FormatError("note", "a signature line is malformed");
    const name = match[1]!;
    assertName(name);
    const bytes = fromBase64(match[2]!);
    if (bytes.length < 5) throw new FormatError("note", "a signature is too short");
    return { name, key_id: bytes.toString("hex", 0, 4), signature: bytes.subarray(4) };
  });
  return { text: note.slice(0, cut + 1), signatures };
}

export type VerifiedSignature = { key: NoteKey; /** Unix seconds, of cosignatures only. */ time_s: bigint | null };

/**
 * The verified signatures of known keys, one for each key. Signatures of other keys are ignored. When a signature of a
 * known key does not verify, the whole note is refused with `invalid_signature`.
 */
export function verifyNote(
  note: SignedNote,
  keys: readonly NoteKey[],
): Outcome<VerifiedSignature[], "invalid_signature"> {
  const message = Buffer.from(note.text, "utf8");
  const known = new Map(keys.map((key) => [`${key.name} ${noteKeyId(key)}`, key]));
  const verified = new Map<NoteKey, VerifiedSignature>();
  for (const { name, key_id, signature } of note.signatures) {
    const key = known.get(`${name} ${key_id}`);
    if (key === undefined) continue;
    const time_s = key.type === 4 && signature.length === 72 ? Buffer.from(signature).readBigUInt64BE(0) : null;
    const holds =
      key.type === 1
        ? verifyRaw(message, signature, key.public_key)
        : time_s !== null &&
          time_s < 2n ** 63n &&
          verifyRaw(cosignedMessage(note.text, time_s), signature.subarray(8), key.public_key);
    if (!holds) return failure("invalid_signature", "the signature of a known key does not verify");
    verified.set(key, { key, time_s });
  }
  if (verified.size === 0) return failure("invalid_signature", "no known key has signed");
  return success([...verified.values()]);
}

function cosignedMessage(text: string, time_s: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${time_s}\n${text}`, "utf8");
}

/** Standard base64 with padding (RFC 4648 §4), in its one form. Throws FormatError `note`. */
export function fromBase64(text: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) throw new FormatError("note", "not base64 in its one form");
  return bytes;
}

function assertName(name: string): void {
  if (name === "" || /[\p{White_Space}+]/u.test(name) || hasControl(name) || !name.isWellFormed()) {
    throw new FormatError("note", "a key name is not empty and has no spaces and no plus");
  }
}

function assertText(text: string): void {
  if (!text.endsWith("\n") || !text.isWellFormed() || hasControl(text)) {
    throw new FormatError("note", "the text of a note ends in a newline and has no other control characters");
  }
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 && unit !== 0x0a) return true;
  }
  return false;
}
