/**
 * The programs of the system that some tests need and B3IQ does not. Each is looked for here and nowhere else; a test
 * whose tool is missing is skipped, its name says why, and the end of the run names what would install it.
 */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

type Tool = {
  /** Names under which it may be installed. */
  names: string[];
  /** A call that succeeds when the tool can do what the tests need. */
  probe: string[];
  /** Its Debian package. */
  packages: string[];
};

const TOOLS = {
  chromium: { names: ["chromium", "chromium-browser", "google-chrome"], probe: ["--version"], packages: ["chromium"] },
  curl: { names: ["curl"], probe: ["--version"], packages: ["curl"] },
  git: { names: ["git"], probe: ["--version"], packages: ["git"] },
  nginx: { names: ["nginx"], probe: ["-v"], packages: ["nginx-light"] },
  openssl: { names: ["openssl"], probe: ["version"], packages: ["openssl"] },
  python3: {
    names: ["python3"],
    probe: ["-c", "import ensurepip, venv"],
    packages: ["python3", "python3-venv", "python3-pip"],
  },
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;
export const TOOL_NAMES = Object.keys(TOOLS) as ToolName[];

/** An ordinary user's PATH lacks the folder of servers. */
const FOLDERS = [...(process.env["PATH"] ?? "").split(path.delimiter), "/usr/sbin", "/usr/local/sbin"];
/** Tools that count as missing, to simulate a bare machine: `B3IQ_TEST_WITHOUT=nginx,chromium`. */
const WITHOUT = (process.env["B3IQ_TEST_WITHOUT"] ?? "").split(",");
const found = new Map<ToolName, string | undefined>();

/** Where a tool is, by its absolute path; undefined where it is missing or does not work. */
export function tool(name: ToolName): string | undefined {
  if (!found.has(name)) found.set(name, WITHOUT.includes(name) ? undefined : look(TOOLS[name]));
  return found.get(name);
}

function look({ names, probe }: Tool): string | undefined {
  const folders = FOLDERS.filter((folder) => folder !== "");
  const files = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return files.find((file) => fs.existsSync(file) && spawnSync(file, probe).status === 0);
}

/** The Debian packages of these tools. */
export function packagesOf(names: readonly ToolName[]): string[] {
  return names.flatMap((name) => TOOLS[name].packages);
}

/** The reason why tests with these tools are left out; null when all tools are there. */
export function lacking(...names: ToolName[]): string | null {
  const missing = names.filter((name) => tool(name) === undefined);
  return missing.length === 0 ? null : `no ${missing.join(", no ")} here`;
}

const MARK = " [left out: ";

/** The name of a test or group that is left out. */
export function leftOutName(name: string, reason: string): string {
  return `${name}${MARK}${reason}]`;
}

/** The reason in such a name. */
export function reasonIn(name: string): string | undefined {
  const at = name.lastIndexOf(MARK);
  return at === -1 ? undefined : name.slice(at + MARK.length, name.indexOf("]", at));
}
