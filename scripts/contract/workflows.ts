/**
 * The Arazzo workflows of the hosted surface, with their inputs from outside: a sealed job and the machine of a new
 * node.
 */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { temporaryHome } from "../../test/support/processes.ts";
import { startMachine } from "./machine.ts";
import { respect } from "./respect.ts";
import type { Seeds } from "./seeds.ts";
import { ROOT } from "./tool.ts";
import type { Outcome } from "./tool.ts";

const QUESTION = "Only the node may read this.";

/** Runs them, and opens the private job's result as its customer does: with the session that never left this folder. */
export async function hostedWorkflows(gateway_url: string, seeds: Seeds): Promise<Outcome> {
  const { gateway_key, admin_token, customer_id, customer_token, node_id, model } = seeds;
  const folder = temporaryHome();
  const machine = await startMachine(gateway_url);
  const job = (words: string[], input = "") =>
    gatewayJob(words, folder, input, {
      B3IQ_GATEWAY_BASE_URL: gateway_url,
      B3IQ_CUSTOMER_ID: customer_id,
      B3IQ_CUSTOMER_TOKEN_FILE: path.join(folder, "customer-token"),
    });
  try {
    fs.writeFileSync(path.join(folder, "customer-token"), customer_token, { mode: 0o600 });
    const seal = [
      "seal",
      "--node",
      node_id,
      "--model",
      model,
      "--text",
      "--output",
      "request.json",
      "--session",
      "session.json",
    ];
    const job_id = (await job(seal, QUESTION)).trim();
    const private_request = JSON.parse(fs.readFileSync(path.join(folder, "request.json"), "utf8")) as unknown;
    const outcome = await respect(
      "hosted",
      gateway_url,
      {
        gateway_key,
        admin_token,
        customer_id,
        customer_token,
        node_id,
        private_request,
        new_node_id: machine.node_id,
        new_node_public_key: machine.public_key,
      },
      { machine: machine.url },
    );
    if (!outcome.passed) return outcome;
    await job(["wait", job_id, "--output", "job.json"]);
    const answer = JSON.parse(await job(["open", "--job", "job.json", "--session", "session.json"])) as {
      object?: string;
    };
    const opened = answer.object === "chat.completion";
    return {
      ...outcome,
      passed: opened,
      summary: `${outcome.summary}; the sealed result ${opened ? "opens" : "is no answer"}`,
    };
  } finally {
    await machine.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs `b3iq-gateway job ...` in a folder and returns its output. Rejects with the output when it fails. */
async function gatewayJob(
  words: string[],
  folder: string,
  input: string,
  env: Record<string, string>,
): Promise<string> {
  const child = spawn(path.join(ROOT, "bin", "b3iq-gateway"), ["job", ...words], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  const [printed, said, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`b3iq-gateway job ${words[0]}: ${said}`);
  return printed;
}
