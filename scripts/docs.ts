/** `make docs`: docs/ and the two documents become one static folder, site/, which any web server can serve. */
import * as fs from "node:fs";
import * as path from "node:path";
import { scalarScript } from "../src/surface/docs/scalar.ts";
import { checkLinks } from "./docs/links.ts";
import { referencePage, textPage } from "./docs/layout.ts";
import type { NavSection } from "./docs/layout.ts";
import { renderMarkdown } from "./docs/markdown.ts";
import type { Rendered } from "./docs/markdown.ts";
import { REFERENCES, SECTIONS } from "./docs/pages.ts";
import { withTables } from "./docs/tables.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const DOCS = path.join(ROOT, "docs");

const SUMMARY =
  "A gateway to a pool of independently run inference nodes with an OpenAI-compatible API: " +
  "prepaid, charged by signed receipts that anyone can verify.";

/**
 * Writes the site into `folder` and returns its number of pages. Throws with every broken link. Only what changed is
 * written, each file whole, and the first page last: a surface that serves the folder never sees it half built.
 */
export function buildSite(folder: string): number {
  const listed = SECTIONS.flatMap(({ pages }) => pages);
  const others = markdownFiles("").filter((file) => !listed.includes(file));
  const decisions = others.filter((file) => file.startsWith("decisions/"));
  const more = others.filter((file) => !file.startsWith("decisions/"));
  const files = [...listed, ...decisions, ...more];

  const sources = new Map(files.map((file) => [file, withTables(fs.readFileSync(path.join(DOCS, file), "utf8"))]));
  const pages = new Map([...sources].map(([file, markdown]) => [file, renderMarkdown(markdown)]));
  const broken = checkLinks(pages, ROOT);
  if (broken.length > 0) throw new Error(`broken links:\n${broken.join("\n")}`);

  const html = (file: string) => file.replace(/\.md$/, ".html");
  const navPage = (file: string) => ({ file: html(file), title: pages.get(file)!.title });
  const all = [
    ...SECTIONS.map(({ title, pages: own }) => ({
      title,
      pages: title === "Decisions" ? [...own, ...decisions] : own,
    })),
    { title: "More", pages: more },
  ];
  const sections: NavSection[] = all
    .filter(({ pages: own }) => own.length > 0)
    .map(({ title, pages: own }) => ({ title, pages: own.map(navPage) }));

  const written = new Map<string, string | Buffer>();
  const write = (file: string, content: string | Buffer) => void written.set(file, content);
  files.forEach((file, at) => {
    const { html: body, title, description } = pages.get(file)!;
    const [previous, next] = [files[at - 1], files[at + 1]].map((other) =>
      other === undefined ? undefined : navPage(other),
    );
    write(html(file), textPage({ file: html(file), title, description, body, previous, next }, sections));
    write(file, sources.get(file)!);
  });
  for (const { surface, title } of REFERENCES) {
    write(`reference/${surface}.html`, referencePage(surface, title));
    write(`reference/${surface}.json`, fs.readFileSync(path.join(ROOT, "generated", `${surface}.json`)));
  }
  const assets = path.join(ROOT, "web", "site");
  for (const name of fs.readdirSync(assets)) write(`assets/${name}`, fs.readFileSync(path.join(assets, name)));
  write("assets/scalar.js", scalarScript());
  write("search.json", JSON.stringify(searchIndex(files.map((file) => [html(file), pages.get(file)!]))));
  write("llms.txt", llmsText(pages));
  replace(folder, written);
  return files.length + REFERENCES.length;
}

/**
 * Writes these files into the folder and removes all others. The first page is written last, whenever another file
 * changed: a running surface sees by the first page that the site is new.
 */
function replace(folder: string, files: ReadonlyMap<string, string | Buffer>): void {
  const firstPageLast = [...files].sort(
    ([one], [other]) => Number(one === "index.html") - Number(other === "index.html"),
  );
  let changed = false;
  for (const [name, content] of firstPageLast) {
    const file = path.join(folder, name);
    const isSame = fs.existsSync(file) && fs.readFileSync(file).equals(Buffer.from(content));
    if (isSame && !(name === "index.html" && changed)) continue;
    changed = true;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const made = `${file}.${process.pid}.new`;
    fs.writeFileSync(made, content);
    fs.renameSync(made, file);
  }
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file).split(path.sep).join("/");
    // Another build may be writing. Files that a killed build left behind do no harm.
    if (entry.isFile() && !files.has(name) && !name.endsWith(".new")) fs.rmSync(file, { force: true });
  }
}

function markdownFiles(folder: string): string[] {
  return fs
    .readdirSync(path.join(DOCS, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => path.posix.join(folder, file.split(path.sep).join("/")))
    .sort();
}

function searchIndex(pages: [string, Rendered][]): object[] {
  return pages.map(([url, { title, headings, text }]) => ({
    url,
    title,
    headings: headings.filter(({ depth }) => depth > 1).map(({ id, text: heading }) => [id, heading]),
    text: text.replaceAll(/\s+/g, " ").trim(),
  }));
}

/** The list of pages for language models (llmstxt.org); each page is served as Markdown too. */
function llmsText(pages: Map<string, Rendered>): string {
  const line = (file: string) => `- [${pages.get(file)!.title}](/docs/${file}): ${pages.get(file)!.description}`;
  const sections = SECTIONS.map(({ title, pages: files }) => `## ${title}\n\n${files.map(line).join("\n")}`);
  const references = REFERENCES.map(
    ({ surface, title, about }) => `- [${title}](/docs/reference/${surface}.json): ${about}, OpenAPI 3.1`,
  );
  return [`# B3IQ`, `> ${SUMMARY}`, ...sections, `## API\n\n${references.join("\n")}`, ""].join("\n\n");
}

if (import.meta.main) {
  const folder = path.join(ROOT, "site");
  const started = performance.now();
  const pages = buildSite(folder);
  console.log(`site/: ${pages} pages in ${Math.round(performance.now() - started)} ms; served at /docs`);
}
