import { setTimeout as sleep } from "node:timers/promises";
import { findAborted } from "../../../store/postgres/customers/credentials.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { ApiError } from "../../errors.ts";
import type { ControlView } from "../control.ts";

export type RunningChat = {
  /** Aborts when the key is revoked with `abort`. */
  revoked: AbortSignal;
  end(): void;
};

/**
 * The chats under way in this process, by the key of the request: revoking a key with `abort` cuts its chats within a
 * second, and a drain waits for all chats.
 */
export function createRunningChats(db: Database, control: ControlView, most: number) {
  const running = new Map<string, Set<AbortController>>();
  let count = 0;

  async function cutRevoked(): Promise<void> {
    if (running.size === 0) return;
    for (const credential_id of await findAborted(db, [...running.keys()]))
      for (const controller of running.get(credential_id) ?? []) controller.abort(new Error("the key was revoked"));
  }

  control.onChange((name) => {
    if (name === "credentials") cutRevoked().catch(() => {});
  });

  return {
    /** Throws `admission_unavailable` when this gateway answers as many chats as it may. */
    begin(credential_id: string | null): RunningChat {
      if (count >= most)
        throw new ApiError(
          "admission_unavailable",
          "This gateway answers as many requests as it can; send yours again.",
          { retry_after_ms: 1_000 },
        );
      const controller = new AbortController();
      const name = credential_id ?? "";
      const found = running.get(name) ?? new Set();
      running.set(name, found.add(controller));
      count += 1;
      return {
        revoked: controller.signal,
        end() {
          count -= 1;
          found.delete(controller);
          if (found.size === 0 && running.get(name) === found) running.delete(name);
        },
      };
    },
    /** Resolves when no chat is under way, at most after `ms`. */
    async idle(ms: number): Promise<void> {
      const until = performance.now() + ms;
      while (count > 0 && performance.now() < until) await sleep(20);
    },
  };
}

export type RunningChats = ReturnType<typeof createRunningChats>;
