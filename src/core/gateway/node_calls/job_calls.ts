import { once } from "node:events";
import type { ChatBody } from "../chat_call.ts";
import type { NodeTunnel, TunnelAnswer } from "../nodes/types.ts";

const JSON_TYPE = { "content-type": "application/json" };

/** Tells a node to stop a job; true when the node confirmed. */
export async function cancelJob(
  tunnel: NodeTunnel,
  job_id: string,
  fence: number,
  timeout_ms = 2_000,
): Promise<boolean> {
  try {
    const answer = await tunnel.call({
      path: "/v1/tunnel/cancel",
      body: Buffer.from(JSON.stringify({ job_id, fence })),
      headers: JSON_TYPE,
      signal: AbortSignal.timeout(timeout_ms),
    });
    answer.body.resume();
    if (!answer.body.readableEnded) await once(answer.body, "end").catch(() => {});
    return answer.status === 200;
  } catch {
    return false;
  }
}

/** What of a chat the prompt's tokens depend on. */
export type CountedPrompt = Partial<Pick<ChatBody, "model" | "messages" | "tools" | "response_format" | "tool_choice">>;

/** The prompt's tokens as the node counts them; undefined when the node cannot count them. */
export async function countPrompt(
  tunnel: NodeTunnel,
  prompt: CountedPrompt,
  timeout_ms = 5_000,
): Promise<number | undefined> {
  try {
    const answer = await tunnel.call({
      path: "/v1/tunnel/count",
      body: Buffer.from(JSON.stringify(prompt)),
      headers: JSON_TYPE,
      signal: AbortSignal.timeout(timeout_ms),
    });
    if (answer.status !== 200) {
      answer.cancel();
      return undefined;
    }
    const value = JSON.parse(await readAll(answer, 4_096)) as { prompt_tokens?: unknown };
    return typeof value.prompt_tokens === "number" &&
      Number.isSafeInteger(value.prompt_tokens) &&
      value.prompt_tokens >= 0
      ? value.prompt_tokens
      : undefined;
  } catch {
    return undefined;
  }
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
