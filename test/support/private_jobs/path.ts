import { randomBytes } from "node:crypto";
import type { PublicTransportKey } from "../../../generated/hosted.ts";
import type { Envelope, RequestContext } from "../../../src/core/protocol/envelope/envelope.ts";
import { type ClientSession, sealRequest } from "../../../src/core/protocol/envelope/envelope_request.ts";
import { openResult } from "../../../src/core/protocol/envelope/envelope_result.ts";
import { verifyTransportKey } from "../../../src/core/protocol/envelope/transport_key.ts";
import type { Client } from "../client.ts";

export type Sealed = {
  body: { job_id?: string; node_id: string; model_id: string; max_price_wei?: string; encrypted_request: Envelope };
  session: ClientSession;
};

/** The parts of a node's key that a customer checks. */
export type PublicKey = Omit<PublicTransportKey, "leaf_index">;

/** A node's transport key as the gateway publishes it, checked as a client must. */
export async function transportKeyOf(anyone: Client, node_id: string): Promise<PublicKey> {
  const { status, json, text } = await anyone.ask("GET", `/v1/public/nodes/${node_id}/transport-key`);
  if (status !== 200) throw new Error(`no transport key: ${text}`);
  const key = json as PublicKey;
  const checked = verifyTransportKey({ ...key, x25519: key.x25519_public_key }, key.ed25519_public_key, Date.now());
  if (!checked.ok) throw new Error(checked.reason);
  return key;
}

export type Asked = { node_id: string; model_id: string; job_id?: string; max_price_wei?: string; body: object };

/** Seals a chat request as a customer does. */
export function seal(key: PublicKey, { body, ...clear }: Asked): Sealed {
  const context: RequestContext = { key_id: key.key_id, node_public_key_x25519: key.x25519_public_key, ...clear };
  const { envelope, session } = sealRequest(Buffer.from(JSON.stringify(body)), context);
  return { body: { ...clear, encrypted_request: envelope }, session };
}

export const newJobId = (): string => `job-${randomBytes(9).toString("hex")}`;

/** The plaintext of a completed job. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers
export function open(job: any, session: ClientSession): any {
  const opened = openResult(job.encrypted_response as Envelope, session, {
    command_id: job.command_id,
    lease_token: job.lease_token,
  });
  if (!opened.ok) throw new Error(opened.reason);
  return JSON.parse(Buffer.from(opened.value).toString("utf8"));
}

/** Polls until the job is in one of the states. */
export async function waitFor(
  customer: Client,
  job_id: string,
  states = ["completed", "failed", "expired"],
  timeout_ms = 25_000,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers
): Promise<any> {
  const until = performance.now() + timeout_ms;
  for (;;) {
    const { json, text } = await customer.ask("GET", `/v1/private-inference/jobs/${job_id}`);
    if (states.includes(json?.status)) return json;
    if (performance.now() > until) throw new Error(`the job is not ${states.join(" or ")}: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
