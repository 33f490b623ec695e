import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

export type SiteFile = { type: string; bytes: () => Buffer; headers: Record<string, string> };

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
};

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];
const TEXT_POLICY = [...POLICY, "style-src 'self'"].join("; ");
/** Scalar writes styles and fonts into the page. */
const SCALAR = ["style-src 'self' 'unsafe-inline'", "font-src 'self' data:", "worker-src 'self' blob:"];
const REFERENCE_POLICY = [...POLICY, ...SCALAR].join("; ");

/**
 * The built documentation site by path, `/docs` being its first page, and pages with or without `.html`; empty when it
 * was not built. Only files that were there at the start are served, so no path can lead elsewhere.
 */
export function readSite(folder: string): Map<string, SiteFile> {
  const files = new Map<string, SiteFile>();
  for (const name of filesBelow(folder)) {
    const type = TYPES[path.extname(name)];
    if (type === undefined) continue;
    const policy = name.startsWith("reference/") ? REFERENCE_POLICY : TEXT_POLICY;
    const isPage = name.endsWith(".html");
    const file: SiteFile = {
      type,
      bytes: () => readFileSync(path.join(folder, name)),
      headers: isPage
        ? { "content-security-policy": policy, "referrer-policy": "no-referrer" }
        : { "cache-control": "public, max-age=300" },
    };
    files.set(`/docs/${name}`, file);
    if (isPage) files.set(`/docs/${name.slice(0, -".html".length)}`, file);
  }
  const first = files.get("/docs/index.html");
  if (first === undefined) return new Map();
  files.set("/docs/", first);
  files.set("/docs", { ...first, bytes: () => Buffer.from(fromOutside(first.bytes().toString("utf8"))) });
  const list = files.get("/docs/llms.txt");
  if (list !== undefined) files.set("/llms.txt", list);
  return files;
}

/** The links of a page, which are relative to its folder, for an address without a slash at its end. */
function fromOutside(html: string): string {
  return html.replaceAll(/ (href|src|data-index)="(?!#|[a-z]+:|\/)/g, ' $1="docs/');
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => name.split(path.sep).join("/"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
