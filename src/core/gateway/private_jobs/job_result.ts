import { readCommand } from "../../../store/postgres/commands/read.ts";
import type { CommandRow } from "../../../store/postgres/commands/row.ts";
import { findJobsOfCommands } from "../../../store/postgres/private_jobs/jobs.ts";
import { storeSealedResult } from "../../../store/postgres/private_jobs/results.ts";
import { ApiError } from "../../errors.ts";
import { canonicalize } from "../../protocol/bytes/canonical.ts";
import { sha256 } from "../../protocol/bytes/encoding.ts";
import { RESULT_ENVELOPE_MAX_BYTES, parseEnvelope, type Envelope } from "../../protocol/envelope/envelope.ts";
import type { ReceiptPayload, SignedReceipt } from "../../protocol/receipt/receipt.ts";
import type { Commands } from "../nodes/node_commands.ts";
import type { ReceiptVerdict } from "../receipts/submission.ts";
import { acceptReceipt } from "../receipts/trailers.ts";
import type { NodeCaller, NodeCommandPorts, NodeResult } from "./job_context.ts";
import { failureReason } from "./reasons.ts";
import { fenceOf } from "./views.ts";

type ResultAnswer = Awaited<ReturnType<Commands["result"]>> & { receipt?: ReceiptVerdict };
type SealedResult = { encrypted_response: Envelope; receipt: SignedReceipt };

/** Closes a command or renews its lease. The end of a private job settles or releases its hold. */
export async function takeResult(
  ports: NodeCommandPorts,
  caller: NodeCaller,
  command_id: string,
  input: NodeResult,
): Promise<ResultAnswer> {
  const { db, commands } = ports;
  if (input.status === "running") return commands.result(caller.node_id, command_id, input);
  const command = await readCommand(db, command_id);
  if (!command || command.node_id !== caller.node_id)
    throw new ApiError("not_found", "There is no such command for this node.", { param: "command_id" });
  const sealed = input.encrypted_response !== undefined || input.receipt !== undefined;
  if (command.kind !== "private_job") {
    if (sealed)
      throw refused("encrypted_response", "Only a private job is answered with encrypted_response and receipt.");
    return commands.result(caller.node_id, command_id, input);
  }
  if (input.status === "succeeded") return takeSealedResult(ports, caller, command, input);
  if (sealed) throw refused("failure", "A failed command carries failure, and nothing else.");
  return takeFailure(ports, caller, command_id, input);
}

/** Stores a sealed result under the newest lease, then settles the job. The same result again gets the same answer. */
async function takeSealedResult(
  { db, commands, jobs, epoch_key }: NodeCommandPorts,
  caller: NodeCaller,
  command: CommandRow,
  input: NodeResult,
): Promise<ResultAnswer> {
  const { command_id } = command;
  const result = sealedResultOf(command, input);
  assertReceiptOfLease(caller, command, input.lease_token, result.receipt.receipt);
  await acceptReceipt(epoch_key, caller.node_id, result.receipt, "receipt");
  const { encrypted_response, receipt } = result;
  const result_hash = sha256(canonicalize({ encrypted_response, receipt }));
  const stored = await storeSealedResult(db, {
    command_id,
    node_id: caller.node_id,
    lease_token: input.lease_token,
    encrypted_response,
    receipt,
    sealed_bytes: Buffer.byteLength(encrypted_response.ciphertext, "base64url"),
    result_hash,
  });
  if (!stored) await commands.assertSameEnd(command_id, caller.node_id, input, result_hash);
  const [job] = await findJobsOfCommands(db, [command_id]);
  const verdict = await jobs.settle(job!);
  const server_time = new Date().toISOString();
  if (verdict.ok) return { status: "accepted", receipt: { status: "settled" }, server_time };
  return {
    status: "accepted",
    receipt: { status: verdict.reason === "answer_open" ? "retry" : "recorded", reason: verdict.reason },
    server_time,
  };
}

/** Closes the command of a job that the node could not do, and releases its hold with the node's reason. */
async function takeFailure(
  { db, commands, jobs }: NodeCommandPorts,
  caller: NodeCaller,
  command_id: string,
  input: NodeResult,
): Promise<ResultAnswer> {
  const answer = await commands.result(caller.node_id, command_id, input);
  const [job] = await findJobsOfCommands(db, [command_id]);
  await jobs.release(job!.hold_id, failureReason(input.failure!.code));
  return answer;
}

/** The sealed result of the body, in its strict form and sealed to the client of this request. */
function sealedResultOf(command: CommandRow, input: NodeResult): SealedResult {
  if (!input.encrypted_response || !input.receipt || input.result || input.failure)
    throw refused(
      "encrypted_response",
      "The result of a successful private job has encrypted_response and receipt only.",
    );
  const formed = parseEnvelope(input.encrypted_response, RESULT_ENVELOPE_MAX_BYTES);
  if (!formed.ok) throw refused("encrypted_response", `encrypted_response is refused: ${formed.reason}.`);
  const asked = command.payload["encrypted_request"] as Envelope | undefined;
  const { client_public_key_x25519, key_id } = formed.value;
  if (asked && (asked.client_public_key_x25519 !== client_public_key_x25519 || asked.key_id !== key_id))
    throw refused("encrypted_response", "encrypted_response answers another request.");
  return { encrypted_response: formed.value, receipt: input.receipt };
}

/** Throws `invalid_request` unless the receipt belongs to this lease of this job and pays for an answer. */
function assertReceiptOfLease(
  { node_id }: NodeCaller,
  { payload }: CommandRow,
  lease_token: number,
  receipt: ReceiptPayload,
): void {
  const { job_id, model_id, model_profile_id, prompt_price_wei, completion_price_wei, fee_bps } = payload;
  const expected = {
    job_id,
    model_id,
    model_profile_id,
    prompt_price_wei,
    completion_price_wei,
    fee_bps,
    node_id,
    fence: fenceOf(lease_token),
    dispatch_mode: "private_job",
  };
  for (const [field, value] of Object.entries(expected))
    if (receipt[field as keyof typeof expected] !== value)
      throw refused(`receipt.receipt.${field}`, `The receipt is not of this lease: ${field} differs.`);
  if (receipt.outcome !== "ok" && receipt.outcome !== "truncated")
    throw refused("receipt.receipt.outcome", "A job that succeeded has a receipt with the outcome ok or truncated.");
}

function refused(param: string, message: string): ApiError {
  return new ApiError("invalid_request", message, { param });
}
