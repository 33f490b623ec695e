import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { TunnelAnswer } from "./gateway_end.ts";

/** The body of a request; null when it is longer than `bytes_max`. */
export async function readRequestBody(request: Http2ServerRequest, bytes_max: number): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > bytes_max) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/**
 * Writes the answer of a tunnel as it arrives, no faster than the peer reads. After the peer left, the rest is read and
 * dropped. Rejects when the answer was cut.
 */
export async function relayAnswer(
  answer: TunnelAnswer,
  response: Http2ServerResponse,
  headers: Record<string, string>,
): Promise<void> {
  response.writeHead(answer.status, headers);
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    if (response.stream.destroyed) continue;
    if (!response.write(chunk)) await drained(response);
  }
  const trailers = await answer.trailers;
  if (trailers) response.addTrailers(trailers);
  response.end();
}

/** Resolves when the peer reads again or has left. */
function drained(response: Http2ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      response.stream.off("close", done);
      resolve();
    };
    response.once("drain", done);
    response.stream.once("close", done);
  });
}
