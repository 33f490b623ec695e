import { Marked } from "marked";
import type { RendererObject, Tokens } from "marked";
import { readInfo } from "./samples.ts";

export type Heading = { depth: number; id: string; text: string };
export type Rendered = {
  html: string;
  title: string;
  description: string;
  headings: Heading[];
  links: string[];
  text: string;
};

/** Text as HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** The anchor of a heading, as GitHub makes it, so that links work in both places. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
}

/** Makes a page's HTML. Raw HTML is shown as text; links to `.md` files lead to their pages. */
export function renderMarkdown(markdown: string): Rendered {
  const headings: Heading[] = [];
  const links: string[] = [];
  const used = new Map<string, number>();
  const renderer: RendererObject = {
    heading({ tokens, depth, text }) {
      const plain = text.replaceAll(/[`*]/g, "").replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
      const base = slug(plain);
      const seen = used.get(base) ?? 0;
      used.set(base, seen + 1);
      const id = seen === 0 ? base : `${base}-${seen}`;
      headings.push({ depth, id, text: plain });
      const inner = this.parser.parseInline(tokens);
      return depth === 1
        ? `<h1>${inner}</h1>\n`
        : `<h${depth} id="${id}">${inner} ` +
            `<a class="anchor" href="#${id}" aria-label="Link to this section">#</a></h${depth}>\n`;
    },
    code({ text, lang = "" }) {
      const { lang: language, file, until, run } = readInfo(lang);
      const caption = file ?? (until === undefined ? undefined : "in a terminal of its own");
      const label = caption === undefined ? "" : `<figcaption>${escapeHtml(caption)}</figcaption>`;
      const marked = `<code data-language="${escapeHtml(language)}">${highlight(text, language)}</code>`;
      const tab = run || (language === "sh" && /\bcurl\b|\bbin\/b3iq/.test(text)) ? TABS[language] : undefined;
      return `<figure class="code"${tab === undefined ? "" : ` data-tab="${tab}"`}>${label}<pre tabindex="0">${marked}</pre></figure>\n`;
    },
    link({ href, tokens }) {
      links.push(href);
      return `<a href="${escapeHtml(pageLink(href))}">${this.parser.parseInline(tokens)}</a>`;
    },
    table(token: Tokens.Table) {
      // On a phone each row stands as a block of its own, where a cell names its column.
      const label = (at: number) => (at === 0 ? "" : ` data-label="${escapeHtml(token.header[at]?.text ?? "")}"`);
      const cells = (row: Tokens.TableCell[], tag: "td" | "th") =>
        row.map((cell, at) => `<${tag}${tag === "td" ? label(at) : ""}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join("");
      const empty = token.header.every((cell) => cell.text === "");
      const head = empty ? "" : `<thead><tr>${cells(token.header, "th")}</tr></thead>`;
      const body = token.rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("");
      const table = `<table>${head}<tbody>${body}</tbody></table>`;
      return `<div class="table" tabindex="0" role="region" aria-label="Table">${table}</div>\n`;
    },
    html: ({ text }) => escapeHtml(text),
  };
  const html = inTabs(new Marked({ renderer, gfm: true }).parse(markdown) as string);
  const title = headings.find(({ depth }) => depth === 1)?.text;
  if (title === undefined) throw new Error("a page without a heading of the first level");
  return { html, title, description: firstParagraph(markdown), headings, links, text: plainText(markdown) };
}

/** The label of a sample among samples that do the same. */
const TABS: Record<string, string> = { sh: "Shell", js: "JavaScript", ts: "TypeScript", python: "Python" };

/** Samples that follow each other, each in another language, do the same: the page's script shows one at a time. */
function inTabs(html: string): string {
  return html.replaceAll(/(?:<figure class="code" data-tab="\w+">.*?<\/figure>\n){2,}/gs, (group) => {
    const names = [...group.matchAll(/ data-tab="(\w+)"/g)].map(([, name]) => name);
    return new Set(names).size === names.length ? `<div class="samples">${group}</div>\n` : group;
  });
}

/** `../money.md#refunds` becomes `../money.html#refunds`; links to other places stay. */
export function pageLink(href: string): string {
  return /^[a-z]+:/.test(href) ? href : href.replace(/\.md(?=$|#)/, ".html");
}

function firstParagraph(markdown: string): string {
  const block = markdown.split(/\n{2,}/).find((part) => /^[A-Z`*]/.test(part)) ?? "";
  return plainText(block).replaceAll(/\s+/g, " ").trim();
}

function plainText(markdown: string): string {
  return markdown
    .replaceAll(/```[\s\S]*?^```$/gm, " ")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[`*#|>]|-{3,}/g, " ");
}

const COMMENT = "(^|\\s)(#[^\\n]*)";
const SLASHES = "(^|\\s)(//[^\\n]*)";
const STRING = "(\"(?:[^\"\\\\\\n]|\\\\.)*\"|'[^'\\n]*'|`[^`]*`)";
const PATTERNS: Record<string, RegExp> = {
  sh: new RegExp(`${STRING}|${COMMENT}`, "gm"),
  python: new RegExp(`${STRING}|${COMMENT}`, "gm"),
  js: new RegExp(`${STRING}|${SLASHES}`, "gm"),
  ts: new RegExp(`${STRING}|${SLASHES}`, "gm"),
  json: new RegExp(`${STRING}|(^$)(^$)`, "gm"),
};

/** Highlights comments and strings only. */
function highlight(text: string, language: string): string {
  const pattern = PATTERNS[language];
  if (pattern === undefined) return escapeHtml(text);
  let html = "";
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const [whole, string, before = "", comment] = match;
    html += escapeHtml(text.slice(at, match.index) + (string === undefined ? before : ""));
    if (string !== undefined) html += `<span class="string">${escapeHtml(string)}</span>`;
    else if (comment) html += `<span class="comment">${escapeHtml(comment)}</span>`;
    at = match.index + whole.length;
  }
  return html + escapeHtml(text.slice(at));
}
