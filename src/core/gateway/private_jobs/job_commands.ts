import { randomUUID } from "node:crypto";
import { readCommand } from "../../../store/postgres/commands/read.ts";
import type { CommandRow } from "../../../store/postgres/commands/row.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { privateJobsOfCommands } from "../../../store/postgres/private_jobs/of_commands.ts";
import type { PrivateJobRow } from "../../../store/postgres/private_jobs/row.ts";
import { storeSealedResult } from "../../../store/postgres/private_jobs/results_store.ts";
import { ApiError } from "../../errors.ts";
import { type Logger, errorFields } from "../../log.ts";
import { canonicalize } from "../../protocol/bytes/canonical.ts";
import { sha256 } from "../../protocol/bytes/encoding.ts";
import type { Envelope } from "../../protocol/envelope/envelope.ts";
import { RESULT_ENVELOPE_MAX_BYTES, parseEnvelope } from "../../protocol/envelope/envelope.ts";
import type { SignedReceipt } from "../../protocol/receipt/receipt.ts";
import type { LedgerWriter } from "../billing/operations.ts";
import type { Commands, PollInput, ResultInput, WireCommand } from "../nodes/node_commands.ts";
import type { PrivateJobs } from "./private_jobs.ts";
import type { ReceiptVerdict } from "../receipts/submission.ts";
import { verifyUnder } from "../receipts/trailers.ts";
import { failureReason } from "./reasons.ts";
import { fenceOf } from "./views.ts";

export type NodeCaller = { node_id: string; epoch: number };
export type NodeResult = ResultInput & { encrypted_response?: object; receipt?: SignedReceipt };
type ResultAnswer = Awaited<ReturnType<Commands["result"]>> & { receipt?: ReceiptVerdict };

export type PrivateCommandPorts = {
  db: Database;
  writer: LedgerWriter;
  commands: Commands;
  jobs: PrivateJobs;
  epoch_key: (node_id: string, epoch: number) => Promise<string | undefined>;
  /** The newest epoch of a node that this gateway knows. */
  epoch: (node_id: string) => number;
  log: Logger;
};

/** What nodes poll for and report: commands of every kind, those of private jobs with their money. */
export function createNodeCommands(ports: PrivateCommandPorts) {
  const { db, writer, commands, jobs } = ports;

  /**
   * Makes a fresh lease of a private job the one that is paid: its fence and the node's epoch go onto the hold, and
   * into the payload. Null when the hold is closed; then nobody is to run the job.
   */
  async function order(command: WireCommand, caller: NodeCaller, job: PrivateJobRow): Promise<WireCommand | null> {
    const fence = fenceOf(command.lease_token);
    // A poll is signed when it begins: the node may have opened its tunnel since, even its first.
    const node_epoch = Math.max(caller.epoch, ports.epoch(caller.node_id));
    const { prompt_price_wei, completion_price_wei } = command.payload as {
      prompt_price_wei: string;
      completion_price_wei: string;
    };
    const moved = await writer.apply({
      kind: "redispatch",
      operation_id: randomUUID(),
      hold_id: job.hold_id,
      node_id: caller.node_id,
      node_epoch,
      prompt_price_wei: BigInt(prompt_price_wei),
      completion_price_wei: BigInt(completion_price_wei),
      fence,
      serving: null,
    });
    if (moved.ok) return { ...command, payload: { ...command.payload, fence, node_epoch } };
    if (moved.state !== "held") await jobs.close(job.hold_id);
    return null;
  }

  async function ordered(leased: WireCommand[], caller: NodeCaller): Promise<WireCommand[]> {
    const ids = leased.filter(({ kind }) => kind === "private_job").map(({ command_id }) => command_id);
    if (ids.length === 0) return leased;
    const rows = new Map((await privateJobsOfCommands(db, ids)).map((job) => [job.command_id, job]));
    const all = await Promise.all(
      leased.map(async (command) => {
        if (command.kind !== "private_job") return command;
        return order(command, caller, rows.get(command.command_id)!).catch((error: unknown) => {
          // Its lease ends by itself, and it comes again.
          ports.log.warn("private_job_not_ordered", { command_id: command.command_id, ...errorFields(error) });
          return null;
        });
      }),
    );
    return all.filter((command) => command !== null);
  }

  /**
   * Keeps a sealed result under the newest lease, then settles. Throws ApiError; the same result again is answered the
   * same.
   */
  async function succeed(caller: NodeCaller, command: CommandRow, input: NodeResult): Promise<ResultAnswer> {
    const { encrypted_response, receipt } = await checkedResult(ports, caller, command, input);
    const result_hash = sha256(canonicalize({ encrypted_response, receipt }));
    const stored = await storeSealedResult(db, {
      command_id: command.command_id,
      node_id: caller.node_id,
      lease_token: input.lease_token,
      encrypted_response,
      receipt,
      sealed_bytes: Buffer.byteLength(encrypted_response.ciphertext, "base64url"),
      result_hash,
    });
    if (!stored) await commands.assertSameEnd(command.command_id, caller.node_id, input, result_hash);
    const [job] = await privateJobsOfCommands(db, [command.command_id]);
    const verdict = await jobs.settle(job!);
    const server_time = new Date().toISOString();
    if (verdict.ok) return { status: "accepted", receipt: { status: "settled" }, server_time };
    return {
      status: "accepted",
      receipt: { status: verdict.reason === "answer_open" ? "retry" : "recorded", reason: verdict.reason },
      server_time,
    };
  }

  return {
    /** Leases what is there, or waits. */
    async poll(caller: NodeCaller, input: PollInput, signal: AbortSignal): ReturnType<Commands["poll"]> {
      const answer = await commands.poll(caller.node_id, input, signal);
      return { ...answer, commands: await ordered(answer.commands, caller) };
    },

    /** Closes a command or lengthens its lease; a private job's end settles or releases its hold. */
    async result(caller: NodeCaller, command_id: string, input: NodeResult): Promise<ResultAnswer> {
      if (input.status === "running") return commands.result(caller.node_id, command_id, input);
      const command = await readCommand(db, command_id);
      if (!command || command.node_id !== caller.node_id)
        throw new ApiError("not_found", "There is no such command for this node.", { param: "command_id" });
      const sealed = input.encrypted_response !== undefined || input.receipt !== undefined;
      if (command.kind !== "private_job") {
        if (sealed)
          throw new ApiError("invalid_request", "Only a private job is answered with encrypted_response and receipt.", {
            param: "encrypted_response",
          });
        return commands.result(caller.node_id, command_id, input);
      }
      if (input.status === "succeeded") return succeed(caller, command, input);
      if (sealed)
        throw new ApiError("invalid_request", "A failed command carries failure, and nothing else.", {
          param: "failure",
        });
      const answer = await commands.result(caller.node_id, command_id, input);
      const [job] = await privateJobsOfCommands(db, [command_id]);
      await jobs.release(job!.hold_id, failureReason(input.failure!.code));
      return answer;
    },
  };
}

export type NodeCommands = ReturnType<typeof createNodeCommands>;

/**
 * Form of the sealed result, and a receipt of this very lease that verifies. Throws `invalid_request`,
 * `invalid_signature`, `receipt_hash_mismatch`.
 */
async function checkedResult(ports: PrivateCommandPorts, caller: NodeCaller, command: CommandRow, input: NodeResult) {
  if (!input.encrypted_response || !input.receipt || input.result || input.failure) {
    throw new ApiError(
      "invalid_request",
      "A private job that succeeded carries encrypted_response and receipt, and nothing else.",
      { param: "encrypted_response" },
    );
  }
  const formed = parseEnvelope(input.encrypted_response, RESULT_ENVELOPE_MAX_BYTES);
  if (!formed.ok)
    throw new ApiError("invalid_request", `encrypted_response is refused: ${formed.reason}.`, {
      param: "encrypted_response",
    });
  const asked = command.payload["encrypted_request"] as Envelope | undefined;
  if (
    asked &&
    (asked.client_public_key_x25519 !== formed.value.client_public_key_x25519 || asked.key_id !== formed.value.key_id)
  ) {
    throw new ApiError("invalid_request", "encrypted_response answers another request.", {
      param: "encrypted_response",
    });
  }
  const { receipt } = input.receipt;
  const expected = {
    ...pick(command.payload),
    node_id: caller.node_id,
    fence: fenceOf(input.lease_token),
    dispatch_mode: "private_job",
  };
  const strange = Object.entries(expected).find(
    ([field, value]) => receipt[field as keyof typeof receipt] !== value,
  )?.[0];
  if (strange !== undefined)
    throw new ApiError("invalid_request", `The receipt is not of this lease: ${strange} differs.`, {
      param: `receipt.receipt.${strange}`,
    });
  if (receipt.outcome !== "ok" && receipt.outcome !== "truncated") {
    throw new ApiError("invalid_request", "A job that succeeded has a receipt with the outcome ok or truncated.", {
      param: "receipt.receipt.outcome",
    });
  }
  const key = await ports.epoch_key(caller.node_id, receipt.node_epoch);
  const verified = await verifyUnder(input.receipt, key === undefined ? [] : [key]);
  if (!verified.ok)
    throw new ApiError(verified.code, `The receipt was not accepted: ${verified.reason}.`, { param: "receipt" });
  return { encrypted_response: formed.value, receipt: input.receipt };
}

function pick({
  job_id,
  model_id,
  model_profile_id,
  prompt_price_wei,
  completion_price_wei,
  fee_bps,
}: Record<string, unknown>) {
  return { job_id, model_id, model_profile_id, prompt_price_wei, completion_price_wei, fee_bps };
}
