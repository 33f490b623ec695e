import { hash as digest } from "node:crypto";
import { FormatError } from "../bytes/outcome.ts";

/** Hash of the complete subtree at this height and index: the leaves [index * 2^level, (index + 1) * 2^level). */
export type ReadNode = (level: number, index: number) => Uint8Array;

/** SHA-256(0x00 || entry) (RFC 6962 §2.1). */
export function leafHash(entry: Uint8Array): Buffer {
  return sha256(Buffer.concat([Buffer.of(0), entry]));
}

/** SHA-256(0x01 || left || right) (RFC 6962 §2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([Buffer.of(1), left, right]));
}

/** The root of the first `size` leaves; SHA-256 of nothing for the empty tree. */
export function rootHash(size: number, read: ReadNode): Uint8Array {
  assertSize(size);
  return size === 0 ? sha256(Buffer.alloc(0)) : rangeHash(0, size, read);
}

/** PATH(index, D[size]) of RFC 6962 §2.1.1, from the leaf's sibling up. Throws FormatError `range`. */
export function inclusionProof(index: number, size: number, read: ReadNode): Uint8Array[] {
  assertSize(size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new FormatError("range", "the index lies outside the tree");
  }
  const proof: Uint8Array[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + split(end - start);
    if (index < middle) {
      proof.push(rangeHash(middle, end, read));
      end = middle;
    } else {
      proof.push(rangeHash(start, middle, read));
      start = middle;
    }
  }
  return proof.reverse();
}

/**
 * PROOF(old_size, D[size]) of RFC 6962 §2.1.2; empty for equal sizes and for the empty tree. Throws FormatError
 * `range`.
 */
export function consistencyProof(old_size: number, size: number, read: ReadNode): Uint8Array[] {
  assertSize(size);
  assertSize(old_size);
  if (old_size > size) throw new FormatError("range", "the older tree is larger");
  if (old_size === 0 || old_size === size) return [];
  const proof: Uint8Array[] = [];
  let start = 0;
  let end = size;
  while (end !== old_size) {
    const middle = start + split(end - start);
    if (old_size <= middle) {
      proof.push(rangeHash(middle, end, read));
      end = middle;
    } else {
      proof.push(rangeHash(start, middle, read));
      start = middle;
    }
  }
  // The verifier knows the old root. The proof leaves it out when the old tree is one complete subtree.
  if (start > 0) proof.push(rangeHash(start, end, read));
  return proof.reverse();
}

/** RFC 9162 §2.1.3.2: true when the leaf with this hash stands at `index` of the tree with this size and root. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || !allHashes([leaf, root, ...proof])) return false;
  let at = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) {
        at = at / 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equal(hash, root);
}

/** RFC 9162 §2.1.4.2: true when the first `old_size` leaves of the tree of `size` are the tree with the old root. */
export function verifyConsistency(
  old_size: number,
  size: number,
  old_root: Uint8Array,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isSize(old_size) || !isSize(size) || old_size > size || !allHashes([old_root, root, ...proof])) return false;
  if (old_size === size) return proof.length === 0 && equal(old_root, root);
  // Every tree begins with the empty one, whose root is fixed.
  if (old_size === 0) return proof.length === 0 && equal(old_root, sha256(Buffer.alloc(0)));
  let old_at = old_size - 1;
  let at = size - 1;
  while (old_at % 2 === 1) {
    old_at = Math.floor(old_at / 2);
    at = Math.floor(at / 2);
  }
  const rest = [...proof];
  const seed = old_at === 0 ? old_root : rest.shift();
  if (seed === undefined) return false;
  let old_hash = seed;
  let hash = seed;
  for (const sibling of rest) {
    if (at === 0) return false;
    if (old_at % 2 === 1 || old_at === at) {
      old_hash = nodeHash(sibling, old_hash);
      hash = nodeHash(sibling, hash);
      while (old_at % 2 === 0 && old_at !== 0) {
        old_at = old_at / 2;
        at = Math.floor(at / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    old_at = Math.floor(old_at / 2);
    at = Math.floor(at / 2);
  }
  return at === 0 && equal(old_hash, old_root) && equal(hash, root);
}

/** The hash of the leaves [start, end), where start is a multiple of the power of two that holds the range. */
function rangeHash(start: number, end: number, read: ReadNode): Uint8Array {
  const length = end - start;
  let level = 0;
  let power = 1;
  for (; power * 2 <= length; power *= 2) level++;
  if (power === length) return read(level, start / length);
  const middle = start + power;
  return nodeHash(rangeHash(start, middle, read), rangeHash(middle, end, read));
}

/** The largest power of two below the length. */
function split(length: number): number {
  let power = 1;
  while (power * 2 < length) power *= 2;
  return power;
}

function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 0;
}

function assertSize(size: number): void {
  if (!isSize(size)) throw new FormatError("range", "the size of a tree is an integer from 0 to 2^53-1");
}

function allHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === 32);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Hashes in one call: making a digest object costs several times as much as hashing 65 bytes. */
function sha256(bytes: Uint8Array): Buffer {
  return digest("sha256", bytes, "buffer");
}
