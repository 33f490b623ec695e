import { refuse } from "./refusals.ts";
import type { HoldQuote, IdempotencyClaim, Refused } from "./operations.ts";
import { endedFree, type Batch } from "./batch_state.ts";
import type { Account } from "./model.ts";

const LIFE_MS = 24 * 3600 * 1000;
const IN_FLIGHT_COME_BACK_MS = 2_000;

/**
 * Checks whether an Idempotency-Key may run (docs/design/money.md, Idempotency). Its state is the state of its hold:
 * `held` and `settled` refuse; `released`, `expired` and an undone charge may run again. Another fingerprint always
 * refuses.
 */
export function checkIdempotency(batch: Batch, account: Account, claim: IdempotencyClaim): Refused | undefined {
  const row = batch.state.idempotency.get(claim.key_hash.toString("hex"));
  if (row === undefined) return undefined;
  const hold = batch.state.holds.get(row.hold_id);
  if (hold?.state !== "held" && row.expires_at_ms <= batch.state.now_ms) return undefined;
  if (row.account_id !== account.account_id || row.fingerprint !== claim.fingerprint.toString("hex")) {
    return refuse("idempotency_key_reused", "This Idempotency-Key was used for another request; use a new key.");
  }
  if (hold?.state === "held") {
    const { job_id, gateway_id, gateway_epoch } = hold;
    const message = "The request with this Idempotency-Key is still being answered.";
    return {
      ...refuse("idempotency_in_flight", message, { job_id }, IN_FLIGHT_COME_BACK_MS),
      held_by: { gateway_id, gateway_epoch },
    };
  }
  if (hold?.state === "settled" && !endedFree(hold)) {
    const { receipt_hash, charged_wei, prompt_tokens, completion_tokens, job_id } = hold;
    return refuse(
      "idempotency_completed",
      `The request with this Idempotency-Key was answered and charged ${charged_wei} wei (receipt ${receipt_hash}); it is not run twice.`,
      { receipt_hash, charged_wei: charged_wei!.toString(), prompt_tokens, completion_tokens, job_id },
    );
  }
  return undefined;
}

/** Ties the key to the new hold, in the row of an earlier attempt without a charge if there is one. */
export function claimIdempotency(batch: Batch, account: Account, claim: IdempotencyClaim, quote: HoldQuote): void {
  const key_hash = claim.key_hash.toString("hex");
  const row = {
    key_hash,
    account_id: account.account_id,
    fingerprint: claim.fingerprint.toString("hex"),
    hold_id: quote.hold_id,
    expires_at_ms: batch.state.now_ms + LIFE_MS,
  };
  (batch.state.idempotency.has(key_hash) ? batch.writes.reclaimed : batch.writes.claimed).add(row);
  batch.state.idempotency.set(key_hash, row);
}
