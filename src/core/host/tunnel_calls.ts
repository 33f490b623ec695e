/**
 * The gateway's small calls over the tunnel: cancel a dispatch, count a prompt, ask what became of a job.
 * Router-signed, like dispatches.
 */
import { ApiError } from "../errors.ts";
import { isHex } from "../protocol/encoding.ts";
import type { ReceiptStore } from "../../store/sqlite/receipts.ts";
import { runtimeRequest } from "./chat_request.ts";
import type { Jobs } from "./jobs.ts";
import type { Profiles } from "./profiles.ts";
import { toSigned } from "./receipts.ts";
import type { Runtime } from "./runtimes/runtime.ts";

export type TunnelCallDeps = { jobs: Jobs; profiles: Profiles; runtime: Runtime; receipts: ReceiptStore };

export const TUNNEL_CALLS = ["/v1/tunnel/cancel", "/v1/tunnel/count", "/v1/tunnel/job", "/v1/tunnel/settled"] as const;
export type TunnelCallPath = (typeof TUNNEL_CALLS)[number];

/** Answers one call whose signature was checked. Throws ApiError. */
export async function answerTunnelCall(path: TunnelCallPath, body: unknown, deps: TunnelCallDeps): Promise<object> {
  const fields = (
    typeof body === "object" && body !== null && !Array.isArray(body) ? body : {}
  ) as Record<string, unknown>;
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
    case "/v1/tunnel/count":
      return { prompt_tokens: await count(fields, deps) };
  }
}

/** Receipts that the gateway took from their answers: the outbox has nothing left to do for them. */
function acknowledge(hashes: unknown, { receipts }: TunnelCallDeps): number {
  if (!Array.isArray(hashes) || hashes.length > 1_000 || !hashes.every((hash) => isHex(hash, 32))) {
    throw new ApiError("invalid_request", "receipt_hashes must be at most 1000 receipt hashes.", { param: "receipt_hashes" });
  }
  receipts.acknowledge((hashes as string[]).map((receipt_hash) => ({ receipt_hash, status: "settled" as const, reason: null })), Date.now());
  return hashes.length;
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
  const prompt_tokens = await runtime.countTokens(runtimeRequest(fields, { ...profile, completion_bound: null }));
  if (prompt_tokens === undefined) throw new ApiError("runtime_failed", "This runtime has no tokenizer to ask.");
  return prompt_tokens;
}
