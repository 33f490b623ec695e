import type { EventSink } from "../../handlers/operation.ts";
import type { Exchange } from "./exchange.ts";
import { endAnswer, sendHead, writeAndDrain, type HeadOptions } from "./reply.ts";
import type { StreamCheck } from "../binding/response_check.ts";

/** No `charset`: event streams are UTF-8 by definition, and clients compare the type literally. */
const STREAM_HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};

export type SinkOptions = HeadOptions & {
  /** Checks frames against the document, where checking is on. */
  check?: () => StreamCheck | undefined;
};

/** One event with a JSON body. */
export function dataFrame(body: unknown): string {
  return `data: ${JSON.stringify(body)}\n\n`;
}

/** The stream of one exchange. It adds nothing by itself: no `[DONE]`, no empty frame. */
export function eventSink(exchange: Exchange, options: SinkOptions): EventSink & { readonly ended: boolean } {
  const { response, signal } = exchange;
  let ended = false;
  return {
    get opened() {
      return exchange.stream_opened;
    },
    get ended() {
      return ended;
    },
    accept() {
      const interim = response as unknown as { stream?: unknown; writeContinue(): void };
      if (interim.stream !== undefined && !response.headersSent && !signal.aborted) interim.writeContinue();
    },
    open(headers = {}) {
      if (exchange.stream_opened) throw new Error("The stream is open already");
      exchange.stream_opened = true;
      if (signal.aborted) return;
      exchange.stream_check = options.check?.();
      sendHead(exchange, 200, { ...STREAM_HEADERS, ...headers }, options);
      response.flushHeaders?.();
    },
    async write(bytes) {
      if (!exchange.stream_opened) throw new Error("The stream is not open yet");
      if (ended) throw new Error("The stream has ended");
      if (bytes.length === 0 || exchange.method === "HEAD") return;
      exchange.stream_check?.push(bytes);
      await writeAndDrain(exchange, bytes, options.stall_ms);
    },
    comment(text) {
      if (!exchange.stream_opened || ended || signal.aborted || response.writableNeedDrain) return;
      response.write(`: ${text.replaceAll(/[\r\n]+/g, " ")}\n\n`);
    },
    async end(trailers) {
      if (ended) return;
      ended = true;
      if (signal.aborted) return;
      exchange.stream_check?.end();
      await new Promise<void>((resolve) => {
        response.once("finish", resolve).once("close", resolve);
        endAnswer(exchange, trailers, options);
      });
    },
  };
}
