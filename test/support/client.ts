import { eventData } from "../../src/core/event_stream.ts";

export type Asked = { headers?: Record<string, string>; body?: unknown; signal?: AbortSignal };
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers that were checked
export type Answered = { status: number; headers: Headers; text: string; json: any };

export type Client = ReturnType<typeof testClient>;

/**
 * A small HTTP client for tests; pass the checking `fetch` of contract_client.ts to hold answers against a document.
 */
export function testClient(base_url: string, headers: Record<string, string> = {}, fetcher: typeof fetch = fetch) {
  function send(method: string, path: string, asked: Asked = {}): Promise<Response> {
    const hasBody = asked.body !== undefined;
    return fetcher(new URL(path, base_url), {
      method,
      headers: { ...headers, ...(hasBody ? { "content-type": "application/json" } : {}), ...asked.headers },
      ...(hasBody ? { body: typeof asked.body === "string" ? asked.body : JSON.stringify(asked.body) } : {}),
      ...(asked.signal ? { signal: asked.signal } : {}),
    });
  }

  /** The whole answer; `json` is undefined when the body is none. */
  async function ask(method: string, path: string, asked: Asked = {}): Promise<Answered> {
    const response = await send(method, path, asked);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") && text !== "";
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  }

  /** Reads an event stream to its end: the data of its events, `[DONE]` included. */
  async function events(path: string, asked: Asked): Promise<{ status: number; headers: Headers; events: string[] }> {
    const { status, headers: answered, text } = await ask("POST", path, asked);
    return { status, headers: answered, events: eventData(text) };
  }

  return { send, ask, events };
}
