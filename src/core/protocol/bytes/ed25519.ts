import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign as signBytes,
  verify as verifyBytes,
} from "node:crypto";
import type { KeyObject } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { domainPreimage, fromBase64url, isBase64url, toBase64url } from "./encoding.ts";
import { FormatError } from "./outcome.ts";

/** Both 32 bytes as base64url; the private key is the seed of RFC 8032 §5.1.5. */
export type Identity = { public_key: string; private_key: string };

// DER prefixes of RFC 8410 §4 and §7; the raw key follows.
const SPKI = Buffer.from("302a300506032b6570032100", "hex");
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * y of every point of order 1, 2, 4 or 8, in all encodings, sign bit cleared. OpenSSL 3.0 (Node 20 and 22) takes them
 * as keys, 3.5 does not; under one, anybody can sign for some messages ("Taming the many EdDSAs", 2020).
 */
const SMALL_ORDER = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

/** A fresh Ed25519 key pair. */
export function generateIdentity(): Identity {
  const { privateKey } = generateKeyPairSync("ed25519");
  const seed = privateKey.export({ format: "der", type: "pkcs8" }).subarray(PKCS8.length);
  return { public_key: publicKeyOf(toBase64url(seed)), private_key: toBase64url(seed) };
}

/** The public key of a private key. */
export function publicKeyOf(private_key: string): string {
  const der = createPublicKey(privateKeyObject(private_key)).export({ format: "der", type: "spki" });
  return toBase64url(der.subarray(SPKI.length));
}

/** Ed25519 (RFC 8032) over domain || 0x00 || bytes; base64url. Throws FormatError for a malformed private key. */
export function sign(domain: string, bytes: Uint8Array | string, private_key: string): string {
  return toBase64url(signBytes(null, domainPreimage(domain, bytes), privateKeyObject(private_key)));
}

/** True when this key signed domain || 0x00 || bytes. Under a malformed or weak key, nothing verifies. */
export function verify(domain: string, bytes: Uint8Array | string, signature: string, public_key: string): boolean {
  if (!isBase64url(signature, 64)) return false;
  return verifyRaw(domainPreimage(domain, bytes), Buffer.from(signature, "base64url"), public_key);
}

/** Ed25519 without a domain, for formats that state their own bytes (C2SP signed-note). */
export function signRaw(message: Uint8Array, private_key: string): Buffer {
  return signBytes(null, message, privateKeyObject(private_key));
}

/** The counterpart of `signRaw`; the same key and signature checks as `verify`. */
export function verifyRaw(message: Uint8Array, signature: Uint8Array, public_key: string): boolean {
  if (signature.length !== 64 || !isCanonicalPoint(signature.subarray(0, 32))) return false;
  const key = publicKeyObject(public_key);
  return key !== null && verifyBytes(null, message, key, signature);
}

/** The same result as `verify`, computed by a thread of Node's pool, so that the event loop is not blocked. */
export function verifyInPool(
  domain: string,
  bytes: Uint8Array | string,
  signature: string,
  public_key: string,
): Promise<boolean> {
  if (!isBase64url(signature, 64)) return Promise.resolve(false);
  const raw = Buffer.from(signature, "base64url");
  const key = isCanonicalPoint(raw.subarray(0, 32)) ? publicKeyObject(public_key) : null;
  if (key === null) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    verifyBytes(null, domainPreimage(domain, bytes), key, raw, (error, holds) => {
      if (error) reject(error);
      else resolve(holds);
    });
  });
}

/**
 * The full check of an identity key, made once at enrollment: exact form, canonical y, a point of the curve, in the
 * subgroup of prime order. Throws FormatError `public_key`.
 */
export function assertPublicKey(public_key: string): void {
  const fault = faultOf(public_key);
  if (fault !== null) throw new FormatError("public_key", fault);
  let torsion_free = false;
  try {
    torsion_free = ed25519.Point.fromBytes(Buffer.from(public_key, "base64url"), false).isTorsionFree();
  } catch {
    throw new FormatError("public_key", "not a point of the curve");
  }
  if (!torsion_free) throw new FormatError("public_key", "the key has a component of small order");
}

function faultOf(public_key: string): string | null {
  if (!isBase64url(public_key, 32)) return "expected 32 bytes as base64url without padding";
  const bytes = Buffer.from(public_key, "base64url");
  const y = Buffer.from(bytes);
  y[31] = y[31]! & 0x7f;
  if (SMALL_ORDER.has(y.toString("hex"))) return "the key is a point of small order";
  return isCanonicalPoint(bytes) ? null : "the encoding of the key is not canonical";
}

/** y < p, and no sign where x is 0 (RFC 8032 §5.1.3). */
function isCanonicalPoint(point: Uint8Array): boolean {
  const top = point[31]!;
  let middle = 0xff;
  let rest = 0;
  for (let i = 1; i < 31; i++) {
    middle &= point[i]!;
    rest |= point[i]!;
  }
  const first = point[0]!;
  if ((top & 0x7f) === 0x7f && middle === 0xff) return first < 0xec || (first === 0xec && top === 0x7f);
  return !(top === 0x80 && rest === 0 && first === 1);
}

/** More keys than a large network has nodes: with fewer, each call of a node would build its key again. */
const MAX_CACHED = 32_768;
const public_keys = new Map<string, KeyObject>();
const private_keys = new Map<string, KeyObject>();

function publicKeyObject(public_key: string): KeyObject | null {
  const known = public_keys.get(public_key);
  if (known !== undefined) return known;
  if (faultOf(public_key) !== null) return null;
  const der = Buffer.concat([SPKI, Buffer.from(public_key, "base64url")]);
  return remember(public_keys, public_key, createPublicKey({ key: der, format: "der", type: "spki" }));
}

function privateKeyObject(private_key: string): KeyObject {
  const known = private_keys.get(private_key);
  if (known !== undefined) return known;
  const der = Buffer.concat([PKCS8, fromBase64url(private_key, 32)]);
  return remember(private_keys, private_key, createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
}

/** Building a KeyObject costs more than a signature, so the newest keys are kept. */
function remember(cache: Map<string, KeyObject>, name: string, key: KeyObject): KeyObject {
  if (cache.size >= MAX_CACHED) {
    for (const oldest of cache.keys()) {
      cache.delete(oldest);
      break;
    }
  }
  cache.set(name, key);
  return key;
}
