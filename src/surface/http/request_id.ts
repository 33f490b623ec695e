import { mintId } from "../../core/protocol/bytes/ids.ts";

/**
 * A new request id, `req_` and 26 characters: support asks for the id, so every answer has one, the earliest failures
 * too.
 */
export function newRequestId(): string {
  return mintId("req");
}

/** The caller's own id, which is echoed beside ours when it is short and printable. */
export function clientRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" && /^[A-Za-z0-9._:/+=-]{1,128}$/.test(header) ? header : undefined;
}
