import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { PrivateJob, PrivateJobRequest, PublicTransportKey } from "../../generated/hosted.ts";
import { customerConfig, gatewayAddress } from "../config.ts";
import { fromBase64url, toBase64url } from "../core/protocol/bytes/encoding.ts";
import { type ClientSession, sealRequest } from "../core/protocol/envelope/envelope_request.ts";
import { openResult } from "../core/protocol/envelope/envelope_result.ts";
import { nodeIdOf } from "../core/protocol/bytes/ids.ts";
import { verifyTransportKey } from "../core/protocol/envelope/transport_key.ts";
import { type HostedCall, hostedClient } from "./http_client.ts";
import { UsageError } from "./program.ts";

/**
 * `b3iq-gateway job seal`: reads a chat request (JSON; with --text the user's message) from standard input and seals it
 * to a node, after checking that the node's identity signed the key. The request may be sent by anyone; the session
 * opens the result, and is kept private.
 */
export async function sealJob(options: {
  node?: string;
  model?: string;
  maxPriceWei?: string;
  jobId?: string;
  text?: true;
  output?: string;
  session?: string;
}): Promise<void> {
  const { node, model, maxPriceWei: max_price_wei, output, session } = options;
  if (!node || !model || !output || !session)
    throw new UsageError(
      "job seal needs --node, --model, --output FILE and --session FILE; the chat comes from standard input",
    );
  if (max_price_wei !== undefined && !/^[1-9]\d{0,77}$/.test(max_price_wei))
    throw new UsageError("--max-price-wei is a whole number of wei above 0");
  const input = fs.readFileSync(0, "utf8");
  const body = options.text
    ? { messages: [{ role: "user", content: input.trim() }] }
    : jsonObject(input, "standard input");
  const call = hostedClient(gatewayAddress(), {});
  const key = await checkedKey(call, node);
  const job_id = options.jobId ?? `job-${randomBytes(12).toString("hex")}`;
  const clear = {
    job_id,
    node_id: node,
    model_id: model,
    ...(max_price_wei === undefined ? {} : { max_price_wei }),
  };
  const sealed = sealRequest(Buffer.from(JSON.stringify(body)), {
    ...clear,
    key_id: key.key_id,
    node_public_key_x25519: key.x25519_public_key,
  });
  writePrivately(session, JSON.stringify(packed(sealed.session)));
  writePrivately(output, JSON.stringify({ ...clear, encrypted_request: sealed.envelope }));
  console.error(`sealed ${job_id} to ${node} (${key.key_id}, until ${key.not_after})`);
  console.log(job_id);
}

/** `b3iq-gateway job submit --request FILE`: sending the same file again is harmless. */
export async function submitJob({ request }: { request?: string }): Promise<void> {
  if (!request) throw new UsageError("job submit needs --request FILE, which job seal wrote");
  const body = jsonObject(fs.readFileSync(request, "utf8"), request) as PrivateJobRequest;
  const queued = await customer()("createPrivateJob", { body });
  console.error(`queued; ${queued.billing.reserved_price_wei} wei reserved`);
  console.log(queued.job_id);
}

/**
 * `b3iq-gateway job wait JOB_ID --output FILE`: until the job has ended; fails with the reason when it was not done.
 */
export async function waitForJob(
  job_id: string,
  { output, timeoutSeconds }: { output?: string; timeoutSeconds: string },
): Promise<void> {
  if (!output) throw new UsageError("job wait needs --output FILE");
  const seconds = Number(timeoutSeconds);
  if (!(seconds > 0)) throw new UsageError("--timeout-seconds is a number above 0");
  const call = customer();
  for (const until = performance.now() + seconds * 1_000; ;) {
    const job = await call("getPrivateJob", { path: { job_id } });
    if (job.status === "completed") {
      writePrivately(output, JSON.stringify(job));
      console.error(`completed; receipt ${job.receipt_hash}`);
      return;
    }
    if (job.status === "failed" || job.status === "expired") {
      const { reason } = await call("getBillingJob", { path: { job_id } });
      throw new Error(`the job ${job.status}: ${reason ?? "no reason given"}; nothing was charged`);
    }
    if (performance.now() > until)
      throw new Error(`the job is ${job.status} after ${seconds} s; it goes on, and job wait can be called again`);
    await sleep(500);
  }
}

/**
 * `b3iq-gateway job open --job FILE --session FILE`: prints the answer as JSON, or its text with --text, and deletes
 * the session.
 */
export async function openJob(values: { job?: string; session?: string; text?: true }): Promise<void> {
  if (!values.job || !values.session)
    throw new UsageError("job open needs --job FILE, which job wait wrote, and --session FILE, which job seal wrote");
  const job = jsonObject(fs.readFileSync(values.job, "utf8"), values.job) as PrivateJob;
  if (!job.encrypted_response || job.lease_token === null) throw new Error(`${values.job} holds no sealed result`);
  const session = unpacked(
    jsonObject(fs.readFileSync(values.session, "utf8"), values.session) as Record<keyof ClientSession, string>,
  );
  const opened = openResult(job.encrypted_response, session, {
    command_id: job.command_id,
    lease_token: job.lease_token,
  });
  session.client_private.fill(0);
  if (!opened.ok) throw new Error(`the result does not open: ${opened.reason}`);
  const answer = Buffer.from(opened.value).toString("utf8");
  const { choices } = JSON.parse(answer) as { choices?: { message?: { content?: string | null } }[] };
  console.log(values.text ? (choices?.[0]?.message?.content ?? "") : answer);
  fs.rmSync(values.session);
}

/** Checks the node's key: otherwise the gateway could substitute a key of its own and read the sealed request. */
async function checkedKey(call: HostedCall, node_id: string): Promise<PublicTransportKey> {
  const key = await call("getNodeTransportKey", { path: { node_id } });
  if (nodeIdOf(key.ed25519_public_key) !== node_id)
    throw new Error("the transport key comes with an identity that is not this node's; nothing was sealed");
  const checked = verifyTransportKey({ ...key, x25519: key.x25519_public_key }, key.ed25519_public_key, Date.now());
  if (!checked.ok) throw new Error(`the transport key is refused: ${checked.reason}; nothing was sealed`);
  return key;
}

function customer(): HostedCall {
  const { gateway_url, customer_id, customer_token } = customerConfig();
  return hostedClient(gateway_url, { "x-b3iq-customer-id": customer_id, "x-b3iq-customer-token": customer_token });
}

function packed({ client_private, client_public, node_public, key_id, aad_hash }: ClientSession) {
  return {
    client_private: toBase64url(client_private),
    client_public: toBase64url(client_public),
    node_public: toBase64url(node_public),
    key_id,
    aad_hash,
  };
}

function unpacked({
  client_private,
  client_public,
  node_public,
  key_id,
  aad_hash,
}: Record<keyof ClientSession, string>): ClientSession {
  return {
    client_private: fromBase64url(client_private, 32),
    client_public: fromBase64url(client_public, 32),
    node_public: fromBase64url(node_public, 32),
    key_id,
    aad_hash,
  };
}

function jsonObject(text: string, source: string): Record<string, unknown> {
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // The error below leaves the text out.
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UsageError(`${source} is not a JSON object`);
  return value as Record<string, unknown>;
}

/** Fails when the file exists, so that nothing is replaced. */
function writePrivately(file: string, text: string): void {
  try {
    fs.writeFileSync(file, `${text}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const exists = (error as { code?: string }).code === "EEXIST";
    throw new UsageError(exists ? `${file} exists; name a new file` : `${file} cannot be written`);
  }
}
