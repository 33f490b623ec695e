import * as fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { chromium } from "playwright-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildSite } from "../../scripts/docs.ts";
import hosted from "../../generated/hosted.json" with { type: "json" };
import { lacking, tool } from "../support/tools.ts";
import { describeUnless } from "../support/unless.ts";
import { readSite } from "../../src/surface/docs/docs_site.ts";

/** Where the screenshots go, to be looked at; nowhere unless asked. */
const SHOTS = process.env["B3IQ_TEST_DOCS_SHOTS"];
const KEY = "b3iq_gateway_of_the_reader";
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-site-"));
let browser: Browser;
let url: string;
let close: () => void;

beforeAll(async () => {
  if (lacking("chromium") !== null) return;
  buildSite(folder);
  const site = readSite(folder);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, "http://localhost");
    if (pathname === "/openapi.json") return void response.end(JSON.stringify(hosted));
    if (pathname === "/v1/models") {
      const known = request.headers.authorization === `Bearer ${KEY}`;
      return void response.writeHead(known ? 200 : 401, { "content-type": "application/json" }).end('{"object":"list","data":[]}');
    }
    const file = site.get(pathname);
    if (file === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { ...file.headers, "content-type": file.type }).end(file.bytes());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => server.close();
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath: tool("chromium")!, args: ["--no-sandbox"] });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  close?.();
  fs.rmSync(folder, { recursive: true, force: true });
});

type Seen = { page: Page; foreign: string[]; errors: string[]; context: BrowserContext };

async function open(address: string, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Seen> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const foreign: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) foreign.push(request.url());
  });
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(url + address, { waitUntil: "networkidle" });
  return { page, foreign, errors, context };
}

async function shot(page: Page, name: string): Promise<void> {
  if (SHOTS !== undefined) await page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
}

/** Contrast of each element's text against what is behind it (WCAG 2.2, 1.4.3); runs in the page. */
const CONTRASTS = `(chosen) => {
  const channels = (text) => text.match(/[\\d.]+/g).slice(0, 3).map((part) => Number(part) / 255);
  const linear = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = (text) => {
    const [red, green, blue] = channels(text).map(linear);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  return Array.from(document.querySelectorAll(chosen)).map((element) => {
    let behind = element;
    const clear = (one) => /rgba\\(0, 0, 0, 0\\)/.test(getComputedStyle(one).backgroundColor);
    while (behind && clear(behind)) behind = behind.parentElement;
    const text = luminance(getComputedStyle(element).color);
    const paper = luminance(getComputedStyle(behind ?? document.body).backgroundColor);
    return (Math.max(text, paper) + 0.05) / (Math.min(text, paper) + 0.05);
  });
}`;

const contrastsOf = (page: Page, selector: string) =>
  page.evaluate<number[]>(`(${CONTRASTS})(${JSON.stringify(selector)})`);

describeUnless(lacking("chromium"))("the documentation in Chromium", () => {
  it.each(["light", "dark"] as const)(
    "reads well in %s, and asks no other host",
    async (colorScheme) => {
      const seen = await open("/docs", { colorScheme, viewport: { width: 1280, height: 900 } });
      const pages = fs
        .readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".html") && !file.startsWith("reference"));
      for (const file of pages) {
        await seen.page.goto(`${url}/docs/${file}`);
        const contrasts = await contrastsOf(
          seen.page,
          "p, li, td, th, code, .string, .comment, main a, figcaption, nav a",
        );
        expect(Math.min(...contrasts), file).toBeGreaterThan(4.5);
        if (["index.html", "guides/first-chat.html", "money.html", "errors.html", "operate/deploy.html"].includes(file))
          await shot(seen.page, `${colorScheme}-${path.basename(file, ".html")}`);
      }
      expect(seen.foreign).toEqual([]);
      expect(seen.errors).toEqual([]);
      await seen.context.close();
    },
    120_000,
  );

  it("fits a phone, with every page in a menu", async () => {
    const seen = await open("/docs", { viewport: { width: 360, height: 740 }, hasTouch: true });
    for (const file of fs
      .readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".html") && !name.startsWith("reference"))) {
      await seen.page.goto(`${url}/docs/${file}`);
      const width = await seen.page.evaluate<number>("document.documentElement.scrollWidth");
      expect(width, `${file} is wider than the phone`).toBeLessThanOrEqual(360);
      if (["guides/first-chat.html", "guides/streaming.html", "errors.html", "money.html", "operate/gateway-settings.html"].includes(file))
        await shot(seen.page, `phone-${path.basename(file, ".html")}`);
    }
    await seen.page.goto(`${url}/docs/money.html`);
    await seen.page.click("summary");
    expect(await seen.page.isVisible('.menu a[href="glossary.html"]')).toBe(true);
    await shot(seen.page, "phone-menu");
    await seen.context.close();
  }, 120_000);

  it("can be used with the keyboard alone", async () => {
    const { page, context } = await open("/docs", { viewport: { width: 1280, height: 900 } });
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the text");
    await shot(page, "keyboard-skip");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.closest('main') !== null")).toBe(true);
    await page.keyboard.press("/");
    await page.keyboard.type("refund");
    await page.waitForSelector("#found a");
    await shot(page, "search");
    await page.keyboard.press("ArrowDown");
    expect(await page.evaluate("document.activeElement.closest('#found') !== null")).toBe(true);
    await page.keyboard.press("Enter");
    await page.waitForURL(/money\.html#refunds/);
    await context.close();
  }, 60_000);

  it("reads without scripts", async () => {
    const { page, context } = await open("/docs/guides/first-chat.html", { javaScriptEnabled: false });
    expect(await page.isVisible("text=Start it")).toBe(true);
    expect(await page.isVisible('form[role="search"]')).toBe(false);
    await context.close();
  }, 60_000);

  it.each(["light", "dark"] as const)(
    "draws both references in %s, with no other host",
    async (colorScheme) => {
      for (const [surface, operation] of [
        ["hosted", "Create a chat completion"],
        ["local", "Health"],
      ] as const) {
        const seen = await open(`/docs/reference/${surface}.html`, {
          colorScheme,
          viewport: { width: 1280, height: 900 },
        });
        await seen.page.waitForSelector(".scalar-app, .scalar-api-reference", { timeout: 30_000 });
        await seen.page.waitForTimeout(500);
        await shot(seen.page, `${colorScheme}-reference-${surface}`);
        expect((await seen.page.textContent("body"))!.length, operation).toBeGreaterThan(1000);
        expect(seen.foreign).toEqual([]);
        await seen.context.close();
      }
    },
    120_000,
  );

  it("calls the gateway from the playground with the reader's key, and offers that for no other surface", async () => {
    const seen = await open("/docs/reference/hosted.html", { viewport: { width: 1280, height: 900 } });
    await seen.page.fill('input[placeholder="Token"]', KEY);
    await seen.page.click('a:has-text("List the models that are served")');
    await seen.page.click('button:has-text("Test Request")');
    const answered = seen.page.waitForResponse(`${url}/v1/models`);
    await seen.page.click('button:has-text("Send")');
    expect((await answered).status()).toBe(200);
    expect(seen.foreign).toEqual([]);
    expect(await seen.page.content()).not.toContain(`Bearer ${KEY}`);
    await seen.context.close();

    const other = await open("/docs/reference/local.html", { viewport: { width: 1280, height: 900 } });
    await other.page.waitForSelector("text=Operations can be tried where they are served");
    expect(await other.page.locator('button:has-text("Test Request")').count()).toBe(0);
    await other.context.close();
  }, 120_000);

  it("shows one language of a sample at a time, and remembers which", async () => {
    const { page, context } = await open("/docs/guides/streaming.html", { viewport: { width: 1280, height: 900 } });
    const panels = () => page.locator(".samples figure:visible").allTextContents();
    expect(await panels()).toEqual([expect.stringContaining("curl --config")]);
    await page.focus('[role="tab"][aria-selected="true"]');
    await page.keyboard.press("ArrowRight");
    expect(await panels()).toEqual([expect.stringContaining("// node stream.mjs")]);
    await shot(page, "tabs");
    await page.goto(`${url}/docs/guides/tools.html`);
    expect(await panels()).toEqual([expect.stringContaining("tools.mjs"), expect.stringContaining("schema.mjs")]);
    await context.close();
  }, 60_000);
});
