/** What an answer says, as far as a vocabulary can count it, and its receipt. */
export type AnswerTexts = { completion: string[]; receipt_hash: string };

type Message = { content?: unknown; tool_calls?: unknown };

/**
 * The prompt's texts; null where it has more than text: tools, images, calls, which a template writes in its own way.
 */
export function promptTexts(body: Record<string, unknown>): string[] | null {
  const messages = body["messages"];
  if (!Array.isArray(messages) || body["tools"] !== undefined) return null;
  const texts: string[] = [];
  for (const { content, tool_calls } of messages as Message[]) {
    if (tool_calls !== undefined) return null;
    if (typeof content === "string") texts.push(content);
    else if (Array.isArray(content)) {
      for (const part of content as { type?: string; text?: unknown }[]) {
        if (part.type !== "text" || typeof part.text !== "string") return null;
        texts.push(part.text);
      }
    }
  }
  return texts;
}

/** What a message or delta says, reasoning included; null when it calls tools. */
function said(message: Record<string, unknown>): string[] | null {
  if (message["tool_calls"] !== undefined) return null;
  return ["content", "reasoning_content", "reasoning"].flatMap((name) =>
    typeof message[name] === "string" ? [message[name]] : [],
  );
}

/** Content and reasoning of a plain answer, and its receipt; null when it cannot be counted. */
export function plainTexts(body: Record<string, unknown>): AnswerTexts | null {
  const message = (body["choices"] as { message?: Record<string, unknown> }[] | undefined)?.[0]?.message;
  const completion = message ? said(message) : null;
  const receipt_hash = (body["b3iq"] as { receipt_hash?: string } | undefined)?.receipt_hash;
  return completion && receipt_hash ? { completion, receipt_hash } : null;
}

/** The same of a stream's frames, joined: what a client was sent, from its first byte to `[DONE]`. */
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
    const parts = said(value.choices?.[0]?.delta ?? {});
    if (!parts) return null;
    joined.push(...parts);
    receipt_hash = value.b3iq?.receipt_hash ?? receipt_hash;
  }
  return receipt_hash ? { completion: [joined.join("")], receipt_hash } : null;
}
