import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../../errors.ts";
import type { Candidate, RouteDemand } from "../routing/candidate.ts";
import { attempt, type AttemptFailure } from "./attempt.ts";
import { dispatchFailed } from "./chat_refusals.ts";
import { type Chat, type ChatPorts, demandOf, type Dispatched, type Sending } from "./context.ts";
import type { Delivery } from "./delivery.ts";
import { endDispatch } from "./dispatch_end.ts";
import { isFirstTokenLate } from "./first_frame.ts";
import { type Bounds, boundsUnder, covers, servingTerms } from "./quote.ts";

/**
 * The nodes that one request may be sent to: a request that brings down the nodes that serve it, or finds them busy, must
 * not go through the whole network. The limit is published (docs/glossary.md, docs/guides/streaming.md).
 */
const NODES_ASKED_MAX = 6;
const LOOK_AGAIN_MS = 100;

type Accept<First> = Delivery<First, never>["accept"];

/** The state of the search for a node that answers. */
type Search = {
  demand: RouteDemand;
  /** Why each node that was tried gave no answer. */
  failures: AttemptFailure["kind"][];
  /** The tunnel's epoch under which each node was asked. */
  tried: Map<string, number>;
  /** The number of nodes to which the chat was sent. */
  asked: number;
  fence: number;
};

/**
 * Step 6 of a chat (docs/design/chat.md, Steps): tries the candidates in order under the one hold until `accept` takes an
 * answer. Before each later attempt one batched update moves the hold to the new node and raises the fence, so that a
 * receipt of the earlier node is `superseded`.
 */
export async function dispatch<First>(ports: ChatPorts, chat: Chat, accept: Accept<First>): Promise<Dispatched<First>> {
  const search: Search = {
    demand: demandOf(ports.pepper, chat),
    failures: [],
    tried: new Map(),
    asked: 0,
    fence: 1,
  };
  for await (const candidate of inTurn(ports, chat, search)) {
    if (chat.signal.aborted || performance.now() >= chat.deadline || search.asked >= NODES_ASKED_MAX) break;
    const dispatched = await tryCandidate(ports, chat, search, candidate, accept);
    if (dispatched) return dispatched;
  }
  throw dispatchFailed(search.failures);
}

/**
 * Yields the candidates of the quote; after them, any other node that passes the gates now and that the hold covers;
 * and, after a lost tunnel, for the time in which a candidate must accept, nodes that return on a new tunnel: a gateway
 * that dies takes its tunnels along, and their agents reconnect within a second.
 */
async function* inTurn(
  ports: ChatPorts,
  chat: Chat,
  { demand, tried, failures }: Readonly<Search>,
): AsyncGenerator<Candidate> {
  yield* chat.candidates;
  const until = performance.now() + ports.timeouts.candidate_accepts_ms;
  while (performance.now() < until && !chat.signal.aborted) {
    const next = ports.routing.another(demand, (candidate) => {
      const tunnel = ports.tunnel(candidate.node_id);
      const isNew = tunnel !== undefined && tunnel.epoch !== tried.get(candidate.node_id);
      return isNew && covers(chat.quote, boundsOn(chat, candidate), candidate);
    });
    if (next) yield next;
    else if (failures.includes("lost")) await sleep(LOOK_AGAIN_MS);
    else return;
  }
}

/**
 * Sends the chat to one candidate. Null when the candidate gave no answer, with the reason in `search.failures`; throws
 * when the node refused the request itself.
 */
async function tryCandidate<First>(
  ports: ChatPorts,
  chat: Chat,
  search: Search,
  candidate: Candidate,
  accept: Accept<First>,
): Promise<Dispatched<First> | null> {
  const { routing, metrics } = ports;
  const tunnel = ports.tunnel(candidate.node_id);
  if (!tunnel || routing.stillEligible(candidate, search.demand).length > 0) {
    search.failures.push(tunnel ? "failed" : "lost");
    return null;
  }
  const { node_id } = candidate;
  const isMove = search.fence > 1 || candidate !== chat.candidates[0] || tunnel.epoch !== chat.node_epoch;
  if (isMove) search.fence += 1;
  const sending = { candidate, bounds: boundsOn(chat, candidate), tunnel, fence: search.fence };
  if (isMove) await moveHold(ports, chat, sending);
  search.tried.set(node_id, tunnel.epoch);
  search.asked += 1;
  routing.begin(node_id);
  const result = await send(ports, chat, sending, accept);
  if ("first" in result) {
    metrics.dispatches.inc({ outcome: "ok" });
    return result;
  }
  endDispatch(ports, chat, sending, result);
  if (result.kind === "refused") throw result.error;
  search.failures.push(result.kind);
  metrics.dispatches.inc({ outcome: result.kind });
  // An unsent chat does not count as a failure of the node.
  if (result.kind === "lost" && !result.sent) search.asked -= 1;
  return null;
}

/** One attempt, up to the part of the answer by which the node is accepted. */
async function send<First>(
  ports: ChatPorts,
  chat: Chat,
  sending: Sending,
  accept: Accept<First>,
): Promise<Dispatched<First> | AttemptFailure> {
  const result = await attempt(ports, chat, sending);
  if ("failure" in result) return result.failure;
  const { answer } = result;
  try {
    return { ...sending, answer, first: await accept(ports, chat, { ...sending, answer }) };
  } catch (error) {
    answer.cancel();
    return isFirstTokenLate(error) ? { kind: "timeout" } : { kind: "lost", sent: true };
  }
}

/** Moves the hold to a later candidate. Throws when the hold was closed meanwhile. */
async function moveHold(
  { writer }: ChatPorts,
  { hold }: Chat,
  { candidate, bounds, tunnel, fence }: Sending,
): Promise<void> {
  const { node_id, prompt_price_wei, completion_price_wei } = candidate;
  const moved = await writer.apply({
    kind: "redispatch",
    operation_id: randomUUID(),
    hold_id: hold.hold_id,
    node_id,
    node_epoch: tunnel.epoch,
    prompt_price_wei,
    completion_price_wei,
    fence,
    serving: servingTerms(candidate, bounds),
  });
  if (!moved.ok)
    throw new ApiError(
      "router_dispatch_failed",
      "The reservation of this request was closed before it could be dispatched. Nothing was charged.",
    );
}

function boundsOn({ candidates, quote, request }: Chat, candidate: Candidate): Bounds {
  return boundsUnder(quote, request, candidates, candidate);
}
