import * as fs from "node:fs";
import * as path from "node:path";
import { REFERENCES } from "./pages.ts";
import type { Rendered } from "./markdown.ts";

/** Finds broken links: to a page, section or file that does not exist. Links to other hosts are not followed. */
export function checkLinks(pages: Map<string, Rendered>, root: string): string[] {
  const known = new Set([...pages.keys(), ...REFERENCES.map(({ surface }) => `reference/${surface}.html`), "llms.txt"]);
  const broken: string[] = [];
  for (const [file, { links, headings }] of pages) {
    for (const href of links) {
      if (/^[a-z]+:/.test(href)) continue;
      const [target = "", anchor] = href.split("#", 2);
      const to = target === "" ? file : path.posix.join(path.posix.dirname(file), target);
      const page = to === file ? { headings } : pages.get(to);
      const exists = known.has(to) || (!to.endsWith(".md") && fs.existsSync(path.join(root, "docs", to)));
      if (!exists) broken.push(`${file}: ${href}`);
      else if (anchor !== undefined && page !== undefined && !page.headings.some(({ id }) => id === anchor))
        broken.push(`${file}: ${href} (no such section)`);
    }
  }
  return broken;
}
