import { openDocument } from "../../src/surface/binding/bind.ts";
import type { Document } from "../../src/surface/binding/document.ts";
import { responseChecker } from "../../src/surface/binding/response_check.ts";
import type { StreamCheck } from "../../src/surface/binding/response_check.ts";

export type SeenAnswer = { method: string; url: string; status: number; headers: Record<string, string>; body: string };

/** Paths that the surface itself serves, beside the document's operations. */
const OUTSIDE = /^\/(openapi\.json|docs(\/.*)?)$/;

/**
 * Checks answers that were seen over HTTP against a document, by operation, status and media type. Throws the
 * violation. Unknown paths and methods have no operation, so only the form of their error is checked.
 */
export async function responseCheckerFor(document: unknown) {
  const { router } = await openDocument(document as Document);
  const checker = responseChecker();
  const operationAt = (method: string, url: string) => router.find(method, new URL(url).pathname)?.operation;

  function check(answer: SeenAnswer): void {
    if (!answer.headers["x-request-id"])
      throw new Error(`${answer.method} ${answer.url} ${answer.status}: x-request-id is missing`);
    if (OUTSIDE.test(new URL(answer.url).pathname) || answer.method === "OPTIONS") return;
    const operation = operationAt(answer.method, answer.url);
    if (!operation) {
      const { error } = JSON.parse(answer.body) as { error?: { code?: unknown } };
      if (typeof error?.code !== "string") throw new Error(`${answer.method} ${answer.url}: no error envelope`);
      return;
    }
    const violation = checker.check(operation, answer);
    if (violation)
      throw new Error(
        `${operation.operationId} ${answer.status} ${violation.media_type}: ${violation.problems.join("; ")}`,
      );
  }

  /** Checks an event stream as it arrives; `push` throws at the first bad event. */
  function checkStream(method: string, url: string): StreamCheck {
    const operation = operationAt(method, url);
    if (!operation) throw new Error(`${method} ${url} is not documented`);
    return checker.checkStream(operation, (violation) => {
      throw new Error(`${operation.operationId} stream: ${violation.problems.join("; ")}`);
    });
  }

  return { check, checkStream };
}
