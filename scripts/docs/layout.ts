import * as path from "node:path";
import { escapeHtml } from "./markdown.ts";

export type NavPage = { file: string; title: string };
export type NavSection = { title: string; pages: NavPage[] };

type Page = {
  file: string;
  title: string;
  description: string;
  body: string;
  previous?: NavPage | undefined;
  next?: NavPage | undefined;
};

/** The path from one file of the site to another. */
export function relative(from: string, to: string): string {
  return path.posix.relative(path.posix.dirname(from), to) || path.posix.basename(to);
}

function navigation(sections: NavSection[], file: string): string {
  return sections
    .map(({ title, pages }) => {
      const items = pages.map(
        (page) =>
          `<li><a href="${relative(file, page.file)}"${page.file === file ? ' aria-current="page"' : ""}>` +
          `${escapeHtml(page.title)}</a></li>`,
      );
      return `<h2>${title}</h2><ul>${items.join("")}</ul>`;
    })
    .join("");
}

function head(file: string, title: string, description: string): string {
  return (
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
    `<meta name="color-scheme" content="light dark"><title>${escapeHtml(title)} · B3IQ</title>` +
    `<meta name="description" content="${escapeHtml(description)}">` +
    `<link rel="icon" href="${relative(file, "assets/icon.svg")}">` +
    `<link rel="stylesheet" href="${relative(file, "assets/site.css")}"></head>`
  );
}

const PARTS = [
  ["index.html", "Guides"],
  ["reference/hosted.html", "Hosted API"],
  ["reference/local.html", "Local API"],
] as const;

function partLink(file: string, to: string, name: string): string {
  const here = to === file || (name === "Guides" && !file.startsWith("reference/"));
  return `<a href="${relative(file, to)}"${here ? ' aria-current="true"' : ""}>${name}</a>`;
}

function topBar(file: string): string {
  return (
    `<a class="skip" href="#content">Skip to the text</a>` +
    `<header><a class="home" href="${relative(file, "index.html")}">B3IQ</a>` +
    `<form role="search" data-index="${relative(file, "search.json")}" hidden><label for="search">Search</label>` +
    `<input id="search" type="search" autocomplete="off" aria-controls="found"><ul id="found"></ul></form>` +
    `<nav aria-label="Parts">${PARTS.map(([to, name]) => partLink(file, to, name)).join("")}</nav></header>`
  );
}

/** A page with text: navigation, text, the pages before and after it. Reads without any script. */
export function textPage(page: Page, sections: NavSection[]): string {
  const { file, title, description, body, previous, next } = page;
  const menu = navigation(sections, file);
  const step = (to: NavPage | undefined, rel: string, word: string) =>
    to === undefined
      ? "<span></span>"
      : `<a rel="${rel}" href="${relative(file, to.file)}"><small>${word}</small>${escapeHtml(to.title)}</a>`;
  return (
    `<!doctype html>\n<html lang="en">${head(file, title, description)}<body>${topBar(file)}` +
    `<div class="columns"><nav class="side" aria-label="Pages">${menu}</nav>` +
    `<details class="menu"><summary>All pages</summary><nav aria-label="All pages">${menu}</nav></details>` +
    `<main id="content" class="text" tabindex="-1">${body}` +
    `<nav class="steps" aria-label="Next and previous page">` +
    `${step(previous, "prev", "Before")}${step(next, "next", "Next")}</nav></main></div>` +
    `<script src="${relative(file, "assets/search.js")}" defer></script>` +
    `<script src="${relative(file, "assets/samples.js")}" defer></script></body></html>\n`
  );
}

/** The page of an API reference: Scalar draws it from a document of the site; without scripts it links to that. */
export function referencePage(surface: string, title: string): string {
  const file = `reference/${surface}.html`;
  return (
    `<!doctype html>\n<html lang="en">${head(file, title, `${title}: every operation, with a playground`)}` +
    `<body class="reference">${topBar(file)}` +
    `<main id="content" tabindex="-1"><noscript><p>This page needs scripts. The document itself is ` +
    `<a href="${surface}.json">${surface}.json</a>.</p></noscript>` +
    `<div id="reference" data-document="${surface}.json"></div></main>` +
    `<script src="../assets/scalar.js"></script>` +
    `<script type="module" src="../assets/reference.js"></script></body></html>\n`
  );
}
