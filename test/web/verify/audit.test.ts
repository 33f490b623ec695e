import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "../../support/log.ts";
import { pythonWith } from "../../support/python.ts";
import { describeUnless } from "../../support/unless.ts";
import { gatewayWithReceipts } from "../../support/verify/gateway.ts";
import type { PublicGateway } from "../../support/verify/gateway.ts";

const run = promisify(execFile);
const SCRIPT = path.join(import.meta.dirname, "audit.py");
/** 10,000 for the figure of the design. */
const RECEIPTS = Number(process.env["B3IQ_TEST_AUDIT"] ?? 600);

const python = await pythonWith("cryptography");

describeUnless(python.missing)("a second implementation, in Python", () => {
  const file = python.file!;
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
