/**
 * Commands of b3iq-host that are clients of the running agent, with the setup token or a local key; none opens its
 * state.
 */
import { chmodSync, openSync, readFileSync, writeSync, closeSync } from "node:fs";
import { hostConfig, type HostConfig } from "../config.ts";
import type { LocalKeyCreate, LocalKeyScope, NodeSettingsUpdate } from "../../generated/local.ts";
import { LOCAL_ROUTES } from "../../generated/routes.ts";
import { readSecret } from "../core/secrets.ts";
import { agentCall, agentError, owner, setupTokenOf, urlOf } from "./host_owner.ts";
import { UsageError } from "./program.ts";

/** `keys create`: the key goes into a file of mode 0600 with --output, else to standard output, this once. */
export async function createKey(options: {
  label?: string;
  scope?: string[];
  expiresAt?: string;
  output?: string;
}): Promise<void> {
  const body: LocalKeyCreate = {
    ...(options.label === undefined ? {} : { label: options.label }),
    ...(options.scope === undefined ? {} : { scopes: options.scope as LocalKeyScope[] }),
    ...(options.expiresAt === undefined ? {} : { expires_at: options.expiresAt }),
  };
  const { key, ...made } = await owner()("createLocalKey", { body });
  if (options.output === undefined) console.log(key);
  else writePrivately(options.output, key);
  console.error(
    `${made.key_id}: ${made.scopes.join(" ")}${options.output === undefined ? "; shown this once" : `; written to ${options.output}`}`,
  );
}

/** `keys list`: one line a key. */
export async function listKeys(): Promise<void> {
  const { data } = await owner()("listLocalKeys");
  for (const key of data)
    console.log(
      [key.key_id, key.status, `...${key.display_tail}`, key.scopes.join(","), key.created_at, key.label ?? ""].join(
        "  ",
      ),
    );
}

/** `keys revoke KEY_ID`. */
export async function revokeKey(key_id: string): Promise<void> {
  const key = await owner()("revokeLocalKey", { path: { key_id } });
  console.log(`${key.key_id} ${key.status}`);
}

/** `slots keep N`: keeps N slots free of the network's work. */
export async function keepSlots(count: string): Promise<void> {
  if (!/^\d{1,3}$/.test(count)) throw new UsageError("slots keep needs a number of slots");
  await changeSettings({ slots_kept_for_owner: Number(count) });
}

/**
 * `price set [--profile ID] --prompt WEI --completion WEI`: without ID, for the only profile; `default` removes a
 * price.
 */
export async function setPrice(options: { profile?: string; prompt?: string; completion?: string }): Promise<void> {
  const { prices } = await owner()("getNodeSettings");
  const [only, ...others] = prices;
  const found =
    options.profile === undefined
      ? others.length === 0
        ? only
        : undefined
      : prices.find((price) => price.model_profile_id === options.profile);
  if (found === undefined) {
    throw new UsageError(
      `price set needs --profile; there are: ${prices.map((price) => price.model_profile_id).join(", ") || "none yet"}`,
    );
  }
  if (options.prompt === undefined && options.completion === undefined) {
    throw new UsageError("price set needs --prompt, --completion, or both");
  }
  await changeSettings({
    prices: [
      {
        model_profile_id: found.model_profile_id,
        prompt_price_wei_per_token: askedPrice(options.prompt, found.prompt_price_wei_per_token),
        completion_price_wei_per_token: askedPrice(options.completion, found.completion_price_wei_per_token),
      },
    ],
  });
}

function askedPrice(given: string | undefined, before: string | null): string | null {
  if (given === undefined) return before;
  return given === "default" ? null : given;
}

/** `pause`, `resume` and others: changes settings and prints the settings in force. */
export async function changeSettings(body: NodeSettingsUpdate): Promise<void> {
  const now = await owner()("updateNodeSettings", { body });
  console.log(
    `${now.paused ? "paused" : "takes work of the network"}; ${now.slots_kept_for_owner} slots kept for local use`,
  );
  for (const price of now.prices) {
    const [prompt, completion] = [
      price.prompt_price_wei_per_token ?? "default",
      price.completion_price_wei_per_token ?? "default",
    ];
    console.log(`${price.model_profile_id}: prompt ${prompt}, completion ${completion} (wei a token)`);
  }
}

/** `wizard url [--with-token]`: the token is a fragment, which browsers do not send. */
export async function wizardUrl(options: { withToken?: true }): Promise<void> {
  const config = hostConfig();
  const token = options.withToken ? `#token=${setupTokenOf(config)}` : "";
  console.log(`${urlOf(config.local_listen)}/setup/${token}`);
}

type ChatOptions = { apiKeyFile?: string; apiKeyStdin?: true; model?: string; maxTokens?: string };

/** `chat`: reads the message from standard input and writes the answer as it comes. */
export async function chat(options: ChatOptions): Promise<void> {
  const config = hostConfig();
  const input = readFileSync(0, "utf8");
  const [key, message] = options.apiKeyStdin ? splitFirstLine(input) : [keyOf(options, config), input];
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const url = urlOf(config.local_listen);
  const model = options.model ?? (await agentCall(url, headers)("listLocalModels")).data[0]?.id;
  if (model === undefined) throw new Error("the agent has no model now; b3iq-host status says why");
  const body = {
    model,
    stream: true,
    messages: [{ role: "user", content: message.trim() }],
    ...(options.maxTokens === undefined ? {} : { max_completion_tokens: Number(options.maxTokens) }),
  };
  const { method, path } = LOCAL_ROUTES.createLocalChatCompletion;
  const response = await fetch(url + path, {
    method,
    headers,
    body: JSON.stringify(body),
    redirect: "error",
  }).catch((error: unknown) => {
    throw agentError(error, url);
  });
  if (!response.ok) {
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    throw new Error(`${error.code}: ${error.message}`);
  }
  for await (const data of eventData(response.body!)) {
    if (data === "[DONE]") break;
    const event = JSON.parse(data) as { error?: { message: string }; choices?: { delta: { content?: string } }[] };
    if (event.error) throw new Error(event.error.message);
    process.stdout.write(event.choices?.[0]?.delta.content ?? "");
  }
  process.stdout.write("\n");
}

function keyOf(options: ChatOptions, config: HostConfig): string {
  const file = options.apiKeyFile;
  const key = file === undefined ? readSecret(config.secrets_dir, "local-key") : readFileSync(file, "utf8").trim();
  if (key === undefined) {
    throw new UsageError("chat needs --api-key-file or --api-key-stdin; b3iq-host keys create makes a key");
  }
  return key;
}

function splitFirstLine(text: string): [string, string] {
  const at = text.indexOf("\n");
  if (at === -1) {
    throw new UsageError("--api-key-stdin reads the key from the first line and the message from the rest");
  }
  return [text.slice(0, at).trim(), text.slice(at + 1)];
}

async function* eventData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of body) {
    text += decoder.decode(part, { stream: true });
    for (let at = text.indexOf("\n\n"); at !== -1; at = text.indexOf("\n\n")) {
      if (text.startsWith("data: ")) yield text.slice(6, at);
      text = text.slice(at + 2);
    }
  }
}

/** Fails when the file exists: a key must not replace another file. */
function writePrivately(file: string, text: string): void {
  const descriptor = openSync(file, "wx", 0o600);
  chmodSync(file, 0o600);
  writeSync(descriptor, `${text}\n`);
  closeSync(descriptor);
}
