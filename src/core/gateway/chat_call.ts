/** A hosted chat as the surface gives it to the core, and its answer. */
import type { components } from "../../../generated/hosted.ts";

/** The request's body, validated against the document. */
export type ChatBody = components["schemas"]["chat_completion_request"];
export type ChatCompletion = components["schemas"]["chat_completion"];

export type ChatCaller = { customer_id: string; credential_id: string | null };

/** The receiver of a stream; the surface's event sink has this shape. */
export type AnswerSink = {
  readonly opened: boolean;
  open(headers?: Record<string, string>): void;
  write(bytes: Buffer | string): Promise<void>;
  comment(text: string): void;
  end(): Promise<void>;
};

export type ChatCall = {
  body: ChatBody;
  idempotency_key: string | undefined;
  /** Aborts when the client left. */
  signal: AbortSignal;
  sink: AnswerSink;
  set_header(name: string, value: string): void;
};

/** A plain answer; null for a stream, which went to the sink. */
export type ChatAnswer = { body: ChatCompletion; headers: Record<string, string> };
