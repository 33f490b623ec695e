import { randomBytes } from "node:crypto";
import { completer } from "../chat/complete.ts";
import { createRunningChats } from "../chat/running.ts";
import { chatTimeouts } from "../chat/timeouts.ts";
import { createAcknowledgements } from "../receipts/acknowledge.ts";
import { createRecount } from "../recount/recount.ts";
import { createVocabularies } from "../recount/vocabularies.ts";
import { createRouting } from "../routing/candidates.ts";
import type { AdminPart } from "./admin_part.ts";
import type { CoreContext } from "./core_context.ts";
import type { LedgerPart } from "./ledger_part.ts";
import type { NetworkPart } from "./network_part.ts";

/** After the drain's cap, cut chats get this long to settle on their nodes' partial receipts. */
const SETTLE_AFTER_CUT_MS = 5_000;

/** Chats. Built last and so stopped first: their settlement needs everything else. */
export function assembleChat(
  { config, secrets, db, log, metrics, gateway, tracing, draining, stops }: CoreContext,
  { writer }: LedgerPart,
  { control, nodes, tunnel, gatewayAlive }: NetworkPart,
  { policies }: AdminPart,
) {
  const recount = createRecount({
    db,
    vocabularies: createVocabularies(config.vocabulary_dir),
    node: nodes.view,
    control,
    metrics,
    log,
    share_bps: config.recount_bps,
  });
  stops.push(recount.stop);
  const routing = createRouting({
    nodes: nodes.snapshot,
    control,
    usage_penalty: recount.penalty,
    seed: randomBytes(4).readUInt32LE(),
  });
  const acknowledgements = createAcknowledgements(tunnel);
  stops.push(acknowledgements.stop);
  const running = createRunningChats(db, control, config.open_chats_max);
  stops.push(() => running.idle(SETTLE_AFTER_CUT_MS));
  const complete = completer({
    writer: tracing.writer(writer),
    routing,
    tunnel: tracing.tunnel(tunnel),
    node_keys: nodes.keys,
    policies,
    pepper: secrets.pepper,
    gateway,
    alive: gatewayAlive,
    fee_bps: config.fee_bps,
    deadline_ms: config.answer_timeout_ms,
    receipt_grace_ms: config.receipt_grace_ms,
    timeouts: chatTimeouts(config),
    draining,
    acknowledge: acknowledgements.add,
    running,
    metrics,
  });
  return { routing, complete: tracing.complete(recount.sampled(complete)) };
}

export type ChatPart = ReturnType<typeof assembleChat>;
