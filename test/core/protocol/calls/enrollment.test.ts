import { describe, expect, test } from "vitest";
import { signEnrollment, verifyEnrollment } from "../../../../src/core/protocol/calls/enrollment_proof.ts";
import type {
  EnrollmentExpectation,
  EnrollmentStatement,
} from "../../../../src/core/protocol/calls/enrollment_proof.ts";
import { FormatError } from "../../../../src/core/protocol/bytes/outcome.ts";
import { openSecret, sealSecret } from "../../../../src/core/protocol/envelope/sealed_secret.ts";
import {
  mintTransportKey,
  parseUtcSeconds,
  signTransportKey,
  transportKeyIdOf,
  utcSeconds,
  verifyTransportKey,
} from "../../../../src/core/protocol/envelope/transport_key.ts";
import { fixedBytes, fixedIdentity, fixedTransportPair, flipBit, node } from "../../../support/protocol_fixtures.ts";

const now_ms = Date.parse("2026-11-21T10:17:00Z");
const pair = fixedTransportPair("router secret recipient");
const transport_key = signTransportKey(
  {
    key_id: "nk_1",
    x25519: fixedTransportPair("transport").public_key,
    not_before: utcSeconds(now_ms),
    not_after: utcSeconds(now_ms + 86_400_000),
  },
  node.private_key,
);
const statement: EnrollmentStatement = {
  audience: "https://gateway.example",
  nonce: fixedBytes("nonce").toString("base64url"),
  ed25519_public_key: node.public_key,
  transport_key,
  router_secret_public_key: pair.public_key,
  expires_at: utcSeconds(now_ms + 300_000),
  protocol_version: 1,
};
const expected: EnrollmentExpectation = {
  audience: statement.audience,
  nonce: statement.nonce,
  expires_at: statement.expires_at,
  now_ms,
};

function code(
  change: Partial<EnrollmentStatement> = {},
  against: Partial<EnrollmentExpectation> = {},
  signature?: string,
): string {
  const stated = { ...statement, ...change };
  const result = verifyEnrollment(stated, signature ?? signEnrollment(stated, node.private_key), {
    ...expected,
    ...against,
  });
  return result.ok ? "ok" : result.code;
}

describe("enrollment", () => {
  test("is taken as signed, and gives back the stated fields only", () => {
    const result = verifyEnrollment(
      { ...statement, extra: 1 } as EnrollmentStatement,
      signEnrollment(statement, node.private_key),
      expected,
    );
    expect(result.ok && result.value).toEqual(statement);
  });

  test("is refused for another gateway, challenge or time", () => {
    expect(code({}, { audience: "https://other.example" })).toBe("unauthorized");
    expect(code({}, { nonce: fixedBytes("other").toString("base64url") })).toBe("unauthorized");
    expect(code({}, { expires_at: utcSeconds(now_ms + 301_000) })).toBe("unauthorized");
    expect(code({}, { now_ms: now_ms + 300_000 })).toBe("unauthorized");
    expect(code({}, { now_ms: now_ms + 299_999 })).toBe("ok");
  });

  test("is refused when any field changed after signing", () => {
    const signature = signEnrollment(statement, node.private_key);
    const other = fixedTransportPair("another").public_key;
    for (const change of [
      { audience: "https://other.example" },
      { nonce: other },
      { ed25519_public_key: fixedIdentity("x").public_key },
      { router_secret_public_key: other },
      { expires_at: utcSeconds(now_ms + 9e6) },
      { protocol_version: 2 },
      { transport_key: { ...transport_key, x25519: other } },
      { transport_key: { ...transport_key, key_id: "nk_2" } },
    ])
      expect(code(change, { ...change, now_ms } as Partial<EnrollmentExpectation>, signature)).toBe(
        "invalid_signature",
      );
    for (let bit = 0; bit < 512; bit++)
      expect(code({}, {}, flipBit(signature, bit, "base64url"))).toBe("invalid_signature");
  });

  test("is refused with weak or malformed keys", () => {
    expect(code({ ed25519_public_key: Buffer.from([1, ...Buffer.alloc(31)]).toString("base64url") })).toBe(
      "invalid_request",
    );
    expect(code({ router_secret_public_key: "AAAA" })).toBe("invalid_request");
    expect(code({ transport_key: signTransportKey(transport_key, fixedIdentity("x").private_key) })).toBe(
      "invalid_signature",
    );
  });
});

describe("transport keys", () => {
  const check = (change: object, at = now_ms): string => {
    const result = verifyTransportKey(
      signTransportKey({ ...transport_key, ...change }, node.private_key),
      node.public_key,
      at,
    );
    return result.ok ? "ok" : result.code;
  };

  test("are minted signed, with an id of their own, for 24 h", () => {
    const { key } = mintTransportKey(node.private_key, now_ms);
    expect(verifyTransportKey(key, node.public_key, now_ms).ok).toBe(true);
    expect(key.key_id).toBe(transportKeyIdOf(key.x25519));
    expect(Date.parse(key.not_after) - Date.parse(key.not_before)).toBe(86_400_000);
  });

  test("live 7 days at most and not beyond their end", () => {
    const day = 86_400_000;
    expect(check({ not_after: utcSeconds(now_ms + 7 * day) })).toBe("ok");
    expect(check({ not_after: utcSeconds(now_ms + 7 * day + 1000) })).toBe("invalid_request");
    expect(check({ not_after: transport_key.not_before })).toBe("invalid_request");
    expect(check({}, now_ms + day)).toBe("invalid_request");
    expect(check({ not_after: "2026-11-22T10:17:00.000Z" })).toBe("invalid_request");
    expect(check({ key_id: "a b" })).toBe("invalid_request");
    expect(check({ x25519: "AAAA" })).toBe("invalid_request");
  });

  test("are not another node's", () => {
    expect(verifyTransportKey(transport_key, fixedIdentity("x").public_key, now_ms)).toMatchObject({
      code: "invalid_signature",
    });
    expect(
      verifyTransportKey({ ...transport_key, not_after: utcSeconds(now_ms + 1000) }, node.public_key, now_ms),
    ).toMatchObject({ code: "invalid_signature" });
  });

  test("have times in one form", () => {
    expect(parseUtcSeconds("2026-11-21T10:17:00Z")).toBe(now_ms);
    for (const text of [
      "2026-11-21T10:17:00.0Z",
      "2026-11-21 10:17:00Z",
      "2026-11-31T10:17:00Z",
      "2026-11-21T10:17:60Z",
      5,
      undefined,
    ]) {
      expect(parseUtcSeconds(text)).toBeNull();
    }
  });
});

describe("sealed secrets", () => {
  const secret = fixedBytes("router secret").toString("base64url");

  test("open for their key and context, and look different each time", () => {
    const sealed = sealSecret(secret, pair.public_key, "node_x");
    expect(openSecret(sealed, pair.private_key, "node_x")).toBe(secret);
    expect(sealSecret(secret, pair.public_key, "node_x")).not.toBe(sealed);
  });

  test("open for nothing else", () => {
    const sealed = sealSecret(secret, pair.public_key, "node_x");
    expect(() => openSecret(sealed, pair.private_key, "node_y")).toThrow(FormatError);
    expect(() => openSecret(sealed, fixedTransportPair("x").private_key, "node_x")).toThrow(FormatError);
    expect(() => openSecret("AAAA", pair.private_key, "node_x")).toThrow(FormatError);
    expect(() => openSecret(Buffer.alloc(80).toString("base64url"), pair.private_key, "node_x")).toThrow(/low order/);
    expect(() => sealSecret(secret, Buffer.alloc(32).toString("base64url"), "node_x")).toThrow(/low order/);
    // Bit 255 of the ephemeral key is masked by X25519 but not by the salt.
    for (let bit = 0; bit < 80 * 8; bit++) {
      expect(() => openSecret(flipBit(sealed, bit, "base64url"), pair.private_key, "node_x")).toThrow(FormatError);
    }
  });
});
