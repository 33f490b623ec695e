import * as path from "node:path";
import type { BillingAccount } from "../../generated/hosted.ts";
import { HOSTED_ROUTES } from "../../generated/routes.ts";
import { etherOf } from "./host_earnings.ts";
import type { PricedModel } from "./run_setup.ts";

export type RunFacts = {
  home: string;
  secrets_dir: string;
  gateway_url: string;
  local_url: string;
  /** A sentence on what `/docs` shows. */
  docs: string;
  database: string;
  account: BillingAccount;
  model: PricedModel;
  /** The built-in model answers. */
  self_test: boolean;
};

/**
 * The text for a newcomer: addresses and folders, the balance, one request that works as pasted, how to get a real
 * model, how to stop.
 */
export function describeRun(facts: RunFacts): string {
  const { model, account } = facts;
  const perMillion = (wei: string) => `${etherOf(String(BigInt(wei) * 1_000_000n))} ETH (${wei} wei a token)`;
  const example = 20n * BigInt(model.prompt_price_wei) + 100n * BigInt(model.completion_price_wei);
  const lines = [
    "",
    `Gateway      ${facts.gateway_url}/v1 (base URL for OpenAI clients)`,
    `Host agent   ${facts.local_url}`,
    `Documents    ${facts.gateway_url}/docs shows ${facts.docs}; the reference of each API is at its /docs/reference`,
    `Database     ${facts.database}`,
    `Secrets      ${facts.secrets_dir} (gateway-key, customer-token, admin-token, local-key, ...)`,
    `Logs         ${path.join(facts.home, "logs")}`,
    "",
    `Balance      ${etherOf(account.balance_wei)} ETH of test credit (${account.balance_wei} wei)`,
    `Price        prompt ${perMillion(model.prompt_price_wei)},`,
    `             completion ${perMillion(model.completion_price_wei)}, for a million tokens`,
    `             20 tokens in and 100 out cost ${etherOf(String(example))} ETH (${example} wei)`,
    "",
    ...(facts.self_test ? selfTestWarning(model.id) : [`Model        ${model.id}`, ""]),
    "Ask it from a second terminal:",
    "",
    requestLine(facts),
    "",
    "Stop with Ctrl-C (data and keys stay). Start over with: make reset",
    "",
  ];
  return lines.join("\n");
}

function selfTestWarning(model: string): string[] {
  return [
    `Model        ${model}: a self-test that writes nonsense. It shows that the parts work, not how a real model answers.`,
    "             For a real one, stop this and run: B3IQ_MODEL_PATH=/path/to/model.gguf make run",
    "             or, with vLLM, Ollama or llama-server: B3IQ_RUNTIME_URL=http://127.0.0.1:11434/v1 make run",
    "",
  ];
}

/** One line for sh, zsh and fish alike: single quotes mean the same in all three; the key is in a file, not in argv. */
function requestLine(facts: RunFacts): string {
  const body = JSON.stringify({
    model: facts.model.id,
    messages: [{ role: "user", content: "Hello" }],
    max_tokens: 100,
  });
  const curl = quote(path.join(facts.secrets_dir, "gateway-key.curl"));
  return `curl -K ${curl} -sS ${facts.gateway_url}${HOSTED_ROUTES.createChatCompletion.path} -H 'content-type: application/json' -d ${quote(body)}`;
}

/** A word as it is where that is safe, else in single quotes. A single quote stands in double ones: all shells read that. */
function quote(text: string): string {
  if (/^[A-Za-z0-9_./:@%+=-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}
