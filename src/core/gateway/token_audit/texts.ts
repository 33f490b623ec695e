import type { ChatBody } from "../chat_call.ts";

/** The texts of an answer that a vocabulary can count, and the hash of its receipt. */
export type AnswerTexts = { completion: string[]; receipt_hash: string };

/** The prompt's texts; null for a prompt with tools, images or calls, which each template writes in its own way. */
export function promptTexts({ messages, tools }: Pick<ChatBody, "messages" | "tools">): string[] | null {
  if (tools !== undefined) return null;
  const texts: string[] = [];
  for (const { content, tool_calls } of messages) {
    if (tool_calls !== undefined) return null;
    if (typeof content === "string") texts.push(content);
    else
      for (const part of content ?? []) {
        if (part.type !== "text" || typeof part.text !== "string") return null;
        texts.push(part.text);
      }
  }
  return texts;
}

/** The texts of a message or delta, reasoning included; null for a tool call. */
function textsOf(message: Record<string, unknown>): string[] | null {
  if (message["tool_calls"] !== undefined) return null;
  return ["content", "reasoning_content", "reasoning"].flatMap((name) =>
    typeof message[name] === "string" ? [message[name]] : [],
  );
}

/** Content and reasoning of a plain answer, and its receipt; null when it cannot be counted. */
export function plainTexts(body: Record<string, unknown>): AnswerTexts | null {
  const message = (body["choices"] as { message?: Record<string, unknown> }[] | undefined)?.[0]?.message;
  const completion = message ? textsOf(message) : null;
  const receipt_hash = (body["b3iq"] as { receipt_hash?: string } | undefined)?.receipt_hash;
  return completion && receipt_hash ? { completion, receipt_hash } : null;
}

/** Content and reasoning of a stream, joined, from the bytes that its client was sent; null when they cannot be counted. */
export function streamTexts(frames: string): AnswerTexts | null {
  const joined: string[] = [];
  let receipt_hash: string | undefined;
  for (const frame of frames.split(/\r?\n\r?\n/)) {
    const data = frame.startsWith("data:") ? frame.slice(5).trim() : "";
    if (data === "" || data === "[DONE]") continue;
    const value = JSON.parse(data) as {
      choices?: { delta?: Record<string, unknown> }[];
      b3iq?: { receipt_hash?: string };
    };
    const parts = textsOf(value.choices?.[0]?.delta ?? {});
    if (!parts) return null;
    joined.push(...parts);
    receipt_hash = value.b3iq?.receipt_hash ?? receipt_hash;
  }
  return receipt_hash ? { completion: [joined.join("")], receipt_hash } : null;
}
