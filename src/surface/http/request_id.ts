import { mintId } from "../../core/protocol/bytes/ids.ts";

/** `req_` and 26 characters: what support asks for, on every answer, the earliest failures too. */
export function newRequestId(): string {
  return mintId("req");
}

/** The caller's own id, echoed apart from ours, when it is short and printable. */
export function clientRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" && /^[A-Za-z0-9._:/+=-]{1,128}$/.test(header) ? header : undefined;
}
