/** Rules of the tree of files: a file's name is unique in its program, and its test is in the same folder of test/. */

/** Names that may repeat, because the folder tells the files apart: mains, tables of handlers, rooms of the store. */
const NAMED_BY_FOLDER = [/^src\/(cli\/)?(gateway|host)\.ts$/, /^src\/handlers\//, /^src\/store\/postgres\/[a-z_]+\//];
/** Folders of tests that mirror no folder of sources: several programs at once, documents, tools for tests. */
const TESTS_OF_THE_WHOLE = ["test/contract", "test/e2e", "test/slow", "test/support", "test/mutants", "test/vectors"];
const HOST_ONLY = /^src\/(core\/host|handlers\/local|store\/sqlite)\/|^src\/host\.ts$|^src\/cli\/host/;
const GATEWAY_ONLY = /^src\/(core\/gateway|handlers\/hosted|store\/postgres)\/|^src\/gateway\.ts$|^src\/cli\/gateway/;

const nameOf = (file: string): string => file.split("/").at(-1)!;
const folderOf = (file: string): string => file.split("/").slice(0, -1).join("/");

function duplicates(program: string, files: string[]): string[] {
  const byName = Map.groupBy(files, nameOf);
  return [...byName]
    .filter(([, those]) => those.length > 1)
    .map(([name, those]) => `${program}: ${name} is the name of ${those.join(" and ")}`);
}

/** @returns a sentence for each name that two files of one program have, beyond those that their folders make plain */
export function duplicateNames(tracked: readonly string[]): string[] {
  const sources = tracked
    .filter((file) => /^src\/.*\.ts$/.test(file))
    .filter((file) => !NAMED_BY_FOLDER.some((plain) => plain.test(file)));
  const gateway = duplicates(
    "gateway",
    sources.filter((file) => !HOST_ONLY.test(file)),
  );
  const host = duplicates(
    "host agent",
    sources.filter((file) => !GATEWAY_ONLY.test(file)),
  );
  return [...new Set([...gateway, ...host])];
}

/** @returns a sentence for each test that stands where no source does, and for each helper of tests outside test/support */
export function misplacedTests(tracked: readonly string[]): string[] {
  const folders = new Set(tracked.flatMap((file) => parents(file)));
  return tracked
    .filter((file) => /^test\/.*\.ts$/.test(file) && !TESTS_OF_THE_WHOLE.some((whole) => file.startsWith(`${whole}/`)))
    .flatMap((file) => {
      if (!file.endsWith(".test.ts")) return [`${file} is no test: what helps tests stands in test/support/`];
      // A test of a main stands in test/ itself.
      if (folderOf(file) === "test") return [];
      const mirrored = folderOf(file).replace(/^test\//, "");
      const there = [`src/${mirrored}`, mirrored, `packages/${mirrored}`].some((folder) => folders.has(folder));
      return there ? [] : [`${file}: neither src/${mirrored} nor ${mirrored} is a folder`];
    });
}

function parents(file: string): string[] {
  const parts = file.split("/").slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}
