import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../log/support.ts";
import { gatewayWithReceipts } from "./gateway.ts";
import type { PublicGateway } from "./gateway.ts";

const run = promisify(execFile);
const SCRIPT = path.join(import.meta.dirname, "audit.py");
/** 10,000 for the figure of the design. */
const RECEIPTS = Number(process.env["B3IQ_TEST_AUDIT"] ?? 600);

/** A Python of our own with `cryptography`, kept between runs; null with the reason when there is none. */
async function python(): Promise<{ file: string } | { missing: string }> {
  const folder = path.resolve(import.meta.dirname, "../../node_modules/.cache/audit-python");
  const file = path.join(folder, "bin", "python");
  const works = () =>
    run(file, ["-c", "import cryptography"]).then(
      () => true,
      () => false,
    );
  if (await works()) return { file };
  try {
    await run("python3", ["-m", "venv", folder]);
    await run(file, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "cryptography>=42"], {
      timeout: 120_000,
    });
    return { file };
  } catch (error) {
    return { missing: (error as Error).message.split("\n")[0]! };
  }
}

const found = await python();
if ("missing" in found)
  console.warn(
    `test/verify/audit: no Python with the package cryptography (${found.missing}); the independent check is skipped`,
  );

describe.skipIf("missing" in found)("a second implementation, in Python", () => {
  const { file } = found as { file: string };
  let gateway: PublicGateway;
  let hashes: string;
  beforeAll(async () => {
    gateway = await gatewayWithReceipts(RECEIPTS);
    hashes = path.join(temporaryFolder(), "hashes");
    fs.writeFileSync(hashes, gateway.receipts.map(({ signed }) => signed.receipt_hash).join("\n"));
  }, 300_000);
  afterAll(() => gateway.stop());

  test("accepts every receipt and the whole log", async () => {
    const { stdout } = await run(file, [SCRIPT, gateway.url, hashes]);
    expect(stdout).toBe(`checked ${RECEIPTS} receipts in a log of ${RECEIPTS} leaves\n`);
  }, 900_000);

  test("and refuses one that the log does not have", async () => {
    fs.writeFileSync(`${hashes}-unknown`, "00".repeat(32));
    await expect(run(file, [SCRIPT, gateway.url, `${hashes}-unknown`])).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining("NOT VALID") as string,
    });
  });
});
