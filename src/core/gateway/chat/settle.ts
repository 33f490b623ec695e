import { randomUUID } from "node:crypto";
import { ApiError } from "../../errors.ts";
import type { Observation } from "../billing/model.ts";
import type { Settled } from "../billing/operations.ts";
import { beforeAbort, within } from "../../time.ts";
import { receiptFromTrailers, type TrailerReceipt } from "../receipts/trailers.ts";
import { clientLeft, notSettled } from "./chat_refusals.ts";
import type { Chat, ChatPorts, AnswerEnd, Dispatched, Payment } from "./context.ts";

/** How long an answer waits for its hold to close; the writer then continues alone. */
const CLOSE_WAIT_MS = 1_000;

/**
 * Checks and settles the node's receipt (docs/design/chat.md, Steps). Null when nothing is charged: the hold is then
 * released, or kept with the observation for a receipt that may still come by the agent's outbox.
 */
export async function settle(
  ports: ChatPorts,
  chat: Chat,
  { candidate, tunnel, fence }: Dispatched,
  { observation, trailers }: AnswerEnd,
): Promise<Payment | null> {
  // A plain answer that cannot be delivered is not charged.
  if (!chat.request.stream && chat.signal.aborted) throw clientLeft();
  const receipt = await receiptFromTrailers(trailers, {
    node_id: candidate.node_id,
    node_epoch: tunnel.epoch,
    job_id: chat.hold.job_id,
    fence,
    keys: ports.node_keys(candidate.node_id),
  });
  const settled = receipt && (await settleReceipt(ports, chat, receipt, observation));
  if (settled) return { settled, receipt };
  if (trailers === undefined) await observe(ports, chat, observation);
  else await release(ports, chat, new Error("no payable receipt"));
  return null;
}

/**
 * Waits for the commit, at most 30 s. After that, the writer settles a stream later, for its delivered part. A plain
 * answer is delivered or free: the ledger releases a late one by its clock, and when this wait ends early the writer
 * does not settle, or undoes the charge (docs/decisions/0010-delivered-or-free.md).
 */
async function settleReceipt(
  { writer, timeouts, acknowledge }: ChatPorts,
  chat: Chat,
  { receipt }: TrailerReceipt,
  observation: Observation,
): Promise<Settled | null> {
  const operation = { kind: "settle", operation_id: randomUUID(), receipt, observation } as const;
  const deliver_within_ms = Math.floor(performance.now() - chat.held_at + timeouts.settle_wait_ms);
  const patience = AbortSignal.timeout(timeouts.settle_wait_ms);
  const verdict = await (
    chat.request.stream
      ? beforeAbort(writer.apply(operation), patience)
      : writer.apply({ ...operation, deliver_within_ms }, AbortSignal.any([patience, chat.signal]))
  ).catch((error: unknown) => {
    throw !chat.request.stream && chat.signal.aborted ? clientLeft() : notSettled(chat, error);
  });
  if (!verdict.ok) return null;
  acknowledge(receipt.node_id, receipt.receipt_hash);
  return verdict;
}

async function closed(closing: Promise<unknown>): Promise<void> {
  await within(
    closing.catch(() => {}),
    CLOSE_WAIT_MS,
    undefined,
  );
}

/** Keeps the hold of a stream without trailers, with the observation of its delivered part. */
async function observe({ writer }: ChatPorts, { hold }: Chat, observation: Observation): Promise<void> {
  await closed(writer.apply({ kind: "observe", operation_id: randomUUID(), hold_id: hold.hold_id, observation }));
}

/** Gives the hold back. The writer keeps trying while the database is away; the client's answer does not wait for that. */
export async function release({ writer }: ChatPorts, { hold }: Chat, error: unknown): Promise<void> {
  const reason = error instanceof ApiError ? error.code : "unpayable";
  await closed(writer.apply({ kind: "release", operation_id: randomUUID(), hold_id: hold.hold_id, reason }));
}
