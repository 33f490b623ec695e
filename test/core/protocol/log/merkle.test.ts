import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  rootHash,
  verifyConsistency,
  verifyInclusion,
} from "../../../../src/core/protocol/log/merkle.ts";
import { FormatError } from "../../../../src/core/protocol/bytes/outcome.ts";
import { growingTree, hash, leaves, model, modelPath, modelProof, tree } from "../../../support/merkle_model.ts";

/** Roots of all sizes, so that the loops below need not compute them each time. */
const roots = Array.from({ length: 600 }, (_, size) => model(leaves.slice(0, size)));

describe("the Merkle tree", () => {
  test("has the roots of the Certificate Transparency vectors", () => {
    const entries = [
      "",
      "00",
      "10",
      "2021",
      "3031",
      "40414243",
      "5051525354555657",
      "606162636465666768696a6b6c6d6e6f",
    ];
    const known = [
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    const own = growingTree();
    own.append(entries.map((entry) => leafHash(Buffer.from(entry, "hex"))));
    known.forEach((root, size) => expect(Buffer.from(rootHash(size, own.at(size))).toString("hex")).toBe(root));
  });

  test("has the model's root at every size, read from tiles", () => {
    roots.forEach((root, size) => expect(Buffer.from(rootHash(size, tree.at(size)))).toEqual(root));
    expect(Buffer.from(rootHash(1100, tree.at(1100)))).toEqual(model(leaves));
  });

  test("proves inclusion of every leaf at every size up to 512 as the model does", () => {
    let proofs = 0;
    for (let size = 1; size <= 512; size++) {
      const read = tree.remembered(size);
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(index, size, read);
        if (!verifyInclusion(leaves[index]!, index, size, proof, roots[size]!))
          throw new Error(`index ${index}, size ${size}`);
        // The model costs a tree each time, so it is asked everywhere for small sizes and at the edges for large ones.
        if (size <= 70 || index === 0 || index === size - 1 || index === size >> 1) {
          expect(proof.map((item) => Buffer.from(item))).toEqual(modelPath(index, leaves.slice(0, size)));
        }
        proofs++;
      }
    }
    expect(proofs).toBe(131_328);
  });

  test("proves consistency of every pair of sizes up to 256 as the model does", () => {
    for (let size = 1; size <= 256; size++) {
      const read = tree.remembered(size);
      for (let old_size = 0; old_size <= size; old_size++) {
        const proof = consistencyProof(old_size, size, read);
        if (!verifyConsistency(old_size, size, roots[old_size]!, roots[size]!, proof))
          throw new Error(`${old_size} to ${size}`);
        if (old_size > 0 && (size <= 70 || old_size === size - 1 || old_size === size >> 1)) {
          expect(proof.map((item) => Buffer.from(item))).toEqual(modelProof(old_size, leaves.slice(0, size)));
        }
      }
    }
  });

  test("accepts no proof with one bit turned over, a hash less or more, another index, size, leaf or root", () => {
    const cases = fc
      .integer({ min: 1, max: 599 })
      .chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1), fc.nat(), fc.nat(255)));
    fc.assert(
      fc.property(cases, ([size, index, pick, bit]) => {
        const proof = inclusionProof(index, size, tree.remembered(size)).map((item) => Buffer.from(item));
        const root = roots[size]!;
        const leaf = leaves[index]!;
        expect(verifyInclusion(leaf, index, size, proof, root)).toBe(true);
        expect(verifyInclusion(leaf, index, size, [...proof, leaf], root)).toBe(false);
        expect(verifyInclusion(flipped(leaf, bit), index, size, proof, root)).toBe(false);
        expect(verifyInclusion(leaf, index, size, proof, flipped(root, bit))).toBe(false);
        expect(verifyInclusion(leaf, pick % 700 === index ? index + 1 : pick % 700, size, proof, root)).toBe(false);
        if (proof.length === 0) return;
        const at = pick % proof.length;
        expect(verifyInclusion(leaf, index, size, proof.with(at, flipped(proof[at]!, bit)), root)).toBe(false);
        expect(verifyInclusion(leaf, index, size, proof.toSpliced(at, 1), root)).toBe(false);
        expect(verifyInclusion(leaf, index, size, proof.with(at, proof[at]!.subarray(1)), root)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  test("accepts no consistency proof with one bit turned over, a hash less or more, another size or root", () => {
    const cases = fc
      .integer({ min: 2, max: 599 })
      .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1, max: size - 1 }), fc.nat(), fc.nat(255)));
    fc.assert(
      fc.property(cases, ([size, old_size, pick, bit]) => {
        const proof = consistencyProof(old_size, size, tree.remembered(size)).map((item) => Buffer.from(item));
        const [old_root, root] = [roots[old_size]!, roots[size]!];
        expect(verifyConsistency(old_size, size, old_root, root, proof)).toBe(true);
        expect(verifyConsistency(old_size, size, flipped(old_root, bit), root, proof)).toBe(false);
        expect(verifyConsistency(old_size, size, old_root, flipped(root, bit), proof)).toBe(false);
        expect(verifyConsistency(old_size, size, root, old_root, proof)).toBe(false);
        expect(verifyConsistency(old_size, size, old_root, root, [...proof, root])).toBe(false);
        expect(verifyConsistency(size, old_size, root, old_root, proof)).toBe(false);
        const at = pick % proof.length;
        expect(verifyConsistency(old_size, size, old_root, root, proof.with(at, flipped(proof[at]!, bit)))).toBe(false);
        expect(verifyConsistency(old_size, size, old_root, root, proof.toSpliced(at, 1))).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  test("accepts no path longer than the tree is high, even when it ends at the root", () => {
    const above = hash(Buffer.from("above"));
    const proof = inclusionProof(3, 8, tree.at(8));
    expect(verifyInclusion(leaves[3]!, 3, 8, [...proof, above], hash(Buffer.of(1), above, roots[8]!))).toBe(false);
    const consistent = consistencyProof(3, 8, tree.at(8));
    const [old_root, root] = [roots[3]!, roots[8]!].map((item) => hash(Buffer.of(1), above, item)) as [Buffer, Buffer];
    expect(verifyConsistency(3, 8, old_root, root, [...consistent, above])).toBe(false);
  });

  test("is strict about sizes and the empty tree", () => {
    const root = roots[5]!;
    for (const [index, size] of [
      [5, 5],
      [-1, 5],
      [0.5, 5],
      [0, 0],
      [0, 2 ** 53],
    ] as const) {
      expect(verifyInclusion(leaves[0]!, index, size, [], root)).toBe(false);
      expect(() => inclusionProof(index, size, tree.at(5))).toThrow(FormatError);
    }
    expect(verifyConsistency(0, 5, roots[0]!, root, [])).toBe(true);
    expect(verifyConsistency(0, 5, root, root, [])).toBe(false);
    expect(verifyConsistency(0, 5, roots[0]!, root, [root])).toBe(false);
    expect(verifyConsistency(5, 5, root, root, [root])).toBe(false);
    expect(verifyConsistency(5, 5, root, roots[4]!, [])).toBe(false);
    expect(() => consistencyProof(6, 5, tree.at(5))).toThrow(FormatError);
  });
});

function flipped(bytes: Uint8Array, bit: number): Buffer<ArrayBuffer> {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = copy[bit >> 3]! ^ (1 << (bit & 7));
  return copy;
}
