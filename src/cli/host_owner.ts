/** The running agent as its owner calls it, with the setup token of the secrets folder. */
import { hostConfig } from "../config.ts";
import type { HostConfig, ListenAddress } from "../config.ts";
import { readSecret } from "../core/secrets.ts";
import { createCall, CallError, type Call } from "./http_client.ts";

/** Calls under the setup token. */
export function owner(): Call {
  const config = hostConfig();
  return agentCall(urlOf(config.local_listen), { "x-b3iq-setup-token": setupTokenOf(config) });
}

/** Calls of the agent at `url`. Rejects with one line that says what to do when it does not run. */
export function agentCall(url: string, headers: Record<string, string>): Call {
  const call = createCall(url, headers);
  return async (method, path, body) => {
    try {
      return await call(method, path, body);
    } catch (error) {
      if (error instanceof CallError) throw error;
      throw agentError(error, url);
    }
  };
}

/** What kept a call from being answered, in a sentence of ours. */
export function agentError(error: unknown, url: string): unknown {
  const { name, cause } = error as Error & { cause?: { code?: string } };
  if (name === "TimeoutError") return new Error(`the agent at ${url} did not answer in time; try again`);
  if (!["ECONNREFUSED", "ECONNRESET", "UND_ERR_SOCKET"].includes(cause?.code ?? "")) return error;
  return new Error(`no agent runs at ${url}; start it with b3iq-host serve, or set B3IQ_LOCAL_LISTEN as it has it`);
}

/** The token; an error when no agent was ever started with this state folder. */
export function setupTokenOf(config: HostConfig): string {
  const token = readSecret(config.secrets_dir, "setup-token");
  if (token === undefined) {
    throw new Error(`there is no setup token in ${config.secrets_dir}; start the agent first with b3iq-host serve`);
  }
  return token;
}

/** Where an agent that listens there is called. */
export function urlOf({ host, port }: ListenAddress): string {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}
