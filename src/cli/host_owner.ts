/** Calls of the running agent by its owner, with the setup token of the secrets folder. */
import { hostConfig, type HostConfig, type ListenAddress } from "../config.ts";
import { readSecret } from "../core/secrets.ts";
import { type LocalCall, localClient } from "./http_client.ts";

/** Calls under the setup token. */
export function owner(): LocalCall {
  const config = hostConfig();
  return agentCall(urlOf(config.local_listen), { "x-b3iq-setup-token": setupTokenOf(config) });
}

/** The agent at `url`. A call rejects with one line that says what to do when the agent does not run. */
export function agentCall(url: string, headers: Record<string, string>): LocalCall {
  return localClient(url, headers, (error) => agentError(error, url));
}

/** The reason why nobody answered a call, as a sentence of ours. */
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

/** The URL at which a client on this machine reaches a listener. */
export function urlOf({ host, port }: ListenAddress): string {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}
