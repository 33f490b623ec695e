import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { mintJobId } from "../../protocol/bytes/ids.ts";
import type { IdempotencyClaim, Refused } from "../billing/operations.ts";
import { refusal } from "../billing/refusals.ts";
import { idempotencyClaim } from "../keys/idempotency_claim.ts";
import { countPrompt } from "../nodes/agent_api.ts";
import type { Candidate } from "../routing/candidate.ts";
import { showLimits } from "./chat_refusals.ts";
import { type Admitted, type AskedChat, type ChatPorts, demandOf } from "./context.ts";
import { quotable } from "./quotable.ts";
import { freezeQuote, type Quote, quoteFor } from "./quote.ts";

/** Longer than a dead gateway's lease and the take-over of its holds together (billing/recovery.ts). */
const TAKE_OVER_MS = 30_000;
const ASK_AGAIN_MS = 500;

/** The codes of refusals that an exact count of the prompt may lift. */
const COUNT_LIFTS: ReadonlySet<string> = new Set([
  "insufficient_balance",
  "gateway_spend_cap_exceeded",
  "rate_limited",
  "max_price_exceeded",
]);

type Admission = { kind: "admitted"; admitted: Admitted } | { kind: "refused"; refused: Refused };

/**
 * Steps 3 to 5 of a chat (docs/design/chat.md, Steps): routes, quotes and holds. Throws the refusal. A repeat of a
 * request whose gateway died waits until the first one's hold is closed, since an ordinary client stops repeating long
 * before; then it runs, or gets the error that names the charge.
 */
export async function admit(ports: ChatPorts, asked: AskedChat): Promise<Admitted> {
  const { metrics, draining, alive } = ports;
  const { call, started } = asked;
  for (let begun = started; ; begun = performance.now()) {
    const candidates = ports.routing.candidates(demandOf(ports.pepper, asked), quotable(asked.request));
    const admission = await admitAmong(ports, asked, candidates);
    if (admission.kind === "admitted") {
      metrics.gateway_overhead_seconds.observe((performance.now() - begun) / 1000);
      return admission.admitted;
    }
    const { refused } = admission;
    const { held_by } = refused;
    const waits = held_by && begun < started + TAKE_OVER_MS && !call.signal.aborted && !draining();
    if (!waits || (await alive(held_by))) {
      if (refused.limits) showLimits(call.set_header, refused.limits);
      metrics.admissions_refused.inc({ code: refused.code });
      throw refusal(refused);
    }
    await sleep(ASK_AGAIN_MS);
  }
}

/**
 * Takes the hold. When money or tokens do not suffice for the byte bound, the first candidate that can counts the
 * prompt exactly, and the hold is tried once more, for that candidate alone.
 */
async function admitAmong(ports: ChatPorts, asked: AskedChat, candidates: Candidate[]): Promise<Admission> {
  const { request, caller, call } = asked;
  const claim = idempotencyClaim(
    ports.pepper,
    caller.customer_id,
    call.idempotency_key,
    "POST",
    "/v1/chat/completions",
    call.body,
  );
  const job_id = mintJobId();
  const by_bytes = quoteFor(request, candidates);
  const admission = await hold(ports, asked, { job_id, claim, quote: by_bytes, candidates });
  if (admission.kind === "admitted" || !COUNT_LIFTS.has(admission.refused.code)) return admission;
  const exact = await countedQuote(ports, asked, candidates, by_bytes);
  return exact === null ? admission : hold(ports, asked, { job_id, claim, ...exact });
}

type HoldOrder = { job_id: string; claim: IdempotencyClaim | null; quote: Quote; candidates: Candidate[] };

async function hold(
  ports: ChatPorts,
  { request, caller, call }: AskedChat,
  { job_id, claim, quote, candidates }: HoldOrder,
): Promise<Admission> {
  const frozen = freezeQuote(request, quote, candidates, {
    ...caller,
    job_id,
    node_epoch: ports.tunnel(candidates[0]!.node_id)?.epoch ?? 0,
    fee_bps: ports.fee_bps,
    deadline_ms: ports.deadline_ms,
    receipt_grace_ms: ports.receipt_grace_ms,
    gateway: ports.gateway,
  });
  const verdict = await ports.writer.apply(
    { kind: "hold", operation_id: randomUUID(), quote: frozen, idempotency: claim },
    call.signal,
  );
  if (!verdict.ok) return { kind: "refused", refused: verdict };
  const { node_epoch, mode } = frozen;
  return { kind: "admitted", admitted: { candidates, quote, hold: verdict, node_epoch, mode } };
}

/** The quote by the exact count of the first candidate whose count makes it smaller; null when none does. */
async function countedQuote(
  ports: ChatPorts,
  { request, call }: AskedChat,
  candidates: Candidate[],
  by_bytes: Quote,
): Promise<{ quote: Quote; candidates: Candidate[] } | null> {
  const { tools, response_format, tool_choice } = request.forwarded;
  const prompt = { model: request.model, messages: call.body.messages, tools, response_format, tool_choice };
  for (const candidate of candidates) {
    const tunnel = ports.tunnel(candidate.node_id);
    const tokens = tunnel && (await countPrompt(tunnel, prompt));
    if (tokens === undefined) continue;
    const quote = quoteFor(request, [candidate], tokens);
    if (quote.amount_wei < by_bytes.amount_wei || quote.prompt_bound < by_bytes.prompt_bound)
      return { quote, candidates: [candidate] };
  }
  return null;
}
