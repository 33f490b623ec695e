/** The gateway's calls over the tunnel but for the chat itself: each operation of openapi/tunnel.yaml has its function here. */
import type { LocalChatCompletionRequest } from "../../../../generated/local.ts";
import type { operations } from "../../../../generated/tunnel.ts";
import type { AnswerOf, InputOf } from "../../client.ts";
import { ApiError } from "../../errors.ts";
import { bodyProblem } from "../../tunnel_contract.ts";
import type { ReceiptStore } from "../../../store/sqlite/receipt_store.ts";
import { runtimeRequest } from "../chat/chat_request.ts";
import type { Jobs } from "../chat/jobs.ts";
import type { Profiles } from "../machine/profiles.ts";
import { toSigned } from "../receipts/receipt_writer.ts";
import type { Runtime } from "../runtimes/runtime.ts";

export type TunnelCallDeps = { jobs: Jobs; profiles: Profiles; runtime: Runtime; receipts: ReceiptStore };

/** All operations but two: the surface answers `dispatchChat`, and the tunnel's client `drainTunnel`. */
export type TunnelCallId = Exclude<keyof operations, "dispatchChat" | "drainTunnel">;
type Body<Id extends TunnelCallId> = InputOf<operations[Id]>["body"];
type Answer<Id extends TunnelCallId> = AnswerOf<operations[Id]>;

const MOST_RECEIPTS = 500;

const ANSWERS: { [Id in TunnelCallId]: (body: Body<Id>, deps: TunnelCallDeps) => Answer<Id> | Promise<Answer<Id>> } = {
  cancelJob: ({ job_id, fence }, { jobs }) => ({ cancelled: jobs.cancel(job_id, fence) }),
  getJob({ job_id }, { jobs, receipts }) {
    const signed = receipts.ofJob(job_id).map(toSigned);
    return { state: jobs.isRunning(job_id) ? "running" : signed.length > 0 ? "finished" : "unknown", receipts: signed };
  },
  acknowledgeReceipts({ receipt_hashes }, { receipts }) {
    receipts.acknowledge(
      receipt_hashes.map((receipt_hash) => ({ receipt_hash, status: "settled" as const, reason: null })),
      Date.now(),
    );
    return { acknowledged: receipt_hashes.length };
  },
  refetchReceipts({ acknowledged_since, after, limit }, { receipts }) {
    const most = Math.min(limit, MOST_RECEIPTS);
    const rows = receipts.acknowledgedSince(Date.parse(acknowledged_since), after, most + 1);
    const shown = rows.slice(0, most);
    return { receipts: shown.map(toSigned), last: shown.at(-1)?.id ?? after, more: rows.length > most };
  },
  async countPrompt(prompt, { profiles, runtime }) {
    const profile = profiles.byModel(prompt.model);
    // The contract checked the form of a prompt; runtimeRequest checks each name and part, as it does for a chat.
    const chat = prompt as LocalChatCompletionRequest;
    const prompt_tokens = await runtime.countTokens(runtimeRequest(chat, { ...profile, completion_bound: null }));
    if (prompt_tokens === undefined) throw new ApiError("runtime_failed", "This runtime has no tokenizer to ask.");
    return { prompt_tokens };
  },
};

/** Answers one call whose signature was checked. Throws ApiError; `invalid_request` for a body that breaks the contract. */
export async function answerTunnelCall<Id extends TunnelCallId>(
  operation_id: Id,
  body: unknown,
  deps: TunnelCallDeps,
): Promise<Answer<Id>> {
  const problem = bodyProblem(operation_id, "request", body);
  if (problem !== null) {
    throw new ApiError("invalid_request", `${problem.param || "The body"} ${problem.reason}.`, {
      param: problem.param,
    });
  }
  const answer = await ANSWERS[operation_id](body as Body<Id>, deps);
  const broken = bodyProblem(operation_id, "answer", answer);
  if (broken !== null)
    throw new Error(`${operation_id} answers what its contract refuses: ${broken.param} ${broken.reason}`);
  return answer;
}
