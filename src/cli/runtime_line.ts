import type { SetupStatus } from "../../generated/local.ts";
import { readSecret } from "../core/secrets.ts";
import { createCall } from "./http_client.ts";

type RuntimeState = Pick<SetupStatus, "runtime_url" | "runtime_reason" | "runtime_next_check_at">;

const LOOK_MS = 1_000;

/** What keeps the runtime from being used, with its URL and when it is asked again; null when nothing does. */
export function runtimeTrouble({ runtime_url, runtime_reason, runtime_next_check_at }: RuntimeState): string | null {
  if (runtime_reason === null) return null;
  const seconds = Math.max(0, Math.ceil((Date.parse(runtime_next_check_at) - Date.now()) / 1_000));
  const where = runtime_url === null ? "The runtime" : `The runtime at ${runtime_url}`;
  return `${where} is not ready: ${runtime_reason}. It is asked again in ${seconds} s.`;
}

/** Tells `say` what the agent's runtime lacks, at once and whenever that changes, as long as this process lives. */
export function tellOfRuntime(local_url: string, secrets_dir: string, say: (line: string) => void): void {
  const setup = createCall(local_url, { "x-b3iq-setup-token": readSecret(secrets_dir, "setup-token") ?? "" });
  let said: string | null = null;
  const look = async (): Promise<void> => {
    const state = await setup<RuntimeState>("GET", "/v1/setup/status").catch(() => undefined); // it is being restarted
    if (state !== undefined && state.runtime_reason !== said) {
      said = state.runtime_reason;
      say(`  ${runtimeTrouble(state) ?? "The runtime answers."}`);
    }
    setTimeout(() => void look(), LOOK_MS).unref();
  };
  void look();
}
