import { responseCheckerFor } from "./response_checker.ts";

/**
 * A `fetch` that holds every answer against a document (give it to an OpenAI client as its `fetch`). It rejects when an
 * answer's status, media type, body or required header is not documented; an event stream fails while it is read, event
 * by event.
 */
export async function contractFetch(document: unknown): Promise<typeof fetch> {
  const checker = await responseCheckerFor(document);
  return async (input, init) => {
    const request = new Request(input, init);
    const { method, url } = request;
    const response = await fetch(request);
    const headers = Object.fromEntries(response.headers);
    const seen = { method, url, status: response.status, headers };
    const { status, statusText } = response;
    if (!headers["content-type"]?.startsWith("text/event-stream")) {
      const bytes = Buffer.from(await response.arrayBuffer());
      checker.check({ ...seen, body: bytes.toString() });
      return new Response([101, 204, 205, 304].includes(status) ? null : bytes, {
        status,
        statusText,
        headers: response.headers,
      });
    }
    checker.check({ ...seen, body: "" });
    const check = checker.checkStream(method, url);
    const checked = response.body!.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          check.push(Buffer.from(chunk));
          controller.enqueue(chunk);
        },
        flush: () => check.end(),
      }),
    );
    return new Response(checked, { status, statusText, headers: response.headers });
  };
}
