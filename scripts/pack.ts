import * as fs from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import * as path from "node:path";

/**
 * Makes dist/ for the packed file: Node strips no types below node_modules, so they are stripped here. dist/ mirrors
 * the checkout (src, packages, generated, package.json), so that every relative path holds; `.ts` in imports becomes `.js`.
 */
const ROOT = path.resolve(import.meta.dirname, "..");
const DIST = path.join(ROOT, "dist");
const TREES = ["src", "packages", "generated", "web", "site"].filter((tree) => fs.existsSync(path.join(ROOT, tree)));

fs.rmSync(DIST, { recursive: true, force: true });
for (const tree of TREES) {
  for (const entry of fs.readdirSync(path.join(ROOT, tree), { recursive: true, withFileTypes: true })) {
    const file = path.relative(ROOT, path.join(entry.parentPath, entry.name));
    if (entry.isFile() && !file.includes(`${path.sep}node_modules${path.sep}`)) place(file);
  }
}
const { name, version, type } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as Record<
  string,
  string
>;
fs.writeFileSync(path.join(DIST, "package.json"), `${JSON.stringify({ name, version, type }, null, 2)}\n`);

function place(file: string): void {
  const target = path.join(DIST, file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  if (!file.endsWith(".ts")) {
    fs.copyFileSync(path.join(ROOT, file), target);
    return;
  }
  const code = stripTypeScriptTypes(fs.readFileSync(path.join(ROOT, file), "utf8"), { mode: "strip" });
  fs.writeFileSync(target.replace(/\.ts$/, ".js"), renameImports(code));
}

/** `from "./x.ts"`, `import("./x.ts")`, `new URL("./x.ts", ...)`: only relative ones, the only ones that exist. */
function renameImports(code: string): string {
  return code.replace(/((?:from|import)\s*\(?\s*|new URL\(\s*)"(\.{1,2}\/[^"\n]+)\.ts"/g, '$1"$2.js"');
}
