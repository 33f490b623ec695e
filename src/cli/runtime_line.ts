import type { SetupStatus } from "../../generated/local.ts";
import { readSecret } from "../core/secrets.ts";
import { localClient } from "./http_client.ts";

type RuntimeState = Pick<SetupStatus, "runtime_url" | "runtime_reason" | "runtime_next_check_at">;

const LOOK_MS = 1_000;

/** The reason why the runtime cannot be used, with its URL and the time of the next check; null when it can. */
export function runtimeTrouble({ runtime_url, runtime_reason, runtime_next_check_at }: RuntimeState): string | null {
  if (runtime_reason === null) return null;
  const seconds = Math.max(0, Math.ceil((Date.parse(runtime_next_check_at) - Date.now()) / 1_000));
  const where = runtime_url === null ? "The runtime" : `The runtime at ${runtime_url}`;
  return `${where} is not ready: ${runtime_reason}. It is asked again in ${seconds} s.`;
}

/** Prints why the agent's runtime cannot be used, at the start and after each change, until this process ends. */
export function tellOfRuntime(local_url: string, secrets_dir: string, say: (line: string) => void): void {
  const setup = localClient(local_url, { "x-b3iq-setup-token": readSecret(secrets_dir, "setup-token") ?? "" });
  let said: string | null = null;
  const look = async (): Promise<void> => {
    const state = await setup("getSetupStatus").catch(() => undefined); // the agent restarts
    if (state !== undefined && state.runtime_reason !== said) {
      said = state.runtime_reason;
      say(`  ${runtimeTrouble(state) ?? "The runtime answers."}`);
    }
    setTimeout(() => void look(), LOOK_MS).unref();
  };
  void look();
}
