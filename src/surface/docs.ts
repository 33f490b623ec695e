import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Document } from "./document.ts";
import { tagged } from "./caching.ts";
import type { Exchange } from "./exchange.ts";
import { readSite } from "./docs_site.ts";
import { sendWhole } from "./reply.ts";
import type { HeadOptions } from "./reply.ts";

/** Answers `/openapi.json`, `/docs` and what lies below it; false for every other path. */
export type ServeDocs = (exchange: Exchange, head: HeadOptions) => boolean;

const SCRIPT_PATH = "/docs/scalar.js";
const REFERENCE_PATH = "/docs/reference";
/** Made by `make docs`, beside generated/. */
const SITE_FOLDER = fileURLToPath(new URL("../../site", import.meta.url));
const SCRIPT_FILE = new URL("../../web/vendor/scalar/standalone.js", import.meta.url);

/** Nothing is asked of another host: no fonts, no telemetry, no proxy for "try it". */
const SCALAR_OPTIONS = {
  url: "/openapi.json",
  proxyUrl: "",
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: "never",
  agent: { disabled: true },
  mcp: { disabled: true },
  persistAuth: false,
};

/** "Try it" calls the surface that served the page; the policy allows nothing else. */
const START =
  `Scalar.createApiReference("#reference", Object.assign(${JSON.stringify(SCALAR_OPTIONS)}, ` +
  `{ servers: [{ url: location.origin, description: "This surface" }] }));`;

const POLICY = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${createHash("sha256").update(START).digest("base64")}'`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

function page(title: string): Buffer {
  const safe = title.replaceAll(/[<>&"]/g, "");
  return Buffer.from(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>${safe}</title></head><body><div id="reference"></div>` +
      `<script src="${SCRIPT_PATH}"></script><script>${START}</script></body></html>`,
  );
}

type Served = { type: string; bytes: Buffer; headers?: Record<string, string> };

/**
 * The document, this surface's reference at `/docs/reference`, and at `/docs` the documentation site, or the reference
 * where the site was not built. Off: all of these paths are unknown.
 */
export function serveDocs(document: Document, options: { enabled: boolean; site?: string }): ServeDocs {
  if (!options.enabled) return () => false;
  let script: Buffer | undefined;
  const json = Buffer.from(JSON.stringify(document));
  const html = page(document.info.title);
  const site = readSite(options.site ?? SITE_FOLDER);
  const reference = (): Served => ({
    type: "text/html; charset=utf-8",
    bytes: html,
    headers: { "content-security-policy": POLICY, "referrer-policy": "no-referrer" },
  });
  const pages = new Map<string, () => Served>([
    ["/openapi.json", () => ({ type: "application/json", bytes: json })],
    ["/docs", reference],
    [REFERENCE_PATH, reference],
    [
      SCRIPT_PATH,
      () => ({
        type: "text/javascript; charset=utf-8",
        bytes: (script ??= readFileSync(SCRIPT_FILE)),
        headers: { "cache-control": "public, max-age=3600" },
      }),
    ],
  ]);
  for (const [path, file] of site) pages.set(path, () => ({ ...file, bytes: file.bytes() }));
  return (exchange, head) => {
    const found = pages.get(exchange.path);
    if (!found || (exchange.method !== "GET" && exchange.method !== "HEAD")) return false;
    const { type, bytes, headers } = found();
    const whole = { status: 200, headers: { "cache-control": "no-cache", "content-type": type, ...headers }, bytes };
    const answer = tagged(exchange.headers["if-none-match"], whole);
    sendWhole(exchange, answer.status, answer.headers, answer.bytes, head);
    return true;
  };
}
