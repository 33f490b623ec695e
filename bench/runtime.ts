/**
 * A model server that costs next to nothing, for benches: started with `fork`, it tells its URL. A plain answer comes
 * at once; a stream has `max_tokens` frames, `seed` milliseconds apart, and each frame's content is the monotonic time
 * at which it was written, in ns.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const BENCH_MODEL = "bench";

type Asked = { stream?: boolean; max_tokens?: number; seed?: number };

const usageOf = (completion_tokens: number) => ({
  prompt_tokens: 9,
  completion_tokens,
  total_tokens: 9 + completion_tokens,
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const json = (value: object) => {
    const text = JSON.stringify(value);
    response
      .writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) })
      .end(text);
  };
  if (request.url === "/v1/models")
    return json({
      object: "list",
      data: [{ id: BENCH_MODEL, object: "model", created: 0, owned_by: "bench", max_model_len: 200_000 }],
    });
  const { stream, max_tokens = 8, seed = 0 } = JSON.parse(Buffer.concat(parts).toString("utf8")) as Asked;
  const base = { id: "chatcmpl-bench", created: 1, model: BENCH_MODEL };
  if (!stream) {
    const message = { role: "assistant", content: "Hello from the bench." };
    return json({
      ...base,
      object: "chat.completion",
      choices: [{ index: 0, message, finish_reason: "stop" }],
      usage: usageOf(5),
    });
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (choices: object[], more: object = {}) =>
    response.write(`data: ${JSON.stringify({ ...base, object: "chat.completion.chunk", choices, ...more })}\n\n`);
  send([{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }]);
  for (let at = 0; at < max_tokens && !response.destroyed; at++) {
    if (seed > 0) await new Promise((resolve) => setTimeout(resolve, seed));
    send([{ index: 0, delta: { content: `${process.hrtime.bigint()} ` }, finish_reason: null }]);
  }
  send([{ index: 0, delta: {}, finish_reason: "stop" }]);
  send([], { usage: usageOf(max_tokens) });
  response.end("data: [DONE]\n\n");
}

if (process.send !== undefined) {
  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", () =>
    process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
  );
  process.on("disconnect", () => process.exit(0));
}
