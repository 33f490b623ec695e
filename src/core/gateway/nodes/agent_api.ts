/** The gateway's calls to a node's agent (openapi/tunnel.yaml), except the chat, whose answer is a stream. */
import { TUNNEL_ROUTES } from "../../../../generated/routes.ts";
import type { operations } from "../../../../generated/tunnel.ts";
import { type AnswerOf, createClient, type InputOf } from "../../client.ts";
import { bodyProblem } from "../../tunnel_contract.ts";
import type { NodeTunnel, TunnelAnswer } from "./types.ts";

/** Path and headers of a dispatch. Its caller passes the body as bytes and reads the answer as a stream. */
export const DISPATCH = { path: TUNNEL_ROUTES.dispatchChat.path, headers: { "content-type": "application/json" } };

type Options = {
  tunnel: NodeTunnel;
  /** Ends the call and its stream. */
  signal: AbortSignal;
  /** The largest answer, in bytes. */
  answer_bytes?: number;
};

const SHORT_ANSWER_BYTES = 4_096;
const NO_BODY = Buffer.alloc(0);

/** Rejects for a status other than 200 and 204, and for an answer that is too long or breaks the contract. */
const call = createClient<operations, Options>(
  TUNNEL_ROUTES,
  async ({ operation_id, method, path, body }, { tunnel, signal, answer_bytes = SHORT_ANSWER_BYTES }) => {
    const content =
      body === undefined ? { body: NO_BODY } : { body: Buffer.from(JSON.stringify(body)), headers: DISPATCH.headers };
    const answer = await tunnel.call({ method, path, signal, ...content });
    if (answer.status !== 200 && answer.status !== 204) {
      answer.cancel();
      throw new Error(`the node answered ${answer.status}`);
    }
    const text = await readAll(answer, answer_bytes);
    if (answer.status === 204) return undefined;
    const value = JSON.parse(text) as unknown;
    const problem = bodyProblem(operation_id, "answer", value);
    if (problem !== null) throw new Error(`the node's answer is not that of ${operation_id}: ${problem.param}`);
    return value;
  },
);

/** Tells a node to stop a job; true when the node confirmed. */
export function cancelJob(tunnel: NodeTunnel, job_id: string, fence: number, timeout_ms = 2_000): Promise<boolean> {
  return call("cancelJob", { body: { job_id, fence } }, { tunnel, signal: AbortSignal.timeout(timeout_ms) }).then(
    () => true,
    () => false,
  );
}

/** The fields of a request on which its prompt tokens depend. */
export type CountedPrompt = InputOf<operations["countPrompt"]>["body"];

/** The prompt's tokens as the node counts them; undefined when the node cannot count them. */
export function countPrompt(
  tunnel: NodeTunnel,
  prompt: CountedPrompt,
  timeout_ms = 5_000,
): Promise<number | undefined> {
  return call("countPrompt", { body: prompt }, { tunnel, signal: AbortSignal.timeout(timeout_ms) }).then(
    ({ prompt_tokens }) => prompt_tokens,
    () => undefined,
  );
}

const JOB_BYTES = 256 * 1024;
const JOB_TIMEOUT_MS = 3_000;

/** The agent's state and receipts of a job. The receipts are not verified. */
export function readJob(tunnel: NodeTunnel, job_id: string): Promise<AnswerOf<operations["getJob"]>> {
  const signal = AbortSignal.timeout(JOB_TIMEOUT_MS);
  return call("getJob", { body: { job_id } }, { tunnel, signal, answer_bytes: JOB_BYTES });
}

/** Tells the agent which receipts are settled, so that its outbox need not submit them. */
export async function acknowledgeReceipts(tunnel: NodeTunnel, receipt_hashes: string[]): Promise<void> {
  await call("acknowledgeReceipts", { body: { receipt_hashes } }, { tunnel, signal: AbortSignal.timeout(5_000) });
}

/** A receipt and its frame take less than 6 kB, and a page has 200 at most. */
const PAGE_BYTES = 2 * 1024 * 1024;
const PAGE_TIMEOUT_MS = 15_000;

export type ReceiptPage = AnswerOf<operations["refetchReceipts"]>;

/** A page of the receipts that were acknowledged to the agent. The receipts are not verified. */
export function readReceiptPage(
  tunnel: NodeTunnel,
  body: InputOf<operations["refetchReceipts"]>["body"],
  stopping: AbortSignal,
): Promise<ReceiptPage> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(PAGE_TIMEOUT_MS)]);
  return call("refetchReceipts", { body }, { tunnel, signal, answer_bytes: PAGE_BYTES });
}

/** Asks the agent to open its next tunnel, at another gateway. */
export function drainTunnel(tunnel: NodeTunnel): Promise<void> {
  return call("drainTunnel", {}, { tunnel, signal: AbortSignal.timeout(5_000) });
}

/** Reads a body up to a limit. A longer body is an error, never a silent cut. */
export async function readAll(answer: TunnelAnswer, limit_bytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit_bytes) {
      answer.cancel();
      throw new Error("the node's answer is larger than allowed");
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
