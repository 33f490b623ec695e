import { readFileSync, readdirSync } from "node:fs";
import type { ServeDocs } from "./docs.ts";
import { sendWhole } from "../http/reply.ts";

/** Pages that a surface may serve: folders of web/. */
export type PageName = "verify";

const WEB = new URL("../../../web/", import.meta.url);
const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** Allows scripts, styles and calls of this surface alone; nothing inline, no frame around the page, no other host. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const HEADERS = {
  "cache-control": "no-cache",
  "content-security-policy": POLICY,
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** Serves `/{name}` and the files beside its page from memory; every other path is left to others. */
export function servePages(names: readonly PageName[]): ServeDocs {
  const files = new Map<string, { type: string; bytes: Buffer }>();
  for (const name of names) {
    const folder = new URL(`${name}/`, WEB);
    for (const file of readdirSync(folder)) {
      const type = TYPES[file.slice(file.lastIndexOf(".") + 1)];
      if (type === undefined) continue;
      files.set(file === "index.html" ? `/${name}` : `/${name}/${file}`, {
        type,
        bytes: readFileSync(new URL(file, folder)),
      });
    }
  }
  return (exchange, head) => {
    const found = files.get(exchange.path);
    if (!found || (exchange.method !== "GET" && exchange.method !== "HEAD")) return false;
    sendWhole(exchange, 200, { ...HEADERS, "content-type": found.type }, found.bytes, head);
    return true;
  };
}
