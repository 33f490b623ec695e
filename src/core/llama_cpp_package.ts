/** The programs of packages/llama-cpp, which agent and gateway start as child processes. */
import { fork, type ChildProcess, type StdioOptions } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/** Starts a program of the package; its standard output and, unless it is kept, its standard error go nowhere. */
export function startLlamaCpp(program: "chat_child" | "tokenizer_child", stderr: "inherit" | "ignore"): ChildProcess {
  // The packed program has .js files where the checkout has .ts files.
  const file = new URL(`../../packages/llama-cpp/${program}${extname(import.meta.url)}`, import.meta.url);
  const stdio: StdioOptions = ["ignore", "ignore", stderr, "ipc"];
  // Texts of customers are in the memory of both programs: no signal may open the inspector there.
  const execArgv = ["--disable-sigusr1", "--disable-warning=ExperimentalWarning"];
  return fork(fileURLToPath(file), { execArgv, serialization: "json", stdio });
}
