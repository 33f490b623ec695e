import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Document } from "../binding/document.ts";
import { tagged } from "../http/caching.ts";
import type { Exchange } from "../http/exchange.ts";
import { createSite, REFERENCE_POLICY, type SiteFile } from "./docs_site.ts";
import { scalarScript } from "./scalar.ts";
import { sendWhole, type HeadOptions } from "../http/reply.ts";

/** Answers `/openapi.json`, `/docs` and what lies below it; false for every other path. */
export type ServeDocs = (exchange: Exchange, head: HeadOptions) => boolean;

const REFERENCE_PATH = "/docs/reference";
/** Made by `make docs` and by `make run`, beside generated/. */
const SITE_FOLDER = fileURLToPath(new URL("../../../site", import.meta.url));
const REFERENCE_SCRIPT = new URL("../../../web/site/reference.js", import.meta.url);
/** Scalar, and the site's script that has Scalar draw a document; its "try it" calls the surface that serves the page. */
const SCRIPTS: Record<string, () => Buffer> = {
  "/docs/scalar.js": scalarScript,
  "/docs/reference.js": () => readFileSync(REFERENCE_SCRIPT),
};

/** As in web/site/site.css: a table that is wider than its column scrolls, and no word is broken. */
const TABLES =
  ".markdown table{display:block!important;overflow-x:auto}" +
  ".markdown :is(th,td){min-width:6rem;overflow-wrap:normal!important;word-break:normal!important}";

function page(title: string): Buffer {
  const safe = title.replaceAll(/[<>&"]/g, "");
  return Buffer.from(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>${safe}</title><style>${TABLES}</style></head>` +
      `<body><div id="reference" data-document="/openapi.json"></div>` +
      `<script src="/docs/scalar.js"></script><script type="module" src="/docs/reference.js"></script></body></html>`,
  );
}

/**
 * Serves the document, the reference of this surface at `/docs/reference`, and at `/docs` the documentation site, or
 * the reference while no site is built. When documentation is off, all of these paths are unknown.
 */
export function serveDocs(document: Document, options: { enabled: boolean; site?: string }): ServeDocs {
  if (!options.enabled) return () => false;
  const json = Buffer.from(JSON.stringify(document));
  const html = page(document.info.title);
  const site = createSite(options.site ?? SITE_FOLDER);
  const reference: SiteFile = {
    type: "text/html; charset=utf-8",
    bytes: () => html,
    headers: { "content-security-policy": REFERENCE_POLICY, "referrer-policy": "no-referrer" },
  };
  const own = new Map<string, SiteFile>([
    ["/openapi.json", { type: "application/json", bytes: () => json, headers: {} }],
    [REFERENCE_PATH, reference],
    ...Object.entries(SCRIPTS).map(([path, read]) => [path, script(read)] as const),
  ]);
  return (exchange, head) => {
    const { path, method } = exchange;
    if ((method !== "GET" && method !== "HEAD") || !/^\/(docs(\/|$)|openapi\.json$|llms\.txt$)/.test(path))
      return false;
    const found = own.get(path) ?? site(path) ?? (path === "/docs" ? reference : undefined);
    const bytes = found?.bytes();
    if (found === undefined || bytes === undefined) return false;
    const headers = { "cache-control": "no-cache", "content-type": found.type, ...found.headers };
    const answer = tagged(exchange.headers["if-none-match"], { status: 200, headers, bytes });
    sendWhole(exchange, answer.status, answer.headers, answer.bytes, head);
    return true;
  };
}

/** A script that is read when it is first asked for. */
function script(read: () => Buffer): SiteFile {
  let content: Buffer | undefined;
  return {
    type: "text/javascript; charset=utf-8",
    bytes: () => (content ??= read()),
    headers: { "cache-control": "public, max-age=3600" },
  };
}
