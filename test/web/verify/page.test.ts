import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lacking, tool } from "../../support/tools.ts";
import { describeUnless } from "../../support/unless.ts";
import { temporaryFolder } from "../../support/log.ts";
import { ANSWER, MESSAGES } from "../../support/verify/fixtures.ts";
import { gatewayWithReceipts } from "../../support/verify/gateway.ts";
import type { PublicGateway } from "../../support/verify/gateway.ts";

const WALK = path.resolve(import.meta.dirname, "../../../web/verify/verify.mjs");

let gateway: PublicGateway;
beforeAll(async () => {
  gateway = await gatewayWithReceipts(300);
}, 120_000);
afterAll(() => gateway.stop());

test("an auditor with the address and the verifier alone checks a receipt", async () => {
  const folder = temporaryFolder();
  fs.copyFileSync(WALK, path.join(folder, "verify.mjs"));
  const { signed } = gateway.receipts[42]!;
  const { stdout } = await promisify(execFile)(process.execPath, [
    path.join(folder, "verify.mjs"),
    "--gateway",
    gateway.url,
    signed.receipt_hash,
  ]);
  expect(stdout).toContain("pass  The log contains the receipt");
  expect(stdout).toContain("pass  The log signed the checkpoint");
  expect(stdout).toContain("Everything that was checked holds.");
  const served = await fetch(`${gateway.url}/verify/verify.mjs`);
  expect(await served.text()).toBe(fs.readFileSync(WALK, "utf8"));
});

test("the page is served with a policy that lets nothing in and nothing out", async () => {
  const page = await fetch(`${gateway.url}/verify`);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self'/,
  );
  expect(page.headers.get("content-security-policy")).not.toContain("unsafe");
  expect((await fetch(`${gateway.url}/verify/../package.json`)).status).toBe(404);
  expect((await fetch(`${gateway.url}/verify`, { method: "POST" })).status).not.toBe(200);
});

describeUnless(lacking("chromium"))("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: tool("chromium")!, args: ["--no-sandbox"] });
  });
  afterAll(() => browser.close());

  /** A page on which nothing may go wrong in the console, with the steps that it shows. */
  async function open(
    options: BrowserContextOptions,
    hash = "",
  ): Promise<{ page: Page; faults: string[]; marks(): Promise<string[]> }> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    page.on("pageerror", (error) => faults.push(String(error)));
    await page.goto(`${gateway.url}/verify${hash}`);
    return { page, faults, marks: () => page.locator(".mark").allTextContents() };
  }

  const shot = async (page: Page, name: string) => {
    const folder = process.env["B3IQ_TEST_SCREENSHOTS"];
    if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
  };

  test.each([
    ["light", 1100],
    ["dark", 1100],
    ["light", 360],
    ["dark", 360],
  ] as const)("a pasted hash is checked step by step (%s, %i px)", async (colorScheme, width) => {
    const { page, faults, marks } = await open({ colorScheme, viewport: { width, height: 900 } });
    await shot(page, `start-${colorScheme}-${width}`);
    await page.getByLabel("Receipt hash").fill(gateway.receipts[7]!.signed.receipt_hash);
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.locator(".report").waitFor();
    expect((await marks()).filter((mark) => mark === "✓ Pass").length).toBeGreaterThanOrEqual(7);
    expect(await page.locator(".fail").count()).toBe(0);
    expect(await page.locator(".verdict").textContent()).toMatch(/^Valid/);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await shot(page, `valid-${colorScheme}-${width}`);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test("a dropped receipt that was changed fails where it was changed, and nothing of it is sent", async () => {
    const { page, faults } = await open({});
    const asked: string[] = [];
    page.on("request", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    const {
      signed: { receipt_hash },
    } = gateway.receipts[9]!;
    const evidence = (await (await fetch(`${gateway.url}/v1/receipts/${receipt_hash}`)).json()) as {
      receipt: { completion_tokens: number };
    };
    evidence.receipt.completion_tokens += 1;
    await page
      .locator("#files")
      .setInputFiles([
        { name: "receipt.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(evidence)) },
      ]);
    await page.locator(".report.bad").waitFor();
    expect(await page.locator(".fail span:nth-child(2)").allTextContents()).toContain(
      "The hash is that of the receipt",
    );
    // The page's own files, such as its icon, may still be on their way.
    expect(asked.filter((request) => !request.startsWith("GET /verify/"))).toEqual(["GET /v1/log/key"]);
    await shot(page, "changed");
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test("an own copy of a chat is checked against its receipt", async () => {
    const { page, faults } = await open({ viewport: { width: 360, height: 800 } });
    const { signed, salt } = gateway.receipts[11]!;
    const answer = (content: string) =>
      JSON.stringify({
        object: "chat.completion",
        choices: [
          { index: 0, message: { role: "assistant", content, tool_calls: ANSWER.tool_calls }, finish_reason: "stop" },
        ],
        b3iq: { receipt_hash: signed.receipt_hash, commitment_salt: salt },
      });
    await page.getByText("Check my own copy of a chat").click();
    await page
      .getByLabel("The request, or its messages (JSON)")
      .fill(JSON.stringify({ model: "m", messages: MESSAGES }));
    await page.getByLabel("The answer (JSON), or the text of the stream").fill(answer(ANSWER.content));
    await page.getByRole("button", { name: "Check my copy" }).click();
    await page.locator(".report").nth(1).waitFor();
    expect(await page.locator(".fail").count()).toBe(0);
    await page.getByLabel("The answer (JSON), or the text of the stream").fill(answer("Five."));
    await page.getByRole("button", { name: "Check my copy" }).click();
    await page.locator(".report.bad").waitFor();
    expect(await page.locator(".fail span:nth-child(2)").allTextContents()).toEqual(["The receipt is of this answer"]);
    await shot(page, "copy-360");
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test("a hash in the address is looked up; an unknown one says so; another pinned key fails", async () => {
    const {
      signed: { receipt_hash },
    } = gateway.receipts[3]!;
    const { page } = await open({}, `#${receipt_hash}`);
    await page.locator(".report.ok").waitFor();
    await page.getByLabel("Receipt hash").fill("00".repeat(32));
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.getByText("the gateway has no receipt with this hash").waitFor();
    await page.getByLabel("Receipt hash").fill("abc");
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.getByText("a receipt hash has 64 hexadecimal characters").waitFor();
    // While a check runs, no verdict of the one before is in sight.
    const answers = Promise.withResolvers<void>();
    await page.route("**/v1/**", async (route) => {
      await answers.promise;
      await route.continue();
    });
    await page.getByText("Pin the log's key").click();
    await page
      .getByLabel("Key of the log")
      .fill("example.org/v1/log+1c9a7e3d+Adda9jSH3aYVkQw9GkT3Pl1S0Zb5dB6sV3vQ0n1b2c3d");
    await page.getByLabel("Receipt hash").fill(receipt_hash);
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.getByText("Checking …").waitFor();
    expect(await page.locator(".report").count()).toBe(0);
    answers.resolve();
    await page.locator(".report.bad").waitFor();
    expect(await page.locator(".fail span:nth-child(2)").allTextContents()).toEqual(["The log signed the checkpoint"]);
    await page.context().close();
  });
});
