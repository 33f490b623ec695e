/** The token counts that are signed: the runtime's own where it gave them, else counts made here. */
import { within } from "../../time.ts";
import type { JoinedAnswer } from "../runtimes/join.ts";
import type { ChatRequest, ChatUsage, Runtime } from "../runtimes/runtime.ts";

/** A usual tokenizer makes a token of about four bytes of text. */
const BYTES_PER_TOKEN = 4;
const COUNT_TIMEOUT_MS = 2_000;

/**
 * The usage of an answer. A runtime that was cut off gives none: its tokenizer then counts the prompt, or a quarter of the
 * prompt's bytes is taken instead, and each delta counts as one completion token.
 */
export async function usageOf(answer: JoinedAnswer, request: ChatRequest, runtime: Runtime): Promise<ChatUsage> {
  if (isUsage(answer.usage)) {
    const { prompt_tokens, completion_tokens } = answer.usage;
    return { ...answer.usage, prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
  }
  const prompt_tokens =
    (await counted(request, runtime)) ??
    Math.ceil(Buffer.byteLength(JSON.stringify(request.messages)) / BYTES_PER_TOKEN);
  const completion_tokens = answer.deltas > 0 ? answer.deltas : 0;
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

/** Whether a runtime gave both counts. */
export function isUsage(usage: ChatUsage | null | undefined): usage is ChatUsage {
  return (
    usage != null &&
    [usage.prompt_tokens, usage.completion_tokens].every((count) => Number.isSafeInteger(count) && count >= 0)
  );
}

function counted(request: ChatRequest, runtime: Runtime): Promise<number | undefined> {
  return within(
    runtime.countTokens(request).catch(() => undefined),
    COUNT_TIMEOUT_MS,
    undefined,
  );
}
