import type { LocalChatCompletionRequest } from "../../../../generated/local.ts";
import type { ReceiptPayload } from "../../protocol/receipt/receipt.ts";
import type { RouterDispatch } from "../../protocol/calls/router_call.ts";
import type { Jobs } from "./jobs.ts";
import type { Profiles } from "../machine/profiles.ts";
import type { ReceiptWriter } from "../receipts/receipt_writer.ts";
import type { ChatCompletion, Runtime } from "../runtimes/runtime.ts";
import type { Slots } from "./slots.ts";

/** The origin of a chat on this machine. */
export type ChatOrigin =
  | {
      kind: "routed";
      dispatch: RouterDispatch;
      /** The epoch of the tunnel that the call came through, or of a private job's lease. */
      node_epoch: number;
      /** `pooled_sync` unless given. */
      dispatch_mode?: ReceiptPayload["dispatch_mode"];
    }
  | { kind: "local"; request_id: string };

/** The receiver of a stream; the surface's event sink has this shape. */
export type ChatSink = {
  /** Called when the request has its slot: the gateway then waits for the first token, and tries no other node. */
  accept(): void;
  open(headers?: Record<string, string>): void;
  write(bytes: string): Promise<void>;
  end(trailers?: Record<string, string>): Promise<void>;
};

export type ChatCall = {
  body: LocalChatCompletionRequest;
  origin: ChatOrigin;
  /** Aborts when the caller is gone. */
  signal: AbortSignal;
  sink: ChatSink;
  /** `performance.now()` at the request's arrival. */
  received_at: number;
};

export type ChatResult =
  | { kind: "streamed" }
  | {
      kind: "plain";
      completion: ChatCompletion;
      headers: Record<string, string>;
      trailers: Record<string, string> | undefined;
    };

export type ChatCounters = {
  jobs_ok: number;
  jobs_failed: number;
  jobs_cancelled: number;
  prompt_tokens: number;
  completion_tokens: number;
};

export type DispatchDeps = {
  runtime: Runtime;
  profiles: Profiles;
  slots: Slots;
  receipts: ReceiptWriter;
  jobs: Jobs;
  counters: ChatCounters;
  /** Called for each chat that the runtime failed. */
  onRuntimeFailure: () => void;
};

export type Dispatch = (call: ChatCall) => Promise<ChatResult>;
