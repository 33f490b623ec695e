/** A whole host agent in this process: state folder, runtime child or URL, surface on a free port. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hostConfig, prepareHome } from "../../src/config.ts";
import { readSecret } from "../../src/core/secrets.ts";
import { startHost, type RunningHost } from "../../src/host.ts";
import { contractFetch } from "./contract_client.ts";
import { testClient, type Client } from "./client.ts";
import { temporaryFolder } from "./host.ts";

export type TestHost = RunningHost & {
  home: string;
  /** Every answer is held against the document. */
  fetch: typeof fetch;
  owner: Client;
  anyone: Client;
  key: string;
  close(): Promise<void>;
};

/** @param env settings beside the state folder and the port. */
export async function runningHost(env: Record<string, string> = {}): Promise<TestHost> {
  const folder = temporaryFolder();
  const config = hostConfig({
    B3IQ_HOME: folder.path,
    B3IQ_LOCAL_LISTEN: "127.0.0.1:0",
    B3IQ_LOG_LEVEL: "silent",
    B3IQ_VALIDATE_RESPONSES: "1",
    ...env,
  });
  prepareHome(config);
  const host = await startHost(config);
  const document = JSON.parse(readFileSync(new URL("../../generated/local.json", import.meta.url), "utf8")) as unknown;
  const fetcher = await contractFetch(document);
  const owner = testClient(
    host.url,
    { "x-b3iq-setup-token": readSecret(join(folder.path, "secrets"), "setup-token")! },
    fetcher,
  );
  const made = await owner.ask("POST", "/v1/setup/local-keys", { body: { label: "test" } });
  return {
    ...host,
    home: folder.path,
    fetch: fetcher,
    owner,
    anyone: testClient(host.url, {}, fetcher),
    key: made.json.key as string,
    async close() {
      await host.stop();
      folder.remove();
    },
  };
}
