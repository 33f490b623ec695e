/**
 * Asks a running program over plain HTTP, holds each answer against its document, and remembers which documented
 * answers came.
 */
import * as http from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { ERRORS } from "../../../generated/errors.ts";
import type { ErrorCode } from "../../../src/core/errors.ts";
import type { Document, Operation } from "../../../src/surface/binding/document.ts";
import { openDocument } from "../../../src/surface/binding/bind.ts";
import { mediaType } from "../../../src/surface/http/body.ts";
import { responseChecker } from "../../../src/surface/binding/response_check.ts";

export type Asked = {
  method: string;
  url: string;
  headers?: Record<string, string> | undefined;
  /** JSON, or text as it is. */
  body?: unknown;
  /** Bytes that the header announces and that never come whole. */
  announced_bytes?: number;
};
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers that were checked
export type Answer = { status: number; headers: IncomingHttpHeaders; text: string; json: any };

/** One documented answer: `operation status media`, with `-` where there is no body. */
export type Pair = string;

export const pairOf = (operation: string, status: number | string, media: string): Pair =>
  `${operation} ${status} ${media || "-"}`;

/** Every answer that the operations of a document have. */
export function documentedPairs(operations: readonly Operation[]): Pair[] {
  return operations.flatMap(({ operationId, responses }) =>
    Object.entries(responses).flatMap(([status, { content = {} }]) => {
      const media = Object.keys(content);
      return media.length === 0
        ? [pairOf(operationId, status, "")]
        : media.map((one) => pairOf(operationId, status, one));
    }),
  );
}

/** @param base where the program listens; a second program of the same document may be given to `ask`. */
export async function openWire(base: string, document: Document) {
  const { router } = await openDocument(document);
  const operations = router.getOperations() as unknown as Operation[];
  const checker = responseChecker();
  const seen = new Set<Pair>();
  const counts = new Map<string, number>();
  const problems: string[] = [];

  /** What holds for every failure, whichever operation it is of: the catalogue says it of the code. */
  function noteFailure(where: string, { status, headers, json }: Answer): void {
    const error = json?.error as Record<string, unknown> | undefined;
    const native = (error?.["b3iq"] ?? error) as Record<string, unknown> | undefined;
    const code = error?.["code"] as ErrorCode;
    const entry = ERRORS[code];
    if (!entry) return void problems.push(`${where} ${status}: the code ${String(code)} is not in the catalogue`);
    const is_openai = error?.["message"] !== undefined;
    const wrong = [
      entry.status !== status && "status",
      native?.["status"] !== status && "status in the body",
      native?.["title"] !== entry.title && "title",
      native?.["request_id"] !== headers["x-request-id"] && "request id",
      native?.["code"] !== code && "code in the envelope",
      is_openai && error["type"] !== entry.type && "type",
      is_openai && Object.keys(error).sort().join() !== "b3iq,code,message,param,type" && "keys of the OpenAI envelope",
      headers["x-should-retry"] !== String(entry.retryable) && "x-should-retry",
      headers["content-type"] !== "application/json" && "media type",
      entry.what_to_do.includes("`retry-after`") && !(Number(headers["retry-after"]) > 0) && "retry-after",
      status === 405 && headers.allow === undefined && "Allow",
    ].filter(Boolean);
    if (wrong.length > 0) problems.push(`${where} ${code}: ${wrong.join(", ")}`);
  }

  function note(asked: Asked, answer: Answer): void {
    const path = asked.url.split("?")[0]!;
    const operation = router.find(asked.method, path)?.operation;
    if (answer.headers["x-request-id"] === undefined)
      problems.push(`${asked.method} ${path} ${answer.status}: no x-request-id`);
    if (answer.status >= 400 && asked.method !== "HEAD") noteFailure(`${asked.method} ${path}`, answer);
    // 431 comes before a path is known, for every path alike.
    if (!operation || answer.status === 431) return;
    const violation = checker.check(operation, {
      method: asked.method,
      status: answer.status,
      headers: answer.headers,
      body: answer.text,
    });
    if (violation) problems.push(`${violation.operation_id} ${violation.status}: ${violation.problems.join("; ")}`);
    counts.set(
      `${operation.operationId} ${answer.status}`,
      (counts.get(`${operation.operationId} ${answer.status}`) ?? 0) + 1,
    );
    if (!violation) seen.add(pairOf(operation.operationId, answer.status, mediaType(answer.headers["content-type"])));
  }

  /** The whole answer. `fetch` would refuse some of what a client may send. */
  async function ask(asked: Asked, at = base): Promise<Answer> {
    const answer = await exchange(asked, at);
    note(asked, answer);
    return answer;
  }

  return { ask, operations, seen, problems, count: (answer: string) => counts.get(answer) ?? 0 };
}

export type Wire = Awaited<ReturnType<typeof openWire>>;

function exchange({ method, url, headers = {}, body, announced_bytes }: Asked, base: string): Promise<Answer> {
  const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  const type = text === undefined && announced_bytes === undefined ? {} : { "content-type": "application/json" };
  const length = announced_bytes === undefined ? {} : { "content-length": String(announced_bytes) };
  const target = new URL(base);
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: target.hostname,
      port: target.port,
      path: url,
      method,
      headers: { ...type, ...length, ...headers },
      agent: false,
    });
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        resolve(answerOf(response, Buffer.concat(chunks)));
        request.destroy();
      });
      response.on("error", reject);
    });
    request.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve(answerOf(response, Buffer.alloc(0)));
    });
    request.on("error", reject);
    if (announced_bytes === undefined) request.end(text);
    else request.write("{");
  });
}

function answerOf({ statusCode, headers }: http.IncomingMessage, bytes: Buffer): Answer {
  const text = bytes.toString();
  const is_json = headers["content-type"]?.startsWith("application/json") === true && text !== "";
  return { status: statusCode!, headers, text, json: is_json ? JSON.parse(text) : undefined };
}
