/** Clients of our own surfaces over fetch: JSON in and out, with a credential in every call. */
import type { operations as hosted } from "../../generated/hosted.ts";
import type { operations as local } from "../../generated/local.ts";
import { HOSTED_ROUTES, LOCAL_ROUTES } from "../../generated/routes.ts";
import { type Client, createClient, type OperationCall } from "../core/client.ts";

/** An answer of one of our own surfaces that is not a success. `code` is the error catalogue's. */
export class CallError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(operation: string, status: number, code: string, detail: string) {
    super(`${operation} was answered ${status} ${code}${detail === "" ? "" : `: ${detail}`}`);
    this.name = "CallError";
    this.status = status;
    this.code = code;
  }
}

/** Both reject with CallError for an answer that is not a success. */
export type HostedCall = Client<hosted>;
export type LocalCall = Client<local>;

const TIMEOUT_MS = 30_000;

/** The gateway at `base_url`, with `headers` (the credential) in every call. */
export function hostedClient(base_url: string, headers: Record<string, string>): HostedCall {
  return createClient<hosted>(HOSTED_ROUTES, (call) => sendTo(base_url, headers, call));
}

/** The agent at `base_url`. `onNoAnswer` makes the error for a call that nobody answered. */
export function localClient(
  base_url: string,
  headers: Record<string, string>,
  onNoAnswer: (error: unknown) => unknown = (error) => error,
): LocalCall {
  return createClient<local>(LOCAL_ROUTES, (call) =>
    sendTo(base_url, headers, call).catch((error: unknown) => {
      throw error instanceof CallError ? error : onNoAnswer(error);
    }),
  );
}

async function sendTo(
  base_url: string,
  headers: Record<string, string>,
  { method, path, body }: OperationCall<unknown>,
): Promise<unknown> {
  const content =
    body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(base_url + path, {
    ...content,
    method,
    headers: { accept: "application/json", ...headers, ...content.headers },
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer = parse(await response.text());
  if (response.ok) return answer;
  const { code = "", detail, message } = (answer as ErrorAnswer | undefined)?.error ?? {};
  throw new CallError(`${method} ${path.split("?")[0]}`, response.status, code, detail ?? message ?? "");
}

/** The members that both error envelopes have. */
type ErrorAnswer = { error?: { code?: string; detail?: string; message?: string } };

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
