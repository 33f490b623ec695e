/** A running host agent, enrolled with a gateway of its own, and everything that its operations can be asked about. */
import { randomBytes } from "node:crypto";
import * as path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { hostedClient } from "../../../src/cli/http_client.ts";
import { readSecret } from "../../../src/core/secrets.ts";
import type { SecretName } from "../../../src/core/secrets.ts";
import type { Document, Operation } from "../../../src/surface/binding/document.ts";
import { callsOf } from "../../../scripts/contract/calls.ts";
import { makeSeeds } from "../../../scripts/contract/seeds.ts";
import local from "../../../generated/local.json" with { type: "json" };
import { testSystem } from "../../support/e2e.ts";
import { fakeRuntime } from "../../support/fake_runtime.ts";
import { openWire } from "./wire.ts";
import type { Answer, Asked } from "./wire.ts";

export type Scheme = "localKey" | "ownerSession" | "setupToken";
export const PASSWORD = "correct horse battery staple";
const UNKNOWN_KEY = `key_${"0".repeat(26)}`;

export async function localWorld() {
  const runtime = await fakeRuntime();
  const system = await testSystem({
    agents: [{ runtime_url: runtime.url, env: { B3IQ_FAILED_KEYS_PER_MINUTE: "100000", B3IQ_RUNTIME_SLOTS: "1" } }],
  });
  const agent = system.agents[0]!;
  const wire = await openWire(agent.url, local as unknown as Document);
  const secret = (name: SecretName): string =>
    readSecret(
      name === "setup-token" || name === "local-key" ? path.join(agent.home, "secrets") : system.secrets_dir,
      name,
    )!;
  const admin = hostedClient(system.url, { "x-b3iq-admin-token": secret("admin-token") });
  const seeds = await makeSeeds({ admin, secret, gateway_url: system.url, local_url: agent.url });
  const calls = new Map(callsOf(local, seeds).map((call) => [call.operation_id, call]));
  const token = { "x-b3iq-setup-token": secret("setup-token") };
  const key = async (scopes: string[]) =>
    (await wire.ask({ method: "POST", url: "/v1/setup/local-keys", headers: token, body: { label: "scoped", scopes } }))
      .json.key as string;
  const scoped = { models: await key(["models:read"]), chat: await key(["chat:create"]) };

  /** A new owner's session; the one before is over. */
  async function claim(): Promise<string> {
    const claimed = await wire.ask({
      method: "POST",
      url: "/v1/setup/claim",
      headers: token,
      body: { name: "ada", password: PASSWORD, recover: true },
    });
    return claimed.headers["set-cookie"]![0]!.split(";")[0]!;
  }
  let cookie = await claim();

  function credential(scheme: Scheme | undefined, kind: "good" | "wrong"): Record<string, string> {
    if (scheme === undefined) return {};
    if (scheme === "localKey")
      return { authorization: `Bearer ${kind === "good" ? seeds.local_key : "b3iq_local_wrong"}` };
    if (scheme === "setupToken") return kind === "good" ? token : { "x-b3iq-setup-token": "wrong" };
    return { cookie: kind === "good" ? cookie : "b3iq_owner=wrong" };
  }

  /** A valid call under a credential of one of its schemes, or changed as given. */
  function send(
    { operationId, method, path: template }: Operation,
    scheme?: Scheme,
    kind: "good" | "wrong" = "good",
    more: Partial<Asked> & { at?: string } = {},
  ): Promise<Answer> {
    const { at, headers, ...rest } = more;
    const known = calls.get(operationId)!;
    const body = operationId === "createOwnerSession" ? { name: "ada", password: PASSWORD } : known.body;
    const url =
      template.includes("{") && known.url.endsWith("/none") ? template.replace("{key_id}", UNKNOWN_KEY) : known.url;
    return wire.ask(
      {
        method: method.toUpperCase(),
        url,
        ...(body === undefined ? {} : { body }),
        ...rest,
        headers: { ...credential(scheme, kind), ...headers },
      },
      at,
    );
  }

  /** The agent's store, as another program would open it. */
  function inStore(sql: string): void {
    const db = new DatabaseSync(path.join(agent.home, "host", "host.sqlite"));
    db.exec(sql);
    db.close();
  }

  return {
    system,
    runtime,
    agent,
    wire,
    seeds,
    token,
    scoped,
    send,
    inStore,
    mark: () => randomBytes(6).toString("hex"),
    renew: async () => {
      cookie = await claim();
    },
    claim_cookie: () => cookie,
  };
}

export type LocalWorld = Awaited<ReturnType<typeof localWorld>>;

/** What an operation takes from outside the tunnel, session first: the browser's own rules hold for it. */
export function schemesOf({ security }: Operation): Scheme[] {
  const named = security.map((requirement) => Object.keys(requirement)[0]!);
  return (["ownerSession", "localKey", "setupToken"] as const).filter((scheme) => named.includes(scheme));
}
