import * as path from "node:path";
import { chromium } from "playwright-core";
import type { Browser, Locator, Page, Response } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { startSystem, type System, type TestCustomer } from "../support/system.ts";
import { lacking, tool } from "../support/tools.ts";
import { describeUnless } from "../support/unless.ts";

/** Where screenshots go, to be looked at; nowhere unless asked. */
const SHOTS = process.env["B3IQ_TEST_DOCS_SHOTS"];

/** The reference as a gateway serves it, and its playground with a customer's key against that gateway. */
describeUnless(lacking("chromium"))("the playground", () => {
  let db: TestDatabase;
  let system: System;
  let customer: TestCustomer;
  let browser: Browser;
  beforeAll(async () => {
    db = await testDatabase();
    [system, browser] = await Promise.all([
      startSystem({ database_url: db.url, agents: [{}] }),
      chromium.launch({ executablePath: tool("chromium")!, args: ["--no-sandbox"] }),
    ]);
    customer = await system.customer();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
    await db?.drop();
  });

  async function open(): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    await page.goto(`${system.url}/docs/reference`, { waitUntil: "networkidle" });
    await page.fill('input[placeholder="Token"]', customer.key);
    return page;
  }

  /** Goes to an operation, as a link to it does. */
  async function show(page: Page, tag: string, operation: string): Promise<Locator> {
    await page.goto(`${system.url}/docs/reference#tag/${tag}/${operation.replace(" ", "")}`);
    const section = page.locator(`section[id$="/${operation.replace(" ", "")}"]`);
    await section.locator('button:has-text("Test Request")').waitFor();
    return section;
  }

  /** Opens the playground of the operation as it stands, and sends as often as asked. */
  async function send(page: Page, section: Locator, place: string, times = 1): Promise<Response[]> {
    await section.locator('button:has-text("Test Request")').click();
    const answers: Response[] = [];
    for (let left = times; left > 0; left--) {
      const answered = page.waitForResponse((answer) => new URL(answer.url()).pathname === place);
      await page.click('button:has-text("Send")');
      answers.push(await answered);
    }
    if (SHOTS !== undefined)
      await page.screenshot({ path: path.join(SHOTS, `playground-${place.replaceAll("/", "-")}.png`) });
    await page.keyboard.press("Escape");
    return answers;
  }

  it("has the chat answered at the first Send and at the second, and shows such a sample", { timeout: 120_000 }, async () => {
    const page = await open();
    const section = await show(page, "chat", "POST /v1/chat/completions");
    const shown = (await section.locator("code, pre").allTextContents()).join("\n");
    expect(shown).toContain("b3iq-tiny.gguf");
    expect(shown).not.toMatch(/cus_4k7q2m9x|b3iq_customer_example|6f1c2f0e-chat-1/);
    const answers = await send(page, section, "/v1/chat/completions", 2);
    for (const answer of answers) {
      const sent = Object.keys(await answer.request().allHeaders());
      expect(sent).not.toContain("idempotency-key");
      expect(sent.filter((name) => name.startsWith("x-b3iq-"))).toEqual([]);
      expect([answer.status(), await answer.text()]).toEqual([200, expect.stringContaining('"chat.completion"')]);
    }
    await page.close();
  });

  it("sends no example of a cursor, filter or entity tag", { timeout: 120_000 }, async () => {
    const page = await open();
    for (const [tag, place] of [
      ["billing", "/v1/billing/usage"],
      ["public", "/v1/public/nodes"],
    ] as const) {
      const [answer] = await send(page, await show(page, tag, `GET ${place}`), place);
      expect([new URL(answer!.url()).search, answer!.status()]).toEqual(["", 200]);
      expect(Object.keys(await answer!.request().allHeaders())).not.toContain("if-none-match");
    }
    await page.close();
  });

  it("has no table with a column of single letters", { timeout: 60_000 }, async () => {
    const page = await open();
    const widths = await page.evaluate<number[]>(
      `Array.from(document.querySelectorAll(".markdown table tr:first-child > *")).map((cell) => cell.getBoundingClientRect().width)`,
    );
    expect(widths.length).toBeGreaterThan(5);
    expect(Math.min(...widths)).toBeGreaterThan(60);
    if (SHOTS !== undefined) await page.screenshot({ path: path.join(SHOTS, "reference-tables.png") });
    await page.close();
  });
});
