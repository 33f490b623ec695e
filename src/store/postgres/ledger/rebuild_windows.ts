import type { Knex } from "knex";
import type { PolicyWindow } from "../../../core/gateway/billing/model.ts";
import type { WindowKind } from "../../../core/gateway/billing/model.ts";

/** The amount of a hold in a window: reserved while the hold is open, used after that. */
export const COUNTED: Record<WindowKind, string> = {
  wei: "case h.state when 'held' then h.amount_wei when 'settled' then h.charged_wei else 0 end",
  tokens:
    "case h.state when 'held' then coalesce(h.reserved_tokens, h.prompt_bound + h.completion_bound) when 'settled' then h.prompt_tokens + h.completion_tokens else 0 end",
  requests: "1",
};

/**
 * Counts the windows of a new policy from the holds, so that a cap also counts wei spent before it was set. Part of the
 * transaction that puts the policy in force; takes the account's lock.
 */
export async function rebuildWindows(
  trx: Knex.Transaction,
  scope: { customer_id: string; credential_id: string | null },
  windows: PolicyWindow[],
): Promise<void> {
  const { customer_id, credential_id } = scope;
  const { rows } = await trx.raw<{ rows: { account_id: number }[] }>(
    "select account_id from accounts where owner_kind = 'customer' and owner_id = ? for update",
    [customer_id],
  );
  const account_id = rows[0]!.account_id;
  const scope_id = credential_id ?? customer_id;
  await trx.raw("delete from limit_windows where scope_id = ?", [scope_id]);
  for (const { kind, window_seconds, bucket_seconds } of windows) {
    await trx.raw(
      `
      insert into limit_windows (scope_id, kind, window_seconds, bucket_seconds, account_id, buckets)
      select :scope_id, :kind, cast(:window_seconds as integer), cast(:bucket_seconds as integer), cast(:account_id as
        bigint), coalesce(jsonb_object_agg(bucket::text, used::text) filter (where used > 0), '{}')
      from (
        select floor(extract(epoch from h.created_at) / cast(:bucket_seconds as integer))::bigint as bucket,
          sum(${COUNTED[kind]}) as used
        from entries e join holds h on h.hold_id = e.hold_id
        where e.account_id = :account_id and e.kind = 'reserve' and e.created_at > clock_timestamp() -
          cast(:kept_seconds as integer) * interval '1 second'
          and (cast(:credential_id as text) is null or h.credential_id = :credential_id)
        group by 1) counted`,
      {
        scope_id,
        kind,
        window_seconds,
        bucket_seconds,
        kept_seconds: window_seconds + bucket_seconds,
        account_id,
        credential_id,
      },
    );
  }
}
