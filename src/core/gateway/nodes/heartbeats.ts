import { createHash } from "node:crypto";
import type { Database } from "../../../store/postgres/database.ts";
import { flushHeartbeats } from "../../../store/postgres/nodes/flush_heartbeats.ts";
import { errorFields, type Logger } from "../../log.ts";
import { profileViews, type NodeRecord } from "./records.ts";
import type { Clock, HeartbeatBody } from "./types.ts";

type Beat = { node_id: string; epoch: number; heard_at_ms: number; text: string; hash: Buffer };

/**
 * Keeps each node's newest heartbeat in memory, and writes them once a second in one statement (docs/design/nodes.md).
 */
export function createHeartbeats(deps: {
  db: Database;
  clock: Clock;
  log: Logger;
  gateway_id: string;
  recordOf: (node_id: string) => NodeRecord;
}) {
  let pending = new Map<string, Beat>();

  return {
    /** The heartbeat counts at this gateway at once, and at the others after the next flush. */
    hear(node_id: string, epoch: number, body: HeartbeatBody): void {
      const record = deps.recordOf(node_id);
      const heard_at_ms = deps.clock.monotonic_ms();
      record.seen_at_ms = heard_at_ms;
      record.seen_epoch = Math.max(record.seen_epoch, epoch);
      record.report = body;
      record.report_epoch = Math.max(record.report_epoch, epoch);
      record.unwritten = true;
      record.profiles = profileViews(body);
      const text = JSON.stringify(body);
      pending.set(node_id, { node_id, epoch, heard_at_ms, text, hash: createHash("sha256").update(text).digest() });
    },

    /** A heartbeat that could not be written goes with the next flush, unless a newer one replaced it. */
    async flush(): Promise<void> {
      if (pending.size === 0) return;
      const beats = pending;
      pending = new Map();
      const now_ms = deps.clock.monotonic_ms();
      try {
        await flushHeartbeats(
          deps.db,
          deps.gateway_id,
          [...beats.values()].map((beat) => ({
            node_id: beat.node_id,
            epoch: beat.epoch,
            age_ms: now_ms - beat.heard_at_ms,
            body_hash: beat.hash,
            body: deps.recordOf(beat.node_id).stored_hash === beat.hash.toString("hex") ? null : beat.text,
          })),
        );
        for (const node_id of beats.keys()) if (!pending.has(node_id)) deps.recordOf(node_id).unwritten = false;
      } catch (error) {
        deps.log.warn("heartbeats_not_written", { count: beats.size, ...errorFields(error) });
        pending = new Map([...beats, ...pending]);
      }
    },
  };
}

export type Heartbeats = ReturnType<typeof createHeartbeats>;
