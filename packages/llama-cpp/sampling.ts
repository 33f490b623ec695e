/** Maps OpenAI's request fields to the sampler of llama.cpp. */
import { randomInt } from "node:crypto";
import { TokenBias, type LlamaModel, type SequenceEvaluateOptions, type Token } from "node-llama-cpp";
import type { ChatRequest } from "../../src/core/host/runtimes/runtime.ts";
import { EngineError } from "./engine_error.ts";

/** The request fields that the engine honours beyond those of every runtime; `reasoning_effort` depends on the template. */
export const ENGINE_PARAMETERS = [
  "top_k",
  "min_p",
  "repetition_penalty",
  "logit_bias",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "response_format",
] as const;

/** llama.cpp remembers so many of the last tokens for its penalties. */
const PENALTY_WINDOW = 4096;

/** @param generated the answer's tokens so far; penalties look at these, not at the prompt. */
export function samplingOptions(
  request: ChatRequest,
  model: LlamaModel,
  generated: readonly Token[],
): SequenceEvaluateOptions {
  const options: SequenceEvaluateOptions = {
    temperature: request.temperature ?? 1,
    topP: request.top_p ?? 1,
    topK: Math.max(0, request.top_k ?? 0),
    minP: request.min_p ?? 0,
    seed: request.seed === null || request.seed === undefined ? randomInt(2 ** 32) : Math.abs(request.seed) % 2 ** 32,
    yieldEogToken: true,
  };
  const penalties = [
    request.repetition_penalty ?? 1,
    request.frequency_penalty ?? 0,
    request.presence_penalty ?? 0,
  ] as const;
  if (penalties[0] !== 1 || penalties[1] !== 0 || penalties[2] !== 0) {
    options.repeatPenalty = {
      punishTokens: () => [...generated],
      maxPunishTokens: PENALTY_WINDOW,
      penalty: penalties[0],
      frequencyPenalty: penalties[1],
      presencePenalty: penalties[2],
    };
  }
  const biases = Object.entries(request.logit_bias ?? {});
  if (biases.length > 0) {
    const bias = new TokenBias(model.tokenizer);
    for (const [text, logit] of biases) {
      const token = Number(text) as Token;
      // The library ignores a bias on a token that ends the answer: such a bias is refused here.
      if (!(token >= 0 && token < model.fileInfo.metadata.tokenizer.ggml.tokens.length) || model.isEogToken(token)) {
        throw new EngineError(
          "unsupported_parameter",
          `logit_bias takes ids of tokens that do not end the answer; ${text} is not one.`,
          { param: `logit_bias.${text}` },
        );
      }
      bias.set(token, { logit });
    }
    options.tokenBias = bias;
  }
  return options;
}
