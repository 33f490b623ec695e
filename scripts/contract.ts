/**
 * `npm run contract`: the documents against the running system, from outside, step by step. SIZE is Schemathesis' examples an operation
 * (5 unless given); STEPS names some steps only, separated by commas; CLIENTS=full makes clients from every document. Full reports stay in
 * node_modules/.cache/contract.
 */
import { CLIENTS, generatedClient } from "./contract/clients.ts";
import { coverage, everyAnswer } from "./contract/coverage.ts";
import { dredd } from "./contract/dredd.ts";
import { openaiNode } from "./contract/openai_client.ts";
import { startOracle } from "./contract/oracle.ts";
import { pythonTools } from "./contract/python.ts";
import { releasedDocument } from "./contract/released.ts";
import { respect } from "./contract/respect.ts";
import { schemathesis } from "./contract/schemathesis.ts";
import { makeSeeds, seedVariables } from "./contract/seeds.ts";
import { startContractSystem } from "./contract/system.ts";
import { ROOT, runTool } from "./contract/tool.ts";
import { withheldReceipt } from "./contract/withheld.ts";
import { hostedWorkflows } from "./contract/workflows.ts";
import type { Outcome } from "./contract/tool.ts";
import * as path from "node:path";

type Step = { name: string; run(): Promise<Outcome | { not_run: string }> };

const SIZE = Number(process.env["SIZE"] || 5);
const ALL_CLIENTS = process.env["CLIENTS"] === "full";
const CHOSEN = process.env["STEPS"]?.split(",");
const DETAILS_CHARACTERS_MAX = 20_000;
/** The number of call sequences along the documents' links: fewer would hardly reach operations that need ids. */
const SCENARIOS = 50;

const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1);

/** Runs a step and says how it went; true unless it failed. */
async function report({ name, run }: Step): Promise<boolean> {
  if (CHOSEN && !CHOSEN.some((chosen) => name.startsWith(chosen))) return true;
  const since = performance.now();
  const outcome = await run().catch((error: unknown): Outcome => ({ passed: false, summary: String(error) }));
  if ("not_run" in outcome) {
    console.log(`skip  ${name}: ${outcome.not_run}`);
    left_out.push(name);
    return true;
  }
  console.log(`${outcome.passed ? "pass" : "FAIL"}  ${name} (${seconds(since)} s): ${outcome.summary}`);
  if (!outcome.passed && outcome.details) console.log(outcome.details.slice(-DETAILS_CHARACTERS_MAX));
  return outcome.passed;
}

const released: Step[] = (["hosted", "local"] as const).map((surface) => ({
  name: `released ${surface}`,
  run: () => releasedDocument(surface),
}));
const passed: boolean[] = [];
/** The steps that were left out, because this machine or network lacks a tool. */
const left_out: string[] = [];
const answers: Step[] = (["hosted", "local"] as const).map((surface) => ({
  name: `answers ${surface}`,
  run: () => everyAnswer(surface),
}));
for (const step of [...released, ...answers]) passed.push(await report(step));

const since = performance.now();
const system = await startContractSystem();
try {
  const seeds = await makeSeeds(system);
  console.log(`The system runs (${seconds(since)} s)`);
  const oracle = await startOracle({ ...system, seeds });
  const variables = {
    ...seedVariables(seeds),
    CONTRACT_ORACLE: oracle.url,
    CONTRACT_WITHHELD_HASH: await withheldReceipt(system.home, oracle.node_id),
  };
  for (const step of liveSteps(seeds, variables)) passed.push(await report(step));
  oracle.close();
} finally {
  await system.stop();
}
const failures = passed.filter((one) => !one).length;
const untried = left_out.length === 0 ? "" : ` Not tried here: ${left_out.join(", ")}.`;
console.log(`${failures === 0 ? "The documents hold." : `${failures} steps failed.`}${untried}`);
process.exitCode = failures === 0 ? 0 : 1;

/** The order keeps what later steps need: the agent's settings come last. */
function liveSteps(seeds: Awaited<ReturnType<typeof makeSeeds>>, variables: Record<string, string>): Step[] {
  const { gateway_url, local_url } = system;
  const { gateway_key, customer_token, local_key, setup_token } = seeds;
  const withPython = (work: (tools: { python: string; schemathesis: string }) => Promise<Outcome>) => async () => {
    const tools = await pythonTools();
    return "missing" in tools ? { not_run: tools.missing } : work(tools);
  };
  const fuzz = (surface: "hosted" | "local", url: string, phases = "examples,coverage,fuzzing") =>
    withPython((tools) =>
      schemathesis({
        schemathesis: tools.schemathesis,
        surface,
        url,
        variables,
        phases,
        examples: phases === "stateful" ? Math.max(SIZE, SCENARIOS) : SIZE,
      }),
    );
  return [
    { name: "workflows hosted", run: () => hostedWorkflows(gateway_url, seeds) },
    { name: "dredd hosted", run: () => dredd("hosted", gateway_url, seeds) },
    { name: "dredd local", run: () => dredd("local", local_url, seeds) },
    {
      name: "workflows local",
      run: () => respect("local", local_url, { setup_token, local_key, password: customer_token }),
    },
    { name: "openai node", run: () => openaiNode(gateway_url, gateway_key) },
    { name: "openai python", run: withPython((tools) => openaiClient(tools.python, gateway_url, gateway_key)) },
    ...CLIENTS.map((client) => ({
      name: `client ${client}`,
      run: () => generatedClient(client, { ...variables, CONTRACT_GATEWAY_URL: gateway_url }, ALL_CLIENTS),
    })),
    { name: "schemathesis hosted", run: fuzz("hosted", gateway_url) },
    { name: "stateful hosted", run: fuzz("hosted", gateway_url, "stateful") },
    { name: "schemathesis local", run: fuzz("local", local_url) },
    { name: "stateful local", run: fuzz("local", local_url, "stateful") },
    { name: "coverage", run: () => coverage(system.metrics_url) },
    { name: "violations", run: noViolations },
  ];
}

/** The official client with strict validation of answers. */
async function openaiClient(python: string, gateway_url: string, key: string): Promise<Outcome> {
  const { code, output } = await runTool(python, [path.join(ROOT, "scripts", "contract", "openai_client.py")], {
    OPENAI_BASE_URL: `${gateway_url}/v1`,
    OPENAI_API_KEY: key,
  });
  return {
    passed: code === 0,
    summary: code === 0 ? `models, chat, stream, failures: ${output.trim().split("\n").at(-1)}` : "failed",
    details: output,
  };
}

/** The programs checked all their answers themselves, in every step. */
async function noViolations(): Promise<Outcome> {
  const found = await system.violations();
  return {
    passed: found.length === 0,
    summary: `${found.length} answers differed from the documents`,
    details: found.join("\n"),
  };
}
