/**
 * The gateway's small calls over the tunnel: cancel a dispatch, count a prompt, ask what became of a job, and for
 * receipts that were acknowledged before. Router-signed, like dispatches.
 */
import type { LocalChatCompletionRequest } from "../../../../generated/local.ts";
import { ApiError } from "../../errors.ts";
import { isHex } from "../../protocol/bytes/encoding.ts";
import type { ReceiptStore } from "../../../store/sqlite/receipt_store.ts";
import { runtimeRequest } from "../chat/chat_request.ts";
import type { Jobs } from "../chat/jobs.ts";
import type { Profiles } from "../machine/profiles.ts";
import { toSigned } from "../receipts/receipt_writer.ts";
import type { Runtime } from "../runtimes/runtime.ts";

export type TunnelCallDeps = { jobs: Jobs; profiles: Profiles; runtime: Runtime; receipts: ReceiptStore };

export const TUNNEL_CALLS = [
  "/v1/tunnel/cancel",
  "/v1/tunnel/count",
  "/v1/tunnel/job",
  "/v1/tunnel/settled",
  "/v1/tunnel/receipts",
] as const;
export type TunnelCallPath = (typeof TUNNEL_CALLS)[number];

/** Answers one call whose signature was checked. Throws ApiError. */
export async function answerTunnelCall(path: TunnelCallPath, body: unknown, deps: TunnelCallDeps): Promise<object> {
  const fields = (typeof body === "object" && body !== null && !Array.isArray(body) ? body : {}) as Record<
    string,
    unknown
  >;
  switch (path) {
    case "/v1/tunnel/cancel":
      if (!Number.isSafeInteger(fields["fence"])) {
        throw new ApiError("invalid_request", "fence must be an integer.", { param: "fence" });
      }
      return { cancelled: deps.jobs.cancel(jobId(fields), fields["fence"] as number) };
    case "/v1/tunnel/job":
      return jobState(jobId(fields), deps);
    case "/v1/tunnel/settled":
      return { acknowledged: acknowledge(fields["receipt_hashes"], deps) };
    case "/v1/tunnel/receipts":
      return acknowledgedReceipts(fields, deps);
    case "/v1/tunnel/count":
      return { prompt_tokens: await count(fields, deps) };
  }
}

/** Receipts that the gateway took from their answers: the outbox has nothing left to do for them. */
function acknowledge(hashes: unknown, { receipts }: TunnelCallDeps): number {
  if (!Array.isArray(hashes) || hashes.length > 1_000 || !hashes.every((hash) => isHex(hash, 32))) {
    throw new ApiError("invalid_request", "receipt_hashes must be at most 1000 receipt hashes.", {
      param: "receipt_hashes",
    });
  }
  receipts.acknowledge(
    (hashes as string[]).map((receipt_hash) => ({ receipt_hash, status: "settled" as const, reason: null })),
    Date.now(),
  );
  return hashes.length;
}

const MOST_RECEIPTS = 500;

/** A page of receipts that a gateway has answered for: its database was restored and may lack them. */
function acknowledgedReceipts(fields: Record<string, unknown>, { receipts }: TunnelCallDeps) {
  const { acknowledged_since, after, limit } = fields;
  const since_ms = typeof acknowledged_since === "string" ? Date.parse(acknowledged_since) : NaN;
  const page = [after, limit].every((value) => Number.isSafeInteger(value) && (value as number) >= 0);
  if (Number.isNaN(since_ms) || !page) {
    throw new ApiError("invalid_request", "acknowledged_since, after and limit are needed.", {
      param: "acknowledged_since",
    });
  }
  const most = Math.min(limit as number, MOST_RECEIPTS);
  const rows = receipts.acknowledgedSince(since_ms, after as number, most + 1);
  const shown = rows.slice(0, most);
  return { receipts: shown.map(toSigned), last: shown.at(-1)?.id ?? after, more: rows.length > most };
}

function jobId(fields: Record<string, unknown>): string {
  if (typeof fields["job_id"] !== "string") {
    throw new ApiError("invalid_request", "job_id must be a string.", { param: "job_id" });
  }
  return fields["job_id"];
}

function jobState(job_id: string, { jobs, receipts }: TunnelCallDeps) {
  const signed = receipts.ofJob(job_id).map(toSigned);
  const state = jobs.isRunning(job_id) ? "running" : signed.length > 0 ? "finished" : "unknown";
  return { state, receipts: signed };
}

async function count(fields: Record<string, unknown>, { profiles, runtime }: TunnelCallDeps): Promise<number> {
  if (typeof fields["model"] !== "string" || !Array.isArray(fields["messages"])) {
    throw new ApiError("invalid_request", "model and messages are needed to count.", { param: "messages" });
  }
  const profile = profiles.byModel(fields["model"]);
  const body = fields as LocalChatCompletionRequest;
  const prompt_tokens = await runtime.countTokens(runtimeRequest(body, { ...profile, completion_bound: null }));
  if (prompt_tokens === undefined) throw new ApiError("runtime_failed", "This runtime has no tokenizer to ask.");
  return prompt_tokens;
}
