import { describe, expect, test } from "vitest";
import {
  addSignatures,
  formatCheckpoint,
  logKey,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from "../../../../src/core/protocol/log/checkpoint.ts";
import { payoutEntry, receiptEntry, transportKeyEntry } from "../../../../src/core/protocol/log/log_entry.ts";
import { inclusionProof, leafHash, rootHash } from "../../../../src/core/protocol/log/merkle.ts";
import {
  cosign,
  formatNote,
  formatVerifierKey,
  noteKeyId,
  parseNote,
  parseVerifierKey,
  signNote,
  verifyNote,
} from "../../../../src/core/protocol/log/note.ts";
import type { NoteKey } from "../../../../src/core/protocol/log/note.ts";
import { FormatError } from "../../../../src/core/protocol/bytes/outcome.ts";
import { signReceipt } from "../../../../src/core/protocol/receipt/receipt.ts";
import { appendLeaves, nodesFromTiles } from "../../../../src/core/protocol/log/tile_tree.ts";
import { formatProof, parseProof, verifyProof } from "../../../../src/core/protocol/log/tlog_proof.ts";
import { signTransportKey } from "../../../../src/core/protocol/envelope/transport_key.ts";
import {
  fixedIdentity,
  fixedTransportPair,
  flipBit,
  node,
  receiptPayload,
} from "../../../support/protocol_fixtures.ts";

const EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const EXAMPLE_NOTE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

const log_identity = fixedIdentity("log");
const log = logKey("b3iq.example/v1/log", log_identity.public_key);
const witness_identity = fixedIdentity("witness");
const witness: NoteKey = { name: "witness.example/w1", type: 4, public_key: witness_identity.public_key };

const signed = signReceipt(receiptPayload(), node.private_key);
const leaf = leafHash(receiptEntry(signed.receipt_hash, signed.signature_ed25519));
const leaves = Array.from({ length: 300 }, (_, i) => (i === 200 ? leaf : leafHash(Buffer.from(`entry ${i}`))));
const tiles = new Map(appendLeaves(0, [], leaves).map((tile) => [`${tile.level}/${tile.index}`, tile.hashes]));
const read = nodesFromTiles(300, ({ level, index }) => tiles.get(`${level}/${index}`)!);
const root = rootHash(300, read);
const checkpoint = signCheckpoint({ origin: log.name, size: 300, root }, log, log_identity.private_key);
const cosigned = addSignatures(checkpoint, [
  cosign(parseNote(checkpoint).text, witness, witness_identity.private_key, 1_795_257_238),
]);
const proof = formatProof({ index: 200, hashes: inclusionProof(200, 300, read), checkpoint: cosigned });

function code(text: string, of = leaf, keys = log, witnesses = [witness]): string {
  const result = verifyProof(text, of, keys, witnesses);
  return result.ok ? "ok" : result.code;
}

describe("signed notes", () => {
  test("verify the example of the format", () => {
    const key = parseVerifierKey(EXAMPLE_KEY);
    expect(formatVerifierKey(key)).toBe(EXAMPLE_KEY);
    expect(noteKeyId(key)).toBe("530d903a");
    const note = parseNote(EXAMPLE_NOTE);
    expect(formatNote(note)).toBe(EXAMPLE_NOTE);
    expect(verifyNote(note, [key]).ok).toBe(true);
    expect(verifyNote({ ...note, text: "This is another message.\n" }, [key]).ok).toBe(false);
  });

  test("ignore unknown keys, and are spoilt by a false line of a known one", () => {
    const stranger = { name: "stranger", key_id: "00000000", signature: Buffer.alloc(70) };
    const text = "text\n\nwith an empty line\n";
    const mine = signNote(text, log, log_identity.private_key);
    expect(verifyNote({ text, signatures: [stranger, mine] }, [log]).ok).toBe(true);
    expect(parseNote(formatNote({ text, signatures: [stranger, mine] }))).toEqual({
      text,
      signatures: [stranger, mine],
    });
    expect(verifyNote({ text, signatures: [stranger] }, [log]).ok).toBe(false);
    expect(verifyNote({ text, signatures: [{ ...mine, name: "other" }] }, [log]).ok).toBe(false);
    expect(verifyNote({ text, signatures: [mine, { ...mine, signature: Buffer.alloc(64) }] }, [log]).ok).toBe(false);
  });

  test.each([
    ["no signature", "text\n"],
    ["no empty line", "text\n— a AAAAAAA=\n"],
    ["no last newline", EXAMPLE_NOTE.slice(0, -1)],
    ["a carriage return", EXAMPLE_NOTE.replace("message.", "message.\r")],
    ["a hyphen for a dash", EXAMPLE_NOTE.replace("—", "-")],
    ["a name with plus", EXAMPLE_NOTE.replace("example.com/foo", "a+b")],
    ["a short signature", "text\n\n— a AAAAAA==\n"],
    ["base64 that is not in its one form", EXAMPLE_NOTE.replace("aQM=", "aQN=")],
    ["a name with a wide space", EXAMPLE_NOTE.replace("example.com/foo", "a\u2003b")],
    ["a lone surrogate", EXAMPLE_NOTE.replace("message.", "\ud800")],
  ])("are refused with %s", (_, text) => {
    expect(() => parseNote(text)).toThrow(FormatError);
  });

  test.each([
    EXAMPLE_KEY.replace("530d903a", "530d903b"),
    EXAMPLE_KEY.replace("example.com", "example.org"),
    "a+b",
    "",
    EXAMPLE_KEY.replace("+Ae", "+Be"),
    `${EXAMPLE_KEY}=`,
  ])("do not take the key %s", (text) => {
    expect(() => parseVerifierKey(text)).toThrow(FormatError);
  });
});

describe("checkpoints", () => {
  test("have the format's text", () => {
    const text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    expect(formatCheckpoint(parseCheckpoint(text))).toBe(text);
    expect(parseCheckpoint(text)).toMatchObject({ origin: "example.com/behind-the-sofa", size: 20_852_163 });
    expect(parseCheckpoint(`${text}extension\n`).extensions).toEqual(["extension"]);
    for (const bad of [
      text.slice(0, -1),
      `${text}\n`,
      text.replace("20852163", "020852163"),
      text.replace("20852163", "-1"),
      text.replace("q2I=", "q2J="),
      text.replace(/^.*/, ""),
    ]) {
      expect(() => parseCheckpoint(bad)).toThrow(FormatError);
    }
  });

  test("open under the log's key only, and name the witnesses that signed", () => {
    const opened = openCheckpoint(cosigned, log, [witness]);
    expect(opened.ok && opened.value.checkpoint).toEqual({ origin: log.name, size: 300, root: Buffer.from(root) });
    expect(opened.ok && opened.value.witnesses).toEqual([{ key: witness, time_s: 1_795_257_238n }]);
    expect(openCheckpoint(checkpoint, log, [witness])).toMatchObject({ ok: true, value: { witnesses: [] } });
    const other = logKey(log.name, fixedIdentity("other log").public_key);
    expect(openCheckpoint(cosigned, other, [witness])).toMatchObject({ code: "invalid_signature" });
    expect(openCheckpoint(cosigned, logKey("another.example", log_identity.public_key))).toMatchObject({
      code: "invalid_request",
    });
  });

  test("are cosigned with a time that cannot be changed", () => {
    const note = parseNote(cosigned);
    const line = note.signatures[1]!;
    const later = Buffer.from(line.signature);
    later.writeBigUInt64BE(1_795_257_239n);
    expect(
      openCheckpoint(formatNote({ ...note, signatures: [note.signatures[0]!, { ...line, signature: later }] }), log, [
        witness,
      ]),
    ).toMatchObject({ code: "invalid_signature" });
    expect(noteKeyId(witness)).not.toBe(noteKeyId({ ...witness, type: 1 }));
  });
});

describe("proof files", () => {
  test("verify offline, and have the format's lines", () => {
    const opened = verifyProof(proof, leaf, log, [witness]);
    expect(opened.ok && [opened.value.index, opened.value.checkpoint.size, opened.value.witnesses.length]).toEqual([
      200, 300, 1,
    ]);
    expect(formatProof(parseProof(proof))).toBe(proof);
    const lines = proof.split("\n");
    expect(lines.slice(0, 2)).toEqual(["c2sp.org/tlog-proof@v1", "index 200"]);
    expect(lines.indexOf("")).toBe(2 + inclusionProof(200, 300, read).length);
    const with_extra = formatProof({ ...parseProof(proof), extra: Buffer.from("more") });
    expect(with_extra.split("\n")[1]).toBe("extra bW9yZQ==");
    expect(parseProof(with_extra).extra).toEqual(Buffer.from("more"));
    expect(code(with_extra)).toBe("ok");
  });

  test("are refused for another leaf, index, log, and with any bit of a hash turned over", () => {
    expect(code(proof, leafHash(Buffer.from("entry 1")))).toBe("invalid_proof");
    expect(code(proof.replace("index 200", "index 201"))).toBe("invalid_proof");
    expect(code(proof, leaf, logKey(log.name, fixedIdentity("x").public_key))).toBe("invalid_signature");
    const parsed = parseProof(proof);
    parsed.hashes.forEach((item, at) => {
      for (let bit = 0; bit < 256; bit++) {
        const altered = Buffer.from(flipBit(Buffer.from(item).toString("hex"), bit, "hex"), "hex");
        expect(code(formatProof({ ...parsed, hashes: parsed.hashes.with(at, altered) }))).toBe("invalid_proof");
      }
    });
  });

  test("are refused with any one character changed", () => {
    for (let at = 0; at < proof.length; at++) {
      const character = proof[at] === "A" ? "B" : "A";
      const altered = proof.slice(0, at) + character + proof.slice(at + 1);
      // A changed name or key id makes a line of an unknown key, which readers ignore: then a signature is missing.
      const result = verifyProof(altered, leaf, log, [witness]);
      expect(result.ok && result.value.witnesses.length > 0).toBe(false);
    }
  });

  test.each([
    ["another header", proof.replace("@v1", "@v2")],
    ["no index", proof.replace("index 200\n", "")],
    ["index with zeros", proof.replace("index 200", "index 0200")],
    ["a hash of 31 bytes", proof.replace("index 200\n", `index 200\n${Buffer.alloc(31).toString("base64")}\n`)],
    ["64 hashes", proof.replace("index 200\n", `index 200\n${`${Buffer.alloc(32).toString("base64")}\n`.repeat(64)}`)],
    ["no checkpoint", proof.slice(0, proof.indexOf("\n\n"))],
    ["extra after index", proof.replace("index 200\n", "index 200\nextra AAAA\n")],
    ["nothing", ""],
  ])("are refused with %s", (_, text) => {
    expect(code(text)).toBe("invalid_request");
  });
});

describe("log entries", () => {
  test("are 32 bytes that do not show the receipt's hash, and differ by signature", () => {
    const entry = receiptEntry(signed.receipt_hash, signed.signature_ed25519);
    expect(entry).toHaveLength(32);
    expect(entry.toString("hex")).not.toBe(signed.receipt_hash);
    expect(receiptEntry(signed.receipt_hash, flipBit(signed.signature_ed25519, 9, "base64url"))).not.toEqual(entry);
    expect(() => receiptEntry("00", signed.signature_ed25519)).toThrow(FormatError);
  });

  test("of transport keys name node, key and period", () => {
    const key = signTransportKey(
      {
        key_id: "nk_1",
        x25519: fixedTransportPair("t").public_key,
        not_before: "2026-11-21T10:17:00Z",
        not_after: "2026-11-22T10:17:00Z",
      },
      node.private_key,
    );
    const entry = transportKeyEntry("node_a", key);
    expect(transportKeyEntry("node_b", key)).not.toEqual(entry);
    expect(transportKeyEntry("node_a", { ...key, not_after: "2026-11-23T10:17:00Z" })).not.toEqual(entry);
  });

  test("of payouts bind commitment and signature", () => {
    const entry = payoutEntry(`{"batch":1}`, Buffer.alloc(64, 1));
    expect(entry).toHaveLength(32);
    expect(payoutEntry(`{"batch":2}`, Buffer.alloc(64, 1))).not.toEqual(entry);
    expect(payoutEntry(`{"batch":1}`, Buffer.alloc(64, 2))).not.toEqual(entry);
  });
});
