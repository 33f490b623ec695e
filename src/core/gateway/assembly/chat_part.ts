import { randomBytes } from "node:crypto";
import { complete } from "../chat/complete.ts";
import type { ChatPorts } from "../chat/context.ts";
import { createRunningChats } from "../chat/running.ts";
import { chatTimeouts } from "../chat/timeouts.ts";
import type { ChatCall, ChatCaller } from "../chat_call.ts";
import { createAcknowledgements } from "../receipts/acknowledge.ts";
import { createRouting } from "../routing/routing.ts";
import { createTokenAudit } from "../token_audit/token_audit.ts";
import { createVocabularies } from "../token_audit/vocabularies.ts";
import type { AdminPart } from "./admin_part.ts";
import type { CoreContext } from "./core_context.ts";
import type { LedgerPart } from "./ledger_part.ts";
import type { NetworkPart } from "./network_part.ts";

/** After the drain's cap, cut chats get this long to settle on their nodes' partial receipts. */
const SETTLE_AFTER_CUT_MS = 5_000;

/** Chats are built last, and so are stopped first: their settlement needs every other part. */
export function assembleChat(
  { config, secrets, db, log, metrics, gateway, tracing, draining, stops }: CoreContext,
  { writer }: LedgerPart,
  { control, nodes, tunnel, gatewayAlive }: NetworkPart,
  { policies }: AdminPart,
) {
  const token_audit = createTokenAudit({
    db,
    vocabularies: createVocabularies(config.vocabulary_dir),
    node: nodes.view,
    control,
    metrics,
    log,
    share_bps: config.recount_bps,
  });
  stops.push(token_audit.stop);
  const routing = createRouting({
    nodes: nodes.snapshot,
    control,
    usage_penalty: token_audit.penalty,
    seed: randomBytes(4).readUInt32LE(),
  });
  const acknowledgements = createAcknowledgements(tunnel);
  stops.push(acknowledgements.stop);
  const running = createRunningChats(db, control, config.open_chats_max);
  stops.push(() => running.idle(SETTLE_AFTER_CUT_MS));
  const chatPorts: ChatPorts = {
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
    tracing,
    token_audit,
  };
  return { routing, complete: (caller: ChatCaller, call: ChatCall) => complete(chatPorts, caller, call) };
}

export type ChatPart = ReturnType<typeof assembleChat>;
