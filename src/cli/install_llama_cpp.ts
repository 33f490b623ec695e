/** `b3iq-llama-cpp [cuda|vulkan]`: fetches llama.cpp for this machine; npm runs it after an install of B3IQ. */
import { install, optionalIsOmitted, planInstall, type Gpu } from "../../packages/llama-cpp/install.ts";
import { commandWords, runProgram, UsageError } from "./program.ts";

const PROGRAM = "b3iq-llama-cpp";
const USAGE = `usage: ${PROGRAM} [cuda|vulkan]`;
/** Given by npm's postinstall: silent where there is nothing to do. */
const AFTER_INSTALL = "--after-install";

await runProgram(PROGRAM, async () => {
  const words = commandWords();
  const afterInstall = words.includes(AFTER_INSTALL);
  const [gpu, ...more] = words.filter((word) => word !== AFTER_INSTALL);
  if (more.length > 0 || (gpu !== undefined && gpu !== "cuda" && gpu !== "vulkan")) throw new UsageError(USAGE);
  if (!afterInstall || !optionalIsOmitted()) await fetchLlamaCpp(gpu, afterInstall);
});

async function fetchLlamaCpp(gpu: Gpu | undefined, afterInstall: boolean): Promise<void> {
  const machine = `${process.platform}-${process.arch}`;
  const plan = planInstall(gpu);
  if (plan === null) {
    const missing = gpu === undefined ? "no binary of llama.cpp" : `no binary of llama.cpp for ${gpu}`;
    throw new Error(`there is ${missing} for ${machine}; set B3IQ_RUNTIME_URL to a model server`);
  }
  if (plan.packages.length > 0) {
    console.log(`Fetching llama.cpp for ${machine}: ${plan.fetch_mb} MB, ${plan.disk_mb} MB on disk.`);
    await install(plan);
  } else if (!afterInstall) console.log("llama.cpp is installed.");
}
