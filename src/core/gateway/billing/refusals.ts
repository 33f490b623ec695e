import { ApiError, type ErrorCode } from "../../errors.ts";
import type { HoldQuote, Refused } from "./operations.ts";

/** The ledger's refusal as the error of the call that asked. */
export function refusal({ code, message, detail, retry_after_ms }: Refused): ApiError {
  return new ApiError(code as ErrorCode, message, {
    detail,
    ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
  });
}

/** A refusal of the catalogue; without `retry_after_ms`, waiting cannot help. */
export function refuse(
  code: string,
  message: string,
  detail: Refused["detail"] = {},
  retry_after_ms?: number,
): Refused {
  return {
    ok: false,
    code,
    message,
    detail,
    ...(retry_after_ms === undefined ? {} : { retry_after_ms: Math.max(1, Math.ceil(retry_after_ms)) }),
  };
}

/** A refusal for money: the needed and the available wei, and the number of completion tokens that would fit. */
export function refuseMoney(
  code: string,
  problem: string,
  quote: HoldQuote,
  room_wei: bigint,
  detail: Refused["detail"],
  wait_ms?: number,
): Refused {
  const affordable_max_tokens = affordableTokens(quote, room_wei);
  const advice = affordable_max_tokens > 0 ? `max_tokens up to ${affordable_max_tokens} fits` : "no completion fits";
  return refuse(
    code,
    `${problem}; ${advice}.`,
    { available_wei: room_wei.toString(), ...detail, affordable_max_tokens },
    wait_ms,
  );
}

/**
 * Completion tokens that fit in `room_wei` beside the whole prompt bound, at the price that was quoted (rounded down).
 */
function affordableTokens(quote: HoldQuote, room_wei: bigint): number {
  const prompt_wei = BigInt(quote.prompt_bound) * quote.prompt_price_wei;
  const completion_wei = quote.amount_wei - prompt_wei;
  if (room_wei <= prompt_wei || completion_wei <= 0n) return 0;
  const tokens = ((room_wei - prompt_wei) * BigInt(quote.completion_bound)) / completion_wei;
  return Math.min(Number(tokens), quote.completion_bound);
}

export function comeBack(wait_ms: number | undefined): string {
  return wait_ms === undefined ? ", which can never fit" : `; come back in ${Math.ceil(wait_ms / 1000)} s`;
}
