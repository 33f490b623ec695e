import { canonicalize } from "../../src/core/protocol/bytes/canonical.ts";
import { addSignatures, formatCheckpoint, logKey, signCheckpoint } from "../../src/core/protocol/log/checkpoint.ts";
import { nodeIdOf } from "../../src/core/protocol/bytes/ids.ts";
import { payoutEntry, receiptEntry, transportKeyEntry } from "../../src/core/protocol/log/log_entry.ts";
import { consistencyProof, inclusionProof, leafHash, rootHash } from "../../src/core/protocol/log/merkle.ts";
import { cosign, formatVerifierKey } from "../../src/core/protocol/log/note.ts";
import type { NoteKey } from "../../src/core/protocol/log/note.ts";
import type { SignedReceipt } from "../../src/core/protocol/receipt/receipt.ts";
import { appendLeaves, nodesFromTiles } from "../../src/core/protocol/log/tile_tree.ts";
import { formatProof } from "../../src/core/protocol/log/tlog_proof.ts";
import type { SignedTransportKey } from "../../src/core/protocol/envelope/transport_key.ts";
import { fixedBytes, fixedIdentity, node } from "../support/protocol_fixtures.ts";

/** A log of 300 entries with the receipt at 200: entry, leaf, checkpoint with a witness, proof file, consistency. */
export function logVectors(signed: SignedReceipt, transport_key: SignedTransportKey): unknown {
  const log_identity = fixedIdentity("log");
  const witness_identity = fixedIdentity("witness");
  const log_key = logKey("gateway.example/v1/log", log_identity.public_key);
  const witness: NoteKey = { name: "witness.example/w1", type: 4, public_key: witness_identity.public_key };
  const entry = receiptEntry(signed.receipt_hash, signed.signature_ed25519);
  const entries = Array.from({ length: 300 }, (_, i) => (i === 200 ? entry : fixedBytes(`entry ${i}`)));
  const tiles = new Map(
    appendLeaves(0, [], entries.map(leafHash)).map((tile) => [`${tile.level}/${tile.index}`, tile.hashes]),
  );
  const at = (size: number) => nodesFromTiles(size, ({ level, index }) => tiles.get(`${level}/${index}`)!);
  const root = rootHash(300, at(300));
  const checkpoint = { origin: log_key.name, size: 300, root };
  const note = signCheckpoint(checkpoint, log_key, log_identity.private_key);
  const cosigned = addSignatures(note, [
    cosign(formatCheckpoint(checkpoint), witness, witness_identity.private_key, 1_795_257_238),
  ]);
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  const commitment = canonicalize({ batch_id: 1, total_wei: "5", type: "test" });
  const payout_signature = Buffer.concat([fixedBytes("payout signature"), fixedBytes("payout signature end")]);
  return {
    receipt: signed,
    entry: hex(entry),
    leaf_hash: hex(leafHash(entry)),
    entry_label: "b3iq test vector: entry {index}",
    index: 200,
    size: 300,
    root: hex(root),
    transport_key: {
      node_id: nodeIdOf(node.public_key),
      key: transport_key,
      entry: hex(transportKeyEntry(nodeIdOf(node.public_key), transport_key)),
    },
    payout: { commitment, signature: hex(payout_signature), entry: hex(payoutEntry(commitment, payout_signature)) },
    verifier_key: formatVerifierKey(log_key),
    witness_key: formatVerifierKey(witness),
    checkpoint: cosigned,
    consistency: {
      old_size: 171,
      old_root: hex(rootHash(171, at(171))),
      proof: consistencyProof(171, 300, at(300)).map(hex),
    },
    proof: formatProof({ index: 200, hashes: inclusionProof(200, 300, at(300)), checkpoint: cosigned }),
  };
}
