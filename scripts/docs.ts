/** `make docs`: docs/ and the two documents become one static folder, site/, which any web server can serve. */
import * as fs from "node:fs";
import * as path from "node:path";
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
 * Writes the site into `folder`, which it empties first; returns its number of pages. Throws with every broken link.
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

  fs.rmSync(folder, { recursive: true, force: true });
  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  };
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
    fs.copyFileSync(path.join(ROOT, "generated", `${surface}.json`), path.join(folder, "reference", `${surface}.json`));
  }
  fs.cpSync(path.join(ROOT, "web", "site"), path.join(folder, "assets"), { recursive: true });
  fs.copyFileSync(
    path.join(ROOT, "web", "vendor", "scalar", "standalone.js"),
    path.join(folder, "assets", "scalar.js"),
  );
  write("search.json", JSON.stringify(searchIndex(files.map((file) => [html(file), pages.get(file)!]))));
  write("llms.txt", llmsText(pages));
  return files.length + REFERENCES.length;
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

/** The list of pages for programs that read (llmstxt.org): each page is also there as Markdown. */
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
