import type { IncomingMessage } from "node:http";
import { ApiError } from "../../core/errors.ts";
import { parseStrict } from "../../core/protocol/bytes/canonical.ts";
import { FormatError } from "../../core/protocol/bytes/outcome.ts";
import type { Operation } from "../binding/document.ts";

export type BodyLimits = {
  bytes_max: number;
  /** How long a body may pause before the request is refused. */
  idle_ms: number;
  /** How long a body may take from the first wait to the last byte. */
  total_ms: number;
};

/** The error when the caller closed the connection, so that no answer can be read. */
export class ClientLeft extends Error {
  constructor() {
    super("The client left");
    this.name = "ClientLeft";
  }
}

function tooLarge(bytes_max: number): ApiError {
  return new ApiError("payload_too_large", `The body is too large; this operation takes up to ${bytes_max} bytes.`, {
    headers: { "x-should-retry": "false" },
  });
}

/** `Content-Length` as a number, undefined when there is none. */
function declaredLength(request: IncomingMessage): number | undefined {
  const text = request.headers["content-length"];
  return text === undefined ? undefined : Number(text);
}

/**
 * Reads a whole body. Throws `payload_too_large` (before reading, when the length is declared), `request_timeout`, or
 * `ClientLeft`. `begin` is called just before the first byte is awaited (`100 Continue`).
 */
export function readBody(request: IncomingMessage, limits: BodyLimits, begin: () => void): Promise<Buffer> {
  const { bytes_max, idle_ms, total_ms } = limits;
  if ((declaredLength(request) ?? 0) > bytes_max) return Promise.reject(tooLarge(bytes_max));
  begin();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const late = () =>
      fail(new ApiError("request_timeout", "The body did not arrive in time; send it without pauses."));
    const idle = setTimeout(late, idle_ms);
    const total = setTimeout(late, total_ms);
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > bytes_max) return fail(tooLarge(bytes_max));
      idle.refresh();
      chunks.push(chunk);
    };
    const onEnd = () => {
      settle();
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
    };
    const onGone = () => fail(new ClientLeft());
    const settle = () => {
      clearTimeout(idle);
      clearTimeout(total);
      request.off("data", onData).off("end", onEnd).off("close", onGone).off("aborted", onGone);
    };
    const fail = (error: Error) => {
      settle();
      request.pause();
      reject(error);
    };
    request.on("data", onData).on("end", onEnd).on("close", onGone).on("aborted", onGone).on("error", onGone);
  });
}

/** The media type of a Content-Type header, lower case, without parameters. */
export function mediaType(header: string | undefined): string {
  return (header ?? "").split(";")[0]!.trim().toLowerCase();
}

function checkCharset(header: string): void {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)"?/i.exec(header)?.[1];
  if (charset && charset.toLowerCase() !== "utf-8") {
    throw new ApiError("unsupported_media_type", "JSON is read as UTF-8; leave the charset out or send charset=utf-8.");
  }
}

/** Refuses a body whose media type the operation does not document (openapi-backend would validate any object). */
export function checkMediaType(operation: Operation, header: string | undefined): string {
  const offered = Object.keys(operation.requestBody?.content ?? {});
  const found = mediaType(header);
  if (!offered.includes(found)) {
    const given = header === undefined ? "no Content-Type was sent" : "another Content-Type was sent";
    throw new ApiError("unsupported_media_type", `The body must be ${offered.join(" or ")}; ${given}.`);
  }
  if (found === "application/json") checkCharset(header ?? "");
  return found;
}

const JSON_KEYS_MAX = 200_000;

/**
 * The sentence for each way in which a text is refused; none quotes the text or names a position, since the text may be
 * a prompt.
 */
const UNREADABLE: Record<string, string> = {
  invalid_utf8: "The body is not valid UTF-8.",
  too_many_keys: `The JSON body has more than ${JSON_KEYS_MAX} keys.`,
  duplicate_key: "The JSON body names a key twice in one object.",
  forbidden_key: "The JSON body uses the key __proto__, which is not allowed.",
  lone_surrogate: "The JSON body holds a lone surrogate, which is not valid Unicode.",
  number_out_of_range: "The JSON body holds a number that is out of range.",
};

/**
 * Parses a JSON body within bounds: RFC 8259 without the forms that readers disagree about (RFC 7493). Throws
 * `invalid_request`.
 */
export function parseJsonBody(bytes: Buffer, depth_max: number): unknown {
  let value: unknown;
  try {
    value = parseStrict(bytes, { max_bytes: bytes.length, max_depth: depth_max, max_keys: JSON_KEYS_MAX });
  } catch (error) {
    const kind = error instanceof FormatError ? error.kind : "syntax";
    if (kind === "too_deep")
      throw new ApiError("invalid_request", `The JSON body is nested deeper than ${depth_max} levels.`);
    const message = UNREADABLE[kind] ?? "The body is not valid JSON; check quotes, commas and brackets.";
    throw new ApiError("invalid_request", message);
  }
  if (typeof value !== "object" || value === null) {
    throw new ApiError(
      "invalid_request",
      `The body must be a JSON object; found ${value === null ? "null" : `a ${typeof value}`}.`,
    );
  }
  return value;
}
