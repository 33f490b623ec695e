import { readdirSync, readFileSync, statSync } from "node:fs";
import * as path from "node:path";

/** `bytes` reads the file as it is now; undefined when the file was removed. */
export type SiteFile = { type: string; bytes: () => Buffer | undefined; headers: Record<string, string> };

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
export const REFERENCE_POLICY = [...POLICY, ...SCALAR].join("; ");

/**
 * The documentation site by path. The files are listed again when the first page of the site, which a build writes
 * last, has changed: a site that is built while a surface runs is served without a restart.
 */
export function createSite(folder: string): (path: string) => SiteFile | undefined {
  const first = path.join(folder, "index.html");
  let built: string | null = null;
  let files = new Map<string, SiteFile>();
  return (asked) => {
    const found = statSync(first, { throwIfNoEntry: false });
    const now = found === undefined ? "none" : `${found.mtimeMs} ${found.ino} ${found.size}`;
    if (now !== built) files = readSite(folder);
    built = now;
    return files.get(asked);
  };
}

/**
 * The built documentation site by path; `/docs` is its first page, and pages are found with `.html` and without. Empty
 * when no site was built. Only listed files are served, so no path can lead elsewhere.
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
      bytes: () => contentOf(path.join(folder, name)),
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
  files.set("/docs", { ...first, bytes: () => withPrefix(first.bytes()) });
  const list = files.get("/docs/llms.txt");
  if (list !== undefined) files.set("/llms.txt", list);
  return files;
}

/** The links of a page, which are relative to its folder, for an address without a slash at its end. */
function withPrefix(html: Buffer | undefined): Buffer | undefined {
  return (
    html && Buffer.from(html.toString("utf8").replaceAll(/ (href|src|data-index)="(?!#|[a-z]+:|\/)/g, ' $1="docs/'))
  );
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => name.split(path.sep).join("/"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
