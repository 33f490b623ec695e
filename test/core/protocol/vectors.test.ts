import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { checkKey } from "../../../src/core/protocol/bytes/api_keys.ts";
import type { KeyPrefix } from "../../../src/core/protocol/bytes/api_keys.ts";
import { openSecret } from "../../../src/core/protocol/envelope/sealed_secret.ts";
import { pythonWith } from "../../support/python.ts";
import { describeUnless } from "../../support/unless.ts";
import { buildVectors } from "../../vectors/build.ts";

const folder = new URL("../../vectors/", import.meta.url).pathname;
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
const vectors = buildVectors(read);

describe("the committed vectors", () => {
  test.each(Object.keys(vectors))("%s is what the code makes (else: node scripts/vectors.ts)", (name) => {
    expect(JSON.parse(JSON.stringify(vectors[name]))).toEqual(read(name));
  });

  test("hold keys with a true checksum, and a secret that opens", () => {
    const { cases } = read("api_keys") as { cases: { prefix: KeyPrefix; key: string }[] };
    expect(cases).toHaveLength(5);
    for (const { prefix, key } of cases) expect(checkKey(key, prefix)).toBe(true);
    const { sealed_secret } = read("enrollment") as {
      sealed_secret: Record<"sealed" | "recipient_private_key" | "context" | "secret", string>;
    };
    expect(openSecret(sealed_secret.sealed, sealed_secret.recipient_private_key, sealed_secret.context)).toBe(
      sealed_secret.secret,
    );
  });
});

const python = await pythonWith("cryptography");

describeUnless(python.missing)("another language", () => {
  const temporary = mkdtempSync(join(tmpdir(), "b3iq-vectors-"));
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  test("reproduces every vector", () => {
    const run = spawnSync(python.file!, [join(folder, "check.py")], { encoding: "utf8", timeout: 60_000 });
    expect(run.stdout.trim().split("\n")).toEqual(
      Object.keys(vectors)
        .sort()
        .map((name) => `same: ${name}`),
    );
    expect(run.status).toBe(0);
  }, 90_000);

  test("notices when any vector differs", () => {
    const copy = join(temporary, "copy");
    cpSync(folder, copy, { recursive: true });
    for (const name of Object.keys(vectors)) {
      const original = readFileSync(join(copy, `${name}.json`), "utf8");
      writeFileSync(
        join(copy, `${name}.json`),
        original.replace(
          ALTERED[name]!,
          (found) => `${found.slice(0, -2)}${found.at(-2) === "1" ? "2" : "1"}${found.at(-1)!}`,
        ),
      );
      expect(spawnSync(python.file!, [join(copy, "check.py")], { timeout: 60_000 }).status, name).not.toBe(0);
      writeFileSync(join(copy, `${name}.json`), original);
    }
  }, 120_000);
});

/** A value of each file whose last character but one is changed. */
const ALTERED: Record<string, RegExp> = {
  canonical: /"canonical": "[^\n]*}"/,
  receipt: /"receipt_hash": "[^"]*"/,
  router_call: /"path": "[^"]*"/,
  node_call: /"path": "[^"]*"/,
  enrollment: /"audience": "[^"]*"/,
  envelope: /"job_id": "[^"]*"/,
  commitments: /"request_commitment": "[^"]*"/,
  api_keys: /"keyed_hash": "[^"]*"/,
  log: /"old_root": "[^"]*"/,
};
