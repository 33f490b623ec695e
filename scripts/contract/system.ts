/**
 * The system that the contract steps talk to: what `make run` starts, on free ports, with every answer checked against
 * the documents.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { type HostedCall, hostedClient } from "../../src/cli/http_client.ts";
import { readSecret } from "../../src/core/secrets.ts";
import type { SecretName } from "../../src/core/secrets.ts";
import { freePort, startProgram, temporaryHome } from "../../test/support/processes.ts";

export type ContractSystem = {
  gateway_url: string;
  local_url: string;
  metrics_url: string;
  home: string;
  secret(name: SecretName): string;
  admin: HostedCall;
  /** Answers that were not as a document says: lines of the gateway's counter, and of the agent's log. */
  violations(): Promise<string[]>;
  stop(): Promise<void>;
};

/** Tools send thousands of calls, many with a wrong credential, from one address. */
const NO_ADDRESS_LIMITS = { B3IQ_KEYLESS_REQUESTS_PER_MINUTE: "100000", B3IQ_FAILED_KEYS_PER_MINUTE: "100000" };
/** A settlement matures at once, and is in the log a moment later. */
const AT_ONCE = { B3IQ_PAYOUT_MATURITY_MS: "0", B3IQ_LOG_INTERVAL_MS: "100" };
const READY_MS = 180_000;

/** Starts Postgres, gateway, agent with the built-in model and a customer with money, in a home of their own. */
export async function startContractSystem(): Promise<ContractSystem> {
  const home = temporaryHome();
  const [gateway, local, metrics, peer] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const at = (port: number | undefined) => `127.0.0.1:${port}`;
  const program = startProgram(["run"], {
    env: {
      B3IQ_HOME: home,
      B3IQ_VALIDATE_RESPONSES: "1",
      ...NO_ADDRESS_LIMITS,
      ...AT_ONCE,
      B3IQ_GATEWAY_LISTEN: at(gateway),
      B3IQ_LOCAL_LISTEN: at(local),
      B3IQ_METRICS_LISTEN: at(metrics),
      B3IQ_GATEWAY_PEER_LISTEN: at(peer),
    },
  });
  const stop = async () => {
    await program.stop("SIGINT");
    fs.rmSync(home, { recursive: true, force: true });
  };
  const secret = (name: SecretName): string => {
    const text = readSecret(path.join(home, "secrets"), name);
    if (text === undefined) throw new Error(`there is no secret ${name}`);
    return text;
  };
  try {
    await program.line(/B3IQ is ready/, READY_MS);
    return {
      gateway_url: `http://${at(gateway)}`,
      local_url: `http://${at(local)}`,
      metrics_url: `http://${at(metrics)}/metrics`,
      home,
      secret,
      stop,
      admin: hostedClient(`http://${at(gateway)}`, { "x-b3iq-admin-token": secret("admin-token") }),
      async violations() {
        const counted = (await (await fetch(`http://${at(metrics)}/metrics`)).text()).split("\n");
        const logged = fs.readFileSync(path.join(home, "logs", "host.log"), "utf8").split("\n");
        return [
          ...counted.filter((line) => /^b3iq_contract_violations_total\{/.test(line) && !line.endsWith(" 0")),
          ...logged.filter((line) => line.includes('"contract_violation"')),
        ];
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
