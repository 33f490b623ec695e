/** Runs sealed jobs: open, check, run within the reservation, sign, seal (docs/design/evidence.md, Private jobs). */
import { setTimeout as sleep } from "node:timers/promises";
import type { Command, components } from "../../../../generated/hosted.ts";
import { ApiError, type ErrorCode } from "../../errors.ts";
import { parseStrict } from "../../protocol/bytes/canonical.ts";
import { type Envelope, envelopeId } from "../../protocol/envelope/envelope.ts";
import { type NodeSession, openRequest } from "../../protocol/envelope/envelope_request.ts";
import { sealResult } from "../../protocol/envelope/envelope_result.ts";
import { FormatError } from "../../protocol/bytes/outcome.ts";
import { parseReceiptTrailers } from "../../protocol/receipt/receipt.ts";
import type { Agent } from "../agent.ts";
import { runtimeRequest } from "../chat/chat_request.ts";
import { CommandFailure, type CommandHandler } from "./command_loop.ts";
import type { OwnReceipt } from "../receipts/receipt_writer.ts";
import type { ChatCall, ChatSink } from "../chat/chat.ts";
import type { Profile } from "../machine/profiles.ts";
import type { TransportKeys } from "./transport_key_rotation.ts";

export type PrivateJobsDeps = {
  agent: Pick<Agent, "node_id" | "clock" | "profiles" | "runtime" | "dispatch" | "paused">;
  keys: Pick<TransportKeys, "find" | "openFor">;
  /** Whether a value is a chat request as the document has it. */
  is_chat_request: (body: unknown) => boolean;
};

type Order = components["schemas"]["payload_private_job"];
type Body = ChatCall["body"];

const LIMITS = { max_bytes: 736 * 1024, max_depth: 64, max_keys: 200_000 };
const BUSY_PAUSE_MS = 250;
/** The codes of `runtimeRequest` and of a runtime for a request that is itself at fault. */
const REFUSALS = new Set<ErrorCode>(["invalid_request", "unsupported_parameter", "node_targeting_rejected"]);
/** A private job is answered in one piece, so nothing is written here. */
const NO_SINK: ChatSink = {
  accept() {},
  open() {
    throw new Error("a private job does not stream");
  },
  async write() {
    throw new Error("a private job does not stream");
  },
  async end() {
    throw new Error("a private job does not stream");
  },
};

/**
 * The handler of the command `private_job`. Resolves with the sealed result and the receipt. Its errors name a rule and
 * never decrypted text, and no plaintext outlives the call.
 */
export function createPrivateJobHandler(deps: PrivateJobsDeps): CommandHandler<"private_job"> {
  return async (order, signal, command) => {
    const { body, session } = unseal(deps, order, command);
    const profile = profileOf(deps, order);
    const dispatch = {
      job_id: order.job_id,
      fence: order.fence,
      model_profile_id: order.model_profile_id,
      prompt_price_wei: order.prompt_price_wei,
      completion_price_wei: order.completion_price_wei,
      fee_bps: order.fee_bps,
      prompt_bound: order.prompt_bound,
      completion_bound: await affordableTokens(deps, order, profile, body),
    };
    const call = {
      body,
      signal,
      sink: NO_SINK,
      received_at: performance.now(),
      origin: { kind: "routed" as const, node_epoch: order.node_epoch, dispatch_mode: "private_job" as const },
    };
    const result = await runWhenFree(deps, order, signal, (deadline_ms) =>
      deps.agent.dispatch({ ...call, origin: { ...call.origin, dispatch: { ...dispatch, deadline_ms } } }),
    );
    if (result.kind !== "plain")
      throw new CommandFailure("runtime_failed", "The runtime streamed an answer that was requested in one piece.");
    const receipt = parseReceiptTrailers(result.trailers ?? {});
    if (!receipt.ok) throw new CommandFailure("runtime_failed", "The answer could not be signed.");
    return { encrypted_response: sealed(result.completion, session, command), receipt: receipt.value as OwnReceipt };
  };
}

/** Opens the request with the key that it was sealed to, once for each command, and checks that it is a chat. */
function unseal(
  { agent, keys, is_chat_request }: PrivateJobsDeps,
  order: Order,
  { command_id }: Command,
): { body: Body; session: NodeSession } {
  const envelope: Envelope = order.encrypted_request;
  const key = keys.find(envelope.key_id);
  if (key === undefined)
    throw new CommandFailure(
      "transport_key_unknown",
      "The key to which the request was sealed is unknown to this node, or was destroyed.",
    );
  const opened = openRequest(
    envelope,
    {
      key_id: key.key_id,
      node_public_key_x25519: key.x25519_public_key,
      node_id: agent.node_id,
      model_id: order.model_id,
      job_id: order.client_job_id ?? undefined,
      max_price_wei: order.client_max_price_wei ?? undefined,
    },
    key.private_key,
  );
  if (!opened.ok) throw new CommandFailure(opened.code, "The sealed request does not open in its stated context.");
  if (!keys.openFor(envelopeId(envelope), key.key_id, command_id))
    throw new CommandFailure("envelope_replayed", "This envelope was opened for another command.");
  const { plaintext, session } = opened.value;
  let value: unknown;
  try {
    value = parseStrict(plaintext, LIMITS);
  } catch {
    throw refused();
  } finally {
    plaintext.fill(0);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refused();
  const { stream: _stream, stream_options: _options, ...body } = { model: order.model_id, ...value } as Body;
  if (body.model !== order.model_id || !is_chat_request(body)) throw refused();
  return { body: body as Body, session };
}

function profileOf({ agent }: PrivateJobsDeps, order: Order): Profile {
  if (agent.paused) throw new CommandFailure("runtime_busy", "The node's owner paused it.");
  try {
    const profile = agent.profiles.byProfile(order.model_profile_id);
    if (profile.id === order.model_id) return profile;
  } catch {
    // The error gets the answer below: the list of models is no secret, but the runtime's words may be one.
  }
  throw new CommandFailure("model_not_found", "This node no longer serves the model.");
}

/** The most completion tokens that the reservation pays for after the prompt; the job stops there. */
async function affordableTokens(
  { agent }: PrivateJobsDeps,
  order: Order,
  profile: Profile,
  body: Body,
): Promise<number> {
  const asked = Math.min(
    ...[body["max_completion_tokens"], body["max_tokens"]].filter((bound) => typeof bound === "number"),
    Infinity,
  );
  const wanted = Math.min(
    asked === Infinity ? profile.default_max_tokens : asked,
    order.completion_bound,
    profile.max_completion_tokens,
  );
  const prompt_tokens = Math.min(await countPrompt(agent, profile, body), order.prompt_bound);
  const left_wei = BigInt(order.reserved_wei) - BigInt(prompt_tokens) * BigInt(order.prompt_price_wei);
  const affordable = left_wei <= 0n ? 0n : left_wei / BigInt(order.completion_price_wei);
  if (affordable < 1n)
    throw new CommandFailure("max_price_exceeded", "The reservation does not pay for the prompt and one token.");
  return affordable < BigInt(wanted) ? Number(affordable) : wanted;
}

/** The runtime's own count, or the most that the bytes can be. */
async function countPrompt(agent: PrivateJobsDeps["agent"], profile: Profile, body: Body): Promise<number> {
  let counted: number | undefined;
  try {
    counted = await agent.runtime.countTokens(runtimeRequest(body, { ...profile, completion_bound: null }));
  } catch (error) {
    if (error instanceof ApiError && REFUSALS.has(error.code)) throw refused();
  }
  if (counted !== undefined) return counted;
  const bytes = Buffer.byteLength(JSON.stringify(body.messages));
  return (
    Math.ceil((bytes * profile.growth_factor_milli) / 1_000) +
    profile.template_tokens +
    body.messages.length * profile.tokens_per_message
  );
}

/** Runs as soon as the runtime has a place, until the deadline. Failures become sentences without content. */
async function runWhenFree<T>(
  { agent }: PrivateJobsDeps,
  order: Order,
  signal: AbortSignal,
  run: (deadline_ms: number) => Promise<T>,
): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const deadline_ms = Date.parse(order.deadline_at) - agent.clock.now_ms();
    if (deadline_ms <= 0) throw new CommandFailure("deadline_passed", "The job was not done by its deadline.");
    try {
      return await run(Math.round(deadline_ms));
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "runtime_busy")
        throw failureOf(error, order, agent.clock.now_ms());
      await sleep(BUSY_PAUSE_MS, undefined, { signal });
    }
  }
}

function failureOf(error: unknown, order: Order, now_ms: number): unknown {
  if (Date.parse(order.deadline_at) <= now_ms)
    return new CommandFailure("deadline_passed", "The job was not done by its deadline.");
  if (!(error instanceof ApiError)) return error;
  if (REFUSALS.has(error.code)) return refused();
  switch (error.code) {
    case "context_length_exceeded":
      return new CommandFailure("context_length_exceeded", "The prompt is longer than the model can hold.");
    case "model_not_found":
      return new CommandFailure("model_not_found", "This node no longer serves the model.");
    default:
      return new CommandFailure("runtime_failed", "The model runtime failed before the answer was complete.");
  }
}

function sealed(completion: object, session: NodeSession, { command_id, lease_token }: Command): Envelope {
  try {
    return sealResult(Buffer.from(JSON.stringify(completion)), session, { command_id, lease_token });
  } catch (error) {
    if (error instanceof FormatError && error.kind === "too_large")
      throw new CommandFailure("result_too_large", "The answer is larger than a sealed result may be.");
    throw error;
  }
}

function refused(): CommandFailure {
  return new CommandFailure("request_refused", "The sealed request is not a chat that this node can run.");
}
