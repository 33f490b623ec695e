import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../../errors.ts";
import { mintJobId } from "../../protocol/bytes/ids.ts";
import type { Observation } from "../billing/model.ts";
import type { Settled } from "../billing/operations.ts";
import { cancelJob, type CountedPrompt, countPrompt, readAll } from "../nodes/agent_api.ts";
import { type AnswerFacts, nodeTtft, plainAnswer, routeHeaders, settledFinish, settledUsage } from "./answer_facts.ts";
import {
  type Chat,
  type ChatAnswer,
  type ChatCall,
  type ChatCaller,
  type ChatPorts,
  demandOf,
  type Dispatched,
} from "./context.ts";
import { dispatcher } from "./dispatch.ts";
import { deltaBytes, hasFinished } from "./frames.ts";
import { noteProgress } from "./notes.ts";
import { freezeQuote, type Quote, quoteFor } from "./quote.ts";
import { quotable } from "./quotable.ts";
import { awaitFirst, brokenStream, type FirstFrame, relay } from "./stream.ts";
import { clientLeft, COUNT_AGAIN, notSettled, showLimits } from "./chat_refusals.ts";
import { refusal } from "../billing/refusals.ts";
import { type ChatRequest, readChatRequest } from "./request.ts";
import { beforeAbort, keepWaitingClient, settledOrAfter } from "./waiting.ts";
import { idempotencyClaim } from "../keys/idempotency_claim.ts";
import type { NodeTunnel } from "../nodes/types.ts";
import { receiptFromTrailers, type TrailerReceipt } from "../receipts/trailers.ts";
import type { Candidate } from "../routing/candidates.ts";

/** Longer than a gateway is silent before its holds are taken over, and that takes (billing/recovery.ts). */
const CLEARED_UP_MS = 30_000;
const ASK_AGAIN_MS = 500;

/**
 * One hosted chat, in this order: request, route, quote, admit, dispatch, relay, receipt, settle.
 * Leaves exactly one closed hold behind it, or one that recovery closes. Returns null when the answer went out as a
 * stream.
 */
export function completer(ports: ChatPorts) {
  const { writer, routing, timeouts, metrics } = ports;
  const dispatch = dispatcher(ports);

  return async function complete(caller: ChatCaller, call: ChatCall): Promise<ChatAnswer | null> {
    if (ports.draining())
      throw new ApiError("draining", "This gateway is shutting down; send the request again.", {
        retry_after_ms: 1_000,
      });
    const running = ports.running.begin(caller.credential_id);
    try {
      return await answer(caller, call, running.revoked);
    } catch (error) {
      throw running.revoked.aborted
        ? new ApiError("unauthorized", "The key was revoked while this request was answered.")
        : error;
    } finally {
      running.end();
    }
  };

  async function answer(caller: ChatCaller, call: ChatCall, revoked: AbortSignal): Promise<ChatAnswer | null> {
    const started = performance.now();
    const request = readChatRequest(call.body as Parameters<typeof readChatRequest>[0]);
    const policy = ports.policies(caller.customer_id, caller.credential_id);
    const admitted = await admitInTurn(request, caller, call, policy, started);
    const signal = AbortSignal.any([call.signal, revoked]);
    const chat: Chat = {
      request,
      caller,
      call,
      policy,
      started,
      deadline: started + ports.deadline_ms,
      held_at: performance.now(),
      signal,
      delivering: false,
      ...admitted,
    };
    showLimits(call.set_header, admitted.hold.limits);
    metrics.streams.inc({ mode: admitted.mode });
    const early = request.stream ? keepWaitingClient(call.sink, call.signal, routeHeaders(null), timeouts) : null;
    try {
      return request.stream ? await stream(chat) : await plain(chat);
    } catch (error) {
      if (!chat.delivering) await release(chat, error);
      throw error;
    } finally {
      early?.stop();
      metrics.streams.dec({ mode: admitted.mode });
      if (call.signal.aborted) metrics.client_aborts.inc({ mode: admitted.mode });
    }
  }

  /**
   * A repeat of what a gateway had in hand when it died waits until the ledger has cleared that up, and then runs or
   * says what was charged: an ordinary client gives up long before.
   */
  async function admitInTurn(
    request: ChatRequest,
    caller: ChatCaller,
    call: ChatCall,
    policy: Chat["policy"],
    started: number,
  ) {
    for (let begun = started; ; begun = performance.now()) {
      const candidates = routing.candidates(demandOf(ports.pepper, { request, caller, policy }), quotable(request));
      const found = await admit(request, caller, call, candidates);
      if (!("ok" in found)) {
        metrics.gateway_overhead_seconds.observe((performance.now() - begun) / 1000);
        return found;
      }
      const { held_by } = found;
      const waits = held_by && begun < started + CLEARED_UP_MS && !call.signal.aborted && !ports.draining();
      if (!waits || (await ports.alive(held_by))) {
        if (found.limits) showLimits(call.set_header, found.limits);
        metrics.admissions_refused.inc({ code: found.code });
        throw refusal(found);
      }
      await sleep(ASK_AGAIN_MS);
    }
  }

  /**
   * Holds the money. What is refused for money or tokens under the byte bound is counted exactly by the first
   * candidate, and tried once more.
   */
  async function admit(request: ChatRequest, caller: ChatCaller, call: ChatCall, candidates: Candidate[]) {
    const claim = idempotencyClaim(
      ports.pepper,
      caller.customer_id,
      call.idempotency_key,
      "POST",
      "/v1/chat/completions",
      call.body,
    );
    const byBytes = quoteFor(request, candidates);
    const job_id = mintJobId();
    const hold = async (quote: Quote, among: Candidate[]) => {
      const frozen = freezeQuote(request, quote, among, {
        ...caller,
        job_id,
        node_epoch: ports.tunnel(among[0]!.node_id)?.epoch ?? 0,
        fee_bps: ports.fee_bps,
        deadline_ms: ports.deadline_ms,
        receipt_grace_ms: ports.receipt_grace_ms,
        gateway: ports.gateway,
      });
      const verdict = await writer.apply(
        { kind: "hold", operation_id: randomUUID(), quote: frozen, idempotency: claim },
        call.signal,
      );
      return { verdict, admitted: { candidates: among, quote, node_epoch: frozen.node_epoch, mode: frozen.mode } };
    };
    let { verdict, admitted } = await hold(byBytes, candidates);
    if (!verdict.ok && COUNT_AGAIN.has(verdict.code)) {
      for (const candidate of candidates) {
        const tunnel = ports.tunnel(candidate.node_id);
        const { messages, tools, response_format, tool_choice } = request.forwarded as CountedPrompt;
        const prompt = { model: request.model, messages, tools, response_format, tool_choice };
        const tokens = tunnel && (await countPrompt(tunnel, prompt));
        if (tokens === undefined) continue;
        const exact = quoteFor(request, [candidate], tokens);
        if (exact.amount_wei >= byBytes.amount_wei && exact.prompt_bound >= byBytes.prompt_bound) continue;
        ({ verdict, admitted } = await hold(exact, [candidate]));
        break;
      }
    }
    return verdict.ok ? { ...admitted, hold: verdict } : verdict;
  }

  async function plain(chat: Chat): Promise<ChatAnswer> {
    const { dispatched, value } = await dispatch(chat, async ({ answer, tunnel, fence }) => {
      const cancel = () => void cancelJob(tunnel, chat.hold.job_id, fence);
      chat.signal.addEventListener("abort", cancel, { once: true });
      const late = setTimeout(() => {
        cancel();
        answer.cancel();
      }, chat.deadline - performance.now());
      try {
        const body = JSON.parse(await readAll(answer, 32 * 1024 * 1024)) as Record<string, unknown>;
        if (!hasFinished(body)) throw new Error("the node's answer has no finish reason");
        const trailers = await answer.trailers;
        // A cut stream can look like a clean end: only the trailers make an answer complete.
        if (!trailers) throw new Error("the node's answer has no trailers");
        return { body, trailers, ttft_ms: nodeTtft(body) };
      } finally {
        clearTimeout(late);
        chat.signal.removeEventListener("abort", cancel);
      }
    });
    routing.end(dispatched.candidate.node_id, "ok");
    // A plain answer that cannot be delivered is not charged.
    if (chat.signal.aborted) throw clientLeft();
    const message = ((value.body["choices"] as Record<string, unknown>[] | undefined)?.[0]?.["message"] ??
      {}) as Record<string, unknown>;
    const bytes = deltaBytes(message);
    const receipt = await verified(chat, dispatched, value.trailers);
    const settled = receipt && (await settle(chat, receipt, { content_bytes: bytes, events: 1, reason: "complete" }));
    if (!settled) await release(chat, new Error("no payable receipt"));
    return plainAnswer(
      value.body,
      answerFacts(chat, dispatched, settled ? { settled, receipt: receipt! } : null, value.ttft_ms),
    );
  }

  async function stream(chat: Chat): Promise<null> {
    const {
      signal,
      call: { sink },
    } = chat;
    let cancelled = false;
    const cancelOnce = (tunnel: NodeTunnel, fence: number) => {
      if (!cancelled) void cancelJob(tunnel, chat.hold.job_id, fence);
      cancelled = true;
    };
    const { dispatched, value: first } = await dispatch<FirstFrame>(chat, async ({ answer, tunnel, fence }) => {
      const onLeft = () => cancelOnce(tunnel, fence);
      signal.addEventListener("abort", onLeft, { once: true });
      try {
        return await awaitFirst(answer, timeouts.first_token_ms);
      } finally {
        signal.removeEventListener("abort", onLeft);
      }
    });
    const { answer, tunnel, fence, candidate } = dispatched;
    chat.delivering = true;
    if (!signal.aborted && !sink.opened) sink.open(routeHeaders(chat.policy.expose_node ? candidate : null));
    const cancel = () => cancelOnce(tunnel, fence);
    const notes = noteProgress((delivered) =>
      writer.apply({ kind: "note", operation_id: randomUUID(), hold_id: chat.hold.hold_id, delivered }),
    );
    const ended = await relay(answer, first, sink, {
      completion_bound: dispatched.bounds.completion_bound,
      deadline: chat.deadline,
      timeouts,
      client: signal,
      passed: notes.passed,
      cancel,
    }).finally(notes.stop);
    const { reason } = ended.observation;
    routing.end(candidate.node_id, reason === "node_failed" || reason === "timeout" ? "failed" : "ok");
    const receipt = await verified(chat, dispatched, ended.trailers);
    const settled = receipt && (await settle(chat, receipt, ended.observation));
    if (!settled) await leaveUnsettled(chat, ended.observation, ended.trailers !== undefined);
    if (chat.call.signal.aborted) {
      await sink.end().catch(() => {});
      return null;
    }
    if (reason !== "complete" && reason !== "cut") throw brokenStream(reason, Boolean(settled));
    const facts = answerFacts(
      chat,
      dispatched,
      settled ? { settled, receipt: receipt! } : null,
      Math.round(first.at - chat.started),
    );
    const { include_usage, sticky_text } = chat.request;
    const last =
      settledFinish(ended.finish, first.first, facts, include_usage) +
      (include_usage ? settledUsage(ended.usage, ended.finish ?? first.first, facts) : "") +
      "data: [DONE]\n\n";
    await sink
      .write(last)
      .then(() => sink.end())
      .catch(() => {});
    if (sticky_text !== null) routing.stick(demandOf(ports.pepper, chat).sticky_key!, candidate.node_id);
    return null;
  }

  function verified(
    chat: Chat,
    { candidate, tunnel, fence }: Dispatched,
    trailers: Record<string, string> | undefined,
  ): Promise<TrailerReceipt | null> {
    return receiptFromTrailers(trailers, {
      node_id: candidate.node_id,
      node_epoch: tunnel.epoch,
      job_id: chat.hold.job_id,
      fence,
      keys: ports.node_keys(candidate.node_id),
    });
  }

  /**
   * Waits for the commit, at most 30 s. A stream is then settled by the writer later, for what was delivered. A plain
   * answer is delivered or free: the ledger releases what is late by its clock, and whoever stops waiting here gets no
   * charge, because the writer does not settle it any more, or undoes it (docs/decisions/0010-delivered-or-free.md).
   */
  async function settle(chat: Chat, { receipt }: TrailerReceipt, observation: Observation): Promise<Settled | null> {
    const operation = { kind: "settle", operation_id: randomUUID(), receipt, observation } as const;
    const deliver_within_ms = Math.floor(performance.now() - chat.held_at + timeouts.settle_wait_ms);
    const patience = AbortSignal.timeout(timeouts.settle_wait_ms);
    const verdict = await (
      chat.request.stream
        ? beforeAbort(writer.apply(operation), patience)
        : writer.apply({ ...operation, deliver_within_ms }, AbortSignal.any([patience, chat.signal]))
    ).catch((error: unknown) => {
      throw !chat.request.stream && chat.signal.aborted ? clientLeft() : notSettled(chat, error);
    });
    if (verdict.ok) ports.acknowledge(receipt.node_id, receipt.receipt_hash);
    return verdict.ok ? verdict : null;
  }

  /**
   * A stream without a payable receipt keeps its hold and what was seen of it: the receipt may still come by the
   * agent's outbox.
   */
  async function leaveUnsettled(chat: Chat, observation: Observation, unpayable: boolean): Promise<void> {
    if (unpayable) return release(chat, new Error("no payable receipt"));
    const kept = writer.apply({ kind: "observe", operation_id: randomUUID(), hold_id: chat.hold.hold_id, observation });
    await settledOrAfter(kept, 1_000);
  }

  /** The writer keeps trying while the database is away; the client's answer does not wait for that. */
  async function release(chat: Chat, error: unknown): Promise<void> {
    const reason = error instanceof ApiError ? error.code : "unpayable";
    await settledOrAfter(
      writer.apply({ kind: "release", operation_id: randomUUID(), hold_id: chat.hold.hold_id, reason }),
      1_000,
    );
  }

  function answerFacts(
    chat: Chat,
    { candidate }: Dispatched,
    paid: { settled: Settled; receipt: TrailerReceipt } | null,
    ttft_ms: number | null,
  ): AnswerFacts {
    return {
      model: chat.request.model,
      job_id: chat.hold.job_id,
      client_job_id: chat.request.client_job_id,
      runtime_kind: candidate.profile.runtime_kind,
      latency_ms: Math.round(performance.now() - chat.started),
      ttft_ms,
      exposed: chat.policy.expose_node ? candidate : null,
      charged_wei: paid?.settled.charged_wei ?? 0n,
      receipt_hash: paid?.receipt.receipt.receipt_hash ?? null,
      commitment_salt: paid?.receipt.commitment_salt ?? null,
      usage: paid
        ? { prompt_tokens: paid.settled.prompt_tokens, completion_tokens: paid.settled.completion_tokens }
        : null,
    };
  }
}
