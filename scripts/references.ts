/** References in sources and pages: to a page (`docs/design/money.md, Recovery`), to a file of code, from page to page. */
import path from "node:path";

/** A page of `docs/`, with the section behind the comma where one is named: it begins with a capital letter or is a step. */
const PAGE = /docs\/[\w/-]+\.md(?:,\s+(step \d+|[A-Z][^();.:`]*))?/g;
/** A page without its folder: two pages may have that name, so the reader would open the wrong one. */
const BARE_PAGE = /(?<![\w/.-])[a-z][\w-]*\.md\b/g;
/** A file of code in a comment or a page. */
const CODE_FILE = /(?<![\w/.*{}$-])(?:[\w-]+\/)*[\w-]+\.(?:ts|sql|mjs|cjs)\b(?!["'`]?\))/g;
const LINK = /\]\(([^)\s]+)\)/g;
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*|(?<=^|\s)#[^\n]*/g;

/** @returns the headings of a page, without numbers and marks, and `step N` for each step of a numbered list */
function sections(text: string): string[] {
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, title]) => title!.replace(/^\d+\. /, ""));
  return [...headings, ...[...text.matchAll(/^(\d+)\. /gm)].map(([, number]) => `step ${number}`)];
}

const folded = (text: string): string => text.replace(/\n[ \t]*(?:\*|\/\/|#|--)?[ \t]*/g, " ").trim();

function pageProblems(file: string, text: string, texts: ReadonlyMap<string, string>): string[] {
  return [...folded(text).matchAll(PAGE)].flatMap(([found, section]) => {
    const page = found.split(",")[0]!;
    const target = texts.get(page);
    if (target === undefined) return [`${file}: ${page} is not there`];
    if (section === undefined) return [];
    const named = section.trim();
    return sections(target).some((one) => named.startsWith(one) || one.startsWith(named))
      ? []
      : [`${file}: ${page} has no section "${named}"`];
  });
}

function linkProblems(file: string, text: string, tracked: ReadonlySet<string>): string[] {
  return [...text.matchAll(LINK)].flatMap(([, target]) => {
    const [href] = target!.split("#");
    if (href === "" || /^[a-z]+:|^\//.test(href!)) return [];
    const found = path.posix.normalize(path.posix.join(path.posix.dirname(file), href!)).replace(/\/$/, "");
    // HTML pages, and files made from the documents, exist once the site is built.
    const source = found.replace(/\.html$/, ".md");
    const there = tracked.has(source) || [...tracked].some((one) => one.startsWith(`${found}/`));
    return there || found.startsWith("docs/reference/") || found.startsWith("docs/llms")
      ? []
      : [`${file}: ${href} is not there`];
  });
}

/** @returns a sentence for each text that still holds a conflict of a merge: in a comment it compiles */
export function conflictProblems(texts: ReadonlyMap<string, string>): string[] {
  return [...texts].flatMap(([file, text]) =>
    /^(<{7}|>{7}) /m.test(text) ? [`${file}: a merge was not finished`] : [],
  );
}

/** @returns one sentence for each reference that leads nowhere, in the order of the files */
export function referenceProblems(texts: ReadonlyMap<string, string>, tracked: ReadonlySet<string>): string[] {
  const ends = new Set(
    [...tracked].flatMap((file) => file.split("/").map((_, at, parts) => parts.slice(at).join("/"))),
  );
  return [...texts].flatMap(([file, text]) => {
    const isPage = file.endsWith(".md");
    const prose = isPage ? text : (text.match(COMMENT) ?? []).join("\n");
    const bare = isPage
      ? []
      : (prose.match(BARE_PAGE) ?? []).map((page) => `${file}: ${page} is named without its folder`);
    const code = [...prose.replace(/```[\s\S]*?```/g, "").matchAll(CODE_FILE)]
      .filter(([found]) => !ends.has(found))
      .map(([found]) => `${file}: ${found} is not there`);
    return [
      ...pageProblems(file, isPage ? text : prose, texts),
      ...bare,
      ...code,
      ...(isPage ? linkProblems(file, text, tracked) : []),
    ];
  });
}
