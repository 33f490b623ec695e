import type { Call, EventSink, Input, Streamed } from "../../handlers/operation.ts";
import { acceptable } from "../http/accept.ts";
import type { Exchange } from "../http/exchange.ts";
import { auditContext } from "./roles.ts";
import type { AnyReply } from "../http/reply.ts";

/** A table of handlers by operationId, without the types of their operations. */
export type BindableHandlers<Context> = Record<string, BindableHandler<Context>>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each handler's input is typed by its own operation
type BindableHandler<Context> = (input: any, call: Call, context: Context) => Promise<AnyReply | Streamed>;

/** A header as one string, or undefined. */
function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}

/** The facts of an exchange that a handler may know. */
export function callOf(exchange: Exchange, stream: EventSink): Call {
  return {
    request_id: exchange.request_id,
    operation_id: exchange.operation!.operationId,
    method: exchange.method,
    target: exchange.target,
    client_address: exchange.client_address,
    transport: exchange.transport,
    signal: exchange.signal,
    raw_body: exchange.raw_body ?? Buffer.alloc(0),
    received_at: exchange.received_at,
    principal: exchange.principal,
    get audit() {
      return auditContext(exchange.operation!, exchange.principal, exchange.request_id);
    },
    headers: exchange.headers,
    header: (name) => single(exchange.headers[name.toLowerCase()]),
    accept: (types) => acceptable(single(exchange.headers.accept), types),
    set_header: (name, value) => exchange.extra_headers.set(name.toLowerCase(), value),
    stream,
  };
}

/** The validated input of an operation. */
export function inputOf(body: unknown, path: unknown, query: unknown): Input<never> {
  return { body, path, query } as unknown as Input<never>;
}
